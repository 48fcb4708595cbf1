package core

import (
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"
)

const luaWidth = 110 // columns of printed Lua

// A luaTable is a table constructor to be printed.
type luaTable struct {
	rows []luaRow
}

// A luaRow is one entry: a value is Lua text or a *luaTable.
type luaRow struct {
	key   string // as it stands before =, "" in the array part
	value any    // nil: a comment
	note  string
}

func (t *luaTable) add(v any)                { t.rows = append(t.rows, luaRow{value: v}) }
func (t *luaTable) put(name string, v any)   { t.putKey(name, v) }
func (t *luaTable) putKey(key string, v any) { t.rows = append(t.rows, luaRow{key: key, value: v}) }
func (t *luaTable) comment(note string)      { t.rows = append(t.rows, luaRow{note: note}) }

// text puts text, unless it is empty.
func (t *luaTable) text(name, s string) {
	if s != "" {
		t.put(name, luaText(s))
	}
}

// yes puts true, if it is.
func (t *luaTable) yes(name string, is bool) {
	if is {
		t.put(name, "true")
	}
}

// count puts a number, unless it is 0.
func (t *luaTable) count(name string, n int) {
	if n != 0 {
		t.put(name, strconv.Itoa(n))
	}
}

// luaKey returns a key of a table: a name, or text in brackets.
func luaKey(s string) string {
	if isName(s) && !slices.Contains(words(), s) {
		return s
	}
	return "[" + luaText(s) + "]"
}

// luaIndex is luaKey for what may be a number.
func luaIndex(s string) string {
	if v := luaNumberOrText(strings.TrimSpace(s)); v[0] != '"' {
		return "[" + v + "]"
	}
	return luaKey(s)
}

// luaShort returns a value on one line; ok is false if it cannot stand so.
func luaShort(v any) (s string, ok bool) {
	t, isTable := v.(*luaTable)
	if !isTable {
		s, ok = v.(string)
		return s, ok
	}
	parts := make([]string, len(t.rows))
	for i, r := range t.rows {
		if parts[i], ok = luaShort(r.value); !ok {
			return "", false
		}
		parts[i] = r.prefix() + parts[i]
	}
	if len(parts) == 0 {
		return "{}", true
	}
	return "{ " + strings.Join(parts, ", ") + " }", true
}

func (r *luaRow) prefix() string {
	if r.key == "" {
		return ""
	}
	return r.key + " = "
}

// writeLong writes a table over several lines, each entry on its own.
func (t *luaTable) writeLong(out *strings.Builder, depth int) {
	out.WriteString("{\n")
	for _, r := range t.rows {
		indent(out, depth+1)
		if r.value == nil {
			out.WriteString("-- " + r.note + "\n")
			continue
		}
		out.WriteString(r.prefix())
		writeLuaValue(out, r.value, depth+1, 2*(depth+1)+len(r.prefix())+1)
		out.WriteString(",\n")
	}
	indent(out, depth)
	out.WriteByte('}')
}

// writeLuaValue writes a value that begins at a column: on one line if it fits.
func writeLuaValue(out *strings.Builder, v any, depth, column int) {
	s, ok := luaShort(v)
	t, isTable := v.(*luaTable)
	switch {
	case !isTable || ok && column+utf8.RuneCountInString(s) <= luaWidth:
		out.WriteString(s)
	case t.ofTables():
		t.writeLong(out, depth)
	default:
		t.writeFilled(out, depth, column)
	}
}

// ofTables reports whether the table holds nothing but tables.
func (t *luaTable) ofTables() bool {
	return !slices.ContainsFunc(t.rows, func(r luaRow) bool { _, is := r.value.(*luaTable); return !is })
}

// writeFilled writes a table over several lines, each as full as it can be.
func (t *luaTable) writeFilled(out *strings.Builder, depth, column int) {
	out.WriteByte('{')
	column++
	for i := range t.rows {
		r := &t.rows[i]
		s, _ := luaShort(r.value)
		n := utf8.RuneCountInString(r.prefix()+s) + 2
		if i > 0 && column+n > luaWidth {
			out.WriteByte('\n')
			indent(out, depth+1)
			column = 2 * (depth + 1)
		} else {
			out.WriteByte(' ')
			column++
		}
		out.WriteString(r.prefix())
		writeLuaValue(out, r.value, depth+1, column+len(r.prefix()))
		if i+1 < len(t.rows) {
			out.WriteByte(',')
		}
		column = out.Len() - strings.LastIndexByte(out.String(), '\n')
	}
	out.WriteString(" }")
}

func indent(out *strings.Builder, depth int) {
	for range depth {
		out.WriteString("  ")
	}
}

// usedStructs returns those of the structs that a spec names, directly or through others.
func usedStructs(s *Spec, structs []*Struct) []*Struct {
	used := map[string]bool{}
	byName := map[string]*Struct{}
	for _, st := range structs {
		byName[st.Name] = st
	}
	var visit func(fields []Field)
	visit = func(fields []Field) {
		for i := range fields {
			f := &fields[i]
			if st := byName[f.Named]; st != nil && !used[f.Named] {
				used[f.Named] = true
				visit(st.Fields)
			}
			for _, inner := range f.structs() {
				visit(inner.Fields)
			}
		}
	}
	visit(s.Fields)
	visit(s.Footer)
	return slices.DeleteFunc(slices.Clone(structs), func(st *Struct) bool { return !used[st.Name] })
}

// structs returns the layouts written within a list field.
func (f *Field) structs() []*Struct {
	var all []*Struct
	for _, st := range []*Struct{f.Item, f.Other} {
		if st != nil {
			all = append(all, st)
		}
	}
	for i := range f.Kinds {
		all = append(all, &f.Kinds[i].Struct)
	}
	return all
}
