package luabind

import (
	"strconv"
	"strings"

	lua "github.com/yuin/gopher-lua"

	"pkl/core"
)

// LinkType returns the link type under which a packet is written: the one it
// came with, unless edits have put another layer first. It is -1 for a layer of none.
func LinkType(p *core.Packet) int { return linkTypeOf(p, -1) }

// linkTypeOf returns the link type of a packet: the wanted one or else the one
// it came with, if its first layer is of that type, else the first that its
// first layer has.
func linkTypeOf(p *core.Packet, wanted int) int {
	first := p.First()
	if first == core.None {
		return p.LinkType
	}
	found, leading := -1, -1
	eachLinkType(p.ProtoOf(first).Spec, func(n int) {
		if leading < 0 {
			leading = n
		}
		if n == wanted || n == p.LinkType && found != wanted {
			found = n
		}
	})
	if found < 0 {
		return leading
	}
	return found
}

// eachLinkType gives the link types under which a protocol is found. It is asked
// for each packet that is written, and so makes no list of them.
func eachLinkType(s *core.Spec, visit func(n int)) {
	for i := range s.Over {
		if s.Over[i].On != "link" {
			continue
		}
		for part, rest, more := "", s.Over[i].Is, true; more; {
			part, rest, more = strings.Cut(rest, ",")
			if n, err := strconv.ParseUint(strings.TrimSpace(part), 0, 16); err == nil {
				visit(int(n))
			}
		}
	}
}

// linkTypeName names a link type as capture files are told it.
func (s *State) linkTypeName(n int) lua.LValue {
	if s.cfg.LinkTypeName != nil {
		return lua.LString(s.cfg.LinkTypeName(n))
	}
	return s.number(uint64(n))
}
