package core

import "pkl/core/expr"

// Compile makes a Registry of specs and named structs. Its error is Mistakes:
// all of them, with those that were found when the definitions were read.
func Compile(specs []*Spec, structs []*Struct, binds []Bind, told ...*Mistake) (*Registry, error) {
	c := &compiler{
		reg:     &Registry{byName: map[string]*Proto{}, tables: map[string]*table{}, Specs: specs, Shapes: structs, binds: binds},
		structs: map[string]*Struct{},
		shapes:  map[shapeKey]*Layout{},
		trees:   map[string]parsed{},
		clashed: map[clash]bool{},
		rung:    map[*Slot]int{},
		told:    map[subject]bool{},

		reserved:       set(append(reservedFields(), words()...)),
		reservedProtos: set(append(reservedProtos(), words()...)),
	}
	for _, m := range told {
		c.told[subject{m.Pos, m.Where}] = true
	}
	c.protocols(specs, structs)
	c.layouts()
	c.unused()
	c.keyTables()
	c.expressions()
	c.places()
	c.stopMarks()
	if err := c.result(told); err != nil {
		return nil, err
	}
	c.finish()
	return c.reg, nil
}

// A compiler turns specs into a Registry.
type compiler struct {
	reg     *Registry
	structs map[string]*Struct
	shapes  map[shapeKey]*Layout // layouts of named structs, one for each place they are used from
	all     []*layoutScope       // every layout made
	spare   []*layoutScope       // those of structs that no list has
	trees   map[string]parsed
	over    int // claims made so far: the order of definition

	keyChecks      []*keyCheck
	reserved       map[string]bool  // names no field may have,
	reservedProtos map[string]bool  // and no protocol
	told           map[subject]bool // what could not be read
	mistakes       []*Mistake
	probe          Packet
	clashed        map[clash]bool
	rung           map[*Slot]int // how far derived fields were followed to what they are computed from
	path           []*Slot       // to the one that is being followed
}

// parsed is what became of the source of an expression.
type parsed struct {
	tree expr.Node
	err  error
}

// parse returns the tree of an expression. Many stand in several places.
func (c *compiler) parse(src string) (expr.Node, error) {
	p, known := c.trees[src]
	if !known {
		p.tree, p.err = expr.Parse(src)
		c.trees[src] = p
	}
	return p.tree, p.err
}

// A layoutScope is a layout with the layouts around it, innermost first.
type layoutScope struct {
	layout  *Layout
	layouts []*Layout // and those around it
	list    *Slot     // the list whose items it lays out
	src     *Struct
}

type shapeKey struct {
	name  string
	proto *Proto
	outer *Layout
}

// String names the field as messages do: "tcp.opts.len".
// String is where the field is and its name; the values of a list have none.
func (s *Slot) String() string {
	if s.Name == "" {
		return s.layout.path
	}
	return s.layout.path + "." + s.Name
}

func (c *compiler) protocols(specs []*Spec, structs []*Struct) {
	for _, st := range structs {
		if c.structs[st.Name] != nil {
			c.fail(st.Pos, st.Name, "struct is defined twice%s", also(c.structs[st.Name].Pos))
		}
		c.structs[st.Name] = st
	}
	for _, s := range specs {
		p := &Proto{Name: s.Name, Spec: s, reg: c.reg, id: len(c.reg.protos)}
		c.reg.protos = append(c.reg.protos, p)
		why := c.badProtoName(s.Name)
		if old := c.reg.byName[s.Name]; old != nil {
			why, old.twice = "protocol is defined twice"+also(old.Spec.Pos), true
		} else {
			c.reg.byName[s.Name] = p
		}
		if why != "" && !c.isTold(s.Pos, s.Name) {
			c.fail(s.Pos, s.Name, "%s", why)
		}
	}
}

// unused checks the fields of named structs that no list has.
func (c *compiler) unused() {
	used := map[*Struct]bool{}
	for _, ls := range c.all {
		used[ls.src] = true
	}
	n := len(c.all)
	for i, st := range c.reg.Shapes {
		if !used[st] {
			p := &Proto{Name: st.Name, Spec: &Spec{Name: st.Name, Pos: st.Pos}, reg: c.reg, id: len(c.reg.protos) + i}
			p.head = c.layout(p, st.Name, st, nil, &Slot{})
			p.foot = p.head
		}
	}
	c.all, c.spare = c.all[:n:n], c.all[n:]
}

