package sock

import (
	"errors"
	"fmt"
	"net/netip"
	"slices"
	"syscall"

	"github.com/jsimonetti/rtnetlink/v2"
	"golang.org/x/sys/unix"
)

// Interfaces returns the interfaces of the caller's network namespace, by index.
func Interfaces() ([]Interface, error) {
	c, err := rtnetlink.Dial(nil)
	if err != nil {
		return nil, fmt.Errorf("asking the kernel for interfaces: %w", err)
	}
	defer c.Close()
	links, err := c.Link.List()
	if err != nil {
		return nil, fmt.Errorf("asking the kernel for interfaces: %w", err)
	}
	var all []Interface
	for _, l := range links {
		if l.Attributes != nil {
			all = append(all, interfaceOf(&l))
		}
	}
	addrs, err := c.Address.List()
	if err != nil {
		return nil, fmt.Errorf("asking the kernel for addresses: %w", err)
	}
	for _, a := range addrs {
		i := slices.IndexFunc(all, func(one Interface) bool { return one.Index == int(a.Index) })
		if i < 0 || a.Attributes == nil {
			continue
		}
		ip := a.Attributes.Local // on a point to point link, Address is the other end's
		if ip == nil {
			ip = a.Attributes.Address
		}
		if addr, ok := netip.AddrFromSlice(ip); ok {
			all[i].Addrs = append(all[i].Addrs, netip.PrefixFrom(addr.Unmap(), int(a.PrefixLength)))
		}
	}
	slices.SortFunc(all, func(a, b Interface) int { return a.Index - b.Index })
	return all, nil
}

func interfaceOf(l *rtnetlink.LinkMessage) Interface {
	i := Interface{
		Name: l.Attributes.Name, Index: int(l.Index), MTU: int(l.Attributes.MTU),
		Up: l.Flags&unix.IFF_UP != 0, Loopback: l.Flags&unix.IFF_LOOPBACK != 0,
	}
	i.LinkType, _ = linkOf(l.Type)
	if l.Type == arphrdEthernet && len(l.Attributes.Address) == 6 {
		i.MAC = l.Attributes.Address
	}
	return i
}

// Route tells where the kernel sends packets for dst. A NoRouteError says that it
// knows no way.
func Route(dst netip.Addr) (Hop, error) { return routeFor(dst, 0) }

// routeFor is Route for packets with a mark.
func routeFor(dst netip.Addr, mark uint32) (Hop, error) {
	dst = dst.Unmap()
	if !dst.IsValid() {
		return Hop{}, errors.New("no address to find a route for")
	}
	c, err := rtnetlink.Dial(nil)
	if err != nil {
		return Hop{}, fmt.Errorf("asking the kernel for a route to %s: %w", dst, err)
	}
	defer c.Close()
	ask := rtnetlink.RouteMessage{Family: unix.AF_INET, DstLength: uint8(dst.BitLen())}
	if dst.Is6() {
		ask.Family = unix.AF_INET6
	}
	ask.Attributes.Dst = dst.AsSlice()
	ask.Attributes.Mark = mark
	if dst.Zone() != "" {
		d, err := find(dst.Zone())
		if err != nil {
			return Hop{}, err
		}
		ask.Attributes.OutIface = uint32(d.index)
	}
	all, err := c.Route.Get(&ask)
	var errno syscall.Errno
	switch {
	case errors.As(err, &errno) && slices.Contains([]syscall.Errno{unix.ENETUNREACH, unix.EHOSTUNREACH, unix.EACCES, unix.EINVAL}, errno):
		return Hop{}, &NoRouteError{dst, errno}
	case err != nil:
		return Hop{}, fmt.Errorf("asking the kernel for a route to %s: %w", dst, err)
	case len(all) == 0 || all[0].Attributes.OutIface == 0 || all[0].Type == unix.RTN_UNREACHABLE:
		return Hop{}, &NoRouteError{dst, unix.ENETUNREACH}
	}
	return hopOf(&all[0])
}

func hopOf(r *rtnetlink.RouteMessage) (Hop, error) {
	h := Hop{Index: int(r.Attributes.OutIface), Local: r.Type == unix.RTN_LOCAL}
	gateway := r.Attributes.Gateway
	if r.Attributes.Via != nil {
		gateway = r.Attributes.Via.Addr
	}
	if a, ok := netip.AddrFromSlice(gateway); ok {
		h.Gateway = a.Unmap()
	}
	if a, ok := netip.AddrFromSlice(r.Attributes.Src); ok {
		h.Src = a.Unmap()
	}
	fd, err := unix.Socket(unix.AF_INET, unix.SOCK_DGRAM|unix.SOCK_CLOEXEC, 0)
	if err != nil {
		return h, err
	}
	defer unix.Close(fd)
	h.Iface = nameOf(fd, h.Index)
	d, err := deviceOf(fd, h.Iface)
	h.MTU = d.mtu
	return h, err
}
