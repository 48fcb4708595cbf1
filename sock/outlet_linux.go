package sock

import (
	"cmp"
	"context"
	"fmt"
	"os"
	"sync/atomic"
	"syscall"
	"time"
	"unsafe"

	"golang.org/x/sys/unix"
)

const (
	batchOut   = 64 // frames of one sendmmsg
	sendBuffer = 4 << 20

	defaultPatience = 2 * time.Second
)

// message is struct mmsghdr.
type message struct {
	unix.Msghdr
	len uint32
}

// An outlet is one socket that frames leave by, in batches, with the headers of
// the system call made once. The socket is a blocking one, so that the runtime does
// not watch it: to be told of each frame that the kernel is done with costs two
// fifths of the speed.
type outlet struct {
	file *os.File
	raw  syscall.RawConn
	wake *waker

	messages []message
	vectors  []unix.Iovec // two each: what stands before the frame, if anything, and the frame
	before   [batchOut][vnetLen]byte
	names4   []unix.RawSockaddrInet4
	names6   []unix.RawSockaddrInet6

	first, n int // messages to be sent: first to n
	sent     int
	errno    syscall.Errno
	call     func(fd uintptr) // for RawConn, made once

	waits, full *atomic.Uint64
	patience    time.Duration // with a full queue
	refused     bool          // the frame before found no room in time
}

// newOutlet takes over a socket. Each frame has two parts if split.
func newOutlet(fd int, name string, split bool, c *Sender) (*outlet, error) {
	o := &outlet{file: os.NewFile(uintptr(fd), name), wake: c.wake, waits: &c.waits, full: &c.full, patience: cmp.Or(c.config.Patience, defaultPatience),
		messages: make([]message, batchOut), vectors: make([]unix.Iovec, 2*batchOut)}
	for i := range o.messages {
		v := o.vectors[2*i : 2*i+2]
		o.messages[i].Iov = &v[1]
		o.messages[i].SetIovlen(1)
		if split {
			v[0].Base = &o.before[i][0]
			v[0].SetLen(vnetLen)
			o.messages[i].Iov = &v[0]
			o.messages[i].SetIovlen(2)
		}
	}
	o.call = func(fd uintptr) {
		n, _, errno := unix.Syscall6(unix.SYS_SENDMMSG, fd, uintptr(unsafe.Pointer(&o.messages[o.first])), uintptr(o.n-o.first), unix.MSG_DONTWAIT, 0, 0)
		o.sent, o.errno = int(n), errno
	}
	var err error
	if o.raw, err = o.file.SyscallConn(); err != nil {
		o.file.Close()
		return nil, err
	}
	// More than a GSO frame or two; what goes beyond the limit needs CAP_NET_ADMIN.
	if unix.SetsockoptInt(fd, unix.SOL_SOCKET, unix.SO_SNDBUFFORCE, sendBuffer) != nil {
		unix.SetsockoptInt(fd, unix.SOL_SOCKET, unix.SO_SNDBUF, sendBuffer)
	}
	return o, nil
}

// put makes data the next frame of the batch.
func (o *outlet) put(data []byte) {
	v := &o.vectors[2*o.n+1]
	v.Base = unsafe.SliceData(data)
	v.SetLen(len(data))
	o.n++
}

// flush sends the batch. It returns how many frames have left; an error is about
// the one after them. The batch is empty afterwards.
func (o *outlet) flush(ctx context.Context) (sent int, err error) {
	defer func() {
		for i := range o.n {
			o.vectors[2*i+1].Base = nil // the frames may be collected
		}
		o.n = 0
	}()
	for o.first = 0; o.first < o.n; {
		if err := o.some(ctx); err != nil {
			return o.first, err
		}
		o.first += o.sent
	}
	return o.first, nil
}

// some sends one frame of the batch at least.
func (o *outlet) some(ctx context.Context) error {
	var since time.Time // that the queue is full
	for {
		if err := o.raw.Control(o.call); err != nil {
			return err
		}
		switch o.errno {
		case 0:
			o.refused = false
			return nil
		case unix.EINTR:
		case unix.EAGAIN:
			o.waits.Add(1)
			if err := o.wake.wait(ctx, o.raw, unix.POLLOUT, -1); err != nil {
				return err
			}
		case unix.ENOBUFS, unix.ENOMEM:
			// The interface's queue is full; nothing tells when there is room again. The
			// same is said where what the frame leads to throws it away, each time.
			o.full.Add(1)
			if since.IsZero() {
				since = time.Now()
			}
			if o.refused || time.Since(since) >= o.patience {
				o.refused = true
				return o.errno
			}
			if err := o.wake.wait(ctx, o.raw, 0, 1); err != nil {
				return err
			}
		default:
			return o.errno
		}
	}
}

// control calls f with the socket.
func (o *outlet) control(f func(fd int) error) error {
	var failed error
	if err := o.raw.Control(func(fd uintptr) { failed = f(int(fd)) }); err != nil {
		return err
	}
	return failed
}

// option sets an option of a socket, which what names.
func option(fd, level, opt, value int, what string) error {
	if err := unix.SetsockoptInt(fd, level, opt, value); err != nil {
		return fmt.Errorf("%s: %w", what, err)
	}
	return nil
}
