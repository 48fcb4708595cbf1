package core

import (
	"slices"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"
)

// Bounds on the text of one packet.
const (
	maxDump  = 64 << 10 // the whole
	maxHex   = 64       // bytes shown of one field, body or trailer
	maxQuote = 256      // bytes shown of one text
)

// maxExact is the largest whole number that a float64 holds with all below it.
const maxExact = 1<<53 - 1

// String returns the packet, brought up to date, as text: one line per layer.
func (p *Packet) String() string { return string(p.AppendText(nil)) }

// AppendText appends the text that String returns:
//
//	ip v=4 ihl=5 tos=0x0 len=40 id=1 flags=DF off=0 ttl=64 p=tcp sum=0x7cc6 src=192.0.2.1 dst=192.0.2.2
//	tcp sport=1024 dport=80 … opts=[{type=2 len=4 mss=1460}] body=474554
//
// Bits of a number that is shown, computed fields and empty values are left
// out. Whatever is in the packet, the text is valid UTF-8 without control characters.
func (p *Packet) AppendText(dst []byte) []byte {
	p.Update()
	w := textWriter{p: p, b: dst, limit: len(dst) + maxDump}
	for id := range p.layers() {
		w.layer(id)
	}
	w.ending(len(dst))
	if err := p.Err(); err != nil {
		w.b = appendPrintable(append(w.b, "\n! "...), err.Error())
	}
	return w.b
}

// AppendRecord appends a layer, or an item of a list, as it stands: its name and
// its fields as in the packet's text, without what lies above.
func (p *Packet) AppendRecord(dst []byte, id ID) []byte {
	w := textWriter{p: p, b: dst, limit: len(dst) + maxDump}
	w.b = append(w.b, p.nodes[id].layout.Name...)
	w.whole(id)
	return w.b
}

// AppendList appends a list as it stands, as in the packet's text.
func (p *Packet) AppendList(dst []byte, list ID) []byte {
	w := textWriter{p: p, b: dst, limit: len(dst) + maxDump}
	w.items(p.ListSlot(list), list)
	return w.b
}

// A textWriter appends the text of a packet.
type textWriter struct {
	p     *Packet
	b     []byte
	limit int // length of b from which no field or item is added
	full  bool
}

// isFull reports whether the text has reached its bound, and says so in it once.
func (w *textWriter) isFull() bool {
	if !w.full && len(w.b) >= w.limit {
		w.full = true
		w.b = append(w.b, " …"...)
	}
	return w.full
}

func (w *textWriter) layer(id ID) {
	if w.p.nodes[id].down > 0 {
		w.b = append(w.b, '\n')
	}
	w.b = append(w.b, w.p.nodes[id].proto.Name...)
	w.whole(id)
}

// whole appends the fields of a layer, header and footer, or of an item.
func (w *textWriter) whole(id ID) {
	w.record(id)
	if w.p.ParentOf(id) != none {
		if w.p.uncovered(id) {
			w.bytes("body", w.p.body(id))
		}
		return
	}
	if f := w.p.nodes[id].foot; f != none {
		w.record(f)
	}
	w.bytes("trailer", w.p.Trailer(id))
}

// ending appends the bytes that no layer has.
func (w *textWriter) ending(start int) {
	body := w.p.body(w.p.highest())
	if len(w.b) == start && len(body) > 0 {
		w.b = appendShortHex(append(w.b, "body="...), body)
		return
	}
	w.bytes("body", body)
}

// record appends the fields of a header, footer or item.
func (w *textWriter) record(id ID) {
	for _, s := range w.p.nodes[id].layout.Slots {
		if w.isFull() {
			return
		}
		if s.part == nil && s.get == nil && s.Name != "" && s.Kind != Pad && w.p.Has(id, s) {
			w.field(id, s)
		}
	}
}

// field appends " name=value", or nothing if the value is empty.
func (w *textWriter) field(id ID, s *Slot) {
	if s.Kind == List {
		w.list(id, s)
		return
	}
	before := len(w.b)
	w.b = append(append(append(w.b, ' '), s.Name...), '=')
	mid := len(w.b)
	if w.value(id, s); len(w.b) == mid {
		w.b = w.b[:before]
	}
}

// value appends the value of a field that is no list.
func (w *textWriter) value(id ID, s *Slot) {
	if s.Kind == Number {
		w.number(id, s)
		return
	}
	var room [maxName]byte
	b, isText := w.p.appendValue(room[:0], id, s)
	switch {
	case !isText:
		w.b = appendShortHex(w.b, b)
	case s.Kind == Text:
		w.b = appendShortText(w.b, b)
	default:
		w.b = append(w.b, b...)
	}
}

// number appends a number; a value name that is no word, in quotes.
func (w *textWriter) number(id ID, s *Slot) {
	v, _ := w.p.num(id, s)
	start, named := len(w.b), false
	w.b, named = s.appendNumber(w.b, v)
	if name := string(w.b[start:]); named && strings.ContainsFunc(name, notInWord) {
		w.b = strconv.AppendQuote(w.b[:start], name)
	}
}

