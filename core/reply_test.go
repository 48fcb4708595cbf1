package core

import (
	"strings"
	"testing"
)

// quizSpecs are a network layer, one that asks and tells above it, and errors that quote.
func quizSpecs() []*Spec {
	return []*Spec{
		{Name: "net", Over: []Key{{On: "link", Is: "147"}}, Pairs: []Pair{{"from_addr", "to_addr"}}, Pseudo: []string{"from_addr", "to_addr"},
			Fields: []Field{{Name: "from_addr", Kind: IP4}, {Name: "to_addr", Kind: IP4}, {Name: "up", Bits: 8, Auto: "next"}}},
		{Name: "quiz", Over: []Key{{On: "net.up", Is: "1"}}, Pairs: []Pair{{"sp", "dp"}},
			Fields: []Field{num("sp", 16), num("dp", 16), num("kind", 8), num("turn", 8), {Name: "token", Kind: Bytes, Size: "3"}},
			Replies: []Reply{
				{When: "kind == 1", To: "kind == 0", Same: []Pair{{"token", "token"}, {"turn - 1", "turn"}}},
				{When: "kind == 9"},
			}},
		{Name: "oops", Over: []Key{{On: "net.up", Is: "2"}},
			Fields: []Field{num("why", 8), {Name: "seen", Get: "body", Of: "net"}}},
	}
}

// TestReplies: a reply comes from where the question went, to where it came
// from, and has with it in common what its protocol says; errors quote it.
func TestReplies(t *testing.T) {
	reg, err := Compile(quizSpecs(), nil, nil)
	if err != nil {
		t.Fatal(err)
	}
	packet := func(from, to string, name string, v m) *Packet {
		p, err := Concat(mustBuild(t, reg.Proto("net"), m{"from_addr": from, "to_addr": to}), mustBuild(t, reg.Proto(name), v))
		if err != nil {
			t.Fatal(err)
		}
		p.Update()
		return p
	}
	a, b := "10.0.0.1", "10.0.0.2"
	ask := packet(a, b, "quiz", m{"sp": 5, "dp": 6, "turn": 1, "token": "abc"})
	tell := func(v m) m {
		all := m{"sp": 6, "dp": 5, "kind": 1, "turn": 2, "token": "abc"}
		for k, x := range v {
			all[k] = x
		}
		return all
	}
	error := func(p *Packet, n int) *Packet {
		return packet("10.9.9.9", a, "oops", m{"body": string(p.Raw()[:n])})
	}
	other := packet(a, b, "quiz", m{"sp": 5, "dp": 6, "turn": 1, "token": "abd"})
	whole := len(ask.Raw())
	for _, c := range []struct {
		what string
		p    *Packet
		want bool
	}{
		{"the answer", packet(b, a, "quiz", tell(nil)), true},
		{"of another kind, which any is", packet(b, a, "quiz", tell(m{"kind": 9, "token": "xyz"})), true},
		{"of no kind", packet(b, a, "quiz", tell(m{"kind": 2})), false},
		{"itself", ask, false},
		{"another turn", packet(b, a, "quiz", tell(m{"turn": 3})), false},
		{"another token", packet(b, a, "quiz", tell(m{"token": "abd"})), false},
		{"another port", packet(b, a, "quiz", tell(m{"sp": 7})), false},
		{"to another", packet(b, "10.0.0.3", "quiz", tell(nil)), false},
		{"from another", packet("10.0.0.3", a, "quiz", tell(nil)), false},
		{"to all", packet(b, "255.255.255.255", "quiz", tell(nil)), true},
		{"an error", error(ask, whole), true},
		{"an error that quotes the ports", error(ask, whole-5), true},
		{"an error that quotes addresses only", error(ask, 9), false},
		{"an error about another", error(other, whole), false},
		{"an error about the answer", error(packet(b, a, "quiz", tell(nil)), whole), false},
		{"an error that went elsewhere", packet("10.9.9.9", b, "oops", m{"body": string(ask.Raw())}), false},
		{"a network layer alone", mustBuild(t, reg.Proto("net"), m{"from_addr": b, "to_addr": a}), false},
	} {
		if have := c.p.RepliesTo(ask); have != c.want {
			t.Errorf("%s: %v, want %v\n%s", c.what, have, c.want, c.p)
		}
	}
	for _, group := range []string{"224.0.0.9", "255.255.255.255"} {
		if !packet("10.0.0.7", a, "quiz", tell(nil)).RepliesTo(packet(a, group, "quiz", m{"sp": 5, "dp": 6, "turn": 1, "token": "abc"})) {
			t.Errorf("a member of %s does not reply", group)
		}
	}
}

// TestWrongReplies: mistakes in replies are told.
func TestWrongReplies(t *testing.T) {
	for _, c := range []struct {
		r    Reply
		want string
	}{
		{Reply{When: "nothing == 1"}, `net: replies: when: column 1: no field "nothing"`},
		{Reply{To: "1 +"}, "net: replies: to:"},
		{Reply{Same: []Pair{{"up", "upp"}}}, `net: replies: same: column 1: no field "upp" (did you mean up?)`},
		{Reply{Same: []Pair{{"up", "from_addr"}}}, "net: replies: same: up and from_addr are not of one kind"},
	} {
		specs := quizSpecs()
		specs[0].Replies = []Reply{c.r}
		if _, err := Compile(specs, nil, nil); err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%+v: %v, want %s", c.r, err, c.want)
		}
	}
}
