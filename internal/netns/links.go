package netns

import (
	"errors"
	"strings"
)

// An End is one end of a pair of devices.
type End struct {
	NS    *Namespace
	Dev   string
	Addrs []string // each with the length of its prefix, as 10.9.0.1/24 or fd09::1/64
}

// Veth joins two namespaces by a pair of virtual Ethernet devices, gives them
// their addresses, and sets them up.
func (l *Lab) Veth(a, b End) error {
	if _, err := ip("-n", a.NS.Name, "link", "add", a.Dev, "type", "veth", "peer", "name", b.Dev, "netns", b.NS.Name); err != nil {
		return err
	}
	return errors.Join(a.up(), b.up())
}

func (e End) up() error {
	for _, addr := range e.Addrs {
		args := []string{"-n", e.NS.Name, "addr", "add", addr, "dev", e.Dev}
		if strings.Contains(addr, ":") {
			args = append(args, "nodad")
		}
		if _, err := ip(args...); err != nil {
			return err
		}
	}
	_, err := ip("-n", e.NS.Name, "link", "set", e.Dev, "up")
	return err
}

// Route sends what is for dst ("default", or addresses as 10.9.2.0/24) by way of
// the neighbour with the address via.
func (ns *Namespace) Route(dst, via string) error {
	family := "-4"
	if strings.Contains(via, ":") {
		family = "-6"
	}
	_, err := ip("-n", ns.Name, family, "route", "add", dst, "via", via)
	return err
}

// Forward makes the namespace a router, for IPv4 and IPv6.
func (ns *Namespace) Forward() error {
	return errors.Join(ns.Sysctl("net/ipv4/ip_forward", "1"), ns.Sysctl("net/ipv6/conf/all/forwarding", "1"))
}

// The addresses of a Chain.
const (
	Client4 = "10.9.1.2" // the client's
	Client6 = "fd09:1::2"
	Near4   = "10.9.1.1" // the router's, on the client's side
	Near6   = "fd09:1::1"
	Far4    = "10.9.2.1" // the router's, on the server's side
	Far6    = "fd09:2::1"
	Server4 = "10.9.2.2" // the server's
	Server6 = "fd09:2::2"
)

// A Chain is three namespaces in a row, with IPv4 and IPv6: a client, a router
// (the device under test), a server. Client and server have eth0; the router has
// eth0 towards the client, eth1 towards the server.
type Chain struct {
	Client, DUT, Server *Namespace
}

// Chain makes a Chain.
func (l *Lab) Chain() (*Chain, error) {
	c := &Chain{}
	for _, n := range []struct {
		at   **Namespace
		name string
	}{{&c.Client, "client"}, {&c.DUT, "dut"}, {&c.Server, "server"}} {
		var err error
		if *n.at, err = l.Namespace(n.name); err != nil {
			return nil, err
		}
	}
	err := errors.Join(
		l.Veth(End{c.Client, "eth0", []string{Client4 + "/24", Client6 + "/64"}},
			End{c.DUT, "eth0", []string{Near4 + "/24", Near6 + "/64"}}),
		l.Veth(End{c.DUT, "eth1", []string{Far4 + "/24", Far6 + "/64"}},
			End{c.Server, "eth0", []string{Server4 + "/24", Server6 + "/64"}}),
	)
	if err != nil {
		return nil, err
	}
	return c, errors.Join(c.DUT.Forward(),
		c.Client.Route("default", Near4), c.Client.Route("default", Near6),
		c.Server.Route("default", Far4), c.Server.Route("default", Far6))
}
