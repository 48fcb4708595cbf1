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
	"time"

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

	// checkTries is how many packets of each new protocol are tried, and
	// checkTime for how long all of them at most.
	checkTries = 500
	checkTime  = 10 * time.Second
)

// A checker collects findings.
type checker struct {
	cli     *cli
	scripts []luabind.Script
	args    []string
	found   []lint.Finding
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
	ch := &checker{cli: c, args: rest}
	var err error
	if ch.scripts, err = c.loadScripts(nil, names); err != nil {
		return err
	}
	if err := ch.check(); err != nil {
		return c.ended(err)
	}
	return ch.print(asJSON)
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
	if len(ch.found) > 0 {
		return errReported
	}
	return nil
}

// add notes a finding, unless the same place was found wrong already.
func (ch *checker) add(f lint.Finding) {
	for _, o := range ch.found {
		if o.File == f.File && o.Line == f.Line && (o.Kind == f.Kind || o.Message == f.Message) {
			return
		}
	}
	ch.found = append(ch.found, f)
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
	for _, t := range trouble {
		if st.Registry() == nil || isDecodeAs(t.Err) {
			return t.Err
		}
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
	l := lint.Linter{Reg: reg, Inv: inv}
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
	return i >= 0 && len(ch.args) == 0 && lint.WantsArgs(ch.scripts[i].Source, name)
}

// addLines adds each line of an error that has a place of its own.
func (ch *checker) addLines(t luabind.TrialError) {
	kind := "run"
	if t.Script == "" {
		kind = "definition"
	}
	for line := range strings.Lines(t.Err.Error()) {
		line = strings.TrimSpace(line)
		if place.MatchString(line) {
			f := lint.At(line, t.Script, kind)
			switch {
			case strings.HasPrefix(f.Message, "filter: "):
				f.Kind = lint.Filter
			case fieldPath.MatchString(f.Message):
				f.Kind = "definition"
			}
			ch.add(f)
		}
	}
}

// place begins the lines of errors; fieldPath the messages about definitions.
var (
	place     = regexp.MustCompile(`^.+?:\d+: `)
	fieldPath = regexp.MustCompile(`^(pkl\.(protocol|struct|bind)\b|[\w.]+: )`)
)

// tryAll tries the protocols that the scripts have defined.
func (ch *checker) tryAll(st *luabind.State) {
	end := time.Now().Add(checkTime)
	stop := func() bool { return ch.cli.stop.stopped() || time.Now().After(end) }
	for _, spec := range st.Registry().Specs {
		if spec.Pos == "" {
			continue
		}
		if f := st.TryProto(spec.Name, checkTries, stop); f != nil {
			ch.add(lint.At(spec.Pos+": "+f.Error(), spec.Name, "roundtrip"))
		}
	}
}
