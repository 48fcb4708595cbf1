package oracle

import (
	"bytes"
	"fmt"

	"pkl/core"
)

// list finds a list in the only layer of a protocol.
func (c *change) list(proto, field string) core.ID {
	id, s := c.field(proto, field)
	if s == nil {
		return core.None
	}
	l := c.p.List(id, s)
	if l == core.None || len(c.p.Rest(l)) > 0 {
		return core.None
	}
	b, _ := c.p.Data(id, s)
	c.aboutPart(id, b)
	return l
}

func (c *change) removeItem(proto, field string) (bool, error) {
	l := c.list(proto, field)
	if l == core.None || len(c.p.Items(l)) == 0 {
		return false, nil
	}
	c.aboutNames(proto)
	return true, c.p.RemoveItem(l, c.rng.IntN(len(c.p.Items(l))))
}

// aboutNames widens the edit to the whole message, whose names are compressed anew.
func (c *change) aboutNames(proto string) {
	if proto == "dns" {
		c.about(c.p.Extent(c.layer(proto)))
	}
}

// insertOption adds a TCP option where there is room for one.
func (c *change) insertOption() (bool, error) {
	l := c.list("tcp", "opts")
	if l == core.None || c.to-c.from > 24 {
		return false, nil
	}
	options := []map[string]any{
		{"type": "nop"},
		{"type": "mss", "mss": uint64(1000 + c.rng.IntN(400))},
		{"type": "timestamp", "tsval": c.rng.Uint64N(1 << 32), "tsecr": uint64(0)},
		{"type": "user_timeout", "timeout": uint64(5)},
	}
	return true, c.p.InsertItem(l, c.rng.IntN(len(c.p.Items(l))+1), options[c.rng.IntN(len(options))])
}

func (c *change) insertIPOption() (bool, error) {
	l := c.list("ip", "opts")
	if l == core.None || c.to-c.from > 20 {
		return false, nil
	}
	return true, c.p.InsertItem(l, 0, map[string]any{"type": "ra", "value": uint64(0)})
}

// insertDHCP adds a DHCP option in front.
func (c *change) insertDHCP() (bool, error) {
	l := c.list("dhcp", "opts")
	if l == core.None {
		return false, nil
	}
	name := string(bytes.Repeat([]byte("host"), 1+c.rng.IntN(5)))
	return true, c.p.InsertItem(l, 0, map[string]any{"type": "hostname", "hostname": name})
}

// setName changes the name of some record.
func (c *change) setName(list string) (bool, error) {
	l := c.list("dns", list)
	if l == core.None || len(c.p.Items(l)) == 0 || len(c.p.Items(l)) > 100 {
		return false, nil
	}
	item := c.p.Items(l)[c.rng.IntN(len(c.p.Items(l)))]
	c.aboutNames("dns")
	name := fmt.Sprintf("%s.example.org", bytes.Repeat([]byte("x"), 1+c.rng.IntN(20)))
	return true, c.p.Set(item, c.p.LayoutOf(item).Slot("name"), name)
}

// insertVLAN tags the frame.
func (c *change) insertVLAN() (bool, error) {
	eth, s := c.field("eth", "type")
	if s == nil || eth != c.p.First() {
		return false, nil
	}
	c.aboutField(eth, s)
	tag, err := core.Build(c.reg.Proto("vlan"), map[string]any{"vid": uint64(1 + c.rng.IntN(4094)), "pcp": uint64(c.rng.IntN(8))})
	if err != nil {
		return true, err
	}
	return true, c.p.Insert(eth, tag)
}

// removeVLAN takes the tag out of a frame that has one.
func (c *change) removeVLAN() (bool, error) {
	eth, s := c.field("eth", "type")
	tag := c.layer("vlan")
	if s == nil || tag == core.None {
		return false, nil
	}
	if t := c.p.LayoutOf(tag).Slot("type"); c.p.Pick(tag, t) != t {
		return false, nil // a length, below LLC
	}
	c.aboutField(eth, s)
	c.to += len(c.p.Header(tag))
	return true, c.p.Remove(tag)
}

// setBody makes what TCP, UDP or an echo carries longer or shorter, where pkl
// and tshark know nothing of it.
func (c *change) setBody() (bool, error) {
	id := c.p.Last()
	name := c.p.ProtoOf(id).Name
	body := c.p.Body(id)
	if name != "tcp" && name != "udp" && name != "icmp" || c.p.Cap() < c.p.WireLen() {
		return false, nil
	}
	if name == "icmp" && !c.isEcho(id) || c.isTaken(id) {
		return false, nil
	}
	c.aboutPart(id, body)
	b := make([]byte, c.rng.IntN(len(body)+20))
	for i := range b {
		b[i] = byte(c.rng.Uint32())
	}
	return true, c.p.SetBody(id, b)
}

// isTaken reports whether tshark takes what a layer carries for DNS or BGP, whatever it is.
func (c *change) isTaken(id core.ID) bool {
	for _, name := range []string{"sport", "dport"} {
		if s := c.p.LayoutOf(id).Slot(name); s != nil {
			if v, _ := c.p.Num(id, s); v == 53 || v == 179 {
				return true
			}
		}
	}
	return false
}

// isEcho reports whether an ICMP message is an echo.
func (c *change) isEcho(id core.ID) bool {
	v, _ := c.p.Num(id, c.p.LayoutOf(id).Slot("type"))
	return v == 0 || v == 8
}
