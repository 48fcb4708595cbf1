package core

import (
	"runtime"
	"strings"
	"testing"
)

// Much of everything: what is hostile by its number or depth.

// TestManyNames: names that all point at one long name are not worth more work than they have bytes.
func TestManyNames(t *testing.T) {
	r := mini(t)
	b := hostileSeed{"dns", "names", "0000 0000 ffff 0000 0000 0000" + strings.Repeat("3f"+strings.Repeat("41", 63), 3) + "3d" + strings.Repeat("42", 61) + "00 0001 0001"}.bytes(t)
	for len(b) < 1<<16-6 {
		b = append(b, 0xc0, 12, 0, 1, 0, 1)
	}
	dissectLaw(t, r.Proto("dns"), b)
	var p Packet
	p.ResetAs(r.Proto("dns"), b)
	l := p.List(p.First(), r.Proto("dns").Head().Slot("questions"))
	name := p.LayoutOf(p.Items(l)[0]).Slot("name")
	if err := p.Set(p.Items(l)[0], name, "b"); err != nil {
		t.Log(err)
	}
	if err := sound(&p); err != nil {
		t.Error(err)
	}
}

// TestManyDerived: each of thousands of items has its own length, and all are right.
func TestManyDerived(t *testing.T) {
	pr := made(t).Proto("kinds")
	var items []any
	for range maxItems {
		items = append(items, m{"type": uint64(9), "v": []byte("abc")})
	}
	p, err := Build(pr, m{"items": items})
	if err != nil {
		t.Fatal(err)
	}
	p.Update()
	q := found(p)
	if l := q.List(q.First(), pr.Head().Slot("items")); len(q.Items(l)) != maxItems || len(q.Rest(l)) != 0 {
		t.Errorf("%d items, rest of %d bytes", len(q.Items(l)), len(q.Rest(l)))
	}
	_ = q.UpdateAll()
	if string(q.Raw()) != string(p.Raw()) {
		t.Error("UpdateAll changed something")
	}
}

// TestManyItems: a list stops after 4,096 items, the others are its rest; it
// can be edited, not made longer, and replaced.
func TestManyItems(t *testing.T) {
	r := made(t)
	pr := r.Proto("rests")
	b := append([]byte{0, 0}, make([]byte, 3*100000)...)
	var p Packet
	p.ResetAs(pr, b)
	items := pr.Head().Slot("items")
	l := p.List(p.First(), items)
	if n, rest := len(p.Items(l)), len(p.Rest(l)); n != 4096 || rest != 3*(100000-4096) {
		t.Fatalf("%d items, rest of %d bytes", n, rest)
	}
	before := settled(&p)
	if err := p.InsertItem(l, 0, m{"a": 1}); err == nil || settled(&p) != before {
		t.Errorf("one more: %v", err)
	}
	dissectLaw(t, pr, b)

	small := append([]byte{0, 0}, make([]byte, 3*5000)...)
	p.ResetAs(pr, small)
	l = p.List(p.First(), items)
	if err := p.Set(p.First(), items, []any{m{"a": 1}, m{"b": 2}}); err != nil || len(p.Items(l)) != 2 || len(p.Rest(l)) != 0 {
		t.Errorf("replaced: %v, %d items, %d bytes rest", err, len(p.Items(l)), len(p.Rest(l)))
	}
	if p.Update(); len(p.Raw()) != 8 {
		t.Errorf("%x", p.Raw())
	}
}

// TestManyNodes: lists in lists cannot make a packet allocate without bound.
func TestManyNodes(t *testing.T) {
	r := made(t)
	pr := r.Proto("nested")
	b := []byte{0, 0, 255}
	for range 255 {
		b = append(b, 255)
		b = append(b, make([]byte, 255*2)...)
	}
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	var p Packet
	p.ResetAs(pr, b)
	_ = show(&p)
	runtime.ReadMemStats(&after)
	if len(p.nodes) > maxNodes {
		t.Errorf("%d nodes", len(p.nodes))
	}
	if grown := cap(p.nodes)*int(80) + cap(p.spans)*12; grown > 64<<20 {
		t.Errorf("%d bytes of bounds for %d bytes", grown, len(b))
	}
	_ = p.UpdateAll()
	if err := sound(&p); err != nil {
		t.Error(err)
	}
}

// TestDeepStack: layers are counted, and the one that is too many is an error of the packet.
func TestDeepStack(t *testing.T) {
	r := made(t)
	deep := r.Proto("deep")
	var p Packet
	p.ResetAs(deep, []byte(strings.Repeat("\x01", 40)))
	n := 0
	for id := p.First(); id != None; id = p.Upper(id) {
		n++
	}
	if err := p.Err(); n != 32 || err == nil || err.Error() != "deep at byte 32: more than 32 layers" {
		t.Errorf("%d layers, %v", n, err)
	}
	if len(p.Body(p.Last())) != 8 {
		t.Errorf("body %x", p.Body(p.Last()))
	}
	p.ResetAs(deep, []byte(strings.Repeat("\x01", 31)+"\x00"))
	if err := p.Err(); err != nil || p.depth != 32 {
		t.Errorf("32 layers: %d, %v", p.depth, err)
	}
	before := noted(&p)
	for what, edit := range map[string]func() error{
		"Insert":  func() error { return p.Insert(p.First(), mk(t, r, "deep", nil)) },
		"SetBody": func() error { return p.SetBody(p.Last(), mk(t, r, "deep", nil)) },
		"Concat":  func() error { _, err := Concat(&p, mk(t, r, "deep", nil)); return err },
	} {
		if err := edit(); err == nil || !strings.Contains(err.Error(), "32 layers") {
			t.Errorf("%s: %v", what, err)
		}
		if now := noted(&p); now != before {
			t.Errorf("%s left\n%s\nof\n%s", what, now, before)
		}
	}
}

// TestDeepLists: a struct in itself is followed 16 deep.
func TestDeepLists(t *testing.T) {
	r := made(t)
	const depth = 40
	var b []byte
	for i := range depth {
		b = append(b, 1, 0, byte(3*(depth-i)))
	}
	b = append([]byte{0, byte(len(b))}, append(b, 0)...)
	var p Packet
	p.ResetAs(r.Proto("nested"), b)
	id, s := p.First(), r.Proto("nested").Head().Slot("trees")
	n := 0
	for ; ; n++ {
		l := p.List(id, s)
		if l == None || len(p.Items(l)) == 0 {
			break
		}
		id = p.Items(l)[0]
		s = p.LayoutOf(id).Slot("kids")
	}
	if n != maxDepth {
		t.Errorf("%d deep, want %d", n, maxDepth)
	}
	dissectLaw(t, r.Proto("nested"), b)
	rewrite(t, r.Proto("nested"), b)
}
