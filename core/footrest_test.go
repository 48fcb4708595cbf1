package core

import (
	"fmt"
	"testing"
)

// TestRestBeforeFooter: what takes the rest of the header leaves the footer alone,
// whether the layer's length is told or not.
func TestRestBeforeFooter(t *testing.T) {
	rest := Field{Name: "d", Kind: Bytes}
	for i, s := range []Spec{
		{Fields: []Field{auto("t", 8, "total_len"), rest}},
		{Fields: []Field{auto("t", 8, "len(d) + 5"), rest}, Len: "t"},
		{Fields: []Field{num("t", 8), rest}},
	} {
		s.Name, s.Footer = fmt.Sprint("demo", i), []Field{{Name: "f", Bits: 32, Default: 0x01020304}}
		r, err := Compile([]*Spec{&s}, nil, nil)
		if err != nil {
			t.Error(err)
			continue
		}
		p, err := Build(r.Proto(s.Name), map[string]any{"d": "abcd"})
		if err != nil {
			t.Error(err)
			continue
		}
		p.Update()
		if have, want := found(p).String(), p.String(); have != want || p.Foot(p.First()) == None {
			t.Errorf("%x is found as %s, was %s", p.Raw(), have, want)
		}
	}
}
