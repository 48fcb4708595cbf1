package luabind

import (
	"encoding/hex"
	"fmt"
	"strconv"
	"strings"

	lua "github.com/yuin/gopher-lua"

	"pkl/core"
)

// recordString is tostring of a layer or an item: name, field=value …
func (s *State) recordString(L *lua.LState) int {
	r := checkRecord(L, 1)
	p := r.live(L)
	var b strings.Builder
	b.WriteString(r.typ.layout.Name)
	for _, f := range r.typ.layout.Slots {
		if f.Name != "" && f.Part == "" && p.Has(r.id, f) {
			b.WriteString(" " + f.Name + "=" + s.fieldText(r.pk, p, r.id, f))
		}
	}
	L.Push(lua.LString(b.String()))
	return 1
}

// listString is tostring(l): its items.
func (s *State) listString(L *lua.LState) int {
	l := checkList(L, 1)
	L.Push(lua.LString(s.listText(l, l.live(L))))
	return 1
}

func (s *State) listText(l *listRef, p *core.Packet) string {
	var items []string
	for _, id := range p.Items(l.id) {
		items = append(items, s.itemText(l.pk, p, id))
	}
	return "[" + strings.Join(items, " ") + "]"
}

func (s *State) itemText(pk *packetRef, p *core.Packet, id core.ID) string {
	var fields []string
	for _, f := range p.LayoutOf(id).Slots {
		if f.Part != "" || !p.Has(id, f) {
			continue
		}
		if text := s.fieldText(pk, p, id, f); f.Name == "" {
			fields = append(fields, text)
		} else {
			fields = append(fields, f.Name+"="+text)
		}
	}
	return strings.Join(fields, " ")
}

// fieldText is the value of a field as a print shows it.
func (s *State) fieldText(pk *packetRef, p *core.Packet, id core.ID, f *core.Slot) string {
	switch v := s.readOne(pk, p, id, f).(type) {
	case *lua.LUserData:
		if l, ok := v.Value.(*listRef); ok {
			return s.listText(l, p)
		}
		if h, ok := v.Value.(*packetRef); ok {
			return "(" + h.p.String() + ")"
		}
		return v.Value.(fmt.Stringer).String()
	case lua.LString:
		if f.Kind == core.Bytes {
			return hex.EncodeToString([]byte(v))
		}
		if f.Kind == core.Text {
			return strconv.Quote(string(v))
		}
		return string(v)
	case lua.LNumber:
		if name := f.ValueName(uint64(v)); name != "" {
			return name
		}
		if f.Hex {
			return "0x" + strconv.FormatUint(uint64(v), 16)
		}
		return v.String()
	default:
		return v.String()
	}
}
