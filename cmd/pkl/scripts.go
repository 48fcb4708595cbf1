package main

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"strings"

	"pkl/luabind"
)

// loadScripts reads the scripts of a command line: the pieces of code of -e
// make one, as lines of it, before the files. "-" is standard input.
func (c *cli) loadScripts(code, names []string) ([]luabind.Script, error) {
	var all []luabind.Script
	if len(code) > 0 {
		all = append(all, luabind.Script{Name: "-e", Source: []byte(strings.Join(code, "\n"))})
	}
	for _, name := range names {
		src, err := c.readScript(name)
		if err != nil {
			return nil, err
		}
		if name == "-" {
			name = "stdin"
		}
		all = append(all, luabind.Script{Name: name, Source: src})
	}
	return all, nil
}

// loadDefinitions reads what --script names: files, or modules of the library.
func (c *cli) loadDefinitions(library fs.FS, names []string) ([]luabind.Script, error) {
	var all []luabind.Script
	for _, name := range names {
		scripts, err := c.loadScripts(nil, []string{name})
		if errors.Is(err, fs.ErrNotExist) && luabind.HasModule(library, name) {
			scripts, err = []luabind.Script{{Name: name, Source: fmt.Appendf(nil, "require %q", name)}}, nil
		}
		if err != nil {
			return nil, err
		}
		all = append(all, scripts...)
	}
	return all, nil
}

func (c *cli) readScript(name string) ([]byte, error) {
	if name != "-" {
		return os.ReadFile(name)
	}
	in := c.in
	if f := fileOf(in); f != nil && waits(f) {
		in = patient(f, c.stop)
	}
	src, err := io.ReadAll(in)
	if err != nil && !errors.Is(err, errInterrupted) {
		err = fmt.Errorf("stdin: %w", err)
	}
	return src, err
}

// newState runs the scripts' main chunks.
func (c *cli) newState(cfg luabind.Config, scripts []luabind.Script) (*luabind.State, error) {
	gen, err := luabind.NewGeneration(cfg, scripts)
	if err != nil {
		return nil, scriptError{err}
	}
	st, err := gen.NewState(1)
	if err != nil {
		return nil, err
	}
	c.stop.running(st, 0)
	defer c.stop.running(nil, 0)
	if err := st.Run(); err != nil {
		return st, c.ended(scriptError{err})
	}
	return st, nil
}

// ended is why the run ends: the reason it was told to end, or else err.
func (c *cli) ended(err error) error {
	if reason := c.stop.err(); reason != nil {
		return reason
	}
	return err
}

// A scriptError names file and line already.
type scriptError struct{ error }

func (e scriptError) Unwrap() error { return e.error }
