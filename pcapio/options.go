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
	AutoNano bool // Nano if the first packet's time is not whole microseconds
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
