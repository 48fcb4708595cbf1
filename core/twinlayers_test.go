package core

import (
	"fmt"
	"slices"

	"pgregory.net/rapid"
)

// What the pair of packet and twin may do with layers.

// sub draws a few layers for the twin and the packet of them.
func (x *pair) sub(pr []*Proto) ([]*twinRecord, *Packet) {
	w := &twin{reg: x.twin.reg}
	var p *Packet
	for i, pr := range pr {
		r := twinOf(pr, x.d.record(pr.head, 1))
		w.layers = append(w.layers, r)
		q, err := Build(pr, r.givenAlone())
		if err == nil && p != nil {
			q, err = Concat(p, q)
		}
		if err != nil {
			return nil, nil
		}
		p = q
		w.join(i - 1)
	}
	return w.layers, p
}

func (x *pair) top() *twinRecord { return x.twin.layers[len(x.twin.layers)-1] }

// filled reports whether a layer's key follows an expression: then what it is
// when that layer goes away depends on when it was last computed.
func filled(r *twinRecord, low *twinRecord) bool {
	return slices.ContainsFunc(r.proto.number, func(k keyed) bool { return k.fill != nil }) && len(low.proto.keys) > 0
}

// setBody assigns bytes or layers to the body of a layer.
func (x *pair) setBody() {
	i := x.d.int(0, len(x.twin.layers)-1, "layer")
	low := x.twin.layers[i]
	if i+1 < len(x.twin.layers) && filled(x.twin.layers[i+1], low) {
		return
	}
	at := route{layer: i}
	var layers []*twinRecord
	var body []byte
	var name string
	var edit func(p *Packet) error
	if up := children(low.proto); len(up) > 0 && x.d.chance(2, "layers") {
		list := []*Proto{rapid.SampledFrom(up).Draw(x.d.t, "above")}
		var q *Packet
		if layers, q = x.sub(list); q == nil {
			return
		}
		name, edit = fmt.Sprintf("body %d = %s", i, show(q)), func(p *Packet) error { return p.SetBody(at.at(p), q) }
	} else {
		body = rapid.SliceOfN(rapid.Byte(), 0, 12).Draw(x.d.t, "body")
		trial := x.p.Copy()
		err := trial.SetBody(at.at(trial), body)
		if trial.findAll(); err == nil && trial.depth > i+1 {
			return // layers were found in it: the twin knows nothing of them
		}
		name, edit = fmt.Sprintf("body %d = %x", i, body), func(p *Packet) error { return p.SetBody(at.at(p), body) }
	}
	x.do(name, edit, func() {
		for _, r := range x.twin.layers[i+1:] {
			x.forget(r)
		}
		x.twin.layers = append(slices.Clone(x.twin.layers[:i+1]), layers...)
		x.twin.body = body
		x.twin.join(i)
	})
}

// concat puts bytes or layers behind the highest layer.
func (x *pair) concat() {
	if x.d.chance(2, "bytes") {
		b := rapid.SliceOfN(rapid.Byte(), 0, 12).Draw(x.d.t, "body")
		if q, err := ConcatBytes(x.p, b); err == nil && q.depth != x.p.depth {
			return
		}
		x.doConcat(fmt.Sprintf("+ %x", b), func(p *Packet) (*Packet, error) { return ConcatBytes(p, b) },
			func() { x.twin.body = append(slices.Clone(x.twin.body), b...) })
		return
	}
	up := children(x.top().proto)
	if len(up) == 0 || len(x.twin.body) > 0 {
		return
	}
	layers, q := x.sub([]*Proto{rapid.SampledFrom(up).Draw(x.d.t, "above")})
	if q == nil {
		return
	}
	x.doConcat("+ "+show(q), func(p *Packet) (*Packet, error) { return Concat(p, q) }, func() {
		x.twin.layers = append(slices.Clone(x.twin.layers), layers...)
		x.twin.join(len(x.twin.layers) - len(layers) - 1)
	})
}

// doConcat is do for what gives another packet: the old one stays as it was.
func (x *pair) doConcat(name string, f func(p *Packet) (*Packet, error), mirror func()) {
	before := noted(x.p)
	old := x.p
	x.do(name, func(p *Packet) error {
		q, err := f(p)
		switch {
		case err != nil:
			return err
		case p == x.p:
			x.p = q
		default:
			x.blind = q
		}
		return nil
	}, mirror)
	if noted(old) != before {
		x.fail("an operand of + changed to\n%s\nfrom\n%s", noted(old), before)
	}
}

// insertLayer puts one layer above another that leads to it.
func (x *pair) insertLayer() {
	i := x.d.int(0, len(x.twin.layers)-1, "below")
	low := x.twin.layers[i]
	up := children(low.proto)
	if len(up) == 0 || i+1 < len(x.twin.layers) && filled(x.twin.layers[i+1], low) {
		return
	}
	layers, q := x.sub([]*Proto{rapid.SampledFrom(up).Draw(x.d.t, "insert")})
	isTop := i+1 == len(x.twin.layers)
	if q == nil || len(layers[0].proto.foot.Slots) > 0 || filled(layers[0], low) || isTop && x.twin.turns(low, layers[0]) {
		return
	}
	at := route{layer: i}
	x.do(fmt.Sprintf("insert above %d %s", i, show(q)), func(p *Packet) error { return p.Insert(at.at(p), q) }, func() {
		if isTop {
			x.twin.moveKey(low, layers[0])
		}
		x.twin.layers = slices.Insert(slices.Clone(x.twin.layers), i+1, layers...)
		x.twin.join(i)
		x.twin.join(i + 1)
	})
}

// removeLayer takes out a layer.
func (x *pair) removeLayer() {
	i := x.d.int(0, len(x.twin.layers)-1, "remove")
	r := x.twin.layers[i]
	last := i+1 == len(x.twin.layers)
	if len(x.twin.layers) == 1 || i > 0 && filled(r, x.twin.layers[i-1]) || !last && (filled(x.twin.layers[i+1], r) || i > 0 && filled(x.twin.layers[i+1], x.twin.layers[i-1])) {
		return
	}
	at := route{layer: i}
	if last && i > 0 && x.twin.turns(r, x.twin.layers[i-1]) {
		return
	}
	x.do(fmt.Sprintf("remove layer %d", i), func(p *Packet) error { return p.Remove(at.at(p)) }, func() {
		x.twin.layers = slices.Delete(slices.Clone(x.twin.layers), i, i+1)
		x.forget(r)
		switch {
		case i == 0:
		case last:
			x.twin.moveKey(r, x.twin.layers[i-1])
		default:
			x.twin.join(i - 1)
		}
	})
}
