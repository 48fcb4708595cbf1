package core

// DNS names on the wire (RFC 1035 §3.1, §4.1.4): labels, ended by the root or a pointer.

const maxName = 255 // octets of a name on the wire, expanded

// nameSize returns the bytes a name takes at the start of b, its pointer
// included, or 0 if it is not whole there.
func nameSize(b []byte) int {
	for i := 0; i < len(b); {
		n := int(b[i])
		switch {
		case n == 0:
			return i + 1
		case n >= 0xc0:
			if i+2 > len(b) {
				return 0
			}
			return i + 2
		case n > 63 || i+1+n > maxName:
			return 0
		}
		i += 1 + n
	}
	return 0
}

// originOf returns the byte from which pointers in record id count.
func (p *Packet) originOf(id int32) int {
	for {
		n := &p.nodes[id]
		if n.layout != nil && n.layout.origin != nil {
			if pos, _, ok := p.place(id, n.layout.origin); ok {
				return pos >> 3
			}
		}
		if p.nodes[id].parent == none {
			return int(p.nodes[id].start)
		}
		id = p.nodes[id].parent
	}
}

// labels expands the name at byte at: its labels with their lengths, without
// the root. ok is false if it is broken.
func (p *Packet) labels(dst []byte, at, origin int) (name []byte, ok bool) {
	name, why := p.expand(dst, at, origin)
	return name, why == ""
}

// expand is labels; why says what is wrong with the name. Pointers go backwards
// only, so it ends.
func (p *Packet) expand(dst []byte, at, origin int) (name []byte, why string) {
	b := p.buf
	limit := at // pointers must lead before this
	for base := len(dst); ; {
		if at >= len(b) {
			return dst, "it has no end"
		}
		n := int(b[at])
		switch {
		case n == 0:
			return dst, ""
		case n >= 0xc0:
			if at+2 > len(b) {
				return dst, "it has no end"
			}
			to := origin + ((n&0x3f)<<8 | int(b[at+1]))
			if to >= limit {
				return dst, "its pointer does not lead to a name before it"
			}
			at, limit = to, to
		case n > 63:
			return dst, "it leads to what is no label"
		case at+1+n > len(b):
			return dst, "it has no end"
		case len(dst)-base+1+n >= maxName:
			return dst, "it has more than 255 bytes"
		default:
			dst = append(dst, b[at:at+1+n]...)
			at += 1 + n
		}
	}
}

// nameText appends the text of name s of record id: without the final dot, "." for the root.
func (p *Packet) nameText(dst []byte, id int32, s *Slot) ([]byte, bool) {
	pos, _, ok := p.place(id, s)
	if !ok {
		return dst, false
	}
	var room [maxName]byte
	labels, ok := p.labels(room[:0], pos>>3, p.originOf(id))
	if !ok {
		return dst, false
	}
	return appendName(dst, labels), true
}

// brokenName returns the fault of the lowest layer's first name that is whole on
// the wire, but leads nowhere.
func (p *Packet) brokenName() (f fault, found bool) {
	for layer := p.nodes[0].up; layer != none && !found; layer = p.nodes[layer].up {
		pr := p.nodes[layer].proto
		if pr == nil || !pr.hasNames {
			continue
		}
		p.eachName(layer, func(id int32, s *Slot) {
			var room [maxName]byte
			pos, _, _ := p.place(id, s)
			if _, why := p.expand(room[:0], pos>>3, p.originOf(id)); why != "" && !found {
				f, found = fault{proto: pr, at: pos >> 3, what: s.String() + ": " + why}, true
			}
		})
	}
	return f, found
}

// appendName appends the text of labels.
func appendName(dst, labels []byte) []byte {
	if len(labels) == 0 {
		return append(dst, '.')
	}
	for i := 0; i < len(labels); {
		if i > 0 {
			dst = append(dst, '.')
		}
		n := int(labels[i])
		for _, c := range labels[i+1 : i+1+n] {
			if c < 0x21 || c > 0x7e || c == '.' || c == '\\' {
				dst = append(dst, '\\', '0'+c/100, '0'+c/10%10, '0'+c%10)
			} else {
				dst = append(dst, c)
			}
		}
		i += 1 + n
	}
	return dst
}

// parseName reads the text of a name into labels.
func parseName(text string) ([]byte, error) {
	if text == "." || text == "" {
		return nil, nil
	}
	var out []byte
	start := 0
	out = append(out, 0)
	flush := func(last bool) error {
		n := len(out) - start - 1
		if n == 0 && !last {
			return errEmptyLabel
		}
		if n > 63 {
			return errLongLabel
		}
		out[start] = byte(n)
		return nil
	}
	for i := 0; i < len(text); i++ {
		c := text[i]
		switch {
		case c == '.':
			if err := flush(false); err != nil {
				return nil, err
			}
			if i+1 == len(text) {
				return checkLength(out)
			}
			start = len(out)
			out = append(out, 0)
			continue
		case c == '\\' && i+3 < len(text) && isDigit(text[i+1]) && isDigit(text[i+2]) && isDigit(text[i+3]):
			v := int(text[i+1]-'0')*100 + int(text[i+2]-'0')*10 + int(text[i+3]-'0')
			if v > 255 {
				return nil, errBadEscape
			}
			c = byte(v)
			i += 3
		case c == '\\' && i+1 < len(text):
			i++
			c = text[i]
		}
		out = append(out, c)
	}
	if err := flush(false); err != nil {
		return nil, err
	}
	return checkLength(out)
}

func checkLength(labels []byte) ([]byte, error) {
	if len(labels)+1 > maxName {
		return nil, errLongName
	}
	return labels, nil
}

func isDigit(c byte) bool { return c >= '0' && c <= '9' }
