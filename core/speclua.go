package core

import (
	"cmp"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"
)

// SpecLua returns the Lua text that defines the same protocol: pkl.struct for
// the structs it uses, those among the given, and pkl.protocol. Hooks are code
// and cannot be printed; a comment says so. Of two names for one value of a
// number the first is printed.
func SpecLua(s *Spec, structs []*Struct) string {
	var out strings.Builder
	for _, st := range usedStructs(s, structs) {
		t := &luaTable{}
		t.text("name", st.Name)
		t.text("doc", st.Doc)
		t.put("fields", luaFields(st.Fields))
		t.text("len", st.Len)
		writeLuaCall(&out, "pkl.struct", t)
		out.WriteByte('\n')
	}
	writeLuaCall(&out, "pkl.protocol", luaSpec(s))
	return out.String()
}

// writeLuaCall writes a call with a table, each of its entries on a line of its own.
func writeLuaCall(out *strings.Builder, name string, t *luaTable) {
	out.WriteString(name + " ")
	t.writeLong(out, 0)
	out.WriteByte('\n')
}

func luaSpec(s *Spec) *luaTable {
	t := &luaTable{}
	t.text("name", s.Name)
	t.text("doc", s.Doc)
	t.text("ref", s.Ref)
	if len(s.Over) > 0 {
		t.put("over", luaOver(s.Over))
	}
	t.put("fields", luaFields(s.Fields))
	if len(s.Footer) > 0 {
		t.put("footer", luaFields(s.Footer))
	}
	for _, w := range [][2]string{{"header", s.Header}, {"len", s.Len}, {"stop", s.Stop}, {"check", s.Check}, {"pieces", s.Pieces}} {
		t.text(w[0], w[1])
	}
	if len(s.Pairs) > 0 {
		t.put("pairs", luaPairs(s.Pairs))
	}
	if len(s.Replies) > 0 {
		t.put("replies", luaReplies(s.Replies))
	}
	if len(s.Pseudo) > 0 {
		t.put("pseudo", luaTexts(s.Pseudo))
	}
	t.yes("sum_required", s.SumRequired)
	if s.Hook != nil {
		t.comment("hook: code, not shown")
	}
	if s.HookUpdate != nil {
		t.comment("hook_update: code, not shown")
	}
	return t
}

func luaPairs(pairs []Pair) *luaTable {
	t := &luaTable{}
	for _, p := range pairs {
		t.add(luaTexts([]string{p.A, p.B}))
	}
	return t
}

func luaReplies(replies []Reply) *luaTable {
	t := &luaTable{}
	for _, a := range replies {
		one := &luaTable{}
		one.text("when", a.When)
		one.text("to", a.To)
		if len(a.Same) > 0 {
			same := &luaTable{}
			for _, s := range a.Same {
				if s.A == s.B {
					same.add(luaText(s.A))
				} else {
					same.add(luaTexts([]string{s.A, s.B}))
				}
			}
			one.put("same", same)
		}
		t.add(one)
	}
	return t
}

func luaTexts(all []string) *luaTable {
	t := &luaTable{}
	for _, s := range all {
		t.add(luaText(s))
	}
	return t
}

// luaOver writes keys; those of one field together.
func luaOver(keys []Key) *luaTable {
	t := &luaTable{}
	done := map[string]bool{}
	for _, k := range keys {
		if !done[k.On] {
			done[k.On] = true
			t.putKey(luaKey(k.On), luaIs(keys, k.On))
		}
	}
	return t
}

// luaIs writes all values under which a protocol is found in one field: true
// for a protocol, one value as itself, several as an array.
func luaIs(keys []Key, on string) any {
	t := &luaTable{}
	fill, check := "", ""
	for _, k := range keys {
		if k.On != on {
			continue
		}
		fill, check = cmp.Or(k.Fill, fill), cmp.Or(k.Check, check)
		for _, part := range strings.Split(k.Is, ",") {
			if part = strings.TrimSpace(part); part == "" || part == "true" {
				return "true"
			}
			t.add(luaNumberOrText(part))
		}
	}
	if fill == "" && check == "" && len(t.rows) == 1 {
		return t.rows[0].value
	}
	t.text("fill", fill)
	t.text("check", check)
	return t
}

