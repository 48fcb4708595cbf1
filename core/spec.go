package core

// A Spec describes one protocol: plain data, no methods, the same words as the
// Lua table of pkl.protocol. What a word means is said in docs/protocols.md.
type Spec struct {
	Name string // as scripts and filters write it
	Doc  string // one sentence
	Ref  string // the standard, e.g. "RFC 791"

	Over   []Key   // where it is found
	Fields []Field // the header, in wire order
	Footer []Field // what follows the body

	Header string // EXPR: bytes of the header; the fields' own size if empty
	Len    string // EXPR: bytes of the layer, header to footer; the rest if empty
	Stop   string // EXPR: if it holds, nothing lies above
	Check  string // EXPR: must hold for the layer to be found
	Pieces string // EXPR: if it holds, what lies above is only the first piece of a message

	Pairs       []Pair   // fields that swap on reverse
	Replies     []Reply  // which of its messages answer which; nothing: any, from where the other went
	Pseudo      []string // what a pseudo_sum above covers: two address fields, or the one final destination
	SumRequired bool     // a sum above may not be left out (RFC 8200 §8.1)

	Hook       Hook // after finding; the escape hatch
	HookUpdate Hook // before sums

	Pos string // "file:line" of the definition, if a script made it
}

// A Hook is code in a spec. An error of Hook breaks the layer, one of HookUpdate is told by Err.
type Hook interface {
	Run(l Layer) error
}

// A Pair names two fields that swap on reverse: source first.
type Pair struct{ A, B string }

// A Reply says which messages answer which.
type Reply struct {
	When string // EXPR over the answer; "": always
	To   string // EXPR over what it answers; "": always
	Same []Pair // what is equal: a field or number of the answer, and one of what it answers
}

// A Key says under which values of a field a protocol is found.
type Key struct {
	On    string // "eth.type", "udp.port" (either), "link", or a protocol: any payload of it
	Is    string // "6", "53, 5353", "8000-8100", "0x10/0xf0", a value name
	Fill  string // EXPR: what to write where Is is a range or a mask
	Check string // EXPR: must hold for the protocol to be found there
}

// A Kind is what a field holds.
type Kind uint8

// The kinds of fields.
const (
	Number Kind = iota // Bits wide, 1 to 64
	Bytes
	Text
	MAC  // 6 bytes
	IP4  // 4 bytes
	IP6  // 16 bytes
	Name // DNS name (RFC 1035 §3.1, §4.1.4)
	List
	Pad // bytes up to a multiple of Align
)

// A Field is one field of a header, a footer or an item.
type Field struct {
	Name string
	Kind Kind
	Bits int // Number: width

	Default any // int, bool or string; nothing: 0 or empty
	Doc     string
	When    string // EXPR: present only if it holds
	Auto    string // "next", "header_len", …, or EXPR
	Unit    int    // lengths: in units of so many bytes
	Bias    int    // lengths: value = bytes / Unit + Bias
	From    string // sums: EXPR, where what is covered begins: bytes from the start of the layer
	Cover   string // sums: EXPR, how many bytes from there on; "" see docs
	CRC     *CRC   // Auto "crc"
	// Optional says that a sum of 0 that came so means none, and that a computed 0 is written as all ones (RFC 768).
	Optional bool
	Align    int // starts at a multiple of so many bytes, from the header; list: each item is padded so

	LE bool // MAC, number: least significant byte first

	// numbers
	Names  []ValueName
	Flags  []string // names of single bits, most significant first, "" unnamed
	Hex    bool
	Signed bool
	LSB    bool
	Digits bool   // decimal digits, each a byte
	Part   string // lies within that earlier number, most significant bits first
	Key    string // the key table it shares; Bytes: the table that says what is inside
	Origin bool   // pointers of names count from here

	// bytes, text, name
	Size  string // EXPR, bytes
	Until string // ends before this delimiter ("stop")
	Of    string // Bytes: a packet that starts with this protocol, to look at
	Plain bool   // Name: never written compressed
	// Trim says that blanks around a text are no part of it, and which two texts stand there when it is built.
	Trim []string

	// lists
	Item  *Struct // of = { fields }, of = kind (one field without name)
	Named string  // of = "struct name"
	Count string  // EXPR
	Last  string  // EXPR over the item: no item after this one
	End   string  // EXPR over an item: it and what follows is padding ("stop")
	By    string  // field of the item that chooses among Kinds
	Kinds []Variant
	Other *Struct
	Pad   int // the whole list is padded to a multiple
	// Closed are texts that end the list where an item would begin; the first is written when it is built.
	Closed []string
	Lookup []string // two fields of the items: the values of the second can be read by the name in the first

	// Get makes it a computed field without bytes.
	Get string
}

// A ValueName names one value of a number.
type ValueName struct {
	V    int64
	Name string
}

// A Struct is the layout of a list item.
type Struct struct {
	Name   string
	Doc    string
	Fields []Field
	Len    string // EXPR: bytes of the item
	Pos    string

	head *Struct // whose fields come first, once a list is compiled
}

// A Variant is the layout of the items whose discriminator has the value Is.
type Variant struct {
	Is string // "2", "3-5", a value name
	Struct
}

// CRC are the parameters of a cyclic redundancy check (Rocksoft model).
type CRC struct {
	Bits    int
	Poly    uint64
	Init    uint64
	Xor     uint64
	Reflect bool
}

// A Bind is pkl.bind: under this value of the key, this protocol, whatever else claims it.
type Bind struct {
	Proto string
	Key   Key
	Pos   string
}
