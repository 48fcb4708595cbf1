package main

import (
	"maps"
	"os"
	"slices"
	"sync"
)

// A scriptReading keeps account of the files that scripts are read from, and of
// those that were looked for in vain: --watch watches them.
type scriptReading struct {
	grown chan struct{} // something was read

	mu      sync.Mutex
	inForce []string          // of the generation in force
	tried   map[string]bool   // since the last attempt to load began
	fresh   map[string][]byte // what the watcher was not told yet; nil: in vain
}

func newScriptReading() *scriptReading {
	return &scriptReading{grown: make(chan struct{}, 1), tried: map[string]bool{}, fresh: map[string][]byte{}}
}

// readFile reads a script, or a module that one requires.
func (r *scriptReading) readFile(name string) ([]byte, error) {
	text, err := os.ReadFile(name)
	r.mu.Lock()
	defer r.mu.Unlock()
	r.tried[name], r.fresh[name] = true, text
	request(r.grown)
	return text, err
}

// begin begins an attempt to load.
func (r *scriptReading) begin() {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.tried = map[string]bool{}
}

// succeed says that what was tried is in force.
func (r *scriptReading) succeed() {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.inForce = slices.Collect(maps.Keys(r.tried))
}

// news returns what was read since it was last called, and the names of all files
// to watch.
func (r *scriptReading) news() (read map[string][]byte, names []string) {
	r.mu.Lock()
	defer r.mu.Unlock()
	read, r.fresh = r.fresh, map[string][]byte{}
	return read, slices.AppendSeq(slices.Clone(r.inForce), maps.Keys(r.tried))
}
