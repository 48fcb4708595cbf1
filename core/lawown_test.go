package core

import (
	"slices"
	"testing"

	"pgregory.net/rapid"
)

// TestLawOwn: a packet whose sums and lengths are right is the same after any
// field was set to the value it has.
func TestLawOwn(t *testing.T) {
	eachProto(t, func(t *rapid.T, pr *Proto) {
		d := &drawer{t: t}
		p, err := Build(pr, d.layer(pr))
		if err != nil {
			t.Skip(err)
		}
		p.Update()
		p = found(p)
		writeOwn(t, p)
	})
}

// A fataler is a test, rapid's too.
type fataler interface{ Fatalf(string, ...any) }

// writeOwn writes every field of a packet with its own value, each in a copy.
func writeOwn(t fataler, p *Packet) {
	want := string(p.Raw())
	eachField(p, func(id ID, s *Slot) {
		if !p.Has(id, s) || s.Kind == Pad || s.get != nil && s.get.plain == nil {
			return
		}
		q := p.Copy()
		var err error
		if s.Kind == Number {
			bits, _ := p.Num(id, s)
			err = q.Set(id, s, asValue(plain(s), bits))
		} else {
			b, _ := p.Data(id, s)
			err = q.SetRaw(id, s, append([]byte(nil), b...))
			writeOwnValue(t, p, id, s)
		}
		if q.Update(); err != nil || string(q.Raw()) != want {
			t.Fatalf("%s with its own value (%v)\n%x\nis\n%x\n%s", s, err, want, q.Raw(), text(p))
		}
		if s.Kind == Number && s.get == nil {
			b, whole := p.Data(id, s)
			q := p.Copy()
			if err := q.SetRaw(id, s, slices.Clone(b)); whole != (err == nil) {
				t.Fatalf("%s_raw with its own bytes, read: %v, written: %v", s, whole, err)
			}
			if q.Update(); string(q.Raw()) != want {
				t.Fatalf("%s_raw with its own bytes\n%x\nis\n%x\n%s", s, want, q.Raw(), text(p))
			}
		}
	})
}

// writeOwnValue writes a field that is no number with the value it is shown as.
func writeOwnValue(t fataler, p *Packet, id ID, s *Slot) {
	var v any
	switch l := p.List(id, s); {
	case s.get != nil || s.of != nil: // a quoted packet can only be read
		return
	case l != None:
		if items := p.Items(l); s.Plain() || p.Rest(l) != nil {
			return // assigning an array replaces what forms no item
		} else {
			list := []any{}
			for _, it := range items {
				list = append(list, slices.Clone(p.Header(it)))
			}
			v = list
		}
	default:
		v = p.value(id, s)
	}
	q := p.Copy()
	err := q.Set(id, s, v)
	if q.Update(); err != nil || string(q.Raw()) != string(p.Raw()) {
		t.Fatalf("%s with its own value %v (%v)\n%x\nis\n%x\n%s", s, v, err, p.Raw(), q.Raw(), text(p))
	}
}

// TestLawOwnStack is TestLawOwn for packets of several layers.
func TestLawOwnStack(t *testing.T) {
	eachWorld(t, func(t *rapid.T, r *Registry) {
		p := (&drawer{t: t}).whole(r)
		again := p.Copy()
		if _ = again.UpdateAll(); string(again.Raw()) != string(p.Raw()) {
			t.Skip("a sum or length is not what it should be")
		}
		writeOwn(t, p)
	})
}
