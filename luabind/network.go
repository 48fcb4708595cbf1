package luabind

import (
	"context"
	"net/netip"
	"time"

	"pkl/core"
)

// A Network opens sockets for scripts.
type Network interface {
	Open(o SocketOptions) (Socket, error)
	Interfaces() ([]Interface, error)
	Route(dst netip.Addr) (Route, error)
}

// SocketOptions are the parameters of pkl.socket.
type SocketOptions struct {
	Iface    string // "": any, of layer 3
	Layer    int    // 2: frames; 3: IP packets, sent through the kernel's routes
	SendOnly bool
	Promisc  bool
	Outgoing bool // receive what this host sends, too
	SnapLen  int  // bytes of each packet that are kept; 0: the usual
	Buffer   int  // KiB for packets that were received and wait; 0: the usual
	Mark     uint32
	// Filter is what scripts want to see. They apply it themselves: the socket may
	// let through more. nil: everything.
	Filter *core.Filter
}

// A Socket receives and sends packets. One goroutine at a time reads, and one
// sends; Stats is for any.
type Socket interface {
	// Read returns the next packet and what is known about it. The bytes are valid
	// until the next Read. Where none comes in time it is os.ErrDeadlineExceeded.
	Read(m *core.Meta, f *Facts, until time.Time) ([]byte, error)
	// Send sends frames, and returns how many have gone.
	Send(ctx context.Context, frames []Frame, o SendOptions) (int, error)
	// Replay sends what next gives, as timing says, until it gives io.EOF.
	Replay(ctx context.Context, next func(*Frame) error, t ReplayTiming) (int, error)
	LinkType() int
	// MAC is the address of the interface; nil: it has none.
	MAC() []byte
	Stats() SocketStats
	Close() error
}

// A Frame is a packet to be sent.
type Frame struct {
	Data    []byte
	Offload Offload

	// For Replay:
	Time   int64        // nanoseconds
	Packet *core.Packet // whose bytes Data are
}

// An Offload is what the sender of a packet has left to hardware: a Socket tells
// it, and takes it, where the packet is sent again.
type Offload struct {
	SumPending, SumValid  bool
	GSO                   uint8
	SumStart, SumOffset   uint16
	SegmentSize, HeadSize uint16
}

// SendOptions say how often and how fast packets are sent.
type SendOptions struct {
	Count int     // times that all are sent; 0: once
	Loop  bool    // for ever
	Rate  float64 // packets per second; 0: as fast as they go
}

// A ReplayTiming says when the packets of a capture are sent.
type ReplayTiming struct {
	Speed float64 // how many times faster than recorded; 0: as fast as they go
	Rate  float64 // packets per second, whatever was recorded; 0: not fixed
}

// SocketStats count since a socket was opened.
type SocketStats struct {
	Received, Dropped uint64 // Dropped: for want of room until they were read
	Sent              uint64
}

// An Interface is one of the host's.
type Interface struct {
	Name     string
	Index    int
	MAC      []byte // nil: none
	MTU      int
	Up       bool
	Addrs    []netip.Prefix
	LinkType int // -1: unknown
}

// A Route is the way to an address.
type Route struct {
	Iface   string
	Gateway netip.Addr // invalid: the address is on the link
	Source  netip.Addr // the address that this host sends from; invalid: none
	MTU     int        // 0: unknown
}