func also(pos string) string {
	if pos == "" {
		return ", it is built in"
	}
	return ", also at " + pos
}

func (c *compiler) layouts() {
	for _, p := range c.reg.protos {
		s := p.Spec
		p.head = c.layout(p, s.Name, &Struct{Name: s.Name, Fields: s.Fields, Pos: s.Pos}, nil, nil)
		p.foot = c.layout(p, s.Name, &Struct{Name: s.Name, Fields: s.Footer, Pos: s.Pos}, []*Layout{p.head}, nil)
		for _, f := range p.foot.Slots {
			if p.head.byName[f.Name] != nil {
				c.failAt(f, "the header has a field of this name too")
			}
		}
		for _, pr := range s.Pairs {
			a, b := c.named(p, pr.A, "pairs"), c.named(p, pr.B, "pairs")
			switch {
			case a == nil || b == nil || a.bad || b.bad || c.isTold(a.layout.pos, a.String()) || c.isTold(b.layout.pos, b.String()):
			case a == b:
				c.fail(s.Pos, p.Name, "pairs: %s is no pair with itself", pr.A)
			case a.width != b.width || a.width < 0 || a.Kind != b.Kind || a.Kind == List:
				c.fail(s.Pos, p.Name, "pairs: %s and %s are not of one kind and width", pr.A, pr.B)
			default:
				p.pairs = append(p.pairs, [2]*Slot{a, b})
			}
		}
		for _, name := range s.Pseudo {
			if f := c.named(p, name, "pseudo"); f != nil {
				if f.width < 0 || f.Kind == List {
					c.fail(s.Pos, p.Name, "pseudo: %s has no fixed size", name)
				}
				p.pseudo = append(p.pseudo, f)
			}
		}
		if len(s.Pseudo) > 2 {
			c.fail(s.Pos, p.Name, "pseudo: %d names; it is the source and the destination, or the final destination alone", len(s.Pseudo))
		}
	}
}

// named returns a field of the header by the name a word of the spec gives.
func (c *compiler) named(p *Proto, name, word string) *Slot {
	f := p.head.byName[name]
	if f == nil && !c.unread(p.head) {
		c.fail(p.Spec.Pos, p.Name, "%s: no field %q%s", word, name, c.hint(name, p.head.names()))
	}
	return f
}

func (l *Layout) names() []string {
	var names []string
	for _, s := range l.Slots {
		names = append(names, s.Name)
	}
	return names
}

// layout makes the slots of a sequence of fields; expressions come later.
func (c *compiler) layout(p *Proto, path string, src *Struct, around []*Layout, list *Slot) *Layout {
	n := src.slots()
	l := &Layout{Name: path, path: path, proto: p, src: src, pos: src.Pos, byName: make(map[string]*Slot, n), lazyFrom: 1 << 30, item: list != nil}
	l.Slots, l.store = make([]*Slot, 0, n), make([]Slot, 0, n)
	if l.pos == "" && len(around) > 0 {
		l.pos = around[0].pos
	}
	c.all = append(c.all, &layoutScope{layout: l, layouts: append([]*Layout{l}, around...), list: list, src: src})
	if src.head != nil {
		for i := range src.head.Fields {
			c.slot(l, &src.head.Fields[i], around)
		}
	}
	for i := range src.Fields {
		c.slot(l, &src.Fields[i], around)
	}
	l.store = nil
	c.words(l)
	c.wires(l)
	return l
}

// slots is how many slots the fields make.
func (st *Struct) slots() (n int) {
	for _, fields := range [][]Field{st.headFields(), st.Fields} {
		n += len(fields)
		for i := range fields {
			n += len(fields[i].Flags)
		}
	}
	return n
}

func (st *Struct) headFields() []Field {
	if st.head == nil {
		return nil
	}
	return st.head.Fields
}

