package main

import (
	"cmp"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"

	"pkl/core"
	"pkl/lint"
	"pkl/luabind"
)

const checkHelpText = `
Check looks for mistakes in scripts without packets: syntax, definitions and
filters that do not compile, globals, layers, fields and functions that do not
exist, packets that cannot be built, and protocols that do not read what they
write (shown by the smallest bytes that it can find).

Each script's top level is run once, confined as rules are and not for long;
no rule, timer or at_end function is. All scripts given are loaded together, as
run loads them; what follows -- is in arg and ... .

  pkl check rules.lua
  pkl check --json protocols/*.lua

Findings are lines of FILE:LINE: message. The exit status is 0 if there are
none, 1 if there are, 2 for a wrong command line.`

const (
	// checkInstructions is how much a script's top level may do.
	checkInstructions = 20_000_000

	// checkTries is how many packets of each new protocol are tried, fewer where
	// that would be more than mostFields fields in all. A packet of its own counts
	// as packetFields.
	checkTries   = 500
	mostFields   = 1_000_000
	packetFields = 20
)

// A checker collects findings.
type checker struct {
	cli     *cli
	scripts []luabind.Script
	args    []string
	found   []lint.Finding
	told    map[lint.Finding]bool
	linter  *lint.Linter
	binds   core.Mistakes // of --decode-as
}

// runCheck is pkl check.
func runCheck(c *cli, args []string) error {
	var asJSON bool
	f := c.flags("check", checkHelpText)
	f.BoolVar(&asJSON, "json", false, "print an array of findings with file, line, kind and message")
	c.decodeAsFlag(f)
	if err := parse(f, args); err != nil {
		return err
	}
	names, rest := f.Args(), []string(nil)
	if n := f.ArgsLenAtDash(); n >= 0 {
		names, rest = names[:n], names[n:]
	}
	if len(names) == 0 {
		return usagef("check", "check: no script: name at least one file")
	}
	c.stop.listen()
	ch := &checker{cli: c, args: rest, told: map[lint.Finding]bool{}}
	var err error
	if ch.scripts, err = c.loadScripts(nil, names); err != nil {
		return err
	}
	if err := ch.check(); err != nil {
		return c.ended(err)
	}
	if err := ch.print(asJSON); err != nil || ch.binds == nil {
		return err
	}
	return ch.binds
}

// print prints the findings in order.
func (ch *checker) print(asJSON bool) error {
	order := func(f lint.Finding) int {
		return slices.IndexFunc(ch.scripts, func(s luabind.Script) bool { return s.Name == f.File })
	}
	slices.SortStableFunc(ch.found, func(a, b lint.Finding) int {
		return cmp.Or(cmp.Compare(order(a), order(b)), cmp.Compare(a.File, b.File), cmp.Compare(a.Line, b.Line))
	})
	if asJSON {
		out, err := json.MarshalIndent(append([]lint.Finding{}, ch.found...), "", "  ")
		if err != nil {
			return err
		}
		fmt.Fprintf(ch.cli.out, "%s\n", out)
	} else {
		for _, f := range ch.found {
			fmt.Fprintf(ch.cli.out, "%s:%d: %s\n", f.File, f.Line, f.Message)
		}
	}
	if len(ch.found) > 0 && ch.binds == nil {
		return errReported
	}
	return nil
}

// add notes a finding, unless the same was said of the place already. The text of
// a script and its run may know different names to suggest.
func (ch *checker) add(f lint.Finding) {
	what := lint.Finding{File: f.File, Line: f.Line}
	what.Message, _, _ = strings.Cut(f.Message, " (did you mean ")
	if !ch.told[what] {
		ch.told[what] = true
		ch.found = append(ch.found, f)
	}
}

// check runs the definitions, then looks at the text and at the protocols.
func (ch *checker) check() error {
	whole := ch.parse()
	cfg := ch.cli.hostConfig(false, 0, ch.args)
	cfg.Out, cfg.Log = nil, nil
	gen, err := luabind.NewGeneration(cfg, whole)
	if err != nil {
		return err
	}
	st, err := gen.NewState(1)
	if err != nil {
		return err
	}
	defer st.Close()
	ch.cli.stop.running(st, 0)
	defer ch.cli.stop.running(nil, 0)
	trouble := st.Try(checkInstructions)
	if err := ch.cli.stop.err(); err != nil {
		return err
	}
	if st.Registry() == nil { // a --decode-as is wrong
		ch.troubles(trouble)
		return nil
	}
	if err := ch.look(st.Registry(), gen.Files(), len(whole) < len(ch.scripts) || len(trouble) > 0); err != nil {
		return err
	}
	ch.troubles(trouble)
	ch.tryAll(st)
	return ch.cli.stop.err()
}

// parse returns the scripts without those that have syntax errors.
func (ch *checker) parse() (whole []luabind.Script) {
	for _, s := range ch.scripts {
		if _, err := lint.Parse(s.Source, s.Name); err != nil {
			ch.add(lint.At(err.Error(), s.Name, lint.Syntax))
			continue
		}
		whole = append(whole, s)
	}
	return whole
}