// luaNumberOrText writes "53" and "0x35" as numbers, all else as text.
func luaNumberOrText(s string) string {
	v, err := strconv.ParseUint(s, 0, 64)
	if err != nil || v > maxExact {
		return luaText(s)
	}
	if strings.HasPrefix(s, "0x") {
		return s
	}
	return strconv.FormatUint(v, 10)
}

func luaFields(fields []Field) *luaTable {
	t := &luaTable{}
	for i := range fields {
		t.add(luaField(&fields[i]))
	}
	return t
}

// luaField writes { name, kind, word = … }.
func luaField(f *Field) *luaTable {
	t := &luaTable{}
	t.add(luaText(f.Name))
	if kind := luaKind(f); kind != nil {
		t.add(kind)
	}
	t.commonWords(f)
	t.numberWords(f)
	t.text("size", f.Size)
	t.text("stop", f.Until)
	if f.Trim != nil {
		t.put("trim", luaTexts(f.Trim))
	}
	t.text("of", f.Of)
	t.yes("plain", f.Plain)
	t.listWords(f)
	t.text("get", f.Get)
	t.text("doc", f.Doc)
	return t
}

// luaKind writes the kind of a field: bits, or a word. A computed number has none.
func luaKind(f *Field) any {
	if f.Kind != Number {
		return luaText(f.Kind.word())
	}
	if f.Bits == 0 {
		return nil
	}
	return strconv.Itoa(f.Bits)
}

// word returns the kind as scripts write it.
func (k Kind) word() string {
	words := [...]string{Number: "number", Bytes: "bytes", Text: "text", MAC: "mac", IP4: "ip4", IP6: "ip6", Name: "name", List: "list", Pad: "pad"}
	return words[k]
}

func (t *luaTable) commonWords(f *Field) {
	if f.Default != nil {
		t.put("default", luaDefault(f))
	}
	t.text("when", f.When)
	if f.CRC == nil {
		t.text("auto", f.Auto)
	} else {
		t.put("crc", luaCRC(f.CRC))
	}
	t.count("unit", f.Unit)
	t.count("bias", f.Bias)
	t.text("from", f.From)
	t.text("cover", f.Cover)
	t.yes("optional", f.Optional)
	t.count("align", f.Align)
}

func (t *luaTable) numberWords(f *Field) {
	t.text("part", f.Part)
	if len(f.Names) > 0 {
		t.put("names", luaNames(f.Names))
	}
	if len(f.Flags) > 0 {
		t.put("bits", luaTexts(f.Flags))
	}
	t.yes("hex", f.Hex)
	t.yes("signed", f.Signed)
	t.yes("le", f.LE)
	t.yes("lsb", f.LSB)
	t.yes("digits", f.Digits)
	t.text("key", f.Key)
	t.yes("origin", f.Origin)
}

func (t *luaTable) listWords(f *Field) {
	if f.Closed != nil {
		t.put("closed", luaTexts(f.Closed))
	}
	if f.Lookup != nil {
		t.put("lookup", luaTexts(f.Lookup))
	}
	t.text("count", f.Count)
	t.text("last", f.Last)
	t.text("stop", f.End)
	switch {
	case f.Named != "":
		t.text("of", f.Named)
	case f.Item != nil:
		t.put("of", luaItem(f.Item))
	}
	t.text("by", f.By)
	if len(f.Kinds) > 0 {
		kinds := &luaTable{}
		for i := range f.Kinds {
			kinds.putKey(luaIndex(f.Kinds[i].Is), luaStruct(&f.Kinds[i].Struct))
		}
		t.put("kinds", kinds)
	}
	if f.Other != nil {
		t.put("other", luaStruct(f.Other))
	}
	t.count("pad", f.Pad)
}

