package oracle

import (
	"fmt"
	"slices"
	"strings"

	"pkl/core"
)

// transparent reports whether a protocol of tshark is none of its own to pkl:
// its fields belong to the protocol around it.
func transparent(name string) bool {
	return name == "mptcp" || name == "fake-field-wrapper" || name == "bluetooth" || name == "wlan_radio"
}

// stack returns those of tshark's protocols that are layers.
func stack(protos []*node) (layers []*node) {
	for _, n := range protos {
		switch {
		case n.name == "geninfo", n.name == "frame", n.name == "raw", transparent(n.name), strings.HasPrefix(n.name, "_ws."):
		default:
			layers = append(layers, n)
		}
	}
	return layers
}

// packet compares one packet, layer by layer, from the bottom up.
func (c *comparer) packet(s *sample, p *core.Packet, protos []*node) {
	c.counts.packets++
	s.remarks = nil
	v := &view{sample: s, p: p, whole: p, protos: protos, layers: stack(protos)}
	if !c.links[s.link] {
		c.counts.strange++
		return
	}
	c.climb(v)
	s.broken = v.broken()
	if s.clean = v.id == core.None && !v.unlike && !s.broken && !c.hidden(v) && !slices.ContainsFunc(protos, turnsSecret); s.clean {
		c.counts.clean++
	}
}

// climb compares layers as long as there are some.
func (c *comparer) climb(v *view) {
	v.id = v.p.First()
	for len(v.layers) > 0 && c.step(v) {
		n := v.layers[0]
		v.at += len(v.p.Header(v.id))
		v.id, v.layers = v.p.Upper(v.id), v.layers[1:]
		if v.id != core.None && c.isPart(v.p.ProtoOf(v.id).Name) {
			c.layer(v, n)
			v.at += len(v.p.Header(v.id))
			v.id = v.p.Upper(v.id)
		}
	}
	switch quoted := v.p != v.whole; {
	case v.over || v.id == core.None || quoted && v.wire > len(v.data) || c.tables[v.p.ProtoOf(v.id).Name] == nil:
	case v.brokenList():
		c.counts.partial++ // tshark broke off there
		v.unlike = true
	default:
		c.note(v, "layers", "%s at %d, tshark nothing", v.p.ProtoOf(v.id).Name, v.at)
	}
}

// isPart reports whether a layer of pkl is part of tshark's layer below it.
func (c *comparer) isPart(name string) bool {
	t := c.tables[name]
	return t != nil && len(t.protos) == 0
}

// hidden reports whether tshark sees a protocol that pkl knows in one that it
// does not know, or in a packet that is quoted.
func (c *comparer) hidden(v *view) bool {
	for _, n := range v.layers {
		if c.protos[n.name] != "" {
			return true
		}
	}
	return slices.ContainsFunc(v.protos, c.holds)
}

// holds reports whether a protocol that pkl knows lies within n.
func (c *comparer) holds(n *node) bool {
	return slices.ContainsFunc(n.kids, func(k *node) bool { return k.proto && c.protos[k.name] != "" || c.holds(k) })
}

// A view is how far the comparison of a packet has come.
type view struct {
	*sample
	p      *core.Packet
	whole  *core.Packet // p, or the packet that quotes it
	protos []*node
	layers []*node // tshark's, from the next one on
	id     core.ID // pkl's next one
	at     int     // where that starts
	over   bool    // the comparison has ended before the top
	unlike bool    // there are differences
	link   []*node // tshark's link layers

	verified bool
	findings []core.Finding
}

// step compares the next layer. It returns false if the comparison ends there.
func (c *comparer) step(v *view) bool {
	n := c.merge(v)
	mine, known := "nothing", c.protos[n.name] != ""
	if v.id != core.None {
		mine = v.p.ProtoOf(v.id).Name
	}
	v.over = true
	switch {
	case !known, v.id != core.None && c.tables[mine] == nil:
		return false
	case bogusVersion(n):
		c.counts.versions++
		v.unlike = true
		return false
	case v.id == core.None && (v.cutHeader(n) || goesOn(n)):
		c.counts.cut++
		return false
	case v.id == core.None || !slices.Contains(c.tables[mine].protos, n.name) || n.pos != v.at:
		c.note(v, "layers", "%s at %d, tshark %s at %d", mine, v.at, n.name, n.pos)
		return false
	}
	v.over = false
	c.all(v, n)
	return true
}

