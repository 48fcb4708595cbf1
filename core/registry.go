package core

import (
	"fmt"
	"slices"
	"sort"
)

// A Registry is a set of compiled protocols. It never changes; any number of
// goroutines may use it without a lock.
type Registry struct {
	protos []*Proto // in the order of their specs
	byName map[string]*Proto
	tables map[string]*table
	link   *table
	Specs  []*Spec   // what it was compiled from
	Shapes []*Struct // named structs
	binds  []Bind
	// Absent, if it is set before the registry is used, says how a protocol that is
	// not here is had, or nothing. It is for messages.
	Absent func(name string) string
}

// Elsewhere says how a protocol that is not here is had, or nothing.
func (r *Registry) Elsewhere(name string) string {
	if r.Absent == nil {
		return ""
	}
	return r.Absent(name)
}

// NoProto is the message for a name that is no protocol: how to have it, or the
// nearest of the names that could have been meant.
func (r *Registry) NoProto(name string, among []string) string {
	if how := r.Elsewhere(name); how != "" {
		return fmt.Sprintf("no protocol %q (%s)", name, how)
	}
	return fmt.Sprintf("no protocol %q%s", name, hint(name, among))
}

// HasField returns the names of the protocols whose header has a field of that name, sorted.
func (r *Registry) HasField(name string) (protos []string) {
	for _, pr := range r.protos {
		if pr.head.byName[name] != nil {
			protos = append(protos, pr.Name)
		}
	}
	sort.Strings(protos)
	return protos
}

// A Proto is a compiled Spec.
type Proto struct {
	Name string
	Spec *Spec
	reg  *Registry
	id   int // index in reg.protos

	footFirst       bool // the size of the footer is known before the header is laid out, and bounds it
	twice           bool // a mistake: another protocol has the same name, and perhaps the fields that are looked for
	head, foot      *Layout
	hdr             size // bytes of the header
	all             size // bytes of the layer; set only if it is bounded
	headed, bounded bool // hdr, all are given
	quick           bool // see node.boundQuick
	plan            *plan
	sights          []sight // of other protocols' layers, on the way to this one; by id
	oneKey          bool    // one plain key leads upward, and a plain number or nothing stops it
	stop            cond    // nil: never
	stopBits        *load   // stop, if it is that a number is not 0
	check           cond    // nil: always
	pieces          cond    // nil: never
	keys            []keySource
	any             []candidate // children under every payload
	pairs           [][2]*Slot
	pseudo          []*Slot
	replies         []reply
	marks           []*Slot // see mark
	sums            []*Slot // of head and foot, in wire order
	reach           bitset  // protocols that may lie above, at any distance
	number          []keyed // its first value in each key table: for filling and pseudo headers
	fillDeps        []dep   // what the keys below that it fills depend on
	hasNames        bool    // some field is a DNS name
}

// Protos returns all protocols, built-in ones first, in order of definition.
func (r *Registry) Protos() []*Proto { return r.protos }

// Proto returns the protocol of that name, or nil.
func (r *Registry) Proto(name string) *Proto { return r.byName[name] }

// Binds returns what pkl.bind has said, the last one first: that one holds.
func (r *Registry) Binds() []Bind {
	all := slices.Clone(r.binds)
	slices.Reverse(all)
	return all
}

// Names returns the names of all protocols, sorted.
func (r *Registry) Names() []string {
	names := make([]string, 0, len(r.protos))
	for _, p := range r.protos {
		names = append(names, p.Name)
	}
	sort.Strings(names)
	return names
}

// Noun is what messages call an item of this layout: "tcp option", or the
// list's name where the definition has none.
func (l *Layout) Noun() string {
	name := ""
	if l.src != nil {
		if name = l.src.Name; name == "" && l.src.head != nil {
			name = l.src.head.Name
		}
	}
	if name == "" {
		return l.path + " item"
	}
	return l.proto.Name + " " + name
}

// Head returns the layout of the header.
func (p *Proto) Head() *Layout { return p.head }

// Foot returns the layout of the footer; it may be empty, never nil.
func (p *Proto) Foot() *Layout { return p.foot }

