package oracle

import (
	"bufio"
	"cmp"
	"fmt"
	"io"
	"os"
	"slices"
	"strconv"
	"strings"
	"testing"
	"unicode"

	"pkl/core"
)

// TestNames compares value names with those that tshark has for the same
// numbers: a name must be spelt from tshark's words for its number, or a line of
// testdata/names.txt says that it means the same, or why tshark is not followed.
func TestNames(t *testing.T) {
	needTshark(t)
	reg := library(t)
	c, err := newComparer(reg, libraryTables())
	if err != nil {
		t.Fatal(err)
	}
	meanings, others := readMeanings(t), otherwise(t)
	compared := 0
	for proto, tab := range c.tables {
		for i := range tab.rows {
			r := &tab.rows[i]
			for _, pa := range r.paths {
				for _, s := range pa.slots(reg, reg.Proto(proto).Head()) {
					compared += meanings.compare(t, s, r.names, others)
				}
			}
		}
	}
	for line, used := range others {
		if !used {
			t.Errorf("testdata/names.txt has a line that is not needed: %s", line)
		}
	}
	if t.Logf("compared: %d names", compared); compared < 30_000 {
		t.Error("too few names were compared")
	}
}

// compare compares the value names of a field with the texts for those of tshark.
func (m meanings) compare(t *testing.T, s *core.Slot, fields []string, others map[string]bool) (compared int) {
	t.Helper()
	for _, n := range s.Field.Names {
		ok, theirs := false, m.of(fields, n.V)
		if len(theirs) > 0 {
			compared++
		}
		for _, text := range theirs {
			line := fmt.Sprintf("%d %s: %s", n.V, n.Name, text)
			_, other := others[line]
			if other {
				others[line] = true
			}
			ok = ok || other || spelt(n.Name, text)
		}
		if !ok && len(theirs) > 0 {
			t.Errorf("%s: %d %s, tshark %q", s, n.V, n.Name, theirs)
		}
	}
	return compared
}

// otherwise returns the lines of testdata/names.txt.
func otherwise(t *testing.T) map[string]bool {
	t.Helper()
	text, err := os.ReadFile("testdata/names.txt")
	if err != nil {
		t.Fatal(err)
	}
	lines := map[string]bool{}
	for line := range strings.Lines(string(text)) {
		if line = strings.TrimSpace(line); line != "" && line[0] != '#' {
			lines[line] = false
		}
	}
	return lines
}

// slots returns the fields that a path leads to.
func (pa path) slots(reg *core.Registry, l *core.Layout) (all []*core.Slot) {
	for s := l.Slot(pa[0].name); s != nil; s = s.Alt {
		switch {
		case s.Kind != core.List && len(pa) == 1:
			all = append(all, s)
		case s.Kind != core.List && s.Of != "":
			all = append(all, pa[1:].slots(reg, reg.Proto(s.Of).Head())...)
		case s.Kind == core.List:
			for _, item := range pa[0].layouts(s) {
				if len(pa) == 1 {
					all = append(all, item.Slots[0])
				} else {
					all = append(all, pa[1:].slots(reg, item)...)
				}
			}
		}
	}
	return all
}

// layouts returns those of a list's items that the step goes into.
func (st *step) layouts(list *core.Slot) []*core.Layout {
	switch by := list.Field.By; {
	case st.field == "" || st.not:
		return list.Layouts()
	case st.field == by && list.LayoutFor(int64(st.want)) != nil:
		return []*core.Layout{list.LayoutFor(int64(st.want))}
	default:
		return slices.DeleteFunc(list.Layouts(), func(l *core.Layout) bool { return l.Slot(st.field) == nil })
	}
}

// meanings are tshark's texts for the values of its fields.
type meanings map[string][]meaning

type meaning struct {
	low, high int64
	text      string
}

// readMeanings has tshark print them.
func readMeanings(t *testing.T) meanings {
	t.Helper()
	all := meanings{}
	tsharkPrint(t, "values", func(out io.Reader) error {
		lines := bufio.NewScanner(out)
		for lines.Scan() {
			part := strings.Split(lines.Text(), "\t")
			var m meaning
			var err, err2 error
			switch {
			case len(part) == 4 && (part[0] == "V" || part[0] == "V64"):
				m.low, err = strconv.ParseInt(part[2], 0, 64)
				m.high, m.text = m.low, part[3]
			case len(part) == 5 && part[0] == "R":
				m.low, err = strconv.ParseInt(part[2], 0, 64)
				m.high, err2 = strconv.ParseInt(part[3], 0, 64)
				m.text = part[4]
			default:
				continue
			}
			if cmp.Or(err, err2) == nil {
				all[part[1]] = append(all[part[1]], m)
			}
		}
		return lines.Err()
	})
	return all
}

// of returns the texts for a value of the fields.
func (m meanings) of(fields []string, v int64) (texts []string) {
	for _, f := range fields {
		for _, x := range m[f] {
			if x.low <= v && v <= x.high {
				texts = append(texts, x.text)
			}
		}
	}
	return texts
}

// spelt reports whether each part of a name is made of words of text, in their
// order, each whole, or shortened.
func spelt(name, text string) bool {
	plain := strings.NewReplacer("ipv4", "ip4", "ipv6", "ip6")
	words := strings.FieldsFunc(plain.Replace(strings.ToLower(text)), func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsDigit(r) })
	for part := range strings.SplitSeq(plain.Replace(strings.ToLower(name)), "_") {
		if !spells(part, words) && !spells(strings.TrimSuffix(part, "s"), words) {
			return false
		}
	}
	return true
}

func spells(name string, words []string) bool {
	if name == "" {
		return true
	}
	for i, w := range words {
		for n := min(len(w), len(name)); n > 0; n-- {
			if w[:n] == name[:n] && spells(name[n:], words[i+1:]) {
				return true
			}
		}
	}
	return false
}
