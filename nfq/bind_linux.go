package nfq

import (
	"context"
	"errors"
	"fmt"
	"os"
	"sync"
	"syscall"
	"time"
	"unsafe"

	"github.com/florianl/go-nfqueue/v2"
	"golang.org/x/net/bpf"
	"golang.org/x/sys/unix"
)

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
	q, err := bind(c)
	if c.CTMark && errors.Is(err, syscall.EOPNOTSUPP) { // this kernel has no conntrack in its queues
		c.CTMark = false
		q, err = bind(c)
	}
	if err == nil {
		return q, nil
	}
	if errors.Is(err, syscall.EPERM) {
		return nil, refusedBind(c.Queue, err)
	}
	if _, none := Kernel(); errors.Is(none, errNoModule) { // it says EINVAL, or that it has no such sockets
		return nil, fmt.Errorf("queue %d: %w: %w", c.Queue, none, err)
	}
	return nil, fmt.Errorf("queue %d: %w", c.Queue, err)
}

var errNoModule = errors.New("the kernel has no netfilter queues; modprobe nfnetlink_queue loads them if they are installed")

// refusedBind finds out why a bind is not permitted: the kernel says EPERM for
// both reasons.
func refusedBind(queue uint16, err error) error {
	all, _ := Kernel()
	for _, k := range all {
		if k.Queue == queue {
			return &InUseError{queue, k.PortID}
		}
	}
	return fmt.Errorf("queue %d: no right to bind it: run as root, or with CAP_NET_ADMIN (%w)", queue, err)
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
		failed = unix.SetsockoptInt(int(fd), unix.SOL_SOCKET, unix.SO_RCVBUFFORCE, int(space))
		if failed == nil {
			failed = unix.SetsockoptInt(int(fd), unix.SOL_SOCKET, unix.SO_SNDBUFFORCE, sendSize)
		}
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
