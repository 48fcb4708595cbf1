package core

import (
	"bytes"
	"strconv"
	"strings"
)

// LuaSource returns an expression in Lua that builds the packet, brought up to
// date, bit for bit. It is as short as it can be: fields that come out right by
// themselves are left out, layers that cannot be told by their fields are bytes.
func (p *Packet) LuaSource() string {
	t := p.Tree()
	for k := len(t.Layers); k > 0; k-- {
		for _, pick := range []func(*Entry) bool{needed, (*Entry).own} {
			if p.gives(t, k, pick) {
				return p.sourceOf(t, k, pick)
			}
		}
	}
	return p.sourceOf(t, 0, nil)
}

// needed reports whether a source must name the field.
func needed(e *Entry) bool { return e.own() && !e.Derived }

// own reports whether a source may name the field: parts go with their whole.
func (e *Entry) own() bool { return !e.Part() }

// sourceOf writes the lowest k layers as tables, and what is above as bytes.
func (p *Packet) sourceOf(t *Tree, k int, pick func(*Entry) bool) string {
	if k == 0 {
		return p.dissectSource()
	}
	var parts []string
	for i := range t.Layers[:k] {
		parts = append(parts, t.Layers[i].source(pick))
	}
	switch b := p.above(t, k); {
	case k < len(t.Layers):
		parts = append(parts, "pkl."+t.Layers[k].Proto+"("+luaQuote(b)+")")
	case len(b) > 0:
		parts = append(parts, luaQuote(b))
	}
	if src := strings.Join(parts, " + "); len(src) <= 120 {
		return src
	}
	return strings.Join(parts, " +\n  ")
}

// above returns the bytes that lie above the lowest k layers.
func (p *Packet) above(t *Tree, k int) []byte {
	if k == len(t.Layers) {
		return t.Body
	}
	return p.Extent(t.Layers[k].id)
}

// dissectSource is the source of a packet that only its bytes tell.
func (p *Packet) dissectSource() string {
	as := strconv.Itoa(p.LinkType)
	if p.first != nil {
		as = luaQuote([]byte(p.first.Name))
	}
	return "pkl.dissect(" + as + ", " + luaQuote(p.buf) + ")"
}

// gives tries whether the lowest k layers, built from their fields, and the
// bytes above them are this packet.
func (p *Packet) gives(t *Tree, k int, pick func(*Entry) bool) bool {
	var q *Packet
	for i := range t.Layers[:k] {
		l, err := Build(p.nodes[t.Layers[i].id].proto, t.Layers[i].values(pick))
		if err == nil && q != nil {
			l, err = Concat(q, l)
		}
		if err != nil {
			return false
		}
		q = l
	}
	if b := p.above(t, k); k < len(t.Layers) {
		top := &Packet{}
		top.ResetAs(p.nodes[t.Layers[k].id].proto, b)
		l, err := Concat(q, top)
		if err != nil || top.First() == none {
			return false
		}
		q = l
	} else if len(b) > 0 {
		l, err := ConcatBytes(q, b)
		if err != nil {
			return false
		}
		q = l
	}
	q.Update()
	return bytes.Equal(q.buf, p.buf)
}

// values returns the picked fields of a layer as Build takes them.
func (l *LayerTree) values(pick func(*Entry) bool) map[string]any {
	m := Record(l.Fields).values(pick)
	if len(l.Trailer) > 0 {
		m["trailer"] = l.Trailer
	}
	return m
}

func (r Record) values(pick func(*Entry) bool) map[string]any {
	m := map[string]any{}
	for i := range r {
		e := &r[i]
		switch {
		case !pick(e):
		case e.Raw != nil:
			m[e.Name+"_raw"] = e.Raw
		default:
			m[e.Name] = given(e.Value, pick)
		}
	}
	return m
}