// A Layout is a compiled sequence of fields: a header, a footer, or a list item.
type Layout struct {
	Name   string // for messages: "tcp", "tcp.opts"
	path   string
	src    *Struct
	pos    string // "file:line" of its definition
	proto  *Proto // whose header, footer or item it is
	Slots  []*Slot
	byName map[string]*Slot

	fixed     int  // bytes that every instance has: those before the first field that may be absent or vary
	nspan     int  // slots that need a span
	eager     bool // a size must be proved when the record is found
	lazy      bool // from slot lazyFrom on, there are lists that cannot break the record
	lazyFrom  int
	static    bool                    // nothing varies: fixed is the whole size
	all       size                    // items: bytes of the item, if bounded
	behind    bool                    // all counts from behind the head
	head      int                     // items: slots of type and length; the body is behind them
	by        *Slot                   // the discriminator, if the item is a variant
	aligns    bool                    // holds fields that begin or end at a multiple, behind others that vary
	lists     bool                    // holds lists
	lookup    *Slot                   // the list whose items can be read by name
	item      bool                    // it lays out items
	broken    bool                    // there are mistakes in it
	store     []Slot                  // room for those to come
	hasNames  bool                    // holds DNS names itself
	autos     []*Slot                 // derived fields, in wire order
	follow    [usePresent + 1][]*Slot // those that depend on fields, by how
	origin    *Slot                   // pointers of names count from here
	last, end cond                    // items: what the list they are in says of them
	ends      []equal                 // items: values for which end holds
	mark      endMark                 // items: the bit that last is about
	spanFrom  int                     // the first slot that has a span
	spanPos   int                     // and its bit
}

// Slot returns the field of that name, or nil. Fields that exclude each other
// share a name; the first is returned, see Slot.Alt.
func (l *Layout) Slot(name string) *Slot { return l.byName[name] }

// A Slot is a compiled Field: where it lies and how it is read.
type Slot struct {
	*Field // of the spec; what differs from it or is read all the time stands here too

	Name, When, Auto, Get string

	Kind   Kind
	Signed bool
	LE     bool
	LSB    bool
	Bits   int
	Align  int

	layout *Layout
	idx    int   // in layout.Slots
	Alt    *Slot // the next field of the same name
	before *Slot // the previous one: where it is there, this one is not

	simple bool // static, always present: a plain load
	static bool // its offset is the same in every instance that has it
	off    int  // bits from the start of the record, if static
	load   load // if static number
	span   int  // index of its span in a record's spans; -1: none
	width  int  // bits, if fixed; else -1

	when     cond
	gate     *gate // when, if it hangs on one number of fixed place
	size     numFn // bytes; nil: none given
	konst    int   // size, if it is a constant; else -1
	step     line  // size, if it hangs on one number like a line
	until    []byte
	count    numFn
	items    choice // lists
	closes   bool   // lists: it ends behind the mark that its stop is about
	mark     []byte // lists: what ends one that is built
	lookup   *Slot  // the list that this stands for an item of, by name
	get      *getter
	getDeps  []dep
	whenDeps []dep
	rule     *rule
	part     *Slot // the number it lies within
	wire     int   // its bit on the wire within that number; off is that in its value
	table    *table
	of       *Proto // a packet to look at

	lead, word int   // LSB: bits below it in its word, bytes of the word
	above      int   // LSB: bits above it in its word; the field is there if all of the word is
	structural bool  // finding depends on it
	feedsAbove bool  // a number of a layer above is computed from it
	feeds      bool  // a length, or another number that may not fit, is computed from its value
	with       *Slot // it is there if this one is, or with without if not
	without    bool
	parted     bool // others lie within it
	bad        bool // there is a mistake in it
	derived    bool // Auto was made because it is the size or count of another
	flags      []*Slot
	room       []*Slot // of a length: flags that make room for a greater one
	makesRoom  bool
	roomy      bool // others within it, or it itself, make room
}

// A choice says which layout an item has.
type choice struct {
	one   *Layout   // if there is only one
	by    numFn     // discriminator over the item
	probe *Layout   // the layout by is read with
	kinds []variant // sorted by lo
	other *Layout
	plain bool // items are values: a single nameless field
}

type variant struct {
	lo, hi int64
	layout *Layout
}

