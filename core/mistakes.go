package core

import (
	"cmp"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"pkl/core/expr"
)

// A Mistake is something wrong in a definition.
type Mistake struct {
	Pos   string // "file:line" of the definition; "" if it is built in
	Where string // "demo.kind"
	Text  string // what is wrong, and what to do

	place []int // of the field among the definitions
}

// Error reads "demo.lua:3: demo.kind: 99 bits (1 to 64)".
func (m *Mistake) Error() string {
	if m.Pos == "" {
		return m.Where + ": " + m.Text
	}
	return m.Pos + ": " + m.Where + ": " + m.Text
}

// Mistakes are all mistakes of a set of definitions.
type Mistakes []*Mistake

// Error has a line for each.
func (ms Mistakes) Error() string {
	lines := make([]string, len(ms))
	for i, m := range ms {
		lines[i] = m.Error()
	}
	return strings.Join(lines, "\n")
}

// Sort puts the mistakes in the order of files and lines, and those of one
// definition in the order of its fields. Files not named come last, by name.
func (ms Mistakes) Sort(files []string) {
	turn := make(map[string]int, len(files))
	for i, f := range files {
		if _, known := turn[f]; !known {
			turn[f] = i - len(files)
		}
	}
	slices.SortStableFunc(ms, func(a, b *Mistake) int {
		fa, la := a.line()
		fb, lb := b.line()
		return cmp.Or(cmp.Compare(turn[fa], turn[fb]), cmp.Compare(fa, fb), cmp.Compare(la, lb), slices.Compare(a.place, b.place))
	})
}

// line parts the place of a mistake into file and line.
func (m *Mistake) line() (file string, n int) {
	i := strings.LastIndexByte(m.Pos, ':')
	if i < 0 {
		return m.Pos, 0
	}
	n, _ = strconv.Atoi(m.Pos[i+1:])
	return m.Pos[:i], n
}

// fail reports a mistake in a protocol, or in one of its fields.
func (c *compiler) fail(pos, where, format string, args ...any) {
	c.mistakes = append(c.mistakes, &Mistake{Pos: pos, Where: where, Text: fmt.Sprintf(format, args...)})
}

// failAt is fail for a field. A field whose words could not be read has been reported.
func (c *compiler) failAt(s *Slot, format string, args ...any) {
	c.spoil(s)
	if !c.isTold(s.layout.pos, s.String()) {
		c.fail(s.layout.pos, s.String(), format, args...)
	}
}

// spoil keeps the compiler from looking further at what a wrong field makes wrong.
func (c *compiler) spoil(s *Slot) {
	s.layout.broken, s.bad = true, true
	if s.Kind == List {
		for _, l := range s.Layouts() {
			l.broken = true
		}
	}
}

// failIn reports a mistake in a layout as a whole.
func (c *compiler) failIn(l *Layout, format string, args ...any) {
	l.broken = true
	c.fail(l.pos, l.path, format, args...)
}

// A subject is what a mistake is about.
type subject struct{ pos, where string }

func (c *compiler) isTold(pos, where string) bool { return c.told[subject{pos, where}] }

// unread reports whether the layout lacks fields because they could not be read.
func (c *compiler) unread(l *Layout) bool {
	return len(l.Slots) == 0 && c.isTold(l.pos, l.path)
}

// errClouded is the error of an expression that may be wrong only because of
// another mistake.
var errClouded = errors.New("a field could not be read")

// wrong reports an expression of a field, wrongIn one of a protocol.
func (c *compiler) wrong(s *Slot, word string, err error) {
	c.spoil(s)
	if err != errClouded {
		c.failAt(s, "%s: %s", word, oneLine(err))
	}
}

func (c *compiler) wrongIn(pos, where, word string, err error) {
	if err != errClouded {
		c.fail(pos, where, "%s: %s", word, oneLine(err))
	}
}

// compileNum, compileCond and compileGet compile an expression in a scope.

func (c *compiler) compileNum(src string, sc *scope) (numFn, []dep, error) {
	fn, deps, err := compileNum(src, sc)
	return fn, deps, c.clear(err, src, sc)
}

