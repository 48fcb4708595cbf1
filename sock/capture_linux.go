package sock

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"sync"
	"sync/atomic"
	"syscall"
	"time"
	"unsafe"

	"golang.org/x/net/bpf"
	"golang.org/x/sys/unix"
)

const (
	batchFrames = 128  // frames of one Read at most
	mostNames   = 1024 // of interfaces that are kept
)

// A Capture takes the frames that pass an interface. One goroutine calls Read,
// SetFilter and Attach; Wake, Counts and Close are for any.
type Capture struct {
	config CaptureConfig
	device device
	group  bool // one of several that share the frames
	file   *os.File
	raw    syscall.RawConn

	memory  unsafe.Pointer // of the ring
	ring    []byte
	current int // the block that is read, or waited for
	taken   bool
	decoder decoder
	frames  []Frame
	names   map[int]string // of interfaces, as they are met

	ready func(fd uintptr) bool // for RawConn, made once
	errno int
	down  bool       // the interface was down when it was last looked
	gone  *DownError // it was removed
	final time.Time  // when all that came before is in the ring, then

	woken, closed atomic.Bool
	malformed     atomic.Uint64
	mu            sync.Mutex // of counts
	counts        Counts
}

// control calls f with the socket.
func (c *Capture) control(f func(fd int) error) error {
	var failed error
	if err := c.raw.Control(func(fd uintptr) { failed = f(int(fd)) }); err != nil {
		return c.ended(err)
	}
	return failed
}

// ended is err, or that the capture was closed.
func (c *Capture) ended(err error) error {
	if c.closed.Load() {
		return fs.ErrClosed
	}
	return err
}

// trouble explains an error that a socket has.
func (c *Capture) trouble(fd int, errno unix.Errno) error {
	if errno != unix.ENETDOWN && errno != unix.ENODEV && errno != unix.ENXIO {
		return fmt.Errorf("capture on %s: %w", c.config.Iface, errno)
	}
	err := down(fd, c.device)
	if c.down = true; err.Removed {
		c.gone = err
	}
	return err
}

// lookEvery is how often an interface that is down is looked at: that it is then
// removed, or comes up, the kernel does not tell.
const lookEvery = 100 * time.Millisecond

// lookDown looks whether an interface that was down is so still.
func (c *Capture) lookDown(fd int) error {
	d, err := deviceOf(fd, c.device.name)
	if err != nil || d.index != c.device.index {
		return c.trouble(fd, unix.ENETDOWN)
	}
	c.down = !d.up
	return nil
}

// name is the name of an interface.
func (c *Capture) name(index int) string {
	if s, ok := c.names[index]; ok {
		return s
	}
	s := ""
	c.control(func(fd int) error { s = nameOf(fd, index); return nil })
	if len(c.names) >= mostNames { // interfaces come and go
		clear(c.names)
	}
	c.names[index] = s
	return s
}

// status is the status word of the current block, which the kernel writes too.
func (c *Capture) status() *uint32 {
	return (*uint32)(unsafe.Pointer(&c.ring[c.current*blockSize+blockStatus]))
}

// Read waits for frames, until the deadline (the zero time: none), and returns
// some of those that are there, in their order. They and their bytes are valid
// until the next Read, Attach or Close. It returns none when the
// deadline has come or after Wake. A DownError says that the interface went down
// or away; Read may be called again and waits if it is only down, Attach waits for
// one that is removed. fs.ErrClosed follows Close.
func (c *Capture) Read(deadline time.Time) ([]Frame, error) {
	for {
		if c.closed.Load() {
			return nil, fs.ErrClosed
		}
		if c.woken.Swap(false) {
			return nil, nil
		}
		if c.taken {
			if n := c.fill(); n > 0 {
				return c.frames[:n], nil
			}
			c.release()
		}
		if atomic.LoadUint32(c.status())&statusUser != 0 {
			c.take()
			continue
		}
		if err := c.wait(deadline); errors.Is(err, os.ErrDeadlineExceeded) {
			c.woken.Store(false)
			return nil, nil
		} else if err != nil {
			return nil, err
		}
	}
}

// take begins to read the current block.
func (c *Capture) take() {
	c.taken = true
	if err := c.decoder.start(c.ring[c.current*blockSize:][:blockSize]); err != nil {
		c.malformed.Add(1)
	}
}

// fill decodes the next frames of the current block.
func (c *Capture) fill() (n int) {
	for n < len(c.frames) && c.decoder.left > 0 {
		ok, err := c.decoder.next(&c.frames[n])
		if err != nil {
			c.malformed.Add(1)
		} else if ok {
			n++
		}
	}
	return n
}

// release gives the current block back to the kernel.
func (c *Capture) release() {
	atomic.StoreUint32(c.status(), 0)
	c.taken = false
	c.current = (c.current + 1) % (len(c.ring) / blockSize)
}

