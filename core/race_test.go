//go:build race

package core

// raceOn says that everything takes ten times as long.
const raceOn = true