// all compares whatever there is to compare of a layer.
func (c *comparer) all(v *view, n *node) {
	v.remarks = append(v.remarks, n.remarks()...)
	c.layer(v, n)
	c.sum(v, n)
	c.length(v, n)
	c.quote(v, n)
	if name := v.p.ProtoOf(v.id).Name; isLink(name) {
		v.link = append(v.link, n)
	} else {
		c.trailers(v, name)
		v.link = nil
	}
}

// quote compares the packet that an ICMP error quotes.
func (c *comparer) quote(v *view, n *node) {
	s := v.p.LayoutOf(v.id).Slot("quote")
	if s == nil {
		return
	}
	s = v.p.Pick(v.id, s)
	if s == nil {
		return
	}
	q := v.p.Inside(v.id, s)
	if q == nil {
		return
	}
	c.counts.quotes++
	in := &view{sample: v.sample, p: q, whole: v.whole, protos: v.protos, layers: stack(n.protos()), at: v.at + len(v.p.Header(v.id))}
	c.climb(in)
}

// bogusVersion reports whether n is a header of another version: tshark shows no
// more than that and looks for nothing above as that protocol, while pkl reads
// on as the protocol below says.
func bogusVersion(n *node) bool {
	v := n.fields("radiotap.version")
	return n.has("ip.bogus_ip_version") || n.has("ipv6.bogus_ipv6_version") || len(v) > 0 && v[0].show != "0"
}

// noCookie reports whether n is a DHCP message without the cookie that says that
// options follow. tshark looks for them all the same.
func noCookie(name string, n *node) bool { return name == "dhcp" && !n.has("dhcp.cookie") }

// overloaded reports whether n is a DHCP message with options in file and sname,
// which are bytes to pkl.
func overloaded(name string, n *node) bool {
	over := n.fields("dhcp.option.option_overload")
	return name == "dhcp" && len(over) > 0 && over[0].show != "0"
}

// merge returns tshark's next layer. Messages in a stream, and chunks, are
// protocols of their own to tshark, or even two; to pkl they are items of one layer.
func (c *comparer) merge(v *view) *node {
	n := v.layers[0]
	if v.id == core.None {
		return n
	}
	same := []string{n.name}
	if t := c.tables[v.p.ProtoOf(v.id).Name]; t != nil && slices.Contains(t.protos, n.name) {
		same = t.protos
	}
	for len(v.layers) > 1 && slices.Contains(same, v.layers[1].name) && v.layers[1].pos < v.at+len(v.p.Header(v.id)) {
		n.kids = append(n.kids, v.layers[1].kids...)
		v.layers = v.layers[1:]
	}
	return n
}

// cutHeader reports whether n is what tshark shows of a header that is not
// whole, or contradicts itself, for pkl too.
func (v *view) cutHeader(n *node) bool {
	if n.pos != v.at {
		return false
	}
	if n.pos >= len(v.data) {
		return true // none of it is here
	}
	err := v.p.Err()
	return err != nil && strings.Contains(err.Error(), fmt.Sprintf(" at byte %d:", v.at)) ||
		err == nil && (n.name == "dns" || n.name == "http") && v.brokeOff()
}

// brokeOff reports whether tshark gave the packet up: it found it malformed, or
// wants a stream's next segment.
func (v *view) brokeOff() bool {
	return v.broken() || slices.ContainsFunc(v.protos, func(n *node) bool { return n.name == "_ws.unreassembled" })
}

// brokenList reports whether tshark found the packet malformed, and the layer
// below the one in hand has bytes in a list that form no item.
func (v *view) brokenList() bool {
	low := v.p.Lower(v.id)
	return low != core.None && v.broken() && anyDamaged(v.p, low)
}

// turnsSecret reports whether tshark takes what follows in this connection for
// encrypted, also if it is the same packet edited.
func turnsSecret(n *node) bool { return n.has("tls.change_cipher_spec") }

// goesOn reports whether n is the middle of a message in a stream, which to pkl
// is body of the transport.
func goesOn(n *node) bool {
	return n.name == "tls" && !n.has("tls.record.content_type") && !n.has("tls.record.opaque_type") ||
		n.name == "http" && !n.has("http.request.method") && !n.has("http.response.code")
}

// broken reports whether tshark found the packet malformed, or cut, also by
// damage that makes a fragment of it.
func (v *view) broken() bool {
	stream, unreassembled := false, false
	for _, n := range v.protos {
		switch n.name {
		case "_ws.malformed", "_ws.short":
			return true
		case "tcp":
			stream = true
		case "_ws.unreassembled":
			unreassembled = true
		}
	}
	return unreassembled && !stream
}
