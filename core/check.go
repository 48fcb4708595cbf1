package core

import (
	"slices"
	"strings"
)

// badProtoName says why a name cannot be a protocol's, or "".
func (c *compiler) badProtoName(name string) string {
	switch {
	case !isName(name) || name != strings.ToLower(name):
		return "a protocol's name is lower-case letters, digits and _, and begins with a letter"
	case c.reservedProtos[name]:
		return "the name is taken, by a packet or by pkl; choose another"
	}
	return ""
}

func (c *compiler) badFieldName(name string) string {
	switch {
	case !isName(name):
		return "a field's name is letters, digits and _, and begins with a letter"
	case strings.HasSuffix(name, "_raw"):
		return "names that end in _raw are reserved for the bytes of fields"
	case c.reserved[name]:
		return "the name is taken, by every layer or by the language; choose another"
	}
	return ""
}

func set(names []string) map[string]bool {
	m := make(map[string]bool, len(names))
	for _, n := range names {
		m[n] = true
	}
	return m
}

func isName(s string) bool {
	for i, r := range s {
		letter := r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z'
		if !letter && (i == 0 || r != '_' && (r < '0' || r > '9')) {
			return false
		}
	}
	return s != ""
}

// words are those of Lua and of the filter language. Its functions are none: what
// they are applied to stands in parentheses.
func words() []string {
	return strings.Fields(`and break do else elseif end false for function goto if in local nil not or repeat return then
		true until while contains matches`)
}

func reservedFields() []string {
	return strings.Fields(`body header trailer proto upper lower rest fields insert remove layer layers`)
}

// reservedProtos are the names of facts and methods of a packet, and of pkl's own functions.
func reservedProtos() []string {
	return strings.Fields(`frame layer layers path first last bytes raw update redissect copy reverse direction flow verify
		diff hexdump json totable lua replace ts ts_ns len caplen iface linktype mark ctmark hook queue number err gso
		uid gid hwaddr out_iface
		on at_end every after protocol struct bind proto packets open create load socket send sr sr1 log counter shared now
		sleep accept drop again stop worker workers u64 cmp hex unhex dissect interfaces route filter version fields body
		header trailer upper lower insert remove api`)
}

// checkName reports a bad field name.
func (c *compiler) checkName(s *Slot) {
	if s.Name == "" && s.layout.src != nil && len(s.layout.src.Fields) == 1 && s.layout.src.head == nil && s.layout.item {
		return
	}
	if s.Name == "" && s.Kind == Pad {
		return
	}
	if s.Name == "" {
		c.failAt(s, `field %d has no name; give one, such as "reserved", also to bits that are not used`, s.number())
		return
	}
	if why := c.badFieldName(s.Name); why != "" {
		c.failAt(s, "%s", why)
	}
}

// number is the place of a field in its definition, from 1.
func (s *Slot) number() (n int) {
	for _, o := range s.layout.Slots[:s.idx+1] {
		if o.part == nil || !slices.Contains(o.part.Field.Flags, o.Name) {
			n++
		}
	}
	return n
}

