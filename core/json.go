package core

import (
	"strconv"
	"unicode/utf8"
)

// JSON returns the packet, brought up to date, as one line of JSON.
func (p *Packet) JSON() string { return string(p.AppendJSON(nil)) }

// AppendJSON appends what JSON returns:
//
//	{"frame":{"number":1,"ts":1700000000.000000001,"len":42,"caplen":42,"linktype":1},
//	 "layers":[{"proto":"eth","dst":"02:00:00:00:00:01",…},…],"body":"00ff","err":"…"}
//
// Fields are in wire order, computed ones too. Flags are booleans and stand
// behind the number they lie in. Numbers from 2^53 up are text. A number with
// value names has the name beside it, as name_name. Bytes are in lower-case hex:
// "body" of an item is told where its fields do not tell all of it, and bytes
// of a list that form no item are list_rest. Text that is not UTF-8 has U+FFFD.
func (p *Packet) AppendJSON(dst []byte) []byte {
	p.Update()
	w := jsonWriter{p: p, b: dst}
	w.b = append(w.b, `{"frame":{`...)
	w.frame()
	w.b = append(w.b, `},"layers":[`...)
	for id := range p.layers() {
		w.comma()
		w.layer(id)
	}
	w.b = append(w.b, ']')
	w.hexField("body", "", p.body(p.highest()))
	if err := p.Err(); err != nil {
		w.key("err", "")
		w.b = appendJSONText(w.b, []byte(err.Error()))
	}
	return append(w.b, '}')
}

// A jsonWriter appends the JSON of a packet.
type jsonWriter struct {
	p *Packet
	b []byte
}

// comma parts what follows from what stands before it in the same brackets.
func (w *jsonWriter) comma() {
	if last := w.b[len(w.b)-1]; last != '{' && last != '[' {
		w.b = append(w.b, ',')
	}
}

// key begins a member. Names of fields need no escapes.
func (w *jsonWriter) key(name, suffix string) {
	w.comma()
	w.b = append(append(append(append(w.b, '"'), name...), suffix...), `":`...)
}

func (w *jsonWriter) uint(name string, v uint64) {
	w.key(name, "")
	w.b = appendJSONUint(w.b, v)
}

// hexField appends bytes, if there are any.
func (w *jsonWriter) hexField(name, suffix string, b []byte) {
	if len(b) > 0 {
		w.key(name, suffix)
		w.hex(b)
	}
}

func (w *jsonWriter) hex(b []byte) {
	w.b = append(appendHex(append(w.b, '"'), b), '"')
}

// frame appends the facts about the packet.
func (w *jsonWriter) frame() {
	m := &w.p.Meta
	if m.Number > 0 {
		w.uint("number", uint64(m.Number))
	}
	w.key("ts", "")
	w.b = appendSeconds(w.b, m.Time)
	w.uint("len", uint64(w.p.WireLen()))
	w.uint("caplen", uint64(w.p.Cap()))
	if m.LinkType >= 0 {
		w.uint("linktype", uint64(m.LinkType))
	}
	if m.Iface != "" {
		w.key("iface", "")
		w.b = appendJSONText(w.b, []byte(m.Iface))
	}
	if m.Mark != 0 {
		w.uint("mark", uint64(m.Mark))
	}
}

// appendSeconds appends nanoseconds as seconds with all nine decimals.
func appendSeconds(dst []byte, ns int64) []byte {
	u := uint64(ns)
	if ns < 0 {
		dst, u = append(dst, '-'), -u
	}
	dst = append(strconv.AppendUint(dst, u/1e9, 10), '.')
	frac := u % 1e9
	for unit := uint64(1e8); unit > 0; unit /= 10 {
		dst = append(dst, '0'+byte(frac/unit%10))
	}
	return dst
}

func (w *jsonWriter) layer(id ID) {
	w.b = append(append(append(w.b, `{"proto":"`...), w.p.nodes[id].proto.Name...), '"')
	w.record(id)
	w.hexField("trailer", "", w.p.Trailer(id))
	w.b = append(w.b, '}')
}

// record appends the fields of a layer or an item.
func (w *jsonWriter) record(id ID) {
	for rec, s := range w.p.Fields(id) {
		switch s.Kind {
		case Pad:
			continue
		case List:
			w.list(rec, s)
			continue
		}
		w.key(s.Name, "")
		w.value(rec, s)
		if s.Kind == Number && len(s.Field.Names) > 0 {
			w.valueName(rec, s)
		}
	}
}

func (w *jsonWriter) valueName(id ID, s *Slot) {
	v, _ := w.p.num(id, s)
	if name := s.ValueName(v & ones(s.Bits)); name != "" {
		w.key(s.Name, "_name")
		w.b = appendJSONText(w.b, []byte(name))
	}
}

// value appends the value of a field that is no list.
func (w *jsonWriter) value(id ID, s *Slot) {
	if s.Kind == Number {
		w.number(w.p.number(id, s))
		return
	}
	var room [maxName]byte
	if b, isText := w.p.appendValue(room[:0], id, s); isText {
		w.b = appendJSONText(w.b, b)
	} else {
		w.hex(b)
	}
}

func (w *jsonWriter) number(v any) {
	switch v := v.(type) {
	case bool:
		w.b = strconv.AppendBool(w.b, v)
	case uint64:
		w.b = appendJSONUint(w.b, v)
	case int64:
		if v > maxExact || v < -maxExact {
			w.b = append(strconv.AppendInt(append(w.b, '"'), v, 10), '"')
			return
		}
		w.b = strconv.AppendInt(w.b, v, 10)
	}
}

func appendJSONUint(dst []byte, v uint64) []byte {
	if v > maxExact {
		return append(strconv.AppendUint(append(dst, '"'), v, 10), '"')
	}
	return strconv.AppendUint(dst, v, 10)
}

func (w *jsonWriter) list(id ID, s *Slot) {
	l := w.p.list(id, s)
	if l == none {
		return
	}
	w.key(s.Name, "")
	w.b = append(w.b, '[')
	for _, item := range w.p.items(l) {
		w.comma()
		w.item(s, item)
	}
	w.b = append(w.b, ']')
	w.hexField(s.Name, "_rest", w.p.Rest(l))
}

func (w *jsonWriter) item(list *Slot, item ID) {
	if v := w.p.plainSlot(list, item); v != nil {
		w.value(item, v)
		return
	}
	w.b = append(w.b, '{')
	w.record(item)
	if w.p.uncovered(item) {
		w.hexField("body", "", w.p.body(item))
	}
	w.b = append(w.b, '}')
}

// appendJSONText appends text in quotes. What is not UTF-8 becomes U+FFFD.
func appendJSONText(dst, b []byte) []byte {
	dst = append(dst, '"')
	for i := 0; i < len(b); {
		c := b[i]
		if c < utf8.RuneSelf {
			dst = appendJSONByte(dst, c)
			i++
			continue
		}
		r, n := utf8.DecodeRune(b[i:])
		dst = utf8.AppendRune(dst, r)
		i += n
	}
	return append(dst, '"')
}

func appendJSONByte(dst []byte, c byte) []byte {
	switch {
	case c == '"' || c == '\\':
		return append(dst, '\\', c)
	case c == '\n':
		return append(dst, `\n`...)
	case c == '\r':
		return append(dst, `\r`...)
	case c == '\t':
		return append(dst, `\t`...)
	case c < 0x20 || c == 0x7f:
		return append(dst, `\u00`+string(hexDigits[c>>4])+string(hexDigits[c&15])...)
	}
	return append(dst, c)
}
