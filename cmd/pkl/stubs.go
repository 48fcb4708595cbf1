package main

import (
	"bufio"
	_ "embed"
	"fmt"
	"io"
	"regexp"
	"slices"
	"strings"

	"pkl/core"
)

const stubsHelpText = `
Stubs prints annotations for LuaLS, the Lua language server: all that scripts
can use of pkl, every protocol with its fields, and the protocols that the
scripts named define. An editor that has them completes names and shows types.

  pkl stubs > .pkl/pkl.lua
  pkl stubs myproto.lua > .pkl/pkl.lua

The .luarc.json beside the scripts then says where they are; see docs/tools.md.`

// stubsAPI is what does not depend on protocols.
//
//go:embed stubs/api.lua
var stubsAPI string

// runStubs is pkl stubs.
func runStubs(c *cli, args []string) error {
	f := c.flags("stubs", stubsHelpText)
	c.decodeAsFlag(f)
	if err := parse(f, args); err != nil {
		return err
	}
	c.stop.listen()
	reg, done, err := c.registry(f.Args())
	if err != nil {
		return err
	}
	defer done()
	return printStubs(c.out, reg)
}

func printStubs(w io.Writer, reg *core.Registry) error {
	s := &stubs{w: bufio.NewWriter(w), reg: reg}
	s.line("%s", stubsAPI)
	for _, st := range reg.Shapes {
		s.record("struct."+st.Name, "pkl.Item", st.Doc, st.Fields)
	}
	for _, pr := range reg.Protos() {
		s.protocol(pr)
	}
	s.stack()
	return s.w.Flush()
}

// stubs writes annotations. Classes are named by the place of what they
// describe: pkl.layer.tcp, pkl.item.tcp.opts; pkl.new.… take values to build from.
type stubs struct {
	w   *bufio.Writer
	reg *core.Registry
}

func (s *stubs) line(format string, args ...any) { fmt.Fprintf(s.w, format+"\n", args...) }

// doc writes text as the description of what follows.
func (s *stubs) doc(text string) {
	if text != "" {
		s.line("---%s", oneLine(text))
	}
}

func oneLine(text string) string { return strings.Join(strings.Fields(text), " ") }

// protocol writes the classes of a layer, of what builds it, and of its constructor.
func (s *stubs) protocol(pr *core.Proto) {
	fields := slices.Concat(pr.Spec.Fields, pr.Spec.Footer)
	s.record("layer."+pr.Name, "pkl.Layer", titleOf(pr.Spec), fields)
	s.doc(titleOf(pr.Spec))
	s.line("---@class pkl.proto.%s: pkl.Protocol", pr.Name)
	s.line("---@overload fun(fields?: pkl.new.layer.%[1]s): pkl.Packet", pr.Name)
	s.line("---@overload fun(bytes: string): pkl.Packet?, string?")
	for i := range fields {
		switch f := &fields[i]; {
		case !isIdent(f.Name):
		case len(f.Names) > 0:
			s.line("---@field %s table values by name, and names by value", f.Name)
		case f.Kind == core.List && f.Get == "":
			s.line("---@field %s table value names of its items' fields", f.Name)
		}
	}
	s.line("")
}

// stack writes which layers a packet may have, and which constructors there are.
func (s *stubs) stack() {
	s.line("---@class pkl.Layers")
	for _, pr := range s.reg.Protos() {
		s.line("---@field %s? pkl.layer.%[1]s", pr.Name)
	}
	s.line("\n---@class pkl.Constructors")
	for _, pr := range s.reg.Protos() {
		s.line("---@field %s pkl.proto.%[1]s", pr.Name)
	}
}

// record writes the classes of a layer or an item: one to look at, one to build from.
func (s *stubs) record(name, parent, doc string, fields []core.Field) {
	for i := range fields {
		same := func(o core.Field) bool { return o.Name == fields[i].Name && o.Kind == core.List }
		if !slices.ContainsFunc(fields[:i], same) {
			s.list(name, &fields[i])
		}
	}
	s.values(name, fields)
	s.doc(doc)
	s.line("---@class pkl.%s: %s", name, parent)
	s.fields(name, fields, false)
	s.line("")
	s.line("---@class pkl.new.%s", name)
	s.fields(name, fields, true)
	s.line("---@field body? string|pkl.Stack")
	s.line("")
}

// values writes an alias for the value names of each field that has any.
func (s *stubs) values(name string, fields []core.Field) {
	var order []string
	names := map[string][]core.ValueName{}
	for i := range fields {
		f := &fields[i]
		if f.Name == "" || len(f.Names) == 0 {
			continue
		}
		if names[f.Name] == nil {
			order = append(order, f.Name)
		}
		names[f.Name] = append(names[f.Name], f.Names...)
	}
	for _, field := range order {
		s.line("---@alias pkl.value.%s.%s integer%s", name, field, namesType(names[field]))
	}
}

