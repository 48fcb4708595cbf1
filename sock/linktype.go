package sock

// Link types (LINKTYPE_ values of capture files) that interfaces may have.
const (
	LinkEthernet  = 1
	LinkRawIP     = 101
	LinkHDLC      = 104 // Cisco HDLC
	LinkIEEE80211 = 105
	LinkPrism     = 119
	LinkRadiotap  = 127
	LinkIEEE80215 = 230 // IEEE 802.15.4 without FCS
	LinkVsock     = 271
	LinkSLL2      = 276 // Linux cooked
)

// Hardware types (linux/if_arp.h) that are looked at on their own.
const (
	arphrdEthernet = 1
	arphrdLoopback = 772
	arphrdVoid     = 0xffff // of sockets on all interfaces
)

// A form is what the bytes of a frame are made from.
type form uint8

const (
	whole   form = iota // the frame as it is
	payload             // IP packets: what follows the link header
	cooked              // the same, whatever it is, behind an SLL2 header
)

// LinkType returns the link type of an interface's frames by its hardware type
// (ARPHRD_ of linux/if_arp.h).
func LinkType(arphrd uint16) (link int, known bool) {
	link, _ = linkOf(arphrd)
	return link, link >= 0
}

// linkOf returns the link type for a hardware type, -1 if there is none. Where
// some drivers give a link header and others none, only what follows it is taken.
func linkOf(arphrd uint16) (link int, f form) {
	switch arphrd {
	case arphrdEthernet, arphrdLoopback:
		return LinkEthernet, whole
	case 519, 0xfffe: // RAWIP, NONE: tun, wireguard, cellular
		return LinkRawIP, whole
	case 256, 257, 258, 259, 264, 512: // SLIP and its like, PPP
		return LinkRawIP, payload
	case 768, 769, 776, 778, 823: // TUNNEL, TUNNEL6, SIT, IPGRE, IP6GRE
		return LinkRawIP, payload
	case 513: // CISCO
		return LinkHDLC, whole
	case 801:
		return LinkIEEE80211, whole
	case 802:
		return LinkPrism, whole
	case 803:
		return LinkRadiotap, whole
	case 804, 805:
		return LinkIEEE80215, whole
	case 826:
		return LinkVsock, whole
	}
	return -1, whole
}