func (c *compiler) compileCond(src string, sc *scope) (cond, []dep, error) {
	fn, deps, err := compileCond(src, sc)
	return fn, deps, c.clear(err, src, sc)
}

func (c *compiler) compileGet(src string, sc *scope) (*getter, []dep, error) {
	g, deps, err := compileGet(src, sc)
	return g, deps, c.clear(err, src, sc)
}

func (c *compiler) clear(err error, src string, sc *scope) error {
	if err != nil && c.clouded(src, sc.layouts) {
		return errClouded
	}
	return err
}

// clouded reports whether an expression may be wrong only because of a field
// that could not be read.
func (c *compiler) clouded(src string, layouts []*Layout) bool {
	n, err := c.parse(src)
	if err != nil {
		return false
	}
	cloud := false
	expr.Walk(n, func(n expr.Node) bool {
		if name, ok := n.(*expr.Name); ok {
			cloud = cloud || c.cloudedName(name, layouts)
		}
		return true
	})
	return cloud
}

func (c *compiler) cloudedName(n *expr.Name, layouts []*Layout) bool {
	first := n.Parts[0]
	if pr := c.reg.byName[first]; pr != nil && len(n.Parts) > 1 {
		if pr.twice {
			return true
		}
		layouts, first = []*Layout{pr.head}, n.Parts[1]
	}
	for _, l := range layouts {
		if s := l.byName[first]; c.unread(l) || s != nil && c.isTold(l.pos, s.String()) {
			return true
		}
	}
	return false
}

// result is all mistakes in order, each once; nil if there are none.
func (c *compiler) result(told []*Mistake) error {
	all := slices.Concat(Mistakes(told), c.mistakes) // told stays as it is
	if len(all) == 0 {
		return nil
	}
	c.locate(all)
	all.Sort(c.files())
	seen := map[string]bool{}
	return slices.DeleteFunc(all, func(m *Mistake) bool {
		text := m.Error()
		was := seen[text]
		seen[text] = true
		return was
	})
}

// locate finds out which fields the mistakes are about.
func (c *compiler) locate(all Mistakes) {
	places := map[subject][]int{}
	note := func(pos, where string, place []int) {
		if _, known := places[subject{pos, where}]; !known {
			places[subject{pos, where}] = place
		}
	}
	for _, ls := range append(slices.Clip(c.all), c.spare...) {
		l := ls.layout
		base := []int{l.proto.id}
		if ls.list != nil && ls.list.layout != nil {
			base = places[subject{ls.list.layout.pos, ls.list.String()}]
		}
		for i, s := range l.Slots {
			note(l.pos, s.String(), append(slices.Clip(base), i))
		}
	}
	for _, p := range c.reg.protos { // what is about all of it comes behind its fields
		note(p.Spec.Pos, p.Name, []int{p.id, len(p.head.Slots) + len(p.foot.Slots)})
	}
	for _, m := range all {
		m.place = places[subject{m.Pos, m.Where}]
	}
}

// files returns the files of the definitions, in the order of these.
func (c *compiler) files() (list []string) {
	add := func(pos string) {
		file, _ := (&Mistake{Pos: pos}).line()
		list = append(list, file)
	}
	for _, s := range c.reg.Specs {
		add(s.Pos)
	}
	for _, s := range c.reg.Shapes {
		add(s.Pos)
	}
	for _, b := range c.reg.binds {
		add(b.Pos)
	}
	return list
}

// maxHints is how many mistakes get a hint: looking for the nearest name takes
// time, and nobody reads so many.
const maxHints = 100

// hint is the nearest of names, as the end of a message.
func (c *compiler) hint(name string, among []string) string {
	if len(c.mistakes) >= maxHints {
		return ""
	}
	return hint(name, among)
}

// hint is the nearest of names, as the end of a message.
func hint(name string, among []string) string {
	if n := Nearest(name, among); n != "" {
		return fmt.Sprintf(" (did you mean %q?)", n)
	}
	return ""
}

// oneLine joins a message's lines to one.
func oneLine(err error) string { return strings.ReplaceAll(err.Error(), "\n", "; ") }
