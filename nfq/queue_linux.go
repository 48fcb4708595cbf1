package nfq

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"sync"
	"sync/atomic"
	"syscall"
	"time"
	"unsafe"

	"github.com/florianl/go-nfqueue/v2"
	"golang.org/x/net/bpf"
	"golang.org/x/sys/unix"
)

const (
	batch     = 64                // packets of one Read
	slotSize  = MaxPayload + 4096 // room for one message: payload, attributes, alignment
	flushSize = 256 << 10         // bytes of verdicts that are sent at once
	sendSize  = 8 << 20           // of the socket's send buffer
	binds     = 3                 // attempts to bind; optional features are left out one by one

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

// An InUseError says that another process has the queue.
type InUseError struct {
	Queue  uint16
	PortID uint32 // netlink address of its socket, often the process id; 0: not known
}

func (e *InUseError) Error() string {
	if e.PortID == 0 {
		return fmt.Sprintf("queue %d cannot be bound: another process has it, or CAP_NET_ADMIN is missing", e.Queue)
	}
	return fmt.Sprintf("queue %d is already bound by another process (netlink port %d%s); end that one or choose another queue", e.Queue, e.PortID, processName(e.PortID))
}

func (e *InUseError) Unwrap() error { return syscall.EPERM }

// processName names the process that a netlink port belongs to, as far as that
// can be told: the first socket of a process has its id.
func processName(port uint32) string {
	name, err := os.ReadFile(fmt.Sprintf("/proc/%d/comm", port))
	if err != nil || len(name) == 0 {
		return ""
	}
	return fmt.Sprintf(", process %d, %s", port, name[:len(name)-1])
}

// Open binds a queue. The kernel queues packets from then on, for Read. An
// InUseError means that another process has the queue; EPERM that the right is
// missing.
func Open(c Config) (*Queue, error) {
	if c.MaxLen == 0 {
		c.MaxLen = defaultMaxLen
	}
	var err error
	for range binds {
		var q *Queue
		if q, err = bind(c); err == nil {
			return q, nil
		}
		if !c.CTMark || !errors.Is(err, syscall.EOPNOTSUPP) {
			break
		}
		c.CTMark = false // this kernel has no conntrack in its queues
	}
	if errors.Is(err, syscall.EPERM) {
		return nil, refusedBind(c.Queue, err)
	}
	return nil, fmt.Errorf("queue %d: %w", c.Queue, err)
}

// refusedBind finds out why a bind is not permitted: the kernel says EPERM for
// both reasons.
func refusedBind(queue uint16, err error) error {
	all, _ := Kernel()
	for _, k := range all {
		if k.Queue == queue {
			return &InUseError{queue, k.PortID}
		}
	}
	return fmt.Errorf("queue %d: no right to bind it: run as root, or with CAP_NET_ADMIN: %w", queue, err)
}

// bind has go-nfqueue bind and configure the queue, and takes over its socket.
func bind(c Config) (*Queue, error) {
	nf, err := nfqueue.Open(&nfqueue.Config{
		NetNS: c.NetNS, NfQueue: c.Queue, MaxQueueLen: c.MaxLen, MaxPacketLen: 0xffff,
		Copymode: nfqueue.NfQnlCopyPacket, Flags: c.flags(), AfFamily: unix.AF_UNSPEC,
	})
	if err != nil {
		return nil, err
	}
	q := &Queue{config: c, nf: nf, first: true, parked: make(chan struct{})}
	q.writer.queue = c.Queue
	if err := q.start(); err != nil {
		q.shut()
		return nil, err
	}
	return q, nil
}

func (c *Config) flags() uint32 {
	flags := uint32(nfqueue.NfQaCfgFlagUIDGid)
	if c.FailOpen {
		flags |= nfqueue.NfQaCfgFlagFailOpen
	}
	if !c.Segment {
		flags |= nfqueue.NfQaCfgFlagGSO
	}
	if c.CTMark {
		flags |= nfqueue.NfQaCfgFlagConntrack
	}
	return flags
}

// start binds. go-nfqueue reads the answers to its configuration from the socket
// that packets come by: so that it takes no packet for an answer, a filter lets
// none through meanwhile. What was queued then is repeated later, see release.
func (q *Queue) start() error {
	raw, err := q.nf.Con.SyscallConn()
	if err != nil {
		return err
	}
	q.raw = raw
	onlyAnswers, err := bpf.Assemble([]bpf.Instruction{
		bpf.LoadAbsolute{Off: 4, Size: 2}, // nlmsg_type, in the order of this machine
		bpf.JumpIf{Cond: bpf.JumpEqual, Val: uint32(swap16(nlmsgError)), SkipTrue: 1},
		bpf.RetConstant{Val: 0},
		bpf.RetConstant{Val: ^uint32(0)},
	})
	if err != nil {
		return err
	}
	if err := q.nf.Con.SetBPF(onlyAnswers); err != nil {
		return fmt.Errorf("socket filter: %w", err)
	}
	if err := q.enlarge(); err != nil {
		return err
	}
	ctx, cancel := context.WithCancel(context.Background())
	q.cancel = cancel
	stopped := make(chan struct{})
	once := sync.OnceFunc(func() { close(stopped) })
	err = q.nf.RegisterWithErrorFunc(ctx, func(nfqueue.Attribute) int { return 0 }, func(error) int {
		once()
		<-q.parked
		return 1
	})
	if err != nil {
		return err
	}
	// Its reader stops at an expired deadline, and stays where it is: Read reads.
	if err := q.nf.Con.SetReadDeadline(time.Unix(1, 0)); err != nil {
		return err
	}
	<-stopped
	q.prepare()
	if err := q.nf.Con.SetReadDeadline(time.Time{}); err != nil {
		return err
	}
	return q.nf.Con.RemoveBPF()
}

// swap16 is n as a program loads it that takes the bytes of this machine's order
// for network order.
func swap16(n uint16) uint16 {
	b := (*[2]byte)(unsafe.Pointer(&n))
	return uint16(b[0])<<8 | uint16(b[1])
}

// enlarge gives the socket room for all packets that may wait.
func (q *Queue) enlarge() error {
	space := min(max(int64(q.config.MaxLen)*perPacket, leastSpace), mostSpace)
	var failed error
	err := q.raw.Control(func(fd uintptr) {
		failed = errors.Join(
			unix.SetsockoptInt(int(fd), unix.SOL_SOCKET, unix.SO_RCVBUFFORCE, int(space)),
			unix.SetsockoptInt(int(fd), unix.SOL_SOCKET, unix.SO_SNDBUFFORCE, sendSize))
	})
	if err = errors.Join(err, failed); err != nil {
		return fmt.Errorf("socket buffers: %w", err)
	}
	return nil
}

// prepare makes what Read and Flush use over and over.
func (q *Queue) prepare() {
	q.messages = make([]message, batch)
	q.vectors = make([]unix.Iovec, batch)
	q.memory = make([]byte, batch*slotSize)
	q.packets = make([]Packet, batch)
	q.writer.buf = make([]byte, 0, flushSize+slotSize)
	for i := range q.messages {
		q.vectors[i].Base = &q.memory[i*slotSize]
		q.vectors[i].SetLen(slotSize)
		q.messages[i].Iov = &q.vectors[i]
		q.messages[i].SetIovlen(1)
	}
	q.read = func(fd uintptr) bool {
		n, _, errno := unix.Syscall6(unix.SYS_RECVMMSG, fd, uintptr(unsafe.Pointer(&q.messages[0])), batch, unix.MSG_DONTWAIT, 0, 0)
		if errno == unix.EAGAIN {
			return false
		}
		q.got, q.errno = int(n), errno
		return true
	}
	q.write = func(fd uintptr) bool {
		_, _, errno := unix.Syscall(unix.SYS_WRITE, fd, uintptr(unsafe.Pointer(&q.writer.buf[0])), uintptr(len(q.writer.buf)))
		q.errno = errno
		return true
	}
}

// Read waits for packets, until the deadline (the zero time: none), and returns
// those that are there, at most 64, in their order. They and their bytes are
// valid until the next Read, and each wants one verdict before that. It returns
// none when the deadline has come or after Wake; an error when no more packets
// will come.
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
	q.got, q.errno = 0, 0
	err := q.raw.Read(q.read)
	switch {
	case errors.Is(err, os.ErrDeadlineExceeded):
		q.woken.Store(false)
		q.deadline = time.Unix(1, 0)
		return nil, nil
	case err != nil:
		return nil, q.ended(err)
	}
	switch q.errno {
	case 0:
		return q.take(), q.fatal
	case unix.EINTR:
		return nil, nil
	case unix.ENOBUFS:
		q.overruns.Add(1)
		return nil, nil
	}
	return nil, q.ended(q.errno)
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
	}
}

