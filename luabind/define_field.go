package luabind

import (
	"slices"
	"strconv"
	"strings"

	lua "github.com/yuin/gopher-lua"

	"pkl/core"
)

// kinds are the words for what a field holds.
func kinds() map[string]core.Kind {
	return map[string]core.Kind{
		"number": core.Number, "bytes": core.Bytes, "text": core.Text, "mac": core.MAC, "ip4": core.IP4, "ip6": core.IP6,
		"name": core.Name, "list": core.List, "pad": core.Pad,
	}
}

// kindWords says what the kind of a field can be.
func kindWords() string {
	words := slices.DeleteFunc(keysOf(kinds()), func(w string) bool { return w == "number" })
	return "a number of bits, or one of " + strings.Join(words, ", ")
}

// fields reads an array of fields.
func (r *specReader) fields(v lua.LValue, word string) (all []core.Field) {
	t, ok := v.(*lua.LTable)
	if !ok {
		r.fail("%s is an array of fields, not %s", word, kindName(v))
		return nil
	}
	r.array(t, word, func(i int, v lua.LValue) { all = append(all, r.numbered(i, v)) })
	return all
}

func (r *specReader) numbered(i int, v lua.LValue) (f core.Field) {
	t, ok := v.(*lua.LTable)
	if !ok {
		r.fail("field %d is { name, kind, word = … }, not %s", i, kindName(v))
		return core.Field{Name: "field_" + strconv.Itoa(i), Bits: 8} // so that nothing else is reported
	}
	name, ok := t.RawGetInt(1).(lua.LString)
	if !ok {
		r.fail("field %d: the first entry is its name, not %s", i, describe(t.RawGetInt(1)))
		name = lua.LString("field_" + strconv.Itoa(i))
	}
	f.Name = string(name)
	r.within(f.Name, func() { r.enter(t, func() { r.field(&f, t, ok) }) })
	return f
}

// maxFields is how many fields a definition has at most, those of items included.
const maxFields = 100_000

// maxOpen is how many tables of fields lie within one another at most: more than
// the engine takes, which tells what is wrong.
const maxOpen = 64

// enter reads a table, unless it is one of those around it.
func (r *specReader) enter(t *lua.LTable, read func()) {
	r.count++
	switch {
	case r.open[t]:
		r.fail("the table contains itself; a kind of item that does is a pkl.struct, and of = its name")
		return
	case len(r.open) > maxOpen:
		return
	case r.count > maxFields:
		if r.count == maxFields+1 {
			r.fail("more than %d fields", maxFields)
		}
		return
	}
	if r.open == nil {
		r.open = map[*lua.LTable]bool{}
	}
	r.open[t] = true
	read()
	delete(r.open, t)
}

// field reads { name, kind, word = … }; without a name, the entries are not where they should be.
func (r *specReader) field(f *core.Field, t *lua.LTable, named bool) {
	f.Bits = 8
	if named {
		f.Bits = 0
		if t.Len() > 2 {
			r.fail("a field is { name, kind, word = … }: %s is too much", describe(t.RawGetInt(3)))
		}
		r.kind(f, t.RawGetInt(2), t.RawGetString("get") != lua.LNil)
	}
	words := wordTable{}
	for _, add := range []func(wordTable, *core.Field){r.commonWords, r.numberWords, r.bytesWords, r.listWords} {
		add(words, f)
	}
	r.words(t, words)
}

// kind reads what a field holds: a number of bits, or a word. A computed field may leave it out.
func (r *specReader) kind(f *core.Field, v lua.LValue, computed bool) {
	switch v := v.(type) {
	case lua.LNumber:
		if !isWhole(v) || v < 1 || v > 64 {
			r.fail("%s bits (1 to 64)", v.String())
			v = 8
		}
		f.Bits = int(v)
		return
	case lua.LString:
		if k, ok := kinds()[string(v)]; ok && (k != core.Number || computed) {
			f.Kind = k
			return
		} else if ok {
			r.fail("the kind of a number is how many bits it has, 1 to 64")
			break
		}
		near := hint(string(v), keysOf(kinds()))
		if near == "" {
			near = " (" + kindWords() + ")"
		}
		r.fail("unknown kind %q%s", string(v), near)
	case *lua.LNilType:
		if computed {
			return
		}
		r.fail("its kind is missing: %s", kindWords())
	default:
		r.fail("its kind is a number of bits or a word, not %s", describe(v))
	}
	f.Bits = 8 // so that nothing else is reported
}

func (r *specReader) commonWords(w wordTable, f *core.Field) {
	w["default"] = func(v lua.LValue) { f.Default = r.defaultValue(v) }
	w["doc"] = func(v lua.LValue) { r.text(&f.Doc, v, "doc") }
	w["when"] = func(v lua.LValue) { r.expr(&f.When, v, "when") }
	w["auto"] = func(v lua.LValue) { r.expr(&f.Auto, v, "auto") }
	w["unit"] = func(v lua.LValue) { r.positive(&f.Unit, v, "unit") }
	w["bias"] = func(v lua.LValue) { r.whole(&f.Bias, v, "bias") }
	w["from"] = func(v lua.LValue) { r.expr(&f.From, v, "from") }
	w["cover"] = func(v lua.LValue) { r.expr(&f.Cover, v, "cover") }
	w["crc"] = func(v lua.LValue) { f.Auto, f.CRC = "crc", r.crc(v) }
	w["optional"] = func(v lua.LValue) { r.flag(&f.Optional, v, "optional") }
	w["align"] = func(v lua.LValue) { r.positive(&f.Align, v, "align") }
	w["get"] = func(v lua.LValue) { r.expr(&f.Get, v, "get") }
}

