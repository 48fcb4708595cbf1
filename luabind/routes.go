package luabind

import (
	"net"
	"net/netip"

	lua "github.com/yuin/gopher-lua"
)

// pklInterfaces is pkl.interfaces(): { {name =, index =, mac =, mtu =, up =, addrs =} … },
// or nil and why not.
func (s *State) pklInterfaces(L *lua.LState) int {
	s.allowNet(L, "pkl.interfaces")
	all, err := s.cfg.Network.Interfaces()
	if err != nil {
		return failure(L, err)
	}
	list := L.NewTable()
	for _, i := range all {
		t := L.NewTable()
		t.RawSetString("name", lua.LString(i.Name))
		t.RawSetString("index", lua.LNumber(i.Index))
		t.RawSetString("mac", textOrNil(net.HardwareAddr(i.MAC).String()))
		t.RawSetString("mtu", lua.LNumber(i.MTU))
		t.RawSetString("up", lua.LBool(i.Up))
		if i.LinkType >= 0 {
			t.RawSetString("linktype", s.linkTypeName(i.LinkType))
		}
		addrs := L.NewTable()
		for _, a := range i.Addrs {
			addrs.Append(lua.LString(a.String()))
		}
		t.RawSetString("addrs", addrs)
		list.Append(t)
	}
	L.Push(list)
	return 1
}

// pklRoute is pkl.route(address): {iface =, gateway =, source =, mtu =}, or nil
// and why there is none.
func (s *State) pklRoute(L *lua.LState) int {
	s.allowNet(L, "pkl.route")
	dst, err := netip.ParseAddr(L.CheckString(1))
	if err != nil {
		L.RaiseError("pkl.route: %q is no IPv4 or IPv6 address", L.CheckString(1))
	}
	r, err := s.cfg.Network.Route(dst)
	if err != nil {
		return failure(L, err)
	}
	t := L.NewTable()
	t.RawSetString("iface", textOrNil(r.Iface))
	if r.Gateway.IsValid() {
		t.RawSetString("gateway", lua.LString(r.Gateway.String()))
	}
	if r.Source.IsValid() {
		t.RawSetString("source", lua.LString(r.Source.String()))
	}
	if r.MTU > 0 {
		t.RawSetString("mtu", lua.LNumber(r.MTU))
	}
	L.Push(t)
	return 1
}
