package main

import (
	"fmt"
	"os"

	"pkl/bench/harness"
)

// built tells where the programs are, and why pkl is not there if it is not.
type built struct {
	pkl, gopacket string
	nine          string // pypacker's table in Go
	noPkl         string
	twin          string // scripted twins of built-in protocols
	noTwin        string
}

const out = "out/"

// build compiles generator, gopacket peer, the nine measurements in Go, and pkl. That pkl does not build is no error: the peers can be measured.
func build(o *options) (*built, error) {
	if err := os.MkdirAll(out, 0o755); err != nil {
		return nil, err
	}
	b := &built{pkl: o.pkl, gopacket: out + "gopacket", nine: out + "nine"}
	for name, dir := range map[string]string{"gen": "./gen", "gopacket": "./peers/gopacket", "nine": "./nine"} {
		if err := harness.Compile(".", out+name, dir); err != nil {
			return nil, err
		}
	}
	if b.pkl == "" {
		b.pkl = out + "pkl"
		if err := harness.Compile("..", b.pkl, "./cmd/pkl"); err != nil {
			b.noPkl = "does not build yet"
			fmt.Fprintln(os.Stderr, err)
		}
	}
	b.twin, b.noTwin = "twin.lua", b.noPkl
	if _, err := os.Stat(b.twin); err != nil && b.noPkl == "" {
		b.twin = out + "twin.lua"
		if err := makeTwin(b.pkl, b.twin); err != nil {
			b.noTwin = harness.FirstLine(err.Error())
		}
	}
	return b, nil
}
