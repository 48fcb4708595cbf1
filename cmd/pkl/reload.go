package main

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"pkl/core"
	"pkl/luabind"
)

// scriptSources are where the scripts come from: files are read for each
// generation, -e and standard input once.
type scriptSources struct {
	fixed []luabind.Script
	names []string // in the order of the command line; "" for one of fixed
}

// scriptSources reads what can be read only once.
func (c *cli) scriptSources(code, names []string) (s scriptSources, err error) {
	for _, name := range names {
		if name != "-" {
			s.names = append(s.names, name)
			continue
		}
		if s.fixed, err = c.loadScripts(code, []string{name}); err != nil {
			return s, err
		}
	}
	if s.fixed == nil {
		s.fixed, err = c.loadScripts(code, nil)
	}
	return s, err
}

// read returns all scripts, files as they are now.
func (s *scriptSources) read(readFile func(string) ([]byte, error)) ([]luabind.Script, error) {
	all := slices.Clone(s.fixed)
	for _, name := range s.names {
		src, err := readFile(name)
		if err != nil {
			return nil, err
		}
		all = append(all, luabind.Script{Name: name, Source: src})
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
	fmt.Fprintf(l.c.err, "rules: generation %d in force\n", l.generation.Add(1))
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
