package nfq

import "time"

// A Packet is one that waits in the kernel for a verdict, as the kernel describes
// it. What the kernel did not say is zero, or marked so.
type Packet struct {
	ID       uint32
	Family   uint8  // nfproto: IPv4 2, IPv6 10, bridge 7
	Hook     uint8  // see HookName
	Protocol uint16 // Ethernet type of Data
	Data     []byte // from the network header on; valid until the next Read
	Len      int    // bytes that the packet has; Data may be shorter

	Time    int64 // nanoseconds since 1970, of arrival; 0: not known
	Mark    uint32
	In, Out uint32 // interface indexes; 0: none
	PhysIn  uint32 // the bridge port, where In is a bridge
	PhysOut uint32

	HWAddr []byte // source address of the frame; empty: none. Valid as Data is
	HWType uint16 // hardware type, where the kernel says it
	L2     []byte // the whole link-layer header, of bridged packets

	UID, GID uint32
	HasUID   bool // of the sending socket, for packets made here
	HasGID   bool

	VLANProto uint16 // 0: no tag
	VLANTCI   uint16

	CTMark    uint32 // the connection's mark
	HasCTMark bool   // the kernel tracks connections and tells here
	Priority  uint32

	SumsPending bool // transport sums are left to hardware
	GSO         bool // larger than the path allows: cut after the verdict
}

// HookName is the place of the packet's path where it was queued: prerouting,
// input, forward, output or postrouting; "" if it is none of these.
func HookName(hook uint8) string {
	names := [...]string{"prerouting", "input", "forward", "output", "postrouting"}
	if int(hook) < len(names) {
		return names[hook]
	}
	return ""
}

// An Action is what becomes of a packet.
type Action uint8

// The actions. Numbers are those of the kernel (linux/netfilter.h).
const (
	Drop    Action = 0
	Accept  Action = 1
	Requeue Action = 3 // to another queue
	Repeat  Action = 4 // the hook is called again
)

// A Verdict tells the kernel what to do with a packet.
type Verdict struct {
	Action  Action
	Queue   uint16 // Requeue
	Bypass  bool   // Requeue: accept, where nobody has that queue
	Payload []byte // if not nil, replaces the packet's bytes; at most MaxPayload
	Mark    uint32
	SetMark bool
	CTMark  uint32
	SetCT   bool
}

// MaxPayload is how many bytes of a packet the kernel hands over, and takes back.
const MaxPayload = 0xffff - 4

// A Config says how to bind a queue.
type Config struct {
	Queue    uint16
	MaxLen   uint32 // packets that wait in the kernel at most; 0: 4096
	FailOpen bool   // a full queue accepts, instead of dropping
	Segment  bool   // the kernel cuts GSO packets before it queues them
	CTMark   bool   // ask for connection marks, where the kernel has them
	NetNS    int    // file descriptor of a network namespace; 0: the caller's

	// OnError is the verdict on packets whose message cannot be understood, and on
	// those that still wait at the end.
	OnError Action
}

// Counts are what happened on a queue since it was opened.
type Counts struct {
	Late      uint64 // verdicts on packets that were not there any more (ENOENT); of a run of equal ones, if all are gone
	Overruns  uint64 // times that the socket's buffer overran (ENOBUFS)
	Malformed uint64 // messages that could not be understood
	Refused   uint64 // verdicts that the kernel refused for another reason
}

// A KernelQueue is a line of /proc/net/netfilter/nfnetlink_queue.
type KernelQueue struct {
	Queue       uint16
	PortID      uint32 // netlink address of the socket that has it, often the process id
	Waiting     int    // packets
	CopyRange   int
	Dropped     uint64 // because the queue was full
	UserDropped uint64 // because the socket's buffer was full
}

// timeOf turns seconds and microseconds into nanoseconds; 0 if they make no sense.
func timeOf(sec, usec uint64) int64 {
	const latest = 1 << 33 // seconds; keeps the product within 64 bits
	if sec >= latest || usec >= 1e6 {
		return 0
	}
	return int64(sec)*int64(time.Second) + int64(usec)*int64(time.Microsecond)
}
