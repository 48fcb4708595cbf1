package core

import (
	"bytes"
	"fmt"
	"slices"
)

// edited tries the law of editing: whatever the bytes, setting a field of the
// first layer leaves what lies above as it is, or fails and leaves all as it is.
func (t *tester) edited(b, choices []byte) *Failure {
	d := draw{src: &chosen{choices: choices}}
	p := &Packet{}
	p.ResetAs(t.pr, slices.Clip(bytes.Clone(b)))
	first := p.First()
	id, s := d.present(p)
	if s == nil {
		return nil
	}
	v := d.legal(p, id, s)
	before, body, trailer := bytes.Clone(p.Raw()), bytes.Clone(p.Body(first)), bytes.Clone(p.Trailer(first))
	err := p.Set(id, s, v)
	fail := func(law, format string, args ...any) *Failure {
		return &Failure{Proto: t.pr.Name, What: fmt.Sprintf("%s: %s = %s: %s", law, s, givenText(v), fmt.Sprintf(format, args...)), Bytes: b}
	}
	switch {
	case err != nil && !bytes.Equal(p.Raw(), before):
		return fail("an edit that fails changes the packet", "%x (%v)", p.Raw(), err)
	case !bytes.Equal(p.Body(first), body) || !bytes.Equal(p.Trailer(first), trailer):
		return fail("an edit of a field changes what is above it", "%x, trailer %x", p.Body(first), p.Trailer(first))
	}
	if p.Update(); misplaced(p) != "" {
		return fail("internal error, please report it", "%s", misplaced(p))
	}
	return nil
}

// present draws a field of the first layer, or of an item in it, that may be set.
func (d *draw) present(p *Packet) (id ID, s *Slot) {
	first := p.First()
	if first == None {
		return None, nil
	}
	type field struct {
		id ID
		s  *Slot
	}
	var all []field
	note := func(id ID, s *Slot) {
		if s.Name != "" && s.Kind != Pad && s.get == nil && p.Pick(id, s) == s {
			all = append(all, field{id, s})
		}
	}
	eachFieldOf(p, first, note)
	if foot := p.Foot(first); foot != None {
		eachFieldOf(p, foot, note)
	}
	if len(all) == 0 {
		return None, nil
	}
	f := all[d.src.int64(0, int64(len(all)-1))]
	return f.id, f.s
}

// misplaced names a field that does not lie within its header or item.
func misplaced(p *Packet) (text string) {
	eachField(p, func(id ID, s *Slot) {
		if s.get != nil || text != "" {
			return
		}
		p.close(id)
		pos, w, ok := p.place(id, s)
		from, to := int(p.nodes[id].start)<<3, int(p.nodes[id].end)<<3
		if ok && (pos-s.lead < from || pos+w+s.above > to || w < 0) {
			text = fmt.Sprintf("%s lies at bit %d and has %d, in a record of %d to %d", s, pos, w, from, to)
		}
	})
	return text
}