// look looks at the text of the scripts and of the modules they have required.
// Where a script was not run to its end, definitions may be missing.
func (ch *checker) look(reg *core.Registry, files []string, incomplete bool) error {
	inv, err := luabind.NewInventory()
	if err != nil {
		return err
	}
	l := &lint.Linter{Reg: reg, Inv: inv}
	ch.linter = l
	sources := ch.sources(files)
	if incomplete {
		l.Loose, l.AnyProto = lint.Defined(sources, reg)
	}
	for _, s := range sources {
		for _, f := range l.Source(s.Name, s.Source) {
			ch.add(f)
		}
	}
	return nil
}

// sources are the scripts, and the modules among files.
func (ch *checker) sources(files []string) []luabind.Script {
	all := slices.Clone(ch.scripts)
	for _, name := range files {
		if slices.ContainsFunc(all, func(s luabind.Script) bool { return filepath.Clean(s.Name) == filepath.Clean(name) }) {
			continue
		}
		if src, err := os.ReadFile(name); err == nil {
			all = append(all, luabind.Script{Name: name, Source: src})
		}
	}
	return all
}

// troubles adds what went wrong when the scripts were run.
func (ch *checker) troubles(all []luabind.TrialError) {
	for _, t := range all {
		if ms := decodeAsMistakes(t.Err); ms != nil && ch.binds == nil {
			ch.binds = slices.DeleteFunc(slices.Clone(ms), func(m *core.Mistake) bool { return !isDecodeAs(m) })
		}
		switch {
		case t.Refused || t.Script != "" && !t.Endless && ch.wantsArgs(t.Script):
			continue
		case t.Endless:
			f := lint.At(t.Err.Error(), t.Script, "endless")
			f.Message = "the script does not come to its end: its top level runs on and on"
			ch.add(f)
			continue
		}
		ch.addLines(t)
	}
}

// wantsArgs reports whether a script looks at arguments of which there are
// none: what it raises then may be about them.
func (ch *checker) wantsArgs(name string) bool {
	i := slices.IndexFunc(ch.scripts, func(s luabind.Script) bool { return s.Name == name })
	return i >= 0 && len(ch.args) == 0 && ch.linter != nil && ch.linter.WantsArgs(name, ch.scripts[i].Source)
}

// addLines adds each line of an error that has a place of its own; where none
// has, the error as one of the first line.
func (ch *checker) addLines(t luabind.TrialError) {
	kind, text := "run", strings.TrimSpace(t.Err.Error())
	if t.Script == "" {
		kind = "definition"
	}
	placed := false
	for line := range strings.Lines(text) {
		line = strings.TrimSpace(line)
		fromFlag := strings.HasPrefix(line, decodeAsName)
		placed = placed || fromFlag || place.MatchString(line)
		if !fromFlag && place.MatchString(line) {
			f := lint.At(line, t.Script, kind)
			f.Kind = cmp.Or(kindOf(f.Message), kind)
			ch.add(f)
		}
	}
	if !placed {
		first, _, _ := strings.Cut(text, "\n")
		ch.add(lint.Finding{File: cmp.Or(t.Script, ch.scripts[0].Name), Line: 1, Kind: kind, Message: cmp.Or(first, "an error without a text")})
	}
}

// kindOf is the kind that the text of an error tells, if any.
func kindOf(message string) string {
	switch {
	case strings.HasPrefix(message, "filter: "):
		return lint.Filter
	case fieldPath.MatchString(message):
		return "definition"
	}
	return ""
}

// place begins the lines of errors; fieldPath the messages about definitions.
var (
	place     = regexp.MustCompile(`^.+?:\d+: `)
	fieldPath = regexp.MustCompile(`^(pkl\.(protocol|struct|bind)\b|[\w.]+: )`)
)

// tryAll tries the protocols that the scripts have defined.
func (ch *checker) tryAll(st *luabind.State) {
	var specs []*core.Spec
	for _, spec := range st.Registry().Specs {
		if spec.Pos != "" {
			specs = append(specs, spec)
		}
	}
	n := tries(specs)
	for _, spec := range specs {
		f, endless := st.TryProto(spec.Name, n, ch.cli.stop.stopped)
		switch {
		case endless:
			ch.add(lint.At(spec.Pos+": "+spec.Name+": a hook does not come to its end: it runs on and on", spec.Name, "endless"))
		case f != nil:
			ch.add(lint.At(spec.Pos+": "+f.Error(), spec.Name, "roundtrip"))
		}
	}
}

// tries is how many packets of each protocol are tried.
func tries(specs []*core.Spec) int {
	fields := 0
	for _, s := range specs {
		fields += packetFields + countFields(s.Fields) + countFields(s.Footer)
	}
	return min(checkTries, max(mostFields/max(1, fields), 1))
}

// countFields counts fields with those of items.
func countFields(fields []core.Field) int {
	n := len(fields)
	for i := range fields {
		f := &fields[i]
		for _, item := range []*core.Struct{f.Item, f.Other} {
			if item != nil {
				n += countFields(item.Fields)
			}
		}
		for j := range f.Kinds {
			n += countFields(f.Kinds[j].Fields)
		}
	}
	return n
}
