package main

import (
	"errors"
	"fmt"
	"os"
	"slices"
	"strings"

	"pkl/core"
	"pkl/luabind"
)

// scriptSources are the scripts, in the order of the command line. Those without
// a source are read for each generation.
type scriptSources []luabind.Script

// scriptSources reads what can be read only once: the code of -e, standard input,
// and what is no file, as a pipe that a shell makes of <(…).
func (c *cli) scriptSources(code, names []string) (scriptSources, error) {
	all, err := c.loadScripts(code, nil)
	if err != nil {
		return nil, err
	}
	for _, name := range names {
		script := []luabind.Script{{Name: name}}
		if name == "-" || isPipe(name) {
			if script, err = c.loadScripts(nil, []string{name}); err != nil {
				return nil, err
			}
		}
		all = append(all, script...)
	}
	return all, nil
}

// isPipe reports whether a name is of something that is read to its end once.
func isPipe(name string) bool {
	info, err := os.Stat(name)
	return err == nil && !info.Mode().IsRegular() && !info.IsDir()
}

// read returns all scripts, files as they are now.
func (s scriptSources) read(readFile func(string) ([]byte, error)) ([]luabind.Script, error) {
	all := slices.Clone(s)
	for i := range all {
		if all[i].Source != nil {
			continue
		}
		var err error
		if all[i].Source, err = readFile(all[i].Name); err != nil {
			return nil, err
		}
	}
	return all, nil
}

// build compiles the scripts and runs them: a state for each worker, ready to judge.
func (l *live) build() ([]*loaded, error) {
	l.reading.begin()
	scripts, err := l.sources.read(l.reading.readFile)
	if err != nil {
		return nil, errors.New(plain(err))
	}
	gen, err := luabind.NewGeneration(l.cfg, scripts)
	if err != nil {
		return nil, scriptError{err}
	}
	var states []*loaded
	for _, w := range l.workers {
		next, err := l.start(gen, w.n)
		if err != nil {
			for _, s := range states {
				s.st.Close()
			}
			return nil, l.c.ended(err)
		}
		states = append(states, next)
	}
	return states, nil
}

// start makes a state of a generation that is ready to judge.
func (l *live) start(gen *luabind.Generation, worker int) (*loaded, error) {
	st, err := gen.NewState(worker)
	if err != nil {
		return nil, err
	}
	defer l.c.stop.beside(st, 0)()
	if err := st.Run(); err != nil {
		st.Close()
		return nil, scriptError{err}
	}
	var filter *core.Filter
	if filter, err = newFilter(st.Registry(), l.o.filter); err != nil {
		st.Close()
		return nil, err
	}
	return &loaded{gen, st, filter}, nil
}

// reloader makes a new generation for each value that it is sent, until its
// channel is closed.
func (l *live) reloader() chan struct{} {
	wanted := make(chan struct{}, 1)
	l.reloading.Go(func() {
		defer l.c.caught(l.fail)
		for range wanted {
			if l.c.stop.stopped() {
				continue
			}
			l.reload()
		}
	})
	return wanted
}

// reload puts a new generation in force, or says why not.
func (l *live) reload() {
	next, err := l.build()
	defer l.watchFiles()
	if err != nil && l.c.stop.stopped() {
		return
	}
	if err != nil {
		l.reloads.failed.Add(1)
		fmt.Fprintf(l.c.err, "rules: %s; generation %d stays\n", singleLine(err), l.generation.Load())
		return
	}
	old := l.swapAll(next)
	l.reading.succeed()
	l.reloads.done.Add(1)
	l.tellForce(l.generation.Add(1))
	for _, st := range old {
		over := l.c.stop.beside(st, endGrace)
		st.AtEnd("reload")
		over()
		l.retire(st)
	}
}

// swapAll gives each worker its next state, and returns those that they had. One
// that has ended keeps its own.
func (l *live) swapAll(next []*loaded) (old []*luabind.State) {
	for i, w := range l.workers {
		w.next.Store(next[i])
		w.lane.wake()
	}
	for i, w := range l.workers {
		var had *luabind.State
		select {
		case had = <-w.swapped:
		case <-w.done:
			if w.next.Swap(nil) != nil {
				next[i].st.Close()
				continue
			}
			select {
			case had = <-w.swapped: // it was the last that the worker did
			default:
			}
		}
		if had != nil {
			old = append(old, had)
		}
	}
	return old
}

// singleLine is an error on one line.
func singleLine(err error) string {
	lines := strings.FieldsFunc(err.Error(), func(r rune) bool { return r == '\n' })
	for i := range lines {
		lines[i] = strings.TrimSpace(lines[i])
	}
	return strings.Join(lines, "; ")
}

// watchFiles sets which files --watch watches: those of the generation in force,
// and those that were read, or looked for, since, as they were then.
func (l *live) watchFiles() {
	if l.files == nil {
		return
	}
	if err := l.files.SetRead(l.reading.news()); err != nil {
		fmt.Fprintf(l.c.err, "pkl: --watch: %v\n", err)
	}
}
