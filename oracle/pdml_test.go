package oracle

import (
	"bufio"
	"fmt"
	"html"
	"io"
	"strconv"
	"strings"
)

// A node is one element of PDML: a protocol or a field.
type node struct {
	name  string
	proto bool
	show  string // the value as text
	value string // the bytes in hex; of a bit field its own bits
	whole string // the bytes a bit field lies in, in hex
	pos   int    // in the packet, or in what was put together from packets
	size  int
	kids  []*node
}

// A pdmlReader reads what tshark -T pdml writes, one packet after the other. It
// relies on tshark's habit to write one element a line.
type pdmlReader struct {
	in *bufio.Scanner
}

func newPDML(r io.Reader) *pdmlReader {
	in := bufio.NewScanner(r)
	in.Buffer(make([]byte, 1<<20), 64<<20)
	return &pdmlReader{in}
}

// next returns the protocols of the next packet, or an error.
func (r *pdmlReader) next() ([]*node, error) {
	var stack []*node
	for r.in.Scan() {
		line := strings.TrimLeft(r.in.Text(), " ")
		switch {
		case line == "<packet>":
			stack = []*node{{}}
		case line == "</packet>":
			return stack[0].kids, nil
		case len(stack) == 0:
		case strings.HasPrefix(line, "</"):
			stack = stack[:len(stack)-1]
		case strings.HasPrefix(line, "<"):
			for !strings.HasSuffix(line, ">") && r.in.Scan() { // a text with a line feed
				line += "\n" + r.in.Text()
			}
			n, open := parseElement(line)
			top := stack[len(stack)-1]
			top.kids = append(top.kids, n)
			if open {
				stack = append(stack, n)
			}
		}
	}
	if err := r.in.Err(); err != nil {
		return nil, err
	}
	return nil, io.ErrUnexpectedEOF
}

// parseElement reads a start tag. open says that an end tag follows.
func parseElement(line string) (n *node, open bool) {
	n = &node{proto: strings.HasPrefix(line, "<proto")}
	_, rest, _ := strings.Cut(line, " ")
	for {
		key, after, ok := strings.Cut(rest, `="`)
		if !ok {
			break
		}
		var val string
		val, rest, _ = strings.Cut(after, `"`)
		n.set(strings.TrimLeft(key, " "), val)
	}
	return n, !strings.HasPrefix(rest, "/")
}

// set stores an attribute that is of interest.
func (n *node) set(key, val string) {
	switch key {
	case "name":
		n.name = val
	case "show":
		n.show = html.UnescapeString(val)
	case "value":
		n.value = strings.ToLower(val)
	case "unmaskedvalue":
		n.whole = val
	case "pos":
		n.pos, _ = strconv.Atoi(val)
	case "size":
		n.size, _ = strconv.Atoi(val)
	}
}

// all calls f for every field below n in wire order, but not for those of other
// protocols that lie in it.
func (n *node) all(f func(*node)) {
	for _, k := range n.kids {
		if k.proto && !transparent(k.name) {
			continue
		}
		f(k)
		k.all(f)
	}
}

// protos returns the other protocols that lie in n, such as a quoted packet.
func (n *node) protos() (all []*node) {
	for _, k := range n.kids {
		if k.proto && !transparent(k.name) {
			all = append(all, k)
		} else {
			all = append(all, k.protos()...)
		}
	}
	return all
}

// fields returns the fields below n that have one of the names.
func (n *node) fields(names ...string) (found []*node) {
	n.all(func(k *node) {
		for _, name := range names {
			if k.name == name && !k.proto {
				found = append(found, k)
			}
		}
	})
	return found
}

// has reports whether a field or protocol of that name lies anywhere below n.
func (n *node) has(name string) bool {
	for _, k := range n.kids {
		if k.name == name || k.has(name) {
			return true
		}
	}
	return false
}

// remarks returns the names of what tshark remarks on in a layer.
func (n *node) remarks() (names []string) {
	for _, e := range n.fields("_ws.expert") {
		for _, k := range e.kids {
			if !strings.HasPrefix(k.name, "_ws.") {
				names = append(names, k.name)
			}
		}
	}
	return names
}

// brokenOff reports whether tshark says that it shows not all of a layer.
func (n *node) brokenOff() bool {
	found := n.name == "radiotap" && !n.has("radiotap.present.word") || n.has("radiotap.data_past_header") || n.has("radiotap.present.radiotap_and_vendor")
	n.all(func(k *node) { found = found || strings.Contains(k.show, "bogus chunk length") })
	return found
}

// oddLabel reports whether tshark says that a DNS name has a label of no kind
// that there is: it goes on behind it.
func (n *node) oddLabel() (found bool) {
	n.all(func(k *node) { found = found || k.show == "<Unknown extended label>" })
	return found
}

// number reads a field's value as a whole number.
func (n *node) number() (int64, error) {
	switch n.show {
	case "True":
		return 1, nil
	case "False":
		return 0, nil
	}
	if v, err := strconv.ParseInt(n.show, 0, 64); err == nil {
		return v, nil
	}
	v, err := strconv.ParseUint(n.show, 0, 64)
	if err != nil {
		return 0, fmt.Errorf("%s: no number: %q", n.name, n.show)
	}
	return int64(v), nil
}
