package main

import (
	"bytes"
	"fmt"
	"io"
	"slices"
	"strings"
	"text/tabwriter"

	"pkl/core"
)

// describe prints what a protocol is, where it is found, and its fields.
func describe(w io.Writer, reg *core.Registry, pr *core.Proto) error {
	fmt.Fprintln(w, strings.TrimSuffix(pr.Name+": "+titleOf(pr.Spec), ": "))
	for _, k := range pr.Spec.Over {
		fmt.Fprintf(w, "over %s\n", keyText(k))
	}
	for _, k := range bindsOf(reg, pr.Name) {
		fmt.Fprintf(w, "bound to %s\n", keyText(k))
	}
	for _, p := range pr.Spec.Pairs {
		fmt.Fprintf(w, "%s is either of %s and %s\n", pairName(p), p.A, p.B)
	}
	near := relations(reg)
	listNeighbours(w, "below it: ", near.below[pr.Name])
	listNeighbours(w, "above it: ", near.above[pr.Name])
	fmt.Fprintf(w, "\n%s\n", drawFields(pr.Spec.Fields, len(pr.Spec.Footer) > 0, pr.Spec.Footer))
	var b bytes.Buffer
	tw := tabwriter.NewWriter(&b, 0, 0, 2, ' ', 0)
	t := fieldTable{tw, reg.Shapes, nil}
	t.fields("", pr.Spec.Fields)
	if len(pr.Spec.Footer) > 0 {
		fmt.Fprintln(tw, "(after the body)\t\t")
		t.fields("", pr.Spec.Footer)
	}
	tw.Flush()
	for line := range strings.Lines(b.String()) {
		if _, err := fmt.Fprintln(w, strings.TrimRight(line, " \n")); err != nil {
			return err
		}
	}
	return nil
}

// listNeighbours prints protocols and the keys that lead from one to the other.
func listNeighbours(w io.Writer, what string, all []relation) {
	if len(all) == 0 {
		return
	}
	fmt.Fprint(w, what)
	for i, r := range all {
		if i > 0 {
			fmt.Fprint(w, ", ")
		}
		fmt.Fprint(w, strings.TrimSpace(r.Proto+" ("+strings.TrimSpace(r.Key+" "+r.Value))+")")
	}
	fmt.Fprintln(w)
}

// keyText says where a protocol is found: "eth.type 0x0800", "any payload of tcp".
func keyText(k core.Key) string {
	if k.Is == "" {
		return k.On + ": any payload"
	}
	return k.On + " " + k.Is
}

// A fieldTable prints fields: name, kind, and what is to be said about them.
type fieldTable struct {
	w       io.Writer
	structs []*core.Struct
	within  []string // named structs being printed, for one may contain itself
}

func (t *fieldTable) fields(indent string, fields []core.Field) {
	for i := range fields {
		f := &fields[i]
		t.row(indent, f.Name, kindText(f), notes(f))
		for _, name := range f.Flags {
			if name != "" {
				t.row(indent, name, "flag", "in "+f.Name)
			}
		}
		if f.Kind == core.List && f.Get == "" {
			t.items(indent+"  ", f)
		}
	}
}

func (t *fieldTable) row(indent, name, kind, notes string) {
	if name == "" {
		name = "-" // padding
	}
	fmt.Fprintf(t.w, "%s%s\t%s\t%s\n", indent, name, kind, notes)
}

// items prints the fields of a list's items: those of all, then those of each kind.
func (t *fieldTable) items(indent string, f *core.Field) {
	if f.Item != nil && plainItem(f) == nil {
		t.fields(indent, f.Item.Fields)
	}
	for i := range f.Kinds {
		k := &f.Kinds[i]
		fmt.Fprintf(t.w, "%s(%s %s)\t\t%s\n", indent, f.By, shorten(k.Is), k.Doc)
		t.fields(indent+"  ", k.Fields)
	}
	if f.Other != nil {
		fmt.Fprintf(t.w, "%s(other)\t\t%s\n", indent, f.Other.Doc)
		t.fields(indent+"  ", f.Other.Fields)
	}
	if f.Named != "" {
		t.named(indent, f.Named)
	}
}

// shorten leaves out the end of a long text.
func shorten(text string) string {
	const most = 20
	if len(text) <= most {
		return text
	}
	return text[:most-3] + "…"
}

// named prints the fields of a named struct, but not within itself.
func (t *fieldTable) named(indent, name string) {
	i := slices.IndexFunc(t.structs, func(s *core.Struct) bool { return s.Name == name })
	if i < 0 || slices.Contains(t.within, name) {
		return
	}
	t.within = append(t.within, name)
	t.fields(indent, t.structs[i].Fields)
	t.within = t.within[:len(t.within)-1]
}

// plainItem returns the field that a list's items are, if they are values.
func plainItem(f *core.Field) *core.Field {
	if f.Item != nil && len(f.Kinds) == 0 && len(f.Item.Fields) == 1 && f.Item.Fields[0].Name == "" {
		return &f.Item.Fields[0]
	}
	return nil
}

// kindText is the kind of a field, and its width.
func kindText(s *core.Field) string {
	switch {
	case s.Get != "":
		return "computed"
	case s.Kind == core.Number && s.Bits == 1 && len(s.Names) == 0:
		return "flag"
	case s.Kind == core.Number:
		return numberText(s)
	case plainItem(s) != nil:
		return "list of " + kindText(plainItem(s))
	case s.Named != "":
		return "list of " + s.Named
	}
	names := map[core.Kind]string{core.Bytes: "bytes", core.Text: "text", core.MAC: "mac", core.IP4: "ip4",
		core.IP6: "ip6", core.Name: "name", core.List: "list", core.Pad: "pad"}
	return names[s.Kind]
}

func numberText(s *core.Field) string {
	text := fmt.Sprintf("%d bits", s.Bits)
	if s.Bits == 1 {
		text = "1 bit"
	}
	if s.LE {
		text += " le"
	}
	if s.Signed {
		text += " signed"
	}
	return text
}

// notes is all that is to be said about a field, in one line.
func notes(s *core.Field) string {
	var n []string
	add := func(format string, v any) { n = append(n, fmt.Sprintf(format, v)) }
	if s.Doc != "" {
		n = append(n, s.Doc)
	}
	if s.Part != "" {
		add("in %s", s.Part)
	}
	if s.Get != "" {
		add("= %s", s.Get)
	}
	if s.When != "" {
		add("when %s", s.When)
	}
	if s.Size != "" {
		add("size %s", s.Size)
	}
	if s.Count != "" {
		add("count %s", s.Count)
	}
	if s.Auto != "" {
		add("auto %s", s.Auto)
	}
	switch n, isInt := s.Default.(int); {
	case s.Default == nil:
	case isInt && s.Hex && n >= 0:
		add("default %#x", n)
	default:
		add("default %v", s.Default)
	}
	if len(s.Names) > 0 {
		add("%s", valueNames(s.Names))
	}
	return strings.Join(n, "; ")
}

// mostNames is how many value names are printed.
const mostNames = 8

func valueNames(names []core.ValueName) string {
	var b strings.Builder
	for i, v := range names {
		if i == mostNames {
			fmt.Fprintf(&b, ", … (%d)", len(names))
			break
		}
		if i > 0 {
			b.WriteString(", ")
		}
		fmt.Fprintf(&b, "%d %s", v.V, v.Name)
	}
	return b.String()
}
