package sock

import "time"

// A SenderConfig says how to send.
type SenderConfig struct {
	// Iface is the interface that frames leave by. With Layer3 it is optional: packets
	// leave by no other (SO_BINDTODEVICE).
	Iface string
	// Layer3 sends IP packets, of both versions, through the kernel's routing. Data
	// begins with the IP header. Of IPv4 headers the kernel fills in the length and
	// the sum, and the source and ID where they are 0 (raw(7)).
	Layer3 bool
	// Mark is the packets' firewall mark (SO_MARK); 0: none. It needs CAP_NET_ADMIN or
	// CAP_NET_RAW.
	Mark uint32
	// Offload hands on what frames leave to hardware (Frame.Offload), so that those
	// larger than the MTU go whole. Not with Layer3.
	Offload bool
	// QdiscBypass gives frames to the driver at once, past traffic control; captures
	// on this host do not see them. Not with Layer3.
	QdiscBypass bool
	// Patience is how long a frame waits while the interface's queue has no room (0: 2
	// seconds); then it is a NoRoomError, and so are those behind it that find none at
	// once.
	Patience time.Duration
}

// A Plan says how many frames to send, and how fast.
type Plan struct {
	// Count is how many frames in all, going round those given; 0: each once, or for
	// ever with Loop.
	Count uint64
	Loop  bool
	// Rate is in frames per second; 0: as fast as they go.
	Rate float64
}

// A Timing says when Replay sends.
type Timing struct {
	// Speed is how much faster than recorded: 1 keeps the spacing, 2 halves it; 0
	// sends as fast as frames go. Times that go back count as no time.
	Speed float64
	// Rate, in frames per second, takes the place of the recorded times; 0: none.
	Rate float64
	// MaxGap shortens longer pauses, before Speed; 0: none.
	MaxGap time.Duration
	// Refused is asked about a frame that cannot be sent (a TooLongError, a
	// BadFrameError, a NoRoomError): the error it returns ends Replay, nil goes on. If
	// it is nil, such a frame ends Replay.
	Refused func(f *Frame, err error) error
}

// SendCounts are what a Sender did since it was opened.
type SendCounts struct {
	Sent  uint64 // frames or packets that the kernel has taken
	Bytes uint64 // in them
	Waits uint64 // times that the socket's buffer was full (EAGAIN)
	Full  uint64 // times that the interface's queue was full (ENOBUFS)
}

// A schedule says when the frames of a replay are due.
type schedule struct {
	Timing
	n      uint64
	latest int64         // of the recorded times
	media  time.Duration // since the first
}

// due is when a frame recorded at t is to be sent, after the first.
func (s *schedule) due(t int64) time.Duration {
	n := s.n
	s.n++
	if s.Rate > 0 {
		return dueAt(n, s.Rate)
	}
	if s.Speed <= 0 {
		return 0
	}
	if n == 0 {
		s.latest = t
	}
	if t > s.latest {
		gap := time.Duration(t - s.latest)
		if gap < 0 { // of more than 292 years
			gap = 1<<63 - 1
		}
		if s.MaxGap > 0 {
			gap = min(gap, s.MaxGap)
		}
		if s.media += gap; s.media < 0 {
			s.media = 1<<63 - 1
		}
		s.latest = t
	}
	return clamp(float64(s.media) / s.Speed)
}

// dueAt is when frame n is due, after the first, at a rate in frames per second.
func dueAt(n uint64, rate float64) time.Duration { return clamp(float64(n) * 1e9 / rate) }

// clamp is a number of nanoseconds as a duration; what is longer than a century is
// as long as none.
func clamp(ns float64) time.Duration {
	if ns < 1<<62 {
		return time.Duration(ns)
	}
	return 1 << 62
}