func notInWord(r rune) bool {
	return r <= ' ' || r == '"' || !unicode.IsPrint(r) || r == utf8.RuneError
}

// list appends a list that is not empty: items with fields in braces, what forms no item as rest.
func (w *textWriter) list(id ID, s *Slot) {
	l := w.p.list(id, s)
	if l == none {
		return
	}
	if w.p.nodes[l].n == 0 && len(w.p.Rest(l)) == 0 {
		return
	}
	w.b = append(append(append(w.b, ' '), s.Name...), '=')
	w.items(s, l)
}

// items appends the items of a list in brackets.
func (w *textWriter) items(s *Slot, l ID) {
	w.b = append(w.b, '[')
	start := len(w.b)
	for _, item := range w.p.items(l) {
		if w.isFull() {
			break
		}
		if len(w.b) > start {
			w.b = append(w.b, ' ')
		}
		w.item(s, item)
	}
	if rest := w.p.Rest(l); len(rest) > 0 {
		w.bytes("rest", rest)
		w.b = trimSpaceAt(w.b, start)
	}
	w.b = append(w.b, ']')
}

func (w *textWriter) item(list *Slot, item ID) {
	if v := w.p.plainSlot(list, item); v != nil {
		w.value(item, v)
		return
	}
	w.b = append(w.b, '{')
	start := len(w.b)
	w.whole(item)
	w.b = append(trimSpaceAt(w.b, start), '}')
}

// bytes appends " name=hex", or nothing if there are none.
func (w *textWriter) bytes(name string, b []byte) {
	if len(b) > 0 {
		w.b = appendShortHex(append(append(append(w.b, ' '), name...), '='), b)
	}
}

// trimSpaceAt takes out the space at index i of b, if there is one.
func trimSpaceAt(b []byte, i int) []byte {
	if i < len(b) && b[i] == ' ' {
		return append(b[:i], b[i+1:]...)
	}
	return b
}

// appendNumber appends a number as people read it: named says that it was a
// value name or flags joined by |.
func (s *Slot) appendNumber(dst []byte, v uint64) (b []byte, named bool) {
	if name := s.ValueName(v); name != "" {
		return append(dst, name...), true
	}
	switch {
	case len(s.flags) > 0 && v != 0:
		return s.appendFlags(dst, v), true
	case s.Hex:
		return strconv.AppendUint(append(dst, "0x"...), v, 16), false
	case s.Signed:
		return strconv.AppendInt(dst, s.signed(v), 10), false
	}
	return strconv.AppendUint(dst, v, 10), false
}

// appendFlags appends the names of the bits that are set, the lowest first as
// tshark has it (SYN|ACK), and those without a name in hex.
func (s *Slot) appendFlags(dst []byte, v uint64) []byte {
	start := len(dst)
	for _, f := range slices.Backward(s.flags) {
		bit := uint64(1) << (s.Bits - 1 - f.off)
		if v&bit == 0 {
			continue
		}
		v &^= bit
		if len(dst) > start {
			dst = append(dst, '|')
		}
		dst = append(dst, f.Name...)
	}
	if v == 0 {
		return dst
	}
	if len(dst) > start {
		dst = append(dst, '|')
	}
	return strconv.AppendUint(append(dst, "0x"...), v, 16)
}

func appendHex(dst, b []byte) []byte {
	for _, c := range b {
		dst = append(dst, hexDigits[c>>4], hexDigits[c&15])
	}
	return dst
}

// appendShortHex appends the first bytes in hex, and of more how many there are.
func appendShortHex(dst, b []byte) []byte {
	if len(b) <= maxHex {
		return appendHex(dst, b)
	}
	return appendCount(appendHex(dst, b[:maxHex]), len(b))
}

// appendShortText appends text in quotes. Zeros that fill a field up are left out.
func appendShortText(dst, b []byte) []byte {
	n := len(b)
	for n > 0 && b[n-1] == 0 {
		n--
	}
	if n <= maxQuote {
		return strconv.AppendQuote(dst, string(b[:n]))
	}
	short := maxQuote
	for short > maxQuote-utf8.UTFMax && !utf8.RuneStart(b[short]) {
		short--
	}
	return appendCount(strconv.AppendQuote(dst, string(b[:short])), len(b))
}

func appendCount(dst []byte, n int) []byte {
	return append(strconv.AppendInt(append(dst, "…("...), int64(n), 10), " bytes)"...)
}

// appendPrintable appends a message, its control characters escaped.
func appendPrintable(dst []byte, text string) []byte {
	q := strconv.AppendQuote(nil, text)
	for i := 1; i < len(q)-1; i++ {
		if q[i] == '\\' && (q[i+1] == '"' || q[i+1] == '\\') {
			i++
		}
		dst = append(dst, q[i])
	}
	return dst
}
