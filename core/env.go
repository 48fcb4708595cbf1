package core

// An env is what an expression sees: a packet, and the record it is about.
type env struct {
	p       *Packet
	rec     int32   // the record: a layer, footer or item; 0 for filters
	bad     bool    // arithmetic went wrong: overflow, division by zero
	self    *Slot   // the field whose presence is being decided,
	here    int     // and the bit of the packet where it would lie
	wire    bool    // a length is derived: len(body) counts what the capture has cut, too
	scratch scratch // memory for the evaluation
}

// A numFn computes a whole number; ok is false where a value is absent.
type numFn func(e *env) (v int64, ok bool)

// A cond decides; where a value is absent or arithmetic goes wrong, it is false.
type cond func(e *env) bool

// A bytesFn computes bytes, a slice of the packet or of a literal.
type bytesFn func(e *env) (b []byte, ok bool)

// A getter is a compiled computed field: one of num and bytes is set.
type getter struct {
	num   numFn
	cond  bool // num is a condition: 1 or 0
	bytes bytesFn
	plain *Slot // the field it is another name of: then it can be set
}

func (g *getter) number(p *Packet, id int32) (int64, bool) {
	if g.num == nil {
		return 0, false
	}
	return p.eval(g.num, id)
}

func (g *getter) data(p *Packet, id int32) ([]byte, bool) {
	if g.bytes == nil {
		return nil, false
	}
	e := &p.env
	rec, bad := e.rec, e.bad
	e.rec, e.bad = id, false
	b, ok := g.bytes(e)
	ok = ok && !e.bad
	e.rec, e.bad = rec, bad
	return b, ok
}

// A use is how an expression depends on a field.
type use uint8

const (
	useValue   use = iota // its value
	useSize               // len(f)
	useCount              // count(f)
	usePresent            // present(f)
)

// A dep is a field that an expression depends on. Proto is set where it is a
// field of a layer below; Slot is nil for the body of the record.
type dep struct {
	slot  *Slot
	below *Proto
	how   use
}

// A scope says what the names in a spec's expression mean: fields of the
// layouts, the innermost first (the item, the items around it, the header of
// the layer), else with a dot fields of the nearest layer below.
type scope struct {
	reg     *Registry
	comp    *compiler // nil outside of Compile
	layouts []*Layout
	before  int  // only slots of layouts[0] with a smaller index; those of the layouts around: all before their list
	later   bool // auto rules may use later fields
	auto    bool // a list with a condition of its own is present even when it is empty
	fill    bool // of the key of the layer below: its body is meant
}
