package oracle

import (
	"fmt"
	"regexp"
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
	quotes     int
}

// A compiled table is ready for use.
type compiled struct {
	protos []string
	rows   []compiledRow
}

type compiledRow struct {
	row
	paths  []path
	names  []string
	via    conv
	isName bool
	seen   int // packets in which it had a value
}

// newComparer compiles all tables, and further ones. A path that leads to no field is an error.
func newComparer(reg *core.Registry, more ...map[string]table) (*comparer, error) {
	c := &comparer{
		tables: map[string]*compiled{}, protos: map[string]string{}, notes: notes{},
		links: links(reg), statuses: statuses(), lengths: lengths(), exceptions: exceptions(),
	}
	c.used = make([]int, len(c.exceptions))
	groups := []map[string]table{linkTables(), discoveryTables(), wlanTables(), bluetoothTables(), networkTables(), controlTables(), transportTables(), applicationTables(), streamTables(), bgpTables()}
	for _, group := range append(groups, more...) {
		for name, t := range group {
			pr := reg.Proto(name)
			if pr == nil {
				return nil, fmt.Errorf("no protocol %s", name)
			}
			compiled, err := t.compile(reg, pr)
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

func (t *table) compile(reg *core.Registry, pr *core.Proto) (*compiled, error) {
	c := &compiled{protos: strings.Fields(t.protos)}
	for _, r := range t.rows {
		cr := compiledRow{row: r, paths: parsePaths(r.pkl), names: strings.Fields(r.ts), via: r.via}
		kind, ok := cr.paths[0].kindOf(reg, pr.Head())
		if !ok {
			kind, ok = cr.paths[0].kindOf(reg, pr.Foot())
		}
		if !ok {
			return nil, fmt.Errorf("no field %s.%s", pr.Name, r.pkl)
		}
		cr.isName = kind == core.Name
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

// layer compares the fields of one layer.
func (c *comparer) layer(v *view, n *node) {
	name := v.p.ProtoOf(v.id).Name
	c.counts.layers++
	for i := range c.tables[name].rows {
		c.row(v, n, name, &c.tables[name].rows[i])
	}
}

// row compares all values of one row.
func (c *comparer) row(v *view, n *node, name string, r *compiledRow) {
	have, want := r.have(v.p, v.id), r.want(n)
	if noCookie(name, n) && r.paths[0][0].name == "opts" {
		want = nil
	}
	if r.how == first || r.how == firstShown {
		have, want = have[:min(1, len(have))], want[:min(1, len(have), len(want))]
	}
	if (r.how == shown || r.how == firstShown) && len(want) == 0 {
		return
	}
	if r.how == padded {
		have, want = trimZeros(have), trimZeros(want)
	}
	if len(have) > 0 {
		r.seen++
		c.counts.fields++
		c.counts.values += len(have)
	}
	equal := slices.Equal[[]string]
	if r.isName {
		equal = sameNames
	}
	switch {
	case equal(have, want), r.how == some && among(want, have):
	case (v.broken() || n.brokenOff()) && len(have) > len(want) && equal(have[:len(want)], want):
		c.counts.partial++ // tshark broke off
		v.unlike = true
	case (v.broken() || n.oddLabel()) && len(have) == 0 && anyDamaged(v.p, v.id):
		c.counts.partial++ // tshark went on behind what is damaged
		v.unlike = true
	case len(have) < len(want) && equal(have, want[:len(have)]) && damaged(v.p, v.id, r.paths):
		c.counts.partial++
		v.unlike = true
	case v.broken() && len(want) > 0 && len(have) >= len(want) && equal(have[:len(want)-1], want[:len(want)-1]) && damaged(v.p, v.id, r.paths):
		c.counts.partial++ // tshark shows a part of an item in a list of the items before the last, and broke off there
		v.unlike = true
	case overloaded(name, n) && among(have, want):
		v.unlike = true
	case among(have, want) && slices.ContainsFunc(r.paths, func(pa path) bool { return pa.endsEarly(v.p, v.id) }):
		c.counts.partial++
		v.unlike = true
	default:
		c.note(v, name+"."+r.pkl, "%s, tshark %s", short(have), short(want))
	}
}

// have returns pkl's values.
func (r *compiledRow) have(p *core.Packet, id core.ID) (all []string) {
	for _, pa := range r.paths {
		all = pa.values(all, p, id)
	}
	return all
}

// sameNames reports whether both saw the same names, as far as tshark shows
// them: of one that it cannot follow it says so, between < and >.
func sameNames(have, want []string) bool {
	return slices.EqualFunc(have, want, func(a, b string) bool {
		return strings.HasPrefix(b, "<") || unreadable.ReplaceAllString(a, "?") == unreadable.ReplaceAllString(b, "?")
	})
}

// unreadable are bytes of a name that are no text, as pkl and as tshark write
// them; for tshark a dot in a label is one between two.
var unreadable = regexp.MustCompile(`(\\\d{3}|\\u[0-9A-Fa-f]{4}|\\[abfnrtv]|[^\x21-\x7e]|\.|\\)+`)

func trimZeros(values []string) []string {
	for len(values) > 0 && values[len(values)-1] == "0" {
		values = values[:len(values)-1]
	}
	return values
}

// among reports whether all values of one list are in the other, in that order.
func among(some, all []string) bool {
	for _, v := range some {
		i := slices.Index(all, v)
		if i < 0 {
			return false
		}
		all = all[i+1:]
	}
	return true
}

// anyDamaged reports whether a list of the layer ends in bytes that form no item.
func anyDamaged(p *core.Packet, id core.ID) bool {
	return slices.ContainsFunc(p.LayoutOf(id).Slots, func(s *core.Slot) bool {
		l := p.List(id, s)
		return l != core.None && len(p.Rest(l)) > 0
	})
}

// damaged reports whether a list on one of the paths ends in bytes that form no
// item: tshark shows the part of an item that is there.
func damaged(p *core.Packet, id core.ID, paths []path) bool {
	for _, pa := range paths {
		s := p.LayoutOf(id).Slot(pa[0].name)
		if s = p.Pick(id, s); s != nil && pa.damaged(p, id, s) {
			return true
		}
	}
	return false
}

// damaged is damaged for one path, whose first step is field s.
func (pa path) damaged(p *core.Packet, id core.ID, s *core.Slot) bool {
	if q := p.Inside(id, s); q != nil && len(pa) > 1 {
		return damaged(q, q.First(), []path{pa[1:]})
	}
	if s.Kind != core.List {
		return false
	}
	l := p.List(id, s)
	if l == core.None {
		return false
	}
	return len(p.Rest(l)) > 0 || len(pa) > 1 && slices.ContainsFunc(p.Items(l), func(item core.ID) bool {
		return damaged(p, item, []path{pa[1:]})
	})
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
