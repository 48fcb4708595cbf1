package core

import (
	"fmt"
)

// Build makes a packet of one layer. Fields without a value get their default;
// derived ones are computed when the packet is brought up to date, unless given.
// A value is a number, bool, string (text, address, name, value name), []byte,
// []any (the items of a list, each a map or a value), or for body and the bytes
// that hold a packet a *Packet.
func Build(pr *Proto, values map[string]any) (*Packet, error) {
	p := &Packet{}
	p.reset(pr.reg, nil)
	p.LinkType = -1
	p.first = pr
	_ = p.begin(false)
	b := builder{p: p, given: values}
	id, err := b.record(pr.head, none, pr.Name, true)
	if err != nil {
		return nil, err
	}
	p.stackBuilt(id, pr)
	fid := int32(none)
	if len(pr.foot.Slots) > 0 {
		if fid, err = b.record(pr.foot, id, pr.Name, false); err != nil {
			return nil, err
		}
		p.nodes[id].foot = fid
		n := &p.nodes[id]
		n.tail = int32(len(p.buf))
		p.nodes[0].body, p.nodes[0].tail = n.tail, n.tail
	}
	lays := []*Layout{pr.head, pr.foot}
	named := b.lookups(lays, "body", "trailer")
	if err := b.unknown(pr.Name, lays, append(named, "body", "trailer")...); err != nil {
		return nil, err
	}
	if err := b.late(id, fid); err != nil {
		return nil, err
	}
	for _, name := range named {
		if err := p.Set(id, pr.head.Lookup(name), b.given[name]); err != nil {
			return nil, err
		}
	}
	if err := b.content(id); err != nil {
		return nil, err
	}
	if err := p.outgrow(); err != nil {
		return nil, err
	}
	if len(pr.head.Slots) > 0 {
		return p, p.checkFits(pr.head.Slots[len(pr.head.Slots)-1])
	}
	return p, nil
}

// stackBuilt makes record id the only layer.
func (p *Packet) stackBuilt(id int32, pr *Proto) {
	n := &p.nodes[id]
	end := int32(len(p.buf))
	n.proto, n.down, n.up, n.foot = pr, 0, none, none
	n.end, n.body, n.tail = end, end, end
	n.flags |= isBuilt | isStored | isSized
	r := &p.nodes[0]
	r.up, r.body, r.tail = id, end, end
	p.top, p.depth, p.done, p.ready = id, 1, true, true
}

// content sets body and trailer if they are given.
func (b *builder) content(id int32) error {
	switch v := b.given["body"].(type) {
	case nil:
	case *Packet:
		if err := b.p.setBodyPacket(id, v); err != nil {
			return err
		}
	case string:
		if err := b.p.setBody(id, []byte(v)); err != nil {
			return err
		}
	case []byte:
		if err := b.p.setBody(id, v); err != nil {
			return err
		}
	default:
		return fmt.Errorf("%s.body: need text or a packet, have %s", b.p.nodes[id].proto.Name, kindOf(v))
	}
	if t, ok := asBytes(b.given["trailer"]); ok {
		return b.p.setTrailer(id, t)
	}
	return nil
}

func asBytes(v any) ([]byte, bool) {
	switch v := v.(type) {
	case string:
		return []byte(v), true
	case []byte:
		return v, true
	}
	return nil, false
}
