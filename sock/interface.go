package sock

import (
	"net"
	"net/netip"
)

// An Interface is one of this host.
type Interface struct {
	Name     string
	Index    int
	MAC      net.HardwareAddr // of 6 bytes; nil: none
	MTU      int              // bytes above the link header
	Up       bool
	Loopback bool
	Addrs    []netip.Prefix // its own, with the length of their networks
	LinkType int            // of frames that are captured on it; -1: not known
}

// A Hop is where the kernel sends packets for an address next.
type Hop struct {
	Iface   string
	Index   int
	Gateway netip.Addr // not valid: the address is reached directly
	Src     netip.Addr // what the kernel takes for source; not valid: it does not tell
	MTU     int        // of the interface
	Local   bool       // the address is this host's own
}
