package main

// kind is what a packet is in the printed mixture.
type kind int

const (
	tcpSYN kind = iota
	tcpSYNACK
	tcpACK
	tcpData
	tcpHTTP
	tcpFIN
	tcpRST
	udpOther
	dnsQuery
	dnsResponse
	frag4First
	frag4Later
	frag6First
	frag6Later
	icmpEcho
	icmpError
	icmp6Echo
	icmp6Error
	icmp6Neighbour
	arpAny
	kinds
)

var kindNames = [kinds]string{
	"tcp SYN", "tcp SYN+ACK", "tcp ACK only", "tcp data", "tcp http header", "tcp FIN", "tcp RST", "udp", "dns query",
	"dns response", "ip fragment, first", "ip fragment, later", "ip6 fragment, first", "ip6 fragment, later", "icmp echo",
	"icmp error", "icmp6 echo", "icmp6 error", "icmp6 neighbour", "arp",
}

// gen makes one packet after the other. The sequence depends on the seed alone, so a short capture is a prefix of a long one.
type gen struct {
	r     rng
	pool  *pool
	f     frame
	flows []flow
	udps  []udpFlow
	asked []question
	queue []piece
	aside *gen // builds what errors quote
	opts  []byte
	text  []byte

	// About the packet in f:
	path   *path
	flags  int // TCP flags
	padded bool
}

const (
	tcpFlows = 4096
	udpFlows = 512
)

// newGen starts a sequence.
func newGen(seed uint64) *gen {
	g := &gen{r: rng(seed), opts: make([]byte, 0, 40), text: make([]byte, 0, 1024)}
	g.pool = newPool(&g.r)
	g.aside = &gen{r: rng(seed + 1), pool: g.pool, opts: make([]byte, 0, 40)}
	for range tcpFlows {
		g.flows = append(g.flows, newFlow(&g.r))
	}
	for range udpFlows {
		g.udps = append(g.udps, newUDPFlow(&g.r))
	}
	return g
}

// note keeps what the counts need to know of the packet in f.
func (g *gen) note(p *path, flags int) { g.path, g.flags = p, flags }

// next builds the next packet in g.f. The weights are per mille.
func (g *gen) next() kind {
	if len(g.queue) > 0 {
		return g.pending()
	}
	switch w := g.r.below(1000); {
	case w < 680:
		return g.tcp()
	case w < 830:
		return g.udp()
	case w < 875:
		return g.dnsQuery()
	case w < 920:
		return g.dnsResponse()
	case w < 928:
		return g.fragments(false)
	case w < 932:
		return g.fragments(true)
	default:
		return g.control(w - 932)
	}
}

// control builds what keeps a network going.
func (g *gen) control(w int) kind {
	switch {
	case w < 20:
		return g.echo(false)
	case w < 30:
		return g.echo(true)
	case w < 40:
		return g.icmpError(false)
	case w < 45:
		return g.icmpError(true)
	case w < 53:
		return g.neighbour()
	}
	return g.arp()
}
