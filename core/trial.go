package core

import (
	"bytes"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
)

// A Failure is a packet that shows that a protocol's definition does not hold
// together: what is written is not what is read.
type Failure struct {
	Proto string
	What  string
	Given map[string]any // what it was built of; nil: it was found in Bytes
	Bytes []byte
}

// Error says what is wrong and shows the bytes.
func (f *Failure) Error() string {
	text := f.Proto + ": " + f.What
	if len(f.Given) > 0 {
		text += fmt.Sprintf("; built of %s", givenText(f.Given))
	}
	if f.Bytes != nil {
		text += fmt.Sprintf("; smallest bytes: %x", f.Bytes)
	}
	return text
}

// Try tries a protocol: that its defaults, and n packets of random legal
// values, are read as they were built; that damaged bytes of such packets do no
// harm, come back, keep their fields when lengths are computed anew, and that an
// edit of a field changes nothing above it. It returns the smallest packet it can
// find for the first law that does not hold, or nil. The same seed tries the same
// packets. stop, if set, ends it early.
func Try(pr *Proto, n int, seed uint64, stop func() bool) *Failure {
	t := tester{pr: pr, rng: rand.New(rand.NewPCG(seed, 1)), stop: stop}
	rounding := rounds(pr.Spec)
	var choices, first []byte
	var failure *Failure
	good := 0
	for i := range n + 1 {
		if t.ended() {
			break
		}
		if f := t.safely(func() *Failure { return t.built(choices) }); f == nil {
			good++
		} else if !rounding {
			return t.smallestChoices(choices, f)
		} else if failure == nil {
			failure, first = f, choices
		}
		if choices = t.choices(); i == n {
			break
		}
		var b []byte
		if f := t.safely(func() *Failure { b = t.damaged(choices); return nil }); f != nil {
			return t.smallestChoices(choices, f)
		}
		edit := t.choices()
		for _, law := range []func(b []byte) *Failure{t.found, func(b []byte) *Failure { return t.edited(b, edit) }} {
			if f := t.safely(func() *Failure { return law(b) }); f != nil {
				return t.shrink(b, f, law)
			}
		}
	}
	if failure != nil && good == 0 {
		return t.smallestChoices(first, failure)
	}
	return nil
}

// rounds reports whether some length is computed with division. Values that are
// no whole units then cannot be read back, so that only a protocol of which
// nothing can is wrong.
func rounds(s *Spec) bool { return fieldsRound(s.Fields) || fieldsRound(s.Footer) }

func fieldsRound(fields []Field) bool {
	return slices.ContainsFunc(fields, func(f Field) bool {
		if strings.ContainsAny(f.Auto, "/%>&") {
			return true
		}
		for i := range f.Kinds {
			if fieldsRound(f.Kinds[i].Fields) {
				return true
			}
		}
		return f.Item != nil && fieldsRound(f.Item.Fields) || f.Other != nil && fieldsRound(f.Other.Fields)
	})
}

// A tester is one run of Try.
type tester struct {
	pr   *Proto
	rng  *rand.Rand
	stop func() bool
}

func (t *tester) ended() bool { return t.stop != nil && t.stop() }

// choices are random bytes that decide what a packet is built of.
func (t *tester) choices() []byte {
	b := make([]byte, 4+t.rng.IntN(400))
	for i := range b {
		b[i] = byte(t.rng.Uint32())
	}
	return b
}

// safely turns a crash into a failure.
func (t *tester) safely(f func() *Failure) (failure *Failure) {
	defer func() {
		if r := recover(); r != nil {
			failure = &Failure{Proto: t.pr.Name, What: fmt.Sprintf("internal error, please report it: %v", r)}
		}
	}()
	return f()
}

// built tries the law of building: what is built of legal values reads back,
// before and after it is brought up to date, and is found again in its bytes.
// Without choices, the values are the defaults.
func (t *tester) built(choices []byte) *Failure {
	d := draw{src: &chosen{choices: choices}}
	v := map[string]any{}
	if choices != nil {
		v = d.layer(t.pr)
	}
	fail := func(p *Packet, format string, args ...any) *Failure {
		f := &Failure{Proto: t.pr.Name, What: fmt.Sprintf(format, args...), Given: v}
		if p != nil {
			f.Bytes = bytes.Clone(p.Raw())
		}
		return f
	}
	p, err := Build(t.pr, v)
	if err != nil {
		if choices == nil {
			return fail(nil, "cannot be built with its defaults: %v", err)
		}
		return nil // values that do not fit each other
	}
	if err := readsBack(p, p.First(), v); err != nil {
		p.Update()
		return fail(p, "does not read as it was built: %v", err)
	}
	p.Update()
	if unfit(p) || t.pr.Spec.Hook != nil || t.pr.Spec.HookUpdate != nil {
		return nil
	}
	if err := readsBack(p, p.First(), v); err != nil {
		return fail(p, "does not read as it was built, once lengths are computed: %v", err)
	}
	if text := miscounted(p); text != "" {
		return fail(p, "counts wrongly: %s", text)
	}
	if t.pr.check != nil || len(p.Raw()) == 0 || !ordinary(p) {
		return nil
	}
	q := &Packet{}
	q.ResetAs(t.pr, p.Raw())
	if have, want := contents(q), contents(p); have != want {
		if text := decidedEarly(p); text != "" {
			return fail(p, "is not found again as it was built: %s", text)
		}
		return fail(p, "is not found again as it was built: %s", difference(want, have, q))
	}
	return nil
}

