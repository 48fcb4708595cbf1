package nfq

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"sync/atomic"
	"syscall"
	"time"

	"github.com/florianl/go-nfqueue/v2"
	"golang.org/x/sys/unix"
)

const (
	batch     = 64                // packets of one Read
	slotSize  = MaxPayload + 4096 // room for one message: payload, attributes, alignment
	flushSize = 256 << 10         // bytes of verdicts that are sent at once
	sendSize  = 8 << 20           // of the socket's send buffer

	perPacket  = 16 << 10 // what a waiting packet is reckoned to take of the receive buffer
	leastSpace = 64 << 20 // of it: GSO packets are 64 KiB each
	mostSpace  = 1<<30 - 1

	defaultMaxLen = 4096
)

// A Queue is one netfilter queue, bound to this process. One goroutine reads and
// gives verdicts; Wake, Counts and the kernel's figures are for any.
type Queue struct {
	config Config
	nf     *nfqueue.Nfqueue
	raw    syscall.RawConn
	parked chan struct{} // closed to let go-nfqueue's reader end
	cancel context.CancelFunc

	messages []message
	vectors  []unix.Iovec
	memory   []byte
	read     func(fd uintptr) bool // for RawConn, made once
	write    func(fd uintptr) bool
	got      int
	errno    syscall.Errno

	packets  []Packet
	asked    bool   // Read was called
	first    bool   // no packet was seen yet
	last     uint32 // ID of the last one
	deadline time.Time
	woken    atomic.Bool
	closed   atomic.Bool
	writer   verdictWriter
	fatal    error

	late, overruns, malformed, refused atomic.Uint64
}

// message is struct mmsghdr.
type message struct {
	unix.Msghdr
	len uint32
	_   [4]byte
}

// ErrNoRight says that the kernel refuses verdicts: CAP_NET_ADMIN is gone.
var ErrNoRight = errors.New("the right to give verdicts (CAP_NET_ADMIN) is lost")

// Read waits for packets, until the deadline (the zero time: none), and returns
// those that are there, at most 64, in their order. They and their bytes are
// valid until the next Read, and each wants one verdict before that. It returns
// none after Wake, or if the deadline has come and none are there; an error when
// no more packets will come.
func (q *Queue) Read(deadline time.Time) ([]Packet, error) {
	if q.fatal != nil {
		return nil, q.fatal
	}
	if !deadline.Equal(q.deadline) {
		if err := q.nf.Con.SetReadDeadline(deadline); err != nil {
			return nil, q.ended(err)
		}
		q.deadline = deadline
	}
	if q.woken.Load() {
		q.deadline = time.Unix(1, 0) // whatever Wake has set
		q.woken.Store(false)
		return nil, nil
	}
	for {
		err := q.receive()
		switch {
		case errors.Is(err, os.ErrDeadlineExceeded):
			q.woken.Store(false)
			q.deadline = time.Unix(1, 0)
			return nil, nil
		case err != nil:
			return nil, q.ended(err)
		case q.errno == unix.EINTR:
			return nil, nil
		case q.errno == unix.ENOBUFS:
			q.overruns.Add(1)
			return nil, nil
		case q.errno != 0:
			return nil, q.ended(q.errno)
		}
		if packets := q.take(); len(packets) > 0 || q.fatal != nil {
			return packets, q.fatal
		}
		q.Flush() // what was not understood has its verdict already
	}
}

// receive waits for messages and reads them. If none are there at first, whatever
// is in the queue came while it was being configured: it is repeated at once, as a
// queue that is full of it gets no further packets that would tell.
func (q *Queue) receive() error {
	q.got, q.errno = 0, 0
	if !q.asked {
		q.asked = true
		there := false
		err := q.raw.Control(func(fd uintptr) { there = q.read(fd) })
		if err != nil || there {
			return err
		}
		q.everything(Repeat)
		q.send()
	}
	err := q.raw.Read(q.read)
	if !errors.Is(err, os.ErrDeadlineExceeded) || q.woken.Load() {
		return err
	}
	// A deadline that was over before must not keep from reading what is there.
	there := false
	if failed := q.raw.Control(func(fd uintptr) { there = q.read(fd) }); failed != nil || there {
		return failed
	}
	return err
}

// everything gives a verdict on all packets that wait, known or not.
func (q *Queue) everything(a Action) {
	q.writer.single(msgVerdictBatch, a, q.last+1<<30)
	q.writer.mark(untold)
}