// checkField reports words that do not go together.
func (c *compiler) checkField(s *Slot) {
	c.checkName(s)
	f := s.Field
	isBytes := f.Kind == Bytes || f.Kind == Text
	if f.Kind == Number && f.Get == "" && (f.Bits < 1 || f.Bits > 64) {
		c.failAt(s, "%d bits (1 to 64)", f.Bits)
	}
	for _, bad := range [...]struct {
		is   bool
		text string
	}{
		{f.Kind != Number && f.Bits != 0, "bits are for numbers"},
		{f.LE && !f.LSB && f.Kind == Number && f.Bits%8 != 0, "le: a little-endian number has whole bytes; bit fields also need lsb"},
		{f.Signed && f.Kind != Number, "signed is for numbers"},
		{(f.Hex || f.LSB || len(f.Names) > 0 || len(f.Flags) > 0 || f.Origin) && f.Kind != Number && f.Get == "", "names, bits, hex and lsb are for numbers"},
		{f.LE && f.Kind != Number && f.Kind != MAC && f.Get == "", "le is for numbers and MAC addresses"},
		{(f.From != "" || f.Cover != "") && f.Auto == "", "from and cover say what a sum covers: they go with the auto of one"},
		{f.Size != "" && !isBytes && f.Kind != List && f.Kind != IP4 && f.Kind != IP6, "size is for bytes, text, lists and IP addresses"},
		{f.Until != "" && !isBytes, "stop is for bytes, text and lists"},
		{f.Digits && (f.Kind != Number || f.Bits%8 != 0 || f.LE || f.LSB || f.Signed || f.Part != "" || len(f.Flags) > 0), "digits are a number of whole bytes, without le, lsb, signed, part and bits"},
		{f.Trim != nil && (f.Kind != Text || f.Size != ""), "trim is for text without a size"},
		{f.Trim != nil && (len(f.Trim) != 2 || strings.Trim(strings.Join(f.Trim, ""), blanks) != ""), "trim is two texts of blanks: what stands before the value, and behind it"},
		{f.Closed != nil && (f.Kind != List || f.Size+f.Count+f.Last+f.End+f.When != "" || f.Pad != 0 || f.Align != 0), "closed is for lists, without size, count, last, stop, when, pad and align"},
		{f.Closed != nil && (len(f.Closed) == 0 || slices.Contains(f.Closed, "")), "closed: an empty text closes nothing"},
		{f.Lookup != nil && f.Kind != List, "lookup is for lists"},
		{f.Size != "" && f.Until != "", "size and stop exclude each other"},
		{f.Kind != List && (f.Count != "" || f.Last != "" || f.By != "" || len(f.Kinds) > 0 || f.Pad != 0), "count, last, by, kinds and pad are for lists"},
		{f.By == "" && (len(f.Kinds) > 0 || f.Other != nil), "kinds and other need by"},
		{f.Get != "" && f.Bits != 0, "a computed field has no width: it is what get gives"},
		{f.Get != "" && (f.Auto != "" || f.Size != "" || f.Default != nil), "a computed field has no bytes: no auto, size or default"},
		{f.Get != "" && len(f.Flags) > 0, "a computed field has no bits of its own: bits go with the number that has them"},
		{f.Kind == Pad && f.Align < 2, "pad needs align = 2 or more"},
		{f.Align < 0 || f.Align > 1<<16, "align is 1 to 65536"},
		{f.Pad < 0 || f.Pad > 1<<16, "pad is 1 to 65536"},
		{f.Of != "" && f.Kind != Bytes && f.Get == "", "of is for bytes and lists"},
		{f.Of != "" && f.Key != "", "of and key exclude each other: of says what the bytes are, key where the number is that tells it"},
		{f.Plain && f.Kind != Name, "plain is for DNS names"},
		{f.Optional && f.Auto != "sum" && f.Auto != "pseudo_sum", "optional goes with auto = \"sum\" or \"pseudo_sum\""},
		{f.Unit < 0, "unit is 1 or more"},
		{(f.Unit > 0 || f.Bias != 0) && !slices.Contains(lengthRules(), f.Auto), "unit and bias go with auto = \"header_len\", \"total_len\" or \"body_len\""},
		{f.Key != "" && f.Kind != Number && f.Kind != Bytes, "key is for numbers and bytes"},
	} {
		if bad.is {
			c.failAt(s, "%s", bad.text)
		}
	}
	c.checkNames(s)
	c.checkDefault(s)
}

// checkNames reports names of values that the field cannot have.
func (c *compiler) checkNames(s *Slot) {
	if s.Kind != Number || s.Bits < 1 || s.Bits > 64 {
		return
	}
	known := make(map[string]bool, len(s.Field.Names))
	for _, n := range s.Field.Names {
		if known[n.Name] {
			c.failAt(s, "names: %q stands for two values", n.Name)
		}
		known[n.Name] = true
		if low := -int64(1) << (s.Bits - 1); s.Signed && (n.V < low || n.V > ^low) || !s.Signed && uint64(n.V) > ones(s.Bits) {
			c.failAt(s, "names: %q: %d does not fit in %d bits", n.Name, n.V, s.Bits)
		}
	}
}

// checkDefault reports a default that the field could not hold.
func (c *compiler) checkDefault(s *Slot) {
	if s.Default == nil || s.Kind == List || s.Kind == Number && (s.Bits < 1 || s.Bits > 64) {
		return
	}
	if _, err := s.encode(s.Default); err != nil {
		c.failAt(s, "default: %s", strings.TrimPrefix(err.Error(), s.String()+": "))
	}
}