// pick returns the layout for discriminator v.
func (c *choice) pick(v int64) *Layout {
	for i := range c.kinds {
		if k := &c.kinds[i]; v >= k.lo && v <= k.hi {
			return k.layout
		}
	}
	return c.other
}

// Layouts returns every layout an item of the list may have.
func (s *Slot) Layouts() []*Layout {
	if s.items.one != nil {
		return []*Layout{s.items.one}
	}
	var all []*Layout
	for _, k := range s.items.kinds {
		all = append(all, k.layout)
	}
	if s.items.other != nil {
		all = append(all, s.items.other)
	}
	return all
}

// LayoutFor returns the layout of the list's items whose discriminator is v, or nil.
func (s *Slot) LayoutFor(v int64) *Layout {
	if s.items.one != nil {
		return s.items.one
	}
	return s.items.pick(v)
}

// Proto is the protocol the field belongs to, directly or through an item.
func (s *Slot) Proto() *Proto { return s.layout.proto }

// Bool reports whether the field is a single-bit flag.
func (s *Slot) Bool() bool { return s.Kind == Number && s.Bits == 1 && len(s.Field.Names) == 0 }

// A size is a number of bytes that a record's fields say.
type size struct {
	fn    numFn // nil: not given
	konst int   // if fn is nil and konst > 0: constant
	slot  *Slot // if set, bytes = load(slot)*mul + add: the fast path
	mul   int
	add   int

	behind bool // counted from the end of the header; 0 and absent bound nothing
	foot   int  // bytes of the footer, not counted if behind
}

// simple reports whether the size can be told before the header is laid out.
func (s *size) simple() bool { return s.konst > 0 || s.slot != nil && s.slot.simple && !s.behind }

func (s *size) given() bool { return s.fn != nil || s.slot != nil || s.konst > 0 }

// A keySource is a field of a layer that leads upward.
type keySource struct {
	slots []*Slot // one, or the two of a pair: the lower value first
	table *table
	loads [2]load // how to read them, if they are always there
	fast  int     // how many of loads are set
}

type keyed struct {
	table   *table
	value   uint64
	ok      bool // a value to fill in exists
	many    bool // other values lead to the protocol, too
	fill    numFn
	fillSrc string
}

// A bitset is a set of small numbers.
type bitset []uint64

func (b bitset) has(i int) bool { return b[i>>6]&(1<<(i&63)) != 0 }
func (b bitset) add(i int)      { b[i>>6] |= 1 << (i & 63) }

// A table says which protocols are found under which value of a key.
type table struct {
	name   string
	mask   uint64
	slots  []bucket      // open addressing; nil: empty
	small  [][]candidate // by value, where all values are below 256
	wide   []wideKey
	ways   *ways
	names  []ValueName
	bits   int  // of the widest key
	shared bool // bits is known
}

// A candidate is a protocol that may be found under a key.
type candidate struct {
	*Proto
	also cond // what must hold beside the protocol's own check; nil: nothing
	key  *Key // that says so
}

// sure reports whether nothing but its header decides about the candidate.
func (c *candidate) sure() bool { return c.check == nil && c.also == nil }

type bucket struct {
	key   uint64
	cands []candidate
}

// A wideKey is a range or a mask.
type wideKey struct {
	lo, hi    uint64
	val, mask uint64 // if mask != 0
	cands     []candidate
}

func hash(v uint64) uint64 { return v * 0x9e3779b97f4a7c15 >> 20 }

// find returns the candidates under value v, in the order they are to be tried.
func (t *table) find(v uint64) []candidate {
	if t.small != nil {
		if v < uint64(len(t.small)) {
			return t.small[v]
		}
		return nil
	}
	if t.mask != 0 {
		for i := hash(v) & t.mask; ; i = (i + 1) & t.mask {
			b := &t.slots[i]
			if b.cands == nil {
				break
			}
			if b.key == v {
				return b.cands
			}
		}
	}
	for i := range t.wide {
		w := &t.wide[i]
		if w.mask != 0 && v&w.mask == w.val || w.mask == 0 && v >= w.lo && v <= w.hi {
			return w.cands
		}
	}
	return nil
}
