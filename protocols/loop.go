package protocols

import "pkl/core"

// Loop is the link header of BSD's loopback interface (libpcap, LINKTYPE_NULL and LINKTYPE_LOOP).
var Loop = core.Spec{
	Name:   "loop",
	Doc:    "BSD loopback: the address family of what follows",
	Ref:    "libpcap LINKTYPE_NULL, LINKTYPE_LOOP",
	Over:   []core.Key{{On: "link", Is: "108, 0"}},
	Header: "4",
	Fields: []core.Field{
		// LINKTYPE_NULL has the byte order of the machine that captured. Families are small numbers:
		// whichever reading has zeros above 16 bits is the right one.
		{Name: "family", Bits: 32, Default: 2, When: "family <= 0xffff", Auto: "next", Key: "loop.family", Names: families},
		{Name: "family", Bits: 32, LE: true, When: "family > 0 and family <= 0xffff", Auto: "next", Key: "loop.family",
			Names: families},
		{Name: "family", Bits: 32, Hex: true, When: "family > 0xffff and family & 0xffff != 0", Doc: "of neither byte order"},
	},
}

// IPv6 has another number on each system.
var families = []core.ValueName{
	{V: 2, Name: "ip"}, {V: 7, Name: "osi"}, {V: 16, Name: "appletalk"},
	{V: 23, Name: "ipx"}, {V: 24, Name: "ip6_openbsd"}, {V: 28, Name: "ip6_freebsd"}, {V: 30, Name: "ip6_darwin"},
}
