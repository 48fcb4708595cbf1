//go:build unix

package main

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"
)

// What is no file is refused at once, whoever has it open: a reload that waited for
// it would be the last one.
func TestReadNoFile(t *testing.T) {
	dir := t.TempDir()
	pipe, huge := filepath.Join(dir, "pipe"), filepath.Join(dir, "huge")
	if err := syscall.Mkfifo(pipe, 0o600); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(huge, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	if err := os.Truncate(huge, 1<<40); err != nil {
		t.Fatal(err)
	}
	r := newScriptReading("")
	for name, want := range map[string]string{
		dir: "is a directory", pipe: "is no regular file", "/dev/zero": "is no regular file",
		huge: "1099511627776 bytes are too many for a script", filepath.Join(dir, "none"): "no such file or directory",
	} {
		if text, err := r.readFile(name); text != nil || err == nil || !strings.HasSuffix(err.Error(), want) {
			t.Errorf("%s: %d bytes, %v; want %q", name, len(text), err, want)
		}
	}
}

// A file that is just being written anew is not read as one without rules; one that
// never had any is not waited for.
func TestReadEmptied(t *testing.T) {
	name := filepath.Join(t.TempDir(), "rules.lua")
	r := newScriptReading("")
	read := func(write string) string {
		t.Helper()
		if err := os.WriteFile(name, []byte(write), 0o600); err != nil {
			t.Fatal(err)
		}
		text, err := r.readFile(name)
		if err != nil {
			t.Fatal(err)
		}
		return string(text)
	}
	if text := read(""); text != "" {
		t.Errorf("an empty script: %q", text)
	}
	for range 100 { // on a busy machine the writer may be slower than the reader is patient
		read("-- rules")
		done := make(chan error, 1)
		time.AfterFunc(2*emptyPause, func() { done <- os.WriteFile(name, []byte("-- new"), 0o600) })
		text := read("")
		if err := <-done; err != nil {
			t.Fatal(err)
		}
		if text == "-- new" {
			return
		}
	}
	t.Error("the reader never waits for the writer")
}

// Scripts run in the order of the command line, wherever they come from, and what
// can be read only once is the same in every generation.
func TestScriptSources(t *testing.T) {
	dir := t.TempDir()
	file, pipe := filepath.Join(dir, "file.lua"), filepath.Join(dir, "pipe")
	if err := syscall.Mkfifo(pipe, 0o600); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(file, []byte("one"), 0o600); err != nil {
		t.Fatal(err)
	}
	go os.WriteFile(pipe, []byte("from a pipe"), 0o600)
	c := &cli{in: bytes.NewReader([]byte("from stdin"))}
	s, err := c.scriptSources([]string{"a", "b"}, []string{file, pipe, "-"})
	if err != nil {
		t.Fatal(err)
	}
	for _, text := range []string{"one", "two"} {
		if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		all, err := s.read(os.ReadFile)
		var got []string
		for _, script := range all {
			got = append(got, script.Name+": "+string(script.Source))
		}
		want := []string{"-e: a\nb", file + ": " + text, pipe + ": from a pipe", "stdin: from stdin"}
		if err != nil || strings.Join(got, "|") != strings.Join(want, "|") {
			t.Errorf("%q, %v; want %q", got, err, want)
		}
	}
}
