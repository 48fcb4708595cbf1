package oracle

import (
	"fmt"
	"slices"
	"strings"

	"pkl/core"
)

// A comparer compares packets as pkl and tshark see them, and counts.
type comparer struct {
	tables     map[string]*compiled
	protos     map[string]string // pkl's name of tshark's protocols
	links      map[int]bool      // link types that pkl knows
	statuses   map[string]string
	lengths    map[string]string
	exceptions []exception
	used       []int // how often each exception was needed
	notes      notes
	counts     counts
}

// counts are what was compared.
type counts struct {
	packets    int
	clean      int // see sample.clean
	strange    int // of link types that pkl does not know
	layers     int
	cut        int // layers that are cut, and broken for both
	partial    int // lists that end in a part of an item
	versions   int // IP headers of another version
	fields     int
	values     int
	sums       int
	badSums    int
	lengths    int
	badLengths int
	trailers   int
}

// A compiled table is ready for use.
type compiled struct {
	protos []string
	rows   []compiledRow
}

type compiledRow struct {
	row
	paths []path
	names []string
	via   conv
}

// newComparer compiles all tables. A path that leads to no field is an error.
func newComparer(reg *core.Registry) (*comparer, error) {
	c := &comparer{
		tables: map[string]*compiled{}, protos: map[string]string{}, notes: notes{},
		links: links(reg), statuses: statuses(), lengths: lengths(), exceptions: exceptions(),
	}
	c.used = make([]int, len(c.exceptions))
	for _, group := range []map[string]table{linkTables(), networkTables(), controlTables(), transportTables(), applicationTables()} {
		for name, t := range group {
			pr := reg.Proto(name)
			if pr == nil {
				return nil, fmt.Errorf("no protocol %s", name)
			}
			compiled, err := t.compile(pr)
			if err != nil {
				return nil, err
			}
			c.tables[name] = compiled
			for _, p := range compiled.protos {
				c.protos[p] = name
			}
		}
	}
	return c, nil
}

func (t *table) compile(pr *core.Proto) (*compiled, error) {
	c := &compiled{protos: strings.Fields(t.protos)}
	for _, r := range t.rows {
		cr := compiledRow{row: r, paths: parsePaths(r.pkl), names: strings.Fields(r.ts), via: r.via}
		kind, ok := cr.paths[0].kindOf(pr.Head())
		if !ok {
			return nil, fmt.Errorf("no field %s.%s", pr.Name, r.pkl)
		}
		if cr.via == nil {
			cr.via = standard(kind)
		}
		c.rows = append(c.rows, cr)
	}
	return c, nil
}

// standard is how most fields of a kind are read.
func standard(kind core.Kind) conv {
	switch kind {
	case core.Number:
		return shownNumber
	case core.Name:
		return name
	}
	return hexOf
}

// transparent reports whether a protocol of tshark is none of its own to pkl:
// its fields belong to the protocol around it.
func transparent(name string) bool { return name == "mptcp" || name == "fake-field-wrapper" }

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
	v := &view{sample: s, p: p, protos: protos, layers: stack(protos)}
	if v.id = p.First(); !c.links[s.link] {
		c.counts.strange++
		return
	}
	for len(v.layers) > 0 && c.step(v) {
		v.at += len(p.Header(v.id))
		v.id, v.layers = p.Upper(v.id), v.layers[1:]
	}
	if !v.over && v.id != core.None {
		c.note(v, "layers", "%s at %d, tshark nothing", p.ProtoOf(v.id).Name, v.at)
	}
	if s.clean = v.id == core.None && !v.unlike && !v.broken() && !c.hidden(v); s.clean {
		c.counts.clean++
	}
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
	n := v.layers[0]
	mine, known := "nothing", c.protos[n.name] != ""
	if v.id != core.None {
		mine = v.p.ProtoOf(v.id).Name
	}
	switch {
	case !known:
		v.over = true
		return false
	case bogusVersion(n):
		c.counts.versions++
		v.unlike = true
		v.over = true
		return false
	case v.id == core.None && v.cutHeader(n):
		c.counts.cut++
		v.over = true
		return false
	case v.id == core.None || !slices.Contains(c.tables[mine].protos, n.name) || n.pos != v.at:
		c.note(v, "layers", "%s at %d, tshark %s at %d", mine, v.at, n.name, n.pos)
		v.over = true
		return false
	}
	v.remarks = append(v.remarks, n.remarks()...)
	c.layer(v, n)
	c.sum(v, n)
	c.length(v, n)
	if isLink(mine) {
		v.link = append(v.link, n)
	} else {
		c.trailers(v, mine)
		v.link = nil
	}
	return true
}

