package core

// A siteKind is how the record that a field belongs to is found.
type siteKind uint8

const (
	siteRecord siteKind = iota // the record the expression is about
	siteAround                 // a record around it
	siteBelow                  // a layer below it
	siteLayer                  // a layer, counted from the bottom
	siteUnder                  // the layer directly below
	siteBound                  // where a source stands
	siteNone                   // the packet
)

// A site is where a record is found.
type site struct {
	kind siteKind
	pr   *Proto  // below, layer
	n    int     // layer: which instance
	lay  *Layout // around
	k    int     // bound
	foot bool    // the footer of that layer
}

// A recFn finds a record, or none.
type recFn func(e *env) int32

func (s site) find() recFn {
	f := s.direct()
	if !s.foot {
		return f
	}
	return func(e *env) int32 { return e.p.footAbove(f(e)) }
}

func (s site) direct() recFn {
	pr, n, lay, k := s.pr, s.n, s.lay, s.k
	switch s.kind {
	case siteRecord:
		return func(e *env) int32 { return e.rec }
	case siteAround:
		return func(e *env) int32 { return e.p.around(e.rec, lay) }
	case siteBelow:
		return func(e *env) int32 { return e.p.below(e.rec, pr) }
	case siteUnder:
		return func(e *env) int32 { return e.p.nodes[e.rec].down }
	case siteLayer:
		return func(e *env) int32 { return e.p.find(pr, n) }
	case siteBound:
		return func(e *env) int32 { return e.scratch.at[k] }
	}
	return func(*env) int32 { return 0 }
}

// footAbove returns the footer of a layer, or none.
func (p *Packet) footAbove(id int32) int32 {
	if id == none {
		return none
	}
	return p.nodes[id].foot
}

// around returns the nearest record of a layout around record id, or none.
func (p *Packet) around(id int32, lay *Layout) int32 {
	for id = p.nodes[id].parent; id != none; id = p.nodes[id].parent {
		if p.nodes[id].layout == lay {
			return id
		}
	}
	return none
}

// below returns the nearest layer of a protocol below the layer of record id, or none.
func (p *Packet) below(id int32, pr *Proto) int32 {
	for id = p.nodes[p.layerOf(id)].down; id > 0; id = p.nodes[id].down {
		if p.nodes[id].proto == pr {
			return id
		}
	}
	return none
}

// at is a test of the record at the site.
func (s site) at(rt recordTest) test {
	find := s.find()
	return func(e *env) verdict {
		id := find(e)
		if id == none {
			return absent
		}
		return rt(e.p, id)
	}
}

// instanceSource is a source of all layers of a protocol.
func instanceSource(pr *Proto, k int) source {
	return func(next test) test {
		return func(e *env) (v verdict) {
			for id := e.p.find(pr, 1); id != none; id = e.p.findAbove(id, pr, 1) {
				e.scratch.at[k] = id
				if v = max(v, next(e)); v == yes {
					break
				}
			}
			return v
		}
	}
}

// itemSource is a source of the items of a list field of the record at a site.
func itemSource(at site, ch chain, k int) source {
	find := at.find()
	return func(next test) test {
		return func(e *env) (v verdict) {
			l := ch.list(e.p, find(e))
			for i := int32(0); l != none && i < e.p.nodes[l].n; i++ {
				e.scratch.at[k] = e.p.order[e.p.nodes[l].first+i]
				if v = max(v, next(e)); v == yes {
					break
				}
			}
			return v
		}
	}
}

// choiceSource is a source of the numbers below n.
func choiceSource(n int, k int) source {
	return func(next test) test {
		return func(e *env) (v verdict) {
			for i := range n {
				e.scratch.at[k] = int32(i)
				if v = max(v, next(e)); v == yes {
					break
				}
			}
			return v
		}
	}
}
