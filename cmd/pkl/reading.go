package main

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"maps"
	"os"
	"slices"
	"sync"
	"syscall"
	"time"

	"pkl/internal/watch"
)

// A scriptReading keeps account of the files that scripts are read from, and of
// those that were looked for in vain: --watch watches them.
type scriptReading struct {
	user  string        // of --user
	grown chan struct{} // something was read

	mu      sync.Mutex
	inForce []string          // of the generation in force
	written map[string]bool   // it had bytes when it was read last
	tried   map[string]bool   // since the last attempt to load began
	fresh   map[string][]byte // what the watcher was not told yet; nil: in vain
}

func newScriptReading(user string) *scriptReading {
	return &scriptReading{user: user, grown: make(chan struct{}, 1), written: map[string]bool{}, tried: map[string]bool{}, fresh: map[string][]byte{}}
}

// readFile reads a script, or a module that one requires.
func (r *scriptReading) readFile(name string) ([]byte, error) {
	text, err := r.readAgain(name)
	if p := new(fs.PathError); r.user != "" && errors.As(err, &p) && errors.Is(p, fs.ErrPermission) {
		p.Err = fmt.Errorf("%w for user %s", p.Err, r.user)
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	r.tried[name], r.fresh[name], r.written[name] = true, text, len(text) > 0
	request(r.grown)
	return text, err
}

// Who writes a file anew often empties it first: one that has lost all its bytes is
// read again, this often.
const (
	emptyReads = 10
	emptyPause = 10 * time.Millisecond
)

func (r *scriptReading) readAgain(name string) ([]byte, error) {
	text, err := readRegular(name)
	r.mu.Lock()
	emptied := r.written[name]
	r.mu.Unlock()
	for n := 0; emptied && n < emptyReads && err == nil && len(text) == 0; n++ {
		time.Sleep(emptyPause)
		text, err = readRegular(name)
	}
	return text, err
}

// readRegular reads what --watch can watch, a file: a pipe would hold up all
// reloads that are to come.
func readRegular(name string) ([]byte, error) {
	f, err := os.OpenFile(name, os.O_RDONLY|syscall.O_NONBLOCK, 0)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	info, err := f.Stat()
	switch {
	case err != nil:
		return nil, err
	case info.IsDir():
		return nil, &fs.PathError{Op: "read", Path: name, Err: syscall.EISDIR}
	case !info.Mode().IsRegular():
		return nil, &fs.PathError{Op: "read", Path: name, Err: errors.New("is no regular file")}
	case info.Size() > watch.MaxFile:
		return nil, &fs.PathError{Op: "read", Path: name, Err: fmt.Errorf("%d bytes are too many for a script", info.Size())}
	}
	return io.ReadAll(io.LimitReader(f, watch.MaxFile))
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
