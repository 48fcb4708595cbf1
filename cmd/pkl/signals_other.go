//go:build !unix

package main

import (
	"os"
	"os/exec"
)

// There is no such signal, and no network namespace that a program could run in.

func notifyStatistics(chan<- os.Signal) {}

func ownGroup(*exec.Cmd) {}
