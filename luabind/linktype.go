package luabind

import (
	"slices"
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
	types := linkTypes(p.ProtoOf(first).Spec)
	for _, n := range []int{wanted, p.LinkType} {
		if slices.Contains(types, n) {
			return n
		}
	}
	if len(types) == 0 {
		return -1
	}
	return types[0]
}

// linkTypes lists the link types under which a protocol is found.
func linkTypes(s *core.Spec) (types []int) {
	for _, k := range s.Over {
		if k.On != "link" {
			continue
		}
		for _, part := range strings.Split(k.Is, ",") {
			if n, err := strconv.ParseUint(strings.TrimSpace(part), 0, 16); err == nil {
				types = append(types, int(n))
			}
		}
	}
	return types
}

// linkTypeName names a link type as capture files are told it.
func (s *State) linkTypeName(n int) lua.LValue {
	if s.cfg.LinkTypeName != nil {
		return lua.LString(s.cfg.LinkTypeName(n))
	}
	return s.number(uint64(n))
}