// ended is the error that ends all.
func (q *Queue) ended(err error) error {
	if q.closed.Load() {
		return fs.ErrClosed
	}
	q.fatal = fmt.Errorf("queue %d: %w", q.config.Queue, err)
	return q.fatal
}

// take parses the messages that were read.
func (q *Queue) take() []Packet {
	n := 0
	for i := range q.got {
		size := int(q.messages[i].len)
		truncated := q.messages[i].Flags&unix.MSG_TRUNC != 0
		q.messages[i].Flags = 0
		b := q.memory[i*slotSize:][:min(size, slotSize)]
		if truncated {
			q.malformed.Add(1)
			continue
		}
		if q.message(b, &q.packets[n]) {
			n++
		}
	}
	return q.packets[:n]
}

// message reads one message; it reports whether it is a packet that wants a
// verdict of the caller.
func (q *Queue) message(b []byte, p *Packet) bool {
	typ, body, _, err := nextMessage(b)
	switch {
	case err != nil:
	case typ == nlmsgError:
		q.refusal(body)
		return false
	case typ == msgPacket:
		known, err := p.parse(body)
		if known {
			q.last = p.ID
		}
		if q.first && known {
			q.release(p.ID)
		}
		if err == nil {
			return true
		}
		if known {
			q.writer.single(msgVerdict, q.config.OnError, p.ID)
		}
	default:
		return false
	}
	q.malformed.Add(1)
	return false
}

// release repeats the packets before the first that is read: they were queued
// while the queue was being configured, when nobody could read them.
func (q *Queue) release(first uint32) {
	q.first = false
	if first > 1 {
		q.writer.single(msgVerdictBatch, Repeat, first-1)
		q.writer.mark(untold)
	}
}

// refusal counts an error message of the kernel.
func (q *Queue) refusal(body []byte) {
	errno, sequence, err := refusal(body)
	switch {
	case err != nil:
		q.malformed.Add(1)
	case errno == 0 || errno == unix.ENOENT && sequence == untold:
	case errno == unix.ENOENT:
		q.late.Add(uint64(max(1, sequence)))
	case errno == unix.EPERM:
		q.fatal = fmt.Errorf("queue %d: %w", q.config.Queue, ErrNoRight)
	default:
		q.refused.Add(1)
	}
}

// Verdict says what becomes of a packet of the last Read. Verdicts come in the
// order of the packets, and reach the kernel with Flush, or before. The payload
// is copied.
func (q *Queue) Verdict(p *Packet, v Verdict) {
	q.writer.add(p.ID, &v)
	if len(q.writer.buf) >= flushSize {
		q.send()
	}
}

// Flush sends the verdicts that were given.
func (q *Queue) Flush() error {
	q.writer.endRun()
	q.send()
	return q.fatal
}

func (q *Queue) send() {
	if len(q.writer.buf) == 0 {
		return
	}
	const tries = 100
	for i := range tries {
		q.errno = 0
		if err := q.raw.Write(q.write); err != nil {
			q.ended(err)
			break
		}
		if q.errno == 0 {
			break
		}
		// The kernel is short of memory, or was interrupted: the same again. It does
		// not tell when there is room, as nothing ever waits in this direction.
		retry := q.errno == unix.EINTR || q.errno == unix.EAGAIN || q.errno == unix.ENOBUFS || q.errno == unix.ENOMEM
		if !retry || i == tries-1 {
			q.ended(q.errno)
			break
		}
		if q.errno != unix.EINTR {
			time.Sleep(time.Millisecond)
		}
	}
	q.writer.buf = q.writer.buf[:0]
}

// Wake has a Read that waits, or else the next one, return without packets.
func (q *Queue) Wake() {
	q.woken.Store(true)
	q.nf.Con.SetReadDeadline(time.Unix(1, 0))
}

// Counts returns what happened so far.
func (q *Queue) Counts() Counts {
	return Counts{Late: q.late.Load(), Overruns: q.overruns.Load(), Malformed: q.malformed.Load(), Refused: q.refused.Load()}
}

// Number is that of the queue.
func (q *Queue) Number() uint16 { return q.config.Queue }

// Close sends what verdicts there are and unbinds the queue. Packets that still
// wait get the verdict of Config.OnError.
func (q *Queue) Close() error {
	if q.closed.Swap(true) {
		return nil
	}
	if q.config.OnError != Drop && q.fatal == nil { // the kernel drops by itself
		q.everything(q.config.OnError)
	}
	q.Flush()
	return q.shut()
}