// refusal counts an error message of the kernel.
func (q *Queue) refusal(body []byte) {
	errno, err := refusal(body)
	switch {
	case err != nil:
		q.malformed.Add(1)
	case errno == 0:
	case errno == unix.ENOENT:
		q.late.Add(1)
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
	if q.config.OnError != Drop && !q.first && q.fatal == nil { // the kernel drops by itself
		q.writer.single(msgVerdictBatch, q.config.OnError, q.last+1<<30)
	}
	q.Flush()
	return q.shut()
}

// shut ends go-nfqueue's part: its reader unbinds, then the socket is closed.
func (q *Queue) shut() error {
	q.nf.Con.SetReadDeadline(time.Now().Add(time.Second)) // for the answer to unbinding
	close(q.parked)
	err := q.nf.Close()
	if q.cancel != nil {
		q.cancel()
	}
	return err
}

// A KernelFile is where the kernel tells about the queues that are bound in a
// network namespace. It stays readable when rights are given up.
type KernelFile struct{ f *os.File }

// OpenKernel opens the file of the caller's network namespace.
func OpenKernel() (*KernelFile, error) {
	f, err := os.Open("/proc/thread-self/net/netfilter/nfnetlink_queue")
	if errors.Is(err, fs.ErrNotExist) {
		return nil, errors.New("the kernel has no netfilter queues: module nfnetlink_queue is missing")
	}
	if err != nil {
		return nil, err
	}
	return &KernelFile{f}, nil
}

// Read returns the kernel's figures as they are now. Any goroutine may call it.
func (k *KernelFile) Read() ([]KernelQueue, error) {
	text, err := io.ReadAll(io.NewSectionReader(k.f, 0, 1<<20))
	if err != nil {
		return nil, err
	}
	return parseProc(string(text))
}

// Close closes the file.
func (k *KernelFile) Close() error { return k.f.Close() }

// Kernel returns the kernel's figures of all queues of the caller's network
// namespace that are bound.
func Kernel() ([]KernelQueue, error) {
	k, err := OpenKernel()
	if err != nil {
		return nil, err
	}
	defer k.Close()
	return k.Read()
}