// wait waits until the current block is filled, or the socket has an error.
func (c *Capture) wait(deadline time.Time) error {
	if c.gone != nil {
		return c.last()
	}
	until := deadline
	if next := time.Now().Add(lookEvery); c.down && (deadline.IsZero() || next.Before(deadline)) {
		until = next
	}
	if err := c.file.SetReadDeadline(until); err != nil {
		return c.ended(err)
	}
	if c.woken.Load() {
		return os.ErrDeadlineExceeded // Wake came before the deadline was set
	}
	c.errno = 0
	err := c.raw.Read(c.ready)
	err = c.control(func(fd int) error {
		if err != nil {
			c.look(uintptr(fd)) // after a deadline that was over before it was looked
		}
		if c.errno != 0 {
			return c.trouble(fd, unix.Errno(c.errno))
		}
		if c.down && errors.Is(err, os.ErrDeadlineExceeded) && !c.woken.Load() {
			if away := c.lookDown(fd); away != nil || until != deadline {
				return away
			}
		}
		return err
	})
	if c.gone != nil {
		c.final = time.Now().Add(2*c.config.Latency + lastBlock)
		return nil
	}
	return err
}

// lastBlock is how late, beside the latency, the kernel hands over a block.
const lastBlock = 10 * time.Millisecond

// last waits until the kernel hands over what came before the interface was
// removed.
func (c *Capture) last() error {
	for time.Now().Before(c.final) && !c.closed.Load() {
		if atomic.LoadUint32(c.status())&statusUser != 0 {
			return nil
		}
		time.Sleep(time.Millisecond)
	}
	return c.ended(c.gone)
}

// look reports whether there is something to do.
func (c *Capture) look(fd uintptr) bool {
	if atomic.LoadUint32(c.status())&statusUser != 0 {
		return true
	}
	errno, err := unix.GetsockoptInt(int(fd), unix.SOL_SOCKET, unix.SO_ERROR)
	if err != nil {
		errno = int(unix.EIO)
	}
	c.errno = errno
	return errno != 0
}

// SetFilter gives the capture another filter, a classic BPF program whose result
// is how many bytes of a frame are kept; nil lets all frames through. Nothing is
// lost that both filters let through; what the old one has let through may still
// be read.
//
// A program sees a frame without the outer VLAN tag (which BPF extensions tell),
// and without any link header if the capture is of Layer3, or of a device such as
// PPP or a tunnel.
func (c *Capture) SetFilter(program []bpf.RawInstruction) error {
	return c.control(func(fd int) error { return attach(fd, snapped(program, c.config.SnapLen)) })
}

// Attach waits until the interface is there and up, for the time of ctx, and goes
// on capturing from it, also from a new one of the same name. A capture that
// shares frames with others cannot follow to a new interface: the group is to be
// opened anew.
func (c *Capture) Attach(ctx context.Context) error {
	if c.config.Iface == Any {
		return nil
	}
	d, err := untilUp(ctx, func() (d device, err error) {
		failed := c.control(func(fd int) error { d, err = deviceOf(fd, c.device.name); return nil })
		return d, errors.Join(failed, err)
	})
	if err != nil {
		return err
	}
	if d.index == c.device.index {
		return nil // the kernel has gone on by itself
	}
	link, f, err := formOf(&c.config, d)
	switch {
	case err != nil:
		return err
	case link != c.decoder.link || f != c.decoder.form:
		return fmt.Errorf("interface %s has come back with another link type (%d, was %d)", d.name, link, c.decoder.link)
	case c.group:
		return fmt.Errorf("interface %s has come back: captures that share its frames are to be opened anew", d.name)
	}
	c.device, c.gone, c.down = d, nil, false
	c.names[d.index] = d.name
	return c.control(c.bind)
}

// Wake has a Read that waits, or else the next one, return without frames.
func (c *Capture) Wake() {
	c.woken.Store(true)
	c.file.SetReadDeadline(time.Unix(1, 0))
}

// LinkType is the link type of the frames (LINKTYPE_ of capture files).
func (c *Capture) LinkType() int { return c.decoder.link }

// SnapLen is how many bytes of each frame are kept at most.
func (c *Capture) SnapLen() int { return c.config.SnapLen }

// Counts returns what happened so far.
func (c *Capture) Counts() Counts {
	c.control(func(fd int) error { c.count(fd); return nil })
	c.mu.Lock()
	defer c.mu.Unlock()
	n := c.counts
	n.Malformed = c.malformed.Load()
	return n
}

// count adds what the kernel has counted since it was last asked.
func (c *Capture) count(fd int) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if s, err := unix.GetsockoptTpacketStatsV3(fd, unix.SOL_PACKET, unix.PACKET_STATISTICS); err == nil {
		c.counts.Received += uint64(s.Packets)
		c.counts.Dropped += uint64(s.Drops)
		c.counts.Freezes += uint64(s.Freeze_q_cnt)
	}
}

// Close ends the capture; Counts stay. A Read that waits returns fs.ErrClosed.
func (c *Capture) Close() error {
	if c.closed.Swap(true) {
		return nil
	}
	if c.raw != nil {
		c.raw.Control(func(fd uintptr) { c.count(int(fd)) })
	}
	// The mapping would keep the socket open. Whoever still looks at frames finds
	// zeros there, until the Capture is collected.
	if c.memory != nil {
		unix.MmapPtr(-1, 0, c.memory, uintptr(len(c.ring)), unix.PROT_READ|unix.PROT_WRITE, unix.MAP_PRIVATE|unix.MAP_ANONYMOUS|unix.MAP_FIXED)
	}
	return c.file.Close()
}
