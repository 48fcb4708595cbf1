package pcapio

import "strings"

// A Format is a kind of capture file.
type Format int

// The formats.
const (
	Pcap Format = iota
	Pcapng
)

// String gives the format's name in lower case.
func (f Format) String() string {
	if f == Pcapng {
		return "pcapng"
	}
	return "pcap"
}

// defaultSnapLen is what tcpdump and Wireshark use.
const defaultSnapLen = 262144

// Options say what kind of file a Writer makes.
type Options struct {
	Format   Format
	LinkType int  // of a pcap file; of a pcapng file without packets
	SnapLen  int  // what the header says is the longest packet, in bytes; 0 means 262144
	Nano     bool // pcap keeps nanoseconds; without it, microseconds, cut off

	// The first packet of a pcap file may decide: AutoNano means Nano if its time
	// is not whole microseconds, AutoLinkType that LinkType is its own. Then a file
	// without packets has LinkType, or Ethernet if that is negative.
	AutoNano, AutoLinkType bool
}

// auto reports whether the first packet decides anything.
func (o Options) auto() bool { return o.AutoNano || o.AutoLinkType }

// decided returns the options of a file whose first packet is p.
func (o Options) decided(p *Packet) Options {
	if o.AutoLinkType {
		o.LinkType = p.LinkType
	}
	o.Nano = o.Nano || o.AutoNano && p.Time%1000 != 0
	return o
}

// snapLen is SnapLen with its default.
func (o Options) snapLen() int {
	if o.SnapLen == 0 {
		return defaultSnapLen
	}
	return o.SnapLen
}

// limit is the longest packet that a file takes, in bytes. What is longer than
// the snap length of a pcap file is cut off by those who read it.
func (o Options) limit() int {
	if o.Format == Pcapng {
		return maxPacket
	}
	return min(o.snapLen(), maxPacket)
}

// byName tells the format and the compression that a file's name asks for.
func byName(name string) (f Format, compression string) {
	name = strings.ToLower(name)
	for _, ext := range []string{".gz", ".zst"} {
		if base, ok := strings.CutSuffix(name, ext); ok {
			name, compression = base, ext
		}
	}
	if strings.HasSuffix(name, ".pcapng") {
		f = Pcapng
	}
	return f, compression
}