// luaItem writes what a list is of: a kind if the items are plain values, else fields.
func luaItem(s *Struct) any {
	if len(s.Fields) == 1 && s.Fields[0].Name == "" && s.Len == "" {
		if t := luaField(&s.Fields[0]); len(t.rows) == 2 {
			return t.rows[1].value
		}
	}
	return luaStruct(s)
}

// luaStruct writes the fields of an item, and its own words behind them.
func luaStruct(s *Struct) *luaTable {
	t := luaFields(s.Fields)
	t.text("name", s.Name)
	t.text("len", s.Len)
	t.text("doc", s.Doc)
	return t
}

// sparse is a value that names are told of as text: below a number, Lua keeps room
// for all others.
const sparse = 1 << 10

func luaNames(names []ValueName) *luaTable {
	t := &luaTable{}
	done := map[int64]bool{}
	for i, n := range names {
		if done[n.V] {
			continue
		}
		done[n.V] = true
		text := luaText(n.Name)
		if more := otherNames(names[i+1:], n.V); more != "" {
			text = "{ " + text + more + " }"
		}
		key := luaInt(n.V)
		if n.V >= sparse {
			key = fmt.Sprintf("\"%#x\"", n.V)
		}
		t.putKey("["+key+"]", text)
	}
	return t
}

// otherNames returns the further names of a value, each behind a comma.
func otherNames(names []ValueName, v int64) (text string) {
	for _, n := range names {
		if n.V == v {
			text += ", " + luaText(n.Name)
		}
	}
	return text
}

func luaCRC(c *CRC) *luaTable {
	t := &luaTable{}
	t.count("bits", c.Bits)
	for _, w := range []struct {
		name string
		v    uint64
	}{{"poly", c.Poly}, {"init", c.Init}, {"xor", c.Xor}} {
		if w.v > maxExact {
			t.text(w.name, fmt.Sprintf("%#x", w.v))
		} else {
			t.put(w.name, fmt.Sprintf("%#x", w.v))
		}
	}
	t.yes("reflect", c.Reflect)
	return t
}

// luaDefault writes a default, that of a number shown in hex in hex.
func luaDefault(f *Field) any {
	if n, ok := f.Default.(int); ok && f.Hex && n >= 0 {
		return fmt.Sprintf("%#x", n)
	}
	return luaAny(f.Default)
}

// luaAny writes a default, or a part of it.
func luaAny(v any) any {
	switch v := v.(type) {
	case string:
		return luaText(v)
	case []byte:
		return luaText(string(v))
	case uint64:
		if v > maxExact {
			return fmt.Sprintf("pkl.u64(%q)", fmt.Sprintf("%#x", v))
		}
	case []any:
		t := &luaTable{}
		for _, item := range v {
			t.add(luaAny(item))
		}
		return t
	case map[string]any:
		t := &luaTable{}
		for _, k := range slices.Sorted(maps.Keys(v)) {
			t.putKey(luaKey(k), luaAny(v[k]))
		}
		return t
	}
	return fmt.Sprint(v)
}

// luaInt writes a whole number; one that Lua's numbers do not hold, in hex.
func luaInt(v int64) string {
	if v > maxExact || v < -maxExact {
		return luaText(fmt.Sprintf("%#x", uint64(v)))
	}
	return strconv.FormatInt(v, 10)
}

// luaText writes text, valid UTF-8 as it is.
func luaText(s string) string {
	out := []byte{'"'}
	for i := 0; i < len(s); {
		r, n := utf8.DecodeRuneInString(s[i:])
		if r >= 0x80 && !(r == utf8.RuneError && n == 1) {
			out = append(out, s[i:i+n]...)
		} else {
			out = appendLuaByte(out, s[i], i+1 < len(s) && isDigit(s[i+1]))
		}
		i += n
	}
	return string(append(out, '"'))
}