// list writes the classes of a list and of its items.
func (s *stubs) list(name string, f *core.Field) {
	if f.Kind != core.List || f.Get != "" || f.Name == "" {
		return
	}
	class, build := s.itemTypes(name, f)
	if f.Named == "" && plainItem(f) == nil {
		s.record(name+"."+f.Name, "pkl.Item", "", itemFields(f))
	}
	s.line("---@class pkl.list.%s.%s: pkl.List", name, f.Name)
	s.line("---@field [integer] %s", class)
	s.line("---@field append fun(self, x: %s): %s", build, class)
	s.line("---@field insert fun(self, i: integer, x: %s): %s", build, class)
	s.line("---@field each fun(self): fun(): integer?, %s", class)
	s.line("---@field find fun(self, match: %s|fun(item: %s): boolean): %s?, integer?", build, class, class)
	s.line("")
}

// itemTypes are the types of a list's items: as they are read, and as they are given.
func (s *stubs) itemTypes(name string, f *core.Field) (class, build string) {
	if p := plainItem(f); p != nil {
		t := fieldType(p)
		return t, t
	}
	if f.Named != "" {
		name = "struct." + f.Named
	} else {
		name += "." + f.Name
	}
	return "pkl." + name, "pkl.new." + name
}

// itemFields are the fields that items of a list may have. Those that only some
// kinds of items have are optional.
func itemFields(f *core.Field) (all []core.Field) {
	add := func(fields []core.Field) {
		for _, g := range fields {
			if g.When == "" {
				g.When = f.By
			}
			all = append(all, g)
		}
	}
	if f.Item != nil {
		all = append(all, f.Item.Fields...)
	}
	for i := range f.Kinds {
		add(f.Kinds[i].Fields)
	}
	if f.Other != nil {
		add(f.Other.Fields)
	}
	return all
}

// fields writes a line for each field, and for each named bit; a name that
// stands for several fields has the type of each.
func (s *stubs) fields(name string, fields []core.Field, build bool) {
	seen := map[string]bool{}
	for i := range fields {
		f := &fields[i]
		if !isIdent(f.Name) || seen[f.Name] {
			continue
		}
		seen[f.Name] = true
		var types []string
		optional := build || f.When != ""
		doc := f.Doc
		for j := range fields[i:] {
			if g := &fields[i+j]; g.Name == f.Name {
				if t := s.typeIn(name, g, build); !slices.Contains(types, t) {
					types = append(types, t)
				}
				optional = optional || g.When != ""
			}
		}
		s.field(f.Name, strings.Join(types, "|"), doc, optional)
		for _, bit := range f.Flags {
			if bit != "" && !seen[bit] {
				seen[bit] = true
				s.field(bit, "boolean", "in "+f.Name, optional)
			}
		}
	}
}

func (s *stubs) field(name, typ, doc string, optional bool) {
	mark := ""
	if optional {
		mark = "?"
	}
	s.line("%s", strings.TrimSpace(fmt.Sprintf("---@field %s%s %s %s", name, mark, typ, oneLine(doc))))
}

// typeIn is the type of a field of a record.
func (s *stubs) typeIn(name string, f *core.Field, build bool) string {
	switch {
	case len(f.Names) > 0:
		return "pkl.value." + name + "." + f.Name
	case f.Kind == core.List && f.Get == "" && build:
		_, item := s.itemTypes(name, f)
		return arrayOf(item)
	case f.Kind == core.List && f.Get == "":
		return "pkl.list." + name + "." + f.Name
	}
	return fieldType(f)
}

// arrayOf is the type of an array of items, which may be a union.
func arrayOf(item string) string {
	if strings.Contains(item, "|") {
		return "(" + item + ")[]"
	}
	return item + "[]"
}

// fieldType is the type of a field that is no list and has no value names.
func fieldType(f *core.Field) string {
	switch {
	case f.Get != "":
		return "any"
	case f.Kind != core.Number && (f.Of != "" || f.Key != ""):
		return "string|pkl.Packet"
	case f.Kind != core.Number:
		return "string"
	case len(f.Flags) > 0:
		return "integer|string"
	case f.Bits == 1 && len(f.Names) == 0:
		return "boolean"
	case f.Bits > 53:
		return "integer|pkl.u64"
	}
	return "integer"
}

// namesType are the value names as a union of texts.
func namesType(names []core.ValueName) string {
	var b strings.Builder
	for _, n := range names {
		fmt.Fprintf(&b, "|%q", n.Name)
	}
	return b.String()
}

var ident = regexp.MustCompile(`^[A-Za-z_]\w*$`)

func isIdent(name string) bool { return ident.MatchString(name) }