// newSlot returns the next slot of a layout.
func (l *Layout) newSlot() *Slot {
	l.store = append(l.store, Slot{layout: l, idx: len(l.Slots), span: none, width: none, konst: none})
	s := &l.store[len(l.store)-1]
	l.Slots = append(l.Slots, s)
	return s
}

// take makes the slot one of field f.
func (s *Slot) take(f *Field) {
	s.Field = f
	s.Name, s.When, s.Auto, s.Get = f.Name, f.When, f.Auto, f.Get
	s.Kind, s.Bits, s.Align = f.Kind, f.Bits, f.Align
	s.Signed, s.LE, s.LSB = f.Signed, f.LE, f.LSB
}

// slot adds one field to a layout, and the flags inside it.
func (c *compiler) slot(l *Layout, f *Field, around []*Layout) {
	s := l.newSlot()
	s.take(f)
	if f.Size != "" {
		s.konst = c.constSize(f.Size)
	}
	s.width = fixedWidth(s)
	c.checkField(s)
	c.enter(l, s)
	if s.Until != "" {
		s.until = []byte(s.Until)
	}
	if s.Part != "" {
		c.part(l, s)
	}
	if s.Kind == List {
		c.items(l, s, around)
		if s.Lookup != nil {
			c.lookups(l, s)
		}
		if s.bad {
			c.spoil(s)
		}
	}
	c.flags(l, s)
}

// enter gives the slot its name. Fields of one name must exclude each other.
func (c *compiler) enter(l *Layout, s *Slot) {
	old := l.byName[s.Name]
	if s.Name == "" || old == nil {
		if s.Name != "" {
			l.byName[s.Name] = s
		}
		return
	}
	if s.When == "" || old.When == "" {
		c.failAt(s, "the name stands twice; only fields with a when that exclude each other may share one")
		return
	}
	for old.Alt != nil {
		old = old.Alt
	}
	old.Alt, s.before = s, old
}

func fixedWidth(s *Slot) int {
	switch s.Kind {
	case Number:
		return s.Bits
	case MAC:
		return 48
	case IP4, IP6:
		if s.Size == "" {
			return s.addrSize() << 3
		}
		return none
	}
	if s.konst >= 0 {
		return s.konst << 3
	}
	return none
}

// maxSize is the most bytes that a size may be as a constant.
const maxSize = 1<<24 - 1

// constSize returns a size that is a constant, else none.
func (c *compiler) constSize(src string) int {
	if v, ok := c.constNum(src); ok && v >= 0 && v <= maxSize {
		return int(v)
	}
	return none
}

// part places a number within an earlier one.
func (c *compiler) part(l *Layout, s *Slot) {
	whole := l.byName[s.Part]
	switch {
	case whole == nil || whole == s:
		c.failAt(s, "part: no earlier field %q%s", s.Part, c.hint(s.Part, l.names()[:s.idx]))
		return
	case whole.Kind != Number || s.Kind != Number || s.LE:
		c.failAt(s, "part: both must be numbers, the part a big-endian one")
		return
	}
	for _, o := range l.Slots[:s.idx] {
		if o.part == whole && o.Field.Part == s.Part {
			s.off = max(s.off, o.off+o.Bits)
		}
	}
	if s.off+s.Bits > whole.Bits {
		c.failAt(s, "part: %s has only %d bits, %d are taken", s.Part, whole.Bits, s.off)
		return
	}
	s.part, s.When = whole, whole.When
	whole.parted = true
}

// flags adds the named bits of a number as fields.
func (c *compiler) flags(l *Layout, s *Slot) {
	if s.Bits > 0 && len(s.Field.Flags) > s.Bits {
		c.failAt(s, "%d flags in %d bits", len(s.Field.Flags), s.Bits)
		return
	}
	if len(s.Field.Flags) == 0 || s.Bits == 0 {
		return
	}
	s.parted = true
	flag := &Field{Bits: 1, Part: s.Name}
	for i, name := range s.Field.Flags {
		if name == "" {
			continue
		}
		off := s.Bits - len(s.Field.Flags) + i
		b := l.newSlot()
		b.take(flag)
		b.Name, b.When = name, s.When
		b.width, b.part, b.off = 1, s, off
		c.checkName(b)
		s.flags = append(s.flags, b)
		c.enter(l, b)
	}
}
