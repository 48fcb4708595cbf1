//go:build linux

package sock_test

import (
	"errors"
	"net/netip"
	"reflect"
	"slices"
	"testing"

	"pkl/internal/netns"
	"pkl/internal/netns/netlab"
	"pkl/sock"
)

// newNet is a pair with IPv6, and a router to 10.1.0.0/16 and fd01::/64.
func newNet(t *testing.T) *pair {
	lab := netlab.New(t)
	p := &pair{t, netlab.Namespace(t, lab, "a"), netlab.Namespace(t, lab, "b")}
	p.must(lab.Veth(netns.End{NS: p.a, Dev: "v0", Addrs: []string{"10.9.0.1/24", "fd09::1/64"}}, netns.End{NS: p.b, Dev: "v1", Addrs: []string{"10.9.0.2/24", "fd09::2/64"}}))
	p.works(p.a, "v0")
	p.works(p.b, "v1")
	p.must(p.a.Route("10.1.0.0/16", "10.9.0.2"))
	p.must(p.a.Route("fd01::/64", "fd09::2"))
	return p
}

func TestInterfaces(t *testing.T) {
	p := newNet(t)
	p.ip(p.a, "link set v0 address 02:00:00:00:00:0a mtu 1400")
	p.ip(p.a, "link add d0 type veth peer name d1")
	p.must(p.a.Do(func() error {
		all, err := sock.Interfaces()
		if err != nil {
			return err
		}
		find := func(name string) sock.Interface {
			i := slices.IndexFunc(all, func(i sock.Interface) bool { return i.Name == name })
			if i < 0 {
				t.Errorf("no %s in %+v", name, all)
				return sock.Interface{}
			}
			return all[i]
		}
		lo, v0, d0 := find("lo"), find("v0"), find("d0")
		if !lo.Up || !lo.Loopback || lo.MTU != 65536 || lo.MAC != nil || lo.LinkType != sock.LinkEthernet ||
			!reflect.DeepEqual(lo.Addrs, []netip.Prefix{netip.MustParsePrefix("127.0.0.1/8"), netip.MustParsePrefix("::1/128")}) {
			t.Errorf("lo: %+v", lo)
		}
		if !v0.Up || v0.Loopback || v0.MTU != 1400 || v0.MAC.String() != "02:00:00:00:00:0a" || v0.LinkType != sock.LinkEthernet ||
			!slices.Contains(v0.Addrs, netip.MustParsePrefix("10.9.0.1/24")) || !slices.Contains(v0.Addrs, netip.MustParsePrefix("fd09::1/64")) {
			t.Errorf("v0: %+v", v0)
		}
		if d0.Up || d0.Index == v0.Index || d0.Addrs != nil {
			t.Errorf("d0: %+v", d0)
		}
		return nil
	}))
}

func TestRoute(t *testing.T) {
	p := newNet(t)
	p.ip(p.a, "route add unreachable 10.2.0.0/16")
	p.ip(p.a, "route add unreachable fd02::/64")
	p.ip(p.a, "route add blackhole 10.3.0.0/16")
	p.ip(p.a, "route add blackhole fd03::/64")
	p.must(p.a.Do(func() error {
		for dst, want := range map[string]sock.Hop{
			"10.9.0.77": {Iface: "v0", Src: netip.MustParseAddr("10.9.0.1"), MTU: 1500},
			"10.1.2.3":  {Iface: "v0", Src: netip.MustParseAddr("10.9.0.1"), MTU: 1500, Gateway: netip.MustParseAddr("10.9.0.2")},
			"fd09::77":  {Iface: "v0", Src: netip.MustParseAddr("fd09::1"), MTU: 1500},
			"fd01::5":   {Iface: "v0", Src: netip.MustParseAddr("fd09::1"), MTU: 1500, Gateway: netip.MustParseAddr("fd09::2")},
			"10.9.0.1":  {Iface: "lo", Src: netip.MustParseAddr("10.9.0.1"), MTU: 65536, Local: true},
			"fd09::1":   {Iface: "lo", Src: netip.MustParseAddr("fd09::1"), MTU: 65536, Local: true},
			"127.0.0.9": {Iface: "lo", Src: netip.MustParseAddr("127.0.0.1"), MTU: 65536, Local: true},
		} {
			hop, err := sock.Route(netip.MustParseAddr(dst))
			want.Index = hop.Index
			if err != nil || hop != want || hop.Index == 0 {
				t.Errorf("%s: %+v %v\nwant %+v", dst, hop, err, want)
			}
		}
		for _, dst := range []string{"10.2.0.1", "fd02::1", "10.3.0.1", "fd03::1", "192.0.2.1", "2001:db8::1"} {
			var none *sock.NoRouteError
			if hop, err := sock.Route(netip.MustParseAddr(dst)); !errors.As(err, &none) || none.Dst.String() != dst {
				t.Errorf("%s: %+v %v", dst, hop, err)
			}
		}
		if _, err := sock.Route(netip.Addr{}); err == nil {
			t.Error("no address: no error")
		}
		return nil
	}))
}
