// Package lint finds in the text of Lua scripts what cannot be right: names of
// globals, layers, fields, values and functions that do not exist, filters that
// do not compile, packets that cannot be built.
//
// It follows what variables hold, as far as the text tells: the parameter of a
// handler is a packet, pkt.tcp is a layer of that protocol, an item of its
// options has the fields of options. What it cannot tell, it says nothing about.
// It knows no protocol and no function by itself; a Registry and an Inventory tell.
package lint

import (
	"cmp"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"

	"github.com/yuin/gopher-lua/ast"

	"pkl/core"
	"pkl/luabind"
	"pkl/luabind/lualib"
)

// A Finding is something that is wrong, and where.
type Finding struct {
	File    string `json:"file"`
	Line    int    `json:"line"`
	Kind    string `json:"kind"`
	Message string `json:"message"`
}

// The kinds of findings.
const (
	Syntax = "syntax"
	Global = "global" // no such global
	Name   = "name"   // no such layer, field, value or function
	Filter = "filter"
	Value  = "value" // a packet that cannot be built
)

// A Linter looks at files.
type Linter struct {
	Reg *core.Registry
	Inv *luabind.Inventory
	// Loose are names of protocols that are defined somewhere, but not in Reg,
	// since a script could not be run to its end. AnyProto says that others may be.
	Loose    map[string]bool
	AnyProto bool
}

// mostPasses bounds how often a file is gone through. Each pass but the last
// only finds out what variables hold; most files need two.
const mostPasses = 8

// Source looks at one file.
func (l *Linter) Source(name string, src []byte) []Finding {
	chunk, err := Parse(src, name)
	if err != nil {
		return []Finding{At(err.Error(), name, Syntax)}
	}
	f := l.file(name)
	for range mostPasses {
		f.changed = false
		f.pass(chunk)
		if !f.changed {
			break
		}
	}
	f.reports = true
	f.pass(chunk)
	f.undefined()
	slices.SortStableFunc(f.found, func(a, b Finding) int { return cmp.Compare(a.Line, b.Line) })
	return slices.Compact(f.found)
}

// WantsArgs reports whether a script looks at its arguments.
func (l *Linter) WantsArgs(name string, src []byte) bool {
	chunk, err := Parse(src, name)
	if err != nil {
		return false
	}
	f := l.file(name)
	f.pass(chunk)
	return f.wantsArgs
}

func (l *Linter) file(name string) *file {
	return &file{Linter: l, name: name, vars: map[varKey]*variable{}, globals: map[string]*variable{}}
}

// Parse returns the syntax tree of a chunk.
func Parse(src []byte, name string) (chunk []ast.Stmt, err error) {
	_, err = lualib.Compile(src, name, func(c []ast.Stmt) []ast.Stmt {
		chunk = c
		return c
	})
	return chunk, err
}

// At makes a finding of a text that begins with "file:line: ", as errors of Lua do.
func At(text, file, kind string) Finding {
	text, _, _ = strings.Cut(text, "\n")
	for i := 0; i < len(text); {
		colon := strings.IndexByte(text[i:], ':')
		if colon < 0 {
			break
		}
		name, rest := text[:i+colon], text[i+colon+1:]
		if digits, message, ok := strings.Cut(rest, ":"); ok {
			if line, err := strconv.Atoi(digits); err == nil {
				return Finding{name, line, kind, strings.TrimSpace(message)}
			}
		}
		i += colon + 1
	}
	return Finding{file, 1, kind, text}
}

// A file is one file being looked at.
type file struct {
	*Linter
	name      string
	vars      map[varKey]*variable // by declaration
	globals   map[string]*variable // assigned in this file
	dynamic   bool                 // globals may be made in ways that the text does not show
	changed   bool                 // a variable may hold more than was known
	reports   bool                 // the last pass
	wantsArgs bool                 // the main chunk looks at its arguments
	scopes    []map[string]*variable
	fn        *function // the function in hand; main is that of the chunk
	main      *function
	quiet     int      // within functions whose errors are caught
	reads     []access // of globals
	writes    []access
	found     []Finding
}

// An access is a place that reads or assigns a global.
type access struct {
	name   string
	line   int
	fn     *function // that does it
	caught bool      // its errors are
}

// pass goes through the whole file.
func (f *file) pass(chunk []ast.Stmt) {
	f.reads, f.writes, f.found = nil, nil, nil
	f.main = &function{}
	f.fn = f.main
	f.block(chunk)
}

// report notes a finding.
func (f *file) report(line int, kind, format string, args ...any) {
	if f.reports && f.quiet == 0 {
		f.found = append(f.found, Finding{f.name, line, kind, fmt.Sprintf(format, args...)})
	}
}

// undefined reports the globals that are read and nowhere made.
func (f *file) undefined() {
	if f.dynamic {
		return
	}
	names := f.globalNames()
	for _, r := range f.reads {
		if !f.known(r.name) {
			f.report(r.line, Global, "undefined global %q%s", r.name, f.hint(r.name, names))
		}
	}
	f.madeLate()
}

// madeLate reports the globals that a handler would be the first to make.
func (f *file) madeLate() {
	early := map[string]bool{}
	for _, w := range f.writes {
		if !w.fn.late() {
			early[w.name] = true
		}
	}
	names := slices.Sorted(maps.Keys(early))
	for _, w := range f.writes {
		_, isLib := f.Inv.Libs[w.name]
		if !w.caught && !early[w.name] && !isLib && !slices.Contains(f.Inv.Globals, w.name) {
			f.report(w.line, Global, "a handler cannot make the new global %q%s: write local, or set it once at the top of the script", w.name, f.hint(w.name, names))
		}
	}
}

// makes notes an assignment to a global.
func (f *file) makes(name string, line int) {
	f.writes = append(f.writes, access{name, line, f.fn, f.quiet > 0})
}

// known reports whether a global is there.
func (f *file) known(name string) bool {
	_, isLib := f.Inv.Libs[name]
	return isLib || f.globals[name] != nil || name == "pkl" || slices.Contains(f.Inv.Globals, name) || slices.Contains(otherGlobals(), name)
}

// otherGlobals are those of other versions of Lua, which scripts for several ask for.
func otherGlobals() []string { return []string{"jit", "bit32", "utf8", "_ENV", "warn"} }

func (f *file) globalNames() []string {
	names := append([]string{"pkl"}, f.Inv.Globals...)
	for name := range f.globals {
		names = append(names, name)
	}
	for name := range f.Inv.Libs {
		names = append(names, name)
	}
	slices.Sort(names)
	return names
}

// mostHints is how many findings get a hint: looking for the nearest name takes
// time, and nobody reads so many.
const mostHints = 100

// hint is " (did you mean …?)" if one of the names is near.
func (f *file) hint(name string, among []string) string {
	if !f.reports || len(f.found) >= mostHints {
		return ""
	}
	return nearest(name, among)
}

func nearest(name string, among []string) string {
	if near := core.Nearest(name, among); near != "" {
		return fmt.Sprintf(" (did you mean %q?)", near)
	}
	return ""
}

// hintBy tells how a protocol of that name is had, if there is a way; else what by says.
func (f *file) hintBy(by func(string, []string) string, name string, among []string) string {
	if !f.reports || len(f.found) >= mostHints {
		return ""
	}
	if how := f.Reg.Elsewhere(name); how != "" {
		return " (" + how + ")"
	}
	return by(name, among)
}