// given turns the records in a value into maps.
func given(v any, pick func(*Entry) bool) any {
	switch v := v.(type) {
	case Record:
		return v.values(pick)
	case []any:
		items := make([]any, len(v))
		for i := range v {
			items[i] = given(v[i], pick)
		}
		return items
	}
	return v
}

// source writes a layer as a constructor.
func (l *LayerTree) source(pick func(*Entry) bool) string {
	b := Record(l.Fields).appendLua([]byte("pkl."+l.Proto), pick)
	if len(l.Trailer) == 0 {
		return string(b)
	}
	b = b[:len(b)-1]
	if b[len(b)-1] != '{' {
		b = append(b, ", "...)
	}
	return string(b) + "trailer = " + luaQuote(l.Trailer) + "}"
}

// appendLua appends a table of the picked fields.
func (r Record) appendLua(dst []byte, pick func(*Entry) bool) []byte {
	dst = append(dst, '{')
	first := true
	for i := range r {
		e := &r[i]
		if !pick(e) {
			continue
		}
		if !first {
			dst = append(dst, ", "...)
		}
		first = false
		if e.Raw != nil {
			dst = append(append(append(dst, e.Name...), "_raw = "...), luaQuote(e.Raw)...)
			continue
		}
		dst = append(append(dst, e.Name...), " = "...)
		dst = appendLuaValue(dst, e.Slot, e.Value, pick)
	}
	return append(dst, '}')
}

// appendLuaValue appends a value as Lua writes it: with names where there are some.
func appendLuaValue(dst []byte, s *Slot, v any, pick func(*Entry) bool) []byte {
	switch v := v.(type) {
	case bool:
		return strconv.AppendBool(dst, v)
	case uint64:
		return appendLuaNumber(dst, s, v)
	case int64:
		return appendLuaNumber(dst, s, uint64(v)&ones(s.Bits))
	case string:
		return append(dst, luaQuote([]byte(v))...)
	case []byte:
		return append(dst, luaQuote(v)...)
	case Record:
		return v.appendLua(dst, pick)
	case []any:
		dst = append(dst, '{')
		for i, item := range v {
			if i > 0 {
				dst = append(dst, ", "...)
			}
			dst = appendLuaValue(dst, s.itemSlot(), item, pick)
		}
		return append(dst, '}')
	}
	return dst
}

// itemSlot returns the field that plain items are values of.
func (s *Slot) itemSlot() *Slot {
	if s.items.plain {
		return s.items.one.Slots[0]
	}
	return nil
}

func appendLuaNumber(dst []byte, s *Slot, bits uint64) []byte {
	b, named := s.appendNumber(nil, bits)
	if named {
		if v, err := s.fromName(string(b)); err == nil && v == bits {
			return append(dst, luaQuote(b)...)
		}
		b = strconv.AppendUint(nil, bits, 10)
	}
	if v := s.signed(bits); bits > maxExact && (!s.Signed || v > maxExact || v < -maxExact) {
		return append(append(append(dst, `pkl.u64("`...), b...), `")`...)
	}
	return append(dst, b...)
}

// luaQuote returns b as text in Lua. What is not ASCII is escaped.
func luaQuote(b []byte) string {
	out := []byte{'"'}
	for i, c := range b {
		out = appendLuaByte(out, c, i+1 < len(b) && isDigit(b[i+1]))
	}
	return string(append(out, '"'))
}

// appendLuaByte appends one byte of a text; beforeDigit says that a digit follows.
func appendLuaByte(dst []byte, c byte, beforeDigit bool) []byte {
	switch {
	case c == '"' || c == '\\':
		return append(dst, '\\', c)
	case c == '\n':
		return append(dst, `\n`...)
	case c == '\r':
		return append(dst, `\r`...)
	case c >= 0x20 && c < 0x7f:
		return append(dst, c)
	case beforeDigit:
		return append(dst, '\\', '0'+c/100, '0'+c/10%10, '0'+c%10)
	}
	return strconv.AppendUint(append(dst, '\\'), uint64(c), 10)
}
