package pcapio

// A Packet is one packet of a capture file and what the file says about it.
type Packet struct {
	// Data is what was captured of the packet. After a Read it lies in the
	// Reader's buffer: the caller may write to it, and must copy what is to
	// outlive the next Read. Appending to it copies.
	Data []byte

	// Time is in nanoseconds since 1970-01-01 UTC. Times before 1677 and after
	// 2262 are moved to that limit. A pcapng Simple Packet Block has no time: 0.
	Time int64

	// Len is how many bytes the packet had on the wire. It is more than
	// len(Data) if the capture cut the packet. A Writer takes a Len below
	// len(Data), such as 0, as len(Data).
	Len int

	// LinkType is the LINKTYPE_ number of the first header in Data.
	LinkType int

	// Iface tells interfaces apart: it counts from 0 through the file, over
	// all sections of a pcapng. In a pcap file it is 0.
	Iface int

	// IfaceName is the interface's name (pcapng), or empty.
	IfaceName string

	// Comment is the packet's first comment (pcapng), or empty.
	Comment string

	// Options are the packet's other pcapng options, such as its direction
	// and hash, as little-endian option records without the end mark. Like
	// Data they lie in the Reader's buffer. A pcap file cannot hold them.
	Options []byte
}
