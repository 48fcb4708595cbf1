package core

import (
	"bytes"
	"slices"
	"strings"

	"pkl/core/expr"
)

// A textTest decides about bytes, or about the text of a name.
type textTest func(b []byte) bool

// textTruth is the condition that bytes, text or a name passes a test.
func (t *translator) textTruth(o *operand, holds textTest, want verdict) truth {
	if o.ref == nil {
		b := o.bytes
		return t.truthOf(o.srcs, func(e *env) verdict {
			v, ok := b(e)
			return verdictOf(ok, ok && holds(v))
		}, want)
	}
	if o.typ != tName && !o.isField() {
		return t.recordTruth(o.ref, readTest(t.reader(o), holds), want)
	}
	t.notSelf(o)
	tests := make([]recordTest, len(o.ref.alts))
	for i := range o.ref.alts {
		ch := &o.ref.alts[i]
		if tests[i] = readTest(ch.reader(o.typ), holds); o.typ == tName {
			tests[i] = nameTest(ch, holds)
		}
	}
	return t.recordTruth(o.ref, either(tests), want)
}

func readTest(read bytesAt, holds textTest) recordTest {
	return func(p *Packet, id int32) verdict {
		b, ok := read(p, id)
		return verdictOf(ok, ok && holds(b))
	}
}

func nameTest(ch *chain, holds textTest) recordTest {
	return func(p *Packet, id int32) verdict {
		room := &p.env.scratch.text[0]
		b, ok := ch.name((*room)[:0], p, id)
		*room = b
		return verdictOf(ok, ok && holds(b))
	}
}

// orderTest compares with constant bytes; for != it says whether they are equal.
func orderTest(op expr.Op, k []byte) textTest {
	if op == expr.Eq || op == expr.Ne {
		return func(b []byte) bool { return bytes.Equal(b, k) }
	}
	holds := ordered(op)
	return func(b []byte) bool { return holds(bytes.Compare(b, k)) }
}

// nameKey returns a literal as the text of a name, as nameText would write it.
func (t *translator) nameKey(o *operand, n expr.Node) []byte {
	s, ok := n.(*expr.Str)
	if !ok {
		t.fail(n.Pos(), bytesHint(o, n), "%s, not comparable with %s", t.describe(o), t.text(n))
	}
	labels, err := parseName(s.S)
	if err != nil {
		t.fail(n.Pos(), "", "%s is no DNS name: %v", t.text(n), err)
	}
	return appendName(nil, labels)
}

// textSet compiles a set of bytes, text or names.
func (t *translator) textSet(x *operand, n *expr.In) map[string]bool {
	set := map[string]bool{}
	for _, r := range n.Set {
		switch {
		case r.Hi != nil:
			t.fail(r.Lo.Pos(), "", "%s: ranges are of numbers and addresses", t.describe(x))
		case x.typ == tName:
			set[string(t.nameKey(x, r.Lo))] = true
		default:
			set[string(t.bytesKey(x, r.Lo))] = true
		}
	}
	return set
}

// contains compiles x contains y.
func (t *translator) contains(n *expr.Binary) truth {
	var list []truth
	for _, x := range t.textual(n.X, "contains") {
		list = append(list, t.containsAs(x, n.Y))
	}
	return joined(list, false)
}

// containsAs is contains for x of one type.
func (t *translator) containsAs(x *operand, y expr.Node) truth {
	switch y := y.(type) {
	case *expr.Str:
		return t.containsKey(x, []byte(y.S))
	case *expr.Lit, *expr.Num:
		return t.containsKey(x, t.bytesKey(x, y))
	}
	if w := bareWord(y); w != nil && !t.known(w) {
		t.bytesKey(x, w)
	}
	var list []truth
	for _, y := range t.textual(y, "contains") {
		a, b := t.reading(x, 0), t.reading(y, 1)
		list = append(list, t.truthOf(slices.Concat(a.srcs, b.srcs), pairTest(a.bytes, b.bytes, bytes.Contains), yes))
	}
	return joined(list, false)
}

func (t *translator) containsKey(x *operand, k []byte) truth {
	return t.textTruth(x, func(b []byte) bool { return bytes.Contains(b, k) }, yes)
}

// textual compiles an operand that text can be looked for in: as each of the
// types of its fields that has any.
func (t *translator) textual(n expr.Node, word string) (list []*operand) {
	o := t.value(n)
	if e := t.values(o); e != nil {
		o = e
	}
	for _, o := range t.readings(o) {
		if o.typ.raw() || o.typ == tName || o.typ == tLayer {
			list = append(list, o)
		}
	}
	if list != nil {
		return list
	}
	hint := ""
	if o.isField() && !o.typ.number() && o.typ != tLit {
		hint = "its bytes are " + o.ref.name + "_raw"
	}
	t.fail(n.Pos(), hint, "%s looks into bytes, text and names; %s", word, t.describe(o))
	return nil
}

// matches compiles x matches pattern.
func (t *translator) matches(n *expr.Binary) truth {
	s := n.Y.(*expr.Str)
	match, err := matcher(s.S)
	if err != nil {
		t.fail(n.Y.Pos(), patternHint(s.S), "bad pattern: %s", strings.TrimPrefix(err.Error(), "error parsing regexp: "))
	}
	var list []truth
	for _, x := range t.textual(n.X, "matches") {
		list = append(list, t.textTruth(x, match, yes))
	}
	return joined(list, false)
}

func patternHint(s string) string {
	if strings.ContainsFunc(s, func(r rune) bool { return r == '\uFFFD' }) {
		return "patterns are for text; contains looks for any bytes"
	}
	return ""
}

// reading returns how an operand is read as bytes or text. Names are written
// into room i of the scratch.
func (t *translator) reading(o *operand, i int) *operand {
	if o.typ != tName {
		return t.asBytes(o)
	}
	t.notSelf(o)
	out, find := *o, o.ref.site.find()
	ch := &o.ref.alts[0]
	out.bytes = func(e *env) ([]byte, bool) {
		id := find(e)
		if id == none {
			return nil, false
		}
		b, ok := ch.name(e.scratch.text[i][:0], e.p, id)
		e.scratch.text[i] = b
		return b, ok
	}
	return &out
}

// pairTest is a test of two texts. Reading one may lay out the packet, and that
// may use the same scratch, so both are read once before they count.
func pairTest(a, b bytesFn, holds func(a, b []byte) bool) test {
	return func(e *env) verdict {
		_, ok1 := a(e)
		_, ok2 := b(e)
		if !ok1 || !ok2 {
			return absent
		}
		v, _ := a(e)
		w, _ := b(e)
		return verdictOf(true, holds(v, w))
	}
}

// twoNames compares names with each other or with text.
func (t *translator) twoNames(x, y *operand, want verdict) truth {
	a, b := t.reading(x, 0), t.reading(y, 1)
	return t.truthOf(slices.Concat(a.srcs, b.srcs), pairTest(a.bytes, b.bytes, bytes.Equal), want)
}