// bogusVersion reports whether n is an IP header of another version: tshark
// shows no more than that and looks for nothing above as that protocol, while
// pkl reads on as the protocol below says.
func bogusVersion(n *node) bool {
	return n.has("ip.bogus_ip_version") || n.has("ipv6.bogus_ipv6_version")
}

// cutHeader reports whether n is what tshark shows of a header that is not
// whole, or contradicts itself, for pkl too.
func (v *view) cutHeader(n *node) bool {
	if n.pos != v.at {
		return false
	}
	err := v.p.Err()
	return err != nil && strings.Contains(err.Error(), fmt.Sprintf(" at byte %d:", v.at)) ||
		err == nil && n.name == "dns" && v.broken()
}

// broken reports whether tshark found the packet malformed, or cut.
func (v *view) broken() bool {
	for _, n := range v.protos {
		if n.name == "_ws.malformed" || n.name == "_ws.short" {
			return true
		}
	}
	return false
}

// layer compares the fields of one layer.
func (c *comparer) layer(v *view, n *node) {
	p, id := v.p, v.id
	t := c.tables[p.ProtoOf(id).Name]
	c.counts.layers++
	for i := range t.rows {
		r := &t.rows[i]
		var have []string
		for _, pa := range r.paths {
			have = pa.values(have, p, id)
		}
		want := r.want(n)
		if r.how == first {
			have, want = have[:min(1, len(have))], want[:min(1, len(have), len(want))]
		}
		if r.how == shown && len(want) == 0 {
			continue
		}
		if len(have) > 0 {
			c.counts.fields++
			c.counts.values += len(have)
		}
		switch {
		case slices.Equal(have, want):
		case len(have) < len(want) && slices.Equal(have, want[:len(have)]) && damaged(p, id, r.paths):
			c.counts.partial++
			v.unlike = true
		default:
			c.note(v, p.ProtoOf(id).Name+"."+r.pkl, "%s, tshark %s", short(have), short(want))
		}
	}
}

// damaged reports whether a list on one of the paths ends in bytes that form no
// item: tshark shows the part of an item that is there.
func damaged(p *core.Packet, id core.ID, paths []path) bool {
	for _, pa := range paths {
		s := p.LayoutOf(id).Slot(pa[0].name)
		if s = p.Pick(id, s); s == nil || s.Kind != core.List {
			continue
		}
		if l := p.List(id, s); l != core.None && len(p.Rest(l)) > 0 {
			return true
		}
	}
	return false
}

// want returns tshark's values.
func (r *compiledRow) want(n *node) (all []string) {
	for _, f := range n.fields(r.names...) {
		if v, ok := r.via(f); ok && v != "" {
			all = append(all, v)
		}
	}
	return all
}

func short(values []string) string {
	text := fmt.Sprint(len(values), values)
	if len(text) > 200 {
		return text[:200] + "…"
	}
	return text
}

// notes are differences by kind.
type notes map[string][]string

func (c *comparer) note(v *view, what, format string, args ...any) {
	v.unlike = true
	if c.excepted(what, v.sample.String()) {
		return
	}
	text := fmt.Sprintf("%s: ", v.sample) + fmt.Sprintf(format, args...)
	if err := v.p.Err(); err != nil {
		text += " (" + err.Error() + ")"
	}
	c.notes[what] = append(c.notes[what], text)
}
