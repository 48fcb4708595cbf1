package oracle

import (
	"fmt"
	"math/rand/v2"
	"unsafe"

	"pkl/core"
)

// A change is an edit of a packet in hand.
type change struct {
	p   *core.Packet
	rng *rand.Rand
	reg *core.Registry

	// from and to bound the bytes of the packet, as it came, that the edit is about.
	from, to int
}

// A kind changes the packet somehow, if it can.
type kind struct {
	name  string
	apply func(*change) (done bool, err error)
}

// kinds are all edits.
func kinds() []kind {
	return []kind{
		{"ttl", func(c *change) (bool, error) { return c.setNumber("ip", "ttl", 255) }},
		{"hlim", func(c *change) (bool, error) { return c.setNumber("ip6", "hlim", 255) }},
		{"id", func(c *change) (bool, error) { return c.setNumber("ip", "id", 65535) }},
		{"tos", func(c *change) (bool, error) { return c.setNumber("ip", "tos", 255) }},
		{"flow", func(c *change) (bool, error) { return c.setNumber("ip6", "flow", 1<<20-1) }},
		{"seq", func(c *change) (bool, error) { return c.setNumber("tcp", "seq", 1<<32-1) }},
		{"win", func(c *change) (bool, error) { return c.setNumber("tcp", "win", 65535) }},
		{"icmp id", func(c *change) (bool, error) { return c.setNumber("icmp", "id", 65535) }},
		{"icmp6 id", func(c *change) (bool, error) { return c.setNumber("icmp6", "id", 65535) }},
		{"xid", func(c *change) (bool, error) { return c.setNumber("dhcp", "xid", 1<<32-1) }},
		{"tsn", func(c *change) (bool, error) { return c.setNumber("sctp", "vtag", 1<<32-1) }},
		{"src", func(c *change) (bool, error) { return c.setText("ip", "src", c.ip4()) }},
		{"dst", func(c *change) (bool, error) { return c.setText("ip", "dst", c.ip4()) }},
		{"src6", func(c *change) (bool, error) { return c.setText("ip6", "src", c.ip6()) }},
		{"dst6", func(c *change) (bool, error) { return c.setText("ip6", "dst", c.ip6()) }},
		{"spa", func(c *change) (bool, error) { return c.setText("arp", "spa", c.ip4()) }},
		{"tcp port", func(c *change) (bool, error) { return c.setPort("tcp") }},
		{"udp port", func(c *change) (bool, error) { return c.setPort("udp") }},
		{"tcp option", (*change).insertOption},
		{"no tcp option", func(c *change) (bool, error) { return c.removeItem("tcp", "opts") }},
		{"ip option", (*change).insertIPOption},
		{"dns name", func(c *change) (bool, error) { return c.setName("questions") }},
		{"dns answer", func(c *change) (bool, error) { return c.setName("answers") }},
		{"no dns answer", func(c *change) (bool, error) { return c.removeItem("dns", "answers") }},
		{"dhcp option", (*change).insertDHCP},
		{"no dhcp option", func(c *change) (bool, error) { return c.removeItem("dhcp", "opts") }},
		{"vlan", (*change).insertVLAN},
		{"no vlan", (*change).removeVLAN},
		{"body", (*change).setBody},
	}
}

// layer finds the only layer of a protocol, or nothing.
func (c *change) layer(proto string) core.ID {
	pr := c.reg.Proto(proto)
	if c.p.Find(pr, 2) != core.None {
		return core.None
	}
	return c.p.Find(pr, 1)
}

// field finds a field that is present in the only layer of a protocol.
func (c *change) field(proto, field string) (core.ID, *core.Slot) {
	id := c.layer(proto)
	if id == core.None {
		return id, nil
	}
	return id, c.p.Pick(id, c.p.LayoutOf(id).Slot(field))
}

// at returns where a part of the packet's bytes begins.
func (c *change) at(part []byte) int {
	return int(uintptr(unsafe.Pointer(unsafe.SliceData(part))) - uintptr(unsafe.Pointer(unsafe.SliceData(c.p.Raw()))))
}

// about notes that the edit is about a part of the packet's bytes.
func (c *change) about(part []byte) {
	c.from = c.at(part)
	c.to = c.from + len(part)
}

// aboutPart notes that the edit is about a part of a layer, or if that is empty,
// about the end of its header.
func (c *change) aboutPart(id core.ID, part []byte) {
	if len(part) > 0 {
		c.about(part)
		return
	}
	c.about(c.p.Header(id))
	c.from = c.to
}

// aboutField notes that the edit is about a field, or about the layer if that
// is not whole bytes.
func (c *change) aboutField(id core.ID, s *core.Slot) {
	if b, ok := c.p.Data(id, s); ok && len(b) > 0 {
		c.about(b)
		return
	}
	c.about(c.p.Header(id))
}

func (c *change) setNumber(proto, field string, most uint64) (bool, error) {
	id, s := c.field(proto, field)
	if s == nil {
		return false, nil
	}
	c.aboutField(id, s)
	return true, c.p.Set(id, s, c.rng.Uint64N(most)+1)
}

func (c *change) setText(proto, field, text string) (bool, error) {
	id, s := c.field(proto, field)
	if s == nil || s.Kind == core.Bytes {
		return false, nil
	}
	c.aboutField(id, s)
	return true, c.p.Set(id, s, text)
}

// setPort changes the higher port, so that what is above stays what it is.
func (c *change) setPort(proto string) (bool, error) {
	id, s := c.field(proto, "sport")
	_, d := c.field(proto, "dport")
	if s == nil || d == nil {
		return false, nil
	}
	a, _ := c.p.Num(id, s)
	b, _ := c.p.Num(id, d)
	if b > a {
		a, s = b, d
	}
	if a < 20000 {
		return false, nil
	}
	c.aboutField(id, s)
	return true, c.p.Set(id, s, 50000+c.rng.Uint64N(10000))
}

func (c *change) ip4() string {
	return fmt.Sprintf("10.%d.%d.%d", c.rng.IntN(256), c.rng.IntN(256), 1+c.rng.IntN(254))
}

func (c *change) ip6() string {
	return fmt.Sprintf("2001:db8::%x:%x", 1+c.rng.IntN(65535), 1+c.rng.IntN(65535))
}
