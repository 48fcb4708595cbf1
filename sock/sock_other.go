//go:build !linux

package sock

import (
	"context"
	"errors"
	"iter"
	"net/netip"
	"time"

	"golang.org/x/net/bpf"
)

var errLinux = errors.New("packet sockets need Linux")

// A Capture takes the frames that pass an interface; here there are none.
type Capture struct{}

// OpenCapture fails: packet sockets need Linux.
func OpenCapture(CaptureConfig) (*Capture, error) { return nil, errLinux }

// OpenCaptures fails.
func OpenCaptures(CaptureConfig, int) ([]*Capture, error) { return nil, errLinux }

// Read fails.
func (*Capture) Read(time.Time) ([]Frame, error) { return nil, errLinux }

// SetFilter fails.
func (*Capture) SetFilter([]bpf.RawInstruction) error { return errLinux }

// Attach fails.
func (*Capture) Attach(context.Context) error { return errLinux }

// Wake does nothing.
func (*Capture) Wake() {}

// LinkType is 0.
func (*Capture) LinkType() int { return 0 }

// SnapLen is 0.
func (*Capture) SnapLen() int { return 0 }

// Counts returns nothing.
func (*Capture) Counts() Counts { return Counts{} }

// Close does nothing.
func (*Capture) Close() error { return nil }

// A Sender sends frames; here it cannot.
type Sender struct{}

// OpenSender fails: packet sockets need Linux.
func OpenSender(SenderConfig) (*Sender, error) { return nil, errLinux }

// Send fails.
func (*Sender) Send(context.Context, []Frame) (int, error) { return 0, errLinux }

// Repeat fails.
func (*Sender) Repeat(context.Context, []Frame, Plan) (uint64, error) { return 0, errLinux }

// Replay fails.
func (*Sender) Replay(context.Context, iter.Seq2[*Frame, error], Timing) (uint64, error) {
	return 0, errLinux
}

// Attach fails.
func (*Sender) Attach(context.Context) error { return errLinux }

// Counts returns nothing.
func (*Sender) Counts() SendCounts { return SendCounts{} }

// LinkType is -1.
func (*Sender) LinkType() int { return -1 }

// MTU is 0.
func (*Sender) MTU() int { return 0 }

// Close does nothing.
func (*Sender) Close() error { return nil }

// Interfaces fails.
func Interfaces() ([]Interface, error) { return nil, errLinux }

// Route fails.
func Route(netip.Addr) (Hop, error) { return Hop{}, errLinux }