func (r *specReader) numberWords(w wordTable, f *core.Field) {
	w["names"] = func(v lua.LValue) { f.Names = r.names(v) }
	w["bits"] = func(v lua.LValue) { f.Flags = r.texts(v, "bits") }
	w["hex"] = func(v lua.LValue) { r.flag(&f.Hex, v, "hex") }
	w["signed"] = func(v lua.LValue) { r.flag(&f.Signed, v, "signed") }
	w["le"] = func(v lua.LValue) { r.flag(&f.LE, v, "le") }
	w["digits"] = func(v lua.LValue) { r.flag(&f.Digits, v, "digits") }
	w["lsb"] = func(v lua.LValue) { r.flag(&f.LSB, v, "lsb") }
	w["part"] = func(v lua.LValue) { r.text(&f.Part, v, "part") }
	w["key"] = func(v lua.LValue) { r.text(&f.Key, v, "key") }
	w["origin"] = func(v lua.LValue) { r.flag(&f.Origin, v, "origin") }
}

func (r *specReader) bytesWords(w wordTable, f *core.Field) {
	w["size"] = func(v lua.LValue) { r.expr(&f.Size, v, "size") }
	w["trim"] = func(v lua.LValue) { f.Trim = r.texts(v, "trim") }
	w["plain"] = func(v lua.LValue) { r.flag(&f.Plain, v, "plain") }
	w["stop"] = func(v lua.LValue) {
		if f.Kind == core.List {
			r.expr(&f.End, v, "stop")
		} else {
			r.text(&f.Until, v, "stop")
			if v == lua.LString("") {
				r.fail("stop is empty: that text is everywhere")
			}
		}
	}
	w["of"] = func(v lua.LValue) {
		if f.Kind == core.List {
			r.of(f, v)
		} else {
			r.text(&f.Of, v, "of")
		}
	}
}

func (r *specReader) listWords(w wordTable, f *core.Field) {
	w["count"] = func(v lua.LValue) { r.expr(&f.Count, v, "count") }
	w["closed"] = func(v lua.LValue) { f.Closed = r.texts(v, "closed") }
	w["lookup"] = func(v lua.LValue) { f.Lookup = r.texts(v, "lookup") }
	w["last"] = func(v lua.LValue) { r.expr(&f.Last, v, "last") }
	w["by"] = func(v lua.LValue) { r.expr(&f.By, v, "by") }
	w["kinds"] = func(v lua.LValue) { f.Kinds = r.variants(v) }
	w["other"] = func(v lua.LValue) {
		if t, ok := v.(*lua.LTable); ok {
			f.Other = r.item(t)
		} else {
			r.fail("other is an array of fields, not %s", kindName(v))
		}
	}
	w["pad"] = func(v lua.LValue) { r.positive(&f.Pad, v, "pad") }
}

// of reads what a list holds: a kind, fields, or the name of a struct.
func (r *specReader) of(f *core.Field, v lua.LValue) {
	switch v := v.(type) {
	case *lua.LTable:
		f.Item = r.item(v)
	case lua.LString:
		if _, ok := kinds()[string(v)]; !ok {
			f.Named = string(v)
			return
		}
		r.plainItem(f, v)
	case lua.LNumber:
		r.plainItem(f, v)
	default:
		r.fail("of is a kind, an array of fields or the name of a struct, not %s", kindName(v))
	}
}

func (r *specReader) plainItem(f *core.Field, kind lua.LValue) {
	var item core.Field
	r.kind(&item, kind, false)
	f.Item = &core.Struct{Fields: []core.Field{item}}
}

// item reads the fields of an item, with its own words behind them.
func (r *specReader) item(t *lua.LTable) *core.Struct {
	st := &core.Struct{}
	r.enter(t, func() {
		for i := 1; i <= t.Len(); i++ {
			st.Fields = append(st.Fields, r.numbered(i, t.RawGetInt(i)))
		}
		r.words(t, wordTable{
			"name": func(v lua.LValue) { r.text(&st.Name, v, "name") },
			"doc":  func(v lua.LValue) { r.text(&st.Doc, v, "doc") },
			"len":  func(v lua.LValue) { r.expr(&st.Len, v, "len") },
		})
	})
	return st
}

// variants reads kinds = { [2] = { fields }, ["3-5"] = … }.
func (r *specReader) variants(v lua.LValue) (all []core.Variant) {
	t, ok := v.(*lua.LTable)
	if !ok {
		r.fail("kinds is a table of items by value, not %s", kindName(v))
		return nil
	}
	eachPair(t, func(k, v lua.LValue) {
		is := r.value(k, "kinds")
		item, ok := v.(*lua.LTable)
		if !ok {
			r.fail("kinds[%s] is an array of fields, not %s", is, kindName(v))
			return
		}
		all = append(all, core.Variant{Is: is, Struct: *r.item(item)})
	})
	return all
}