// unfit reports a field that has not the size it is to have, where nothing
// derives that size from it: the values do not fit each other.
func unfit(p *Packet) (found bool) {
	eachField(p, func(id ID, s *Slot) {
		if s.size == nil || s.get != nil || s.sizeFollows() || !p.Has(id, s) {
			return
		}
		_, w, placed := p.place(id, s)
		n, ok := p.eval(s.size, id)
		found = found || ok && placed && int(n) != w/8
	})
	return found
}

// decidedEarly names a field that is there, or absent, against its condition: what
// that looks at was computed after the field was built.
func decidedEarly(p *Packet) (text string) {
	eachField(p, func(id ID, s *Slot) {
		if f := s.decidedBy(); f != nil && text == "" && p.Has(id, s) != p.holds(s.when, id) {
			text = fmt.Sprintf("%s is there when %s, and %s is computed only when all fields are there", s, s.When, f.Name)
		}
	})
	return text
}

// miscounted names a list that has not as many items as its count says.
func miscounted(p *Packet) (text string) {
	eachField(p, func(id ID, s *Slot) {
		if s.Kind != List || s.count == nil || s.get != nil || !p.Has(id, s) || text != "" {
			return
		}
		items := len(p.Items(p.List(id, s)))
		if n, ok := p.eval(s.count, id); ok && int(n) != items {
			text = fmt.Sprintf("%s has %d items where its count says %d", s, items, n)
		}
	})
	return text
}

// found tries the law of finding: reading changes nothing, and computing all
// that is derived leaves every other field where it is.
func (t *tester) found(b []byte) *Failure {
	own := slices.Clip(bytes.Clone(b))
	p := &Packet{}
	p.ResetAs(t.pr, own)
	fail := func(format string, args ...any) *Failure {
		return &Failure{Proto: t.pr.Name, What: fmt.Sprintf(format, args...), Bytes: b}
	}
	if text := misplaced(p); text != "" {
		return fail("internal error, please report it: %s", text)
	}
	first := contents(p)
	_, _ = p.String(), p.JSON()
	p.Update()
	if !bytes.Equal(p.Raw(), b) || !bytes.Equal(own, b) {
		return fail("reading changes the bytes to %x", p.Raw())
	}
	if p.Redissect(); contents(p) != first {
		return fail("reads differently the second time: %s", difference(first, contents(p), p))
	}
	return nil
}

// damaged returns bytes that are nearly a packet.
func (t *tester) damaged(choices []byte) []byte {
	d := draw{src: &chosen{choices: choices}}
	p, err := Build(t.pr, d.layer(t.pr))
	if err != nil {
		return nil
	}
	p.Update()
	d.src = &chosen{choices: t.choices()}
	return d.damage(p)
}

// contents is the first layer with all its fields.
func contents(p *Packet) string {
	var w strings.Builder
	id := p.First()
	if id == None {
		return "nothing"
	}
	writeRecord(&w, p, id)
	if foot := p.Foot(id); foot != None {
		writeRecord(&w, p, foot)
	}
	fmt.Fprintf(&w, "header %x", p.Header(id))
	return w.String()
}

func writeRecord(w *strings.Builder, p *Packet, id ID) {
	for _, s := range p.LayoutOf(id).Slots {
		if !p.Has(id, s) {
			continue
		}
		if l := p.List(id, s); l != None {
			fmt.Fprintf(w, "%s={", s.Name)
			for _, it := range p.Items(l) {
				writeRecord(w, p, it)
				w.WriteString("; ")
			}
			fmt.Fprintf(w, "rest %x}\n", p.Rest(l))
			continue
		}
		fmt.Fprintf(w, "%s=", s.Name)
		if s.Kind == Number {
			v, _ := p.Num(id, s)
			fmt.Fprint(w, v)
		} else {
			b, _ := p.Data(id, s)
			fmt.Fprintf(w, "%x", b)
		}
		w.WriteString("\n")
	}
}

// difference shows the first line that differs.
func difference(want, have string, found *Packet) string {
	if err := found.Err(); err != nil {
		return err.Error()
	}
	a, b := strings.Split(want, "\n"), strings.Split(have, "\n")
	for i := range min(len(a), len(b)) {
		if a[i] != b[i] {
			return fmt.Sprintf("%s was %s", b[i], a[i])
		}
	}
	return fmt.Sprintf("%d fields were %d", len(b)-1, len(a)-1)
}
