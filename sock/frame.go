package sock

import (
	"fmt"
	"time"

	"golang.org/x/net/bpf"
)

// A Frame is one frame that was captured, or is to be sent. Sending uses Data
// and Offload, Replay also Time.
type Frame struct {
	// Data begins with the header of the capture's link type, a VLAN tag in its
	// place. Captured, it is valid until the next Read, and may be written to.
	Data []byte
	// Len is how many bytes the frame had; Data is shorter if the snap length, or
	// a block of the ring, cut it.
	Len int
	// Time is the kernel's receive (or send) time stamp in nanoseconds since 1970.
	Time int64
	// Iface and IfaceName are the interface that the frame passed.
	Iface     int
	IfaceName string
	Direction Direction
	// Losing says that the ring was full shortly before: frames are missing.
	Losing  bool
	Offload Offload
	// Number is the caller's: Refused can tell by it which frame could not be sent.
	Number int
}

// A Direction says where a frame was going, as the kernel has it (packet(7)).
type Direction uint8

// The directions. Numbers are those of linux/if_packet.h and of the pkttype
// field in cooked headers.
const (
	ToHost    Direction = 0 // to an address of the interface
	Broadcast Direction = 1
	Multicast Direction = 2
	OtherHost Direction = 3 // to somebody else; seen in promiscuous mode
	Outgoing  Direction = 4 // sent by this host
)

func (d Direction) String() string {
	names := [...]string{"to host", "broadcast", "multicast", "to other host", "outgoing"}
	if int(d) < len(names) {
		return names[d]
	}
	return fmt.Sprintf("direction %d", uint8(d))
}

// A GSO is the kind of a packet that is to be cut into segments later, or was put
// together from such (generic segmentation and receive offload).
type GSO uint8

// The kinds. Numbers are those of struct virtio_net_hdr.
const (
	GSONone GSO = 0
	GSOTCP4 GSO = 1
	GSOUDP  GSO = 3 // UDP, to be cut into IP fragments
	GSOTCP6 GSO = 4
	GSOUDPL GSO = 5 // UDP, to be cut into datagrams
	// GSOECN is set beside a TCP kind: the first segment alone has CWR.
	GSOECN GSO = 0x80
)

// Offload is what the sender has left to hardware. A captured frame tells it; a
// Sender that was opened with Offload hands it on, so that frames larger than the
// MTU leave whole.
type Offload struct {
	// SumPending: the Internet checksum over all bytes from SumStart on is still to
	// be stored at SumStart + SumOffset, where the sum of the pseudo header is now.
	// Both are 0 where the kernel does not tell them (link types other than the
	// interface's own). SumStart counts from the first byte of Data.
	SumPending bool
	SumStart   uint16
	SumOffset  uint16
	// SumValid: the sums of the transport were verified.
	SumValid bool
	// GSO, SegmentSize (bytes of payload in each segment) and HeaderLen (bytes of
	// headers, a hint; 0: not known). SegmentSize is 0 where the kernel does not
	// tell it.
	GSO         GSO
	SegmentSize uint16
	HeaderLen   uint16
}

// Any is the interface name that means all of them.
const Any = "any"

// A CaptureConfig says what to capture, and how.
type CaptureConfig struct {
	// Iface is the name of an interface, or Any: then frames have a Linux cooked
	// header (SLL2) in place of their own.
	Iface string
	// Layer3 asks for IP packets without any link header (link type 101), whatever
	// the interface; other frames are left out.
	Layer3 bool
	// Promisc asks the interface for all frames, not only its own.
	Promisc bool
	// Inbound leaves frames that this host sends out.
	Inbound bool
	// SnapLen is how many bytes of each frame are kept at most; 0: 262144.
	SnapLen int
	// RingKiB is the size of the ring that holds frames until they are read; 0: 8192.
	RingKiB int
	// Latency is how long the kernel holds frames back to hand over more of them at
	// once; 0: 10 ms. It counts in whole milliseconds, at least one. As each 128 KiB
	// of the ring are handed over after that time even if they hold one frame, a
	// reader that pauses for longer than the number of such blocks times the latency
	// may lose frames, however few come.
	Latency time.Duration
	// Filter is a classic BPF program in the kernel (see Capture.SetFilter); nil: all
	// frames.
	Filter []bpf.RawInstruction
}

const (
	defaultSnapLen = 262144
	defaultRingKiB = 8192
	defaultLatency = 10 * time.Millisecond
)

// Counts are what happened since a capture was opened.
type Counts struct {
	Received  uint64 // frames that passed the filter, with those dropped
	Dropped   uint64 // by the kernel, because the ring was full (or the kind of GSO has no description)
	Freezes   uint64 // times that the ring became full
	Malformed uint64 // blocks of the ring, or parts, that made no sense
}
