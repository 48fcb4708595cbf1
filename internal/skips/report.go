package main

import (
	"bufio"
	"encoding/json"
	"fmt"
	"io"
	"regexp"
	"strings"
)

// An event is a line of go test -json.
type event struct {
	Action  string
	Package string
	Test    string
	Output  string
}

// A skip is a test that was skipped.
type skip struct {
	pkg, test, reason string
}

// allowed reports whether the skip is none to worry about.
func (s skip) allowed() bool { return strings.Contains(s.reason, corpus) }

// A report gathers what go test says.
type report struct {
	skips  []skip
	output map[string]*strings.Builder // of the tests that run, by package and test
}

// read reads events to the end and prints what go test would print.
func (r *report) read(from *bufio.Reader, to io.Writer) error {
	r.output = map[string]*strings.Builder{}
	for {
		line, err := from.ReadString('\n')
		if line != "" {
			r.line(line, to)
		}
		if err == io.EOF {
			return nil
		} else if err != nil {
			return err
		}
	}
}

// line handles one line; what is no event, such as a message of the compiler,
// is printed as it is.
func (r *report) line(line string, to io.Writer) {
	var e event
	if json.Unmarshal([]byte(line), &e) != nil {
		io.WriteString(to, line)
		return
	}
	switch e.Action {
	case "output":
		r.said(e, to)
	case "build-output":
		io.WriteString(to, e.Output)
	case "skip", "pass", "fail":
		r.ended(e, to)
	}
}

// said keeps what a test prints, and prints what a package says at its end.
func (r *report) said(e event, to io.Writer) {
	if e.Test == "" {
		if text := e.Output; text != "PASS\n" {
			io.WriteString(to, text)
		}
		return
	}
	b := r.output[e.key()]
	if b == nil {
		b = &strings.Builder{}
		r.output[e.key()] = b
	}
	b.WriteString(e.Output)
}

// ended notes what became of a test.
func (r *report) ended(e event, to io.Writer) {
	if e.Test == "" {
		r.unfinished(e.Package, to)
		return
	}
	text := r.take(e.key())
	switch e.Action {
	case "skip":
		r.skips = append(r.skips, skip{e.Package, e.Test, reason(text)})
	case "fail":
		io.WriteString(to, text)
	}
}

// unfinished prints what the tests said that were running when their package
// ended: it has crashed.
func (r *report) unfinished(pkg string, to io.Writer) {
	for key := range r.output {
		if strings.HasPrefix(key, pkg+" ") {
			io.WriteString(to, r.take(key))
		}
	}
}

// take returns what a test printed, once.
func (r *report) take(key string) string {
	b := r.output[key]
	delete(r.output, key)
	if b == nil {
		return ""
	}
	return b.String()
}

func (e event) key() string { return e.Package + " " + e.Test }

// reason takes the message of t.Skip out of what a test printed.
func reason(text string) string {
	at := regexp.MustCompile(`(?m)^\s+\S+\.go:\d+: (.*)$`)
	all := at.FindAllStringSubmatch(text, -1)
	if len(all) == 0 {
		return "no reason given"
	}
	return strings.TrimSpace(all[len(all)-1][1])
}

// forbidden counts the skips that are not allowed.
func (r *report) forbidden() (n int) {
	for _, s := range r.skips {
		if !s.allowed() {
			n++
		}
	}
	return n
}

// summary lists the skips.
func (r *report) summary(w io.Writer) {
	if len(r.skips) == 0 {
		fmt.Fprintln(w, "no test was skipped")
		return
	}
	fmt.Fprintf(w, "skipped tests: %d\n", len(r.skips))
	for _, s := range r.skips {
		fmt.Fprintf(w, "  %s %s: %s\n", s.pkg, s.test, s.reason)
	}
}
