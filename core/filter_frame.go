package core

import (
	"errors"
	"slices"
	"strings"

	"pkl/core/expr"
)

// withParts adds to the error of a fraction in a filter for times where times
// have their parts of a second.
func withParts(err error, src string) error {
	var e *expr.Error
	if !errors.As(err, &e) || e.Hint != expr.WholeOnly || !strings.Contains(src, "frame.ts") {
		return err
	}
	more := *e
	more.Hint += "; use frame.ts_ns, in nanoseconds"
	return &more
}

// frameName is the whole packet; its facts are compiled by fact.
func (t *translator) frameName(n *expr.Name) (*referent, *expr.Error) {
	if n.Inst != 0 {
		return nil, t.errorAt(n.Pos(), "", "there is one frame")
	}
	if len(n.Parts) > 2 && slices.Contains(factNames(), n.Parts[1]) {
		return nil, t.errorAt(t.partPos(n, 2), "", "frame.%s has no fields: no %q", n.Parts[1], n.Parts[2])
	}
	if len(n.Parts) > 1 {
		return nil, t.errorAt(t.partPos(n, 1), didYouMean(n.Parts[1], factNames()), "frame has no field %q", n.Parts[1])
	}
	return &referent{domain: &domain{name: "frame", site: site{kind: siteNone}, before: none}, name: "frame", what: isFrame}, nil
}

func factNames() []string {
	return []string{"len", "caplen", "number", "ts", "ts_ns", "iface", "mark", "linktype"}
}

// fact compiles a fact about the packet, or returns nil.
func (t *translator) fact(n *expr.Name) *operand {
	if n.Parts[0] != "frame" || len(n.Parts) != 2 || n.Up || n.Inst != 0 {
		return nil
	}
	if n.Parts[1] == "iface" {
		return &operand{node: n, typ: tText, bytes: iface}
	}
	o := &operand{node: n, typ: tNum, isLen: n.Parts[1] == "len"}
	if f := factOf(n.Parts[1]); f != nil {
		o.num = func(e *env) (int64, bool) { return f(e.p), true }
		return o
	}
	return nil
}

func factOf(name string) func(p *Packet) int64 {
	switch name {
	case "len":
		return func(p *Packet) int64 { return int64(p.WireLen()) }
	case "caplen":
		return func(p *Packet) int64 { return int64(len(p.buf)) }
	case "number":
		return func(p *Packet) int64 { return int64(p.Number) }
	case "ts":
		return func(p *Packet) int64 { return p.Time / 1e9 }
	case "ts_ns":
		return func(p *Packet) int64 { return p.Time }
	case "mark":
		return func(p *Packet) int64 { return int64(p.Mark) }
	case "linktype":
		return func(p *Packet) int64 { return int64(p.LinkType) }
	}
	return nil
}

// iface is the name of the interface, copied because comparing takes bytes.
func iface(e *env) ([]byte, bool) {
	e.scratch.text[2] = append(e.scratch.text[2][:0], e.p.Iface...)
	return e.scratch.text[2], e.p.Iface != ""
}
