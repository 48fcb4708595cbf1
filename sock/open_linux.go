package sock

import (
	"errors"
	"fmt"
	"os"
	"runtime"
	"time"
	"unsafe"

	"golang.org/x/sys/unix"
)

// blockSize is that of the ring's blocks. One holds a frame of 64 KiB; as each is
// handed over when the latency is over, however empty, many are wanted.
const blockSize = 128 << 10

// OpenCapture starts a capture. Frames that its filter lets through are kept from
// then on, for Read. Errors: ErrNoRight, NoInterfaceError, DownError,
// LinkTypeError.
func OpenCapture(c CaptureConfig) (*Capture, error) {
	all, err := OpenCaptures(c, 1)
	if err != nil {
		return nil, err
	}
	return all[0], nil
}

// OpenCaptures starts n captures that share the frames of an interface: those of
// one flow, in both directions, go to the same one (PACKET_FANOUT_HASH), fragments
// by their addresses alone: had the kernel put them together for it, what passed
// would not be what is captured. Each has a ring of its own.
func OpenCaptures(c CaptureConfig, n int) (all []*Capture, err error) {
	c.defaults()
	defer func() {
		if err != nil {
			for _, one := range all {
				one.Close()
			}
			all, err = nil, fmt.Errorf("capture on %s: %w", c.Iface, err)
		}
	}()
	dev := device{name: Any, arphrd: arphrdVoid, up: true}
	if c.Iface != Any {
		if dev, err = find(c.Iface); err != nil {
			return nil, err
		}
	}
	group := newGroup
	for range max(n, 1) {
		one, err := prepare(c, dev)
		if err != nil {
			return all, err
		}
		all = append(all, one)
		if n > 1 {
			if group, err = one.join(group); err != nil {
				return all, err
			}
		}
	}
	for _, one := range all { // only now, when the flows have been shared out
		if err := one.control(func(fd int) error { return attach(fd, snapped(c.Filter, c.SnapLen)) }); err != nil {
			return all, err
		}
	}
	return all, nil
}

func (c *CaptureConfig) defaults() {
	if c.SnapLen <= 0 {
		c.SnapLen = defaultSnapLen
	}
	if c.RingKiB <= 0 {
		c.RingKiB = defaultRingKiB
	}
	if c.Latency <= 0 {
		c.Latency = defaultLatency
	}
}

// formOf says what a capture hands out.
func formOf(c *CaptureConfig, d device) (link int, f form, err error) {
	switch {
	case c.Layer3:
		return LinkRawIP, payload, nil
	case c.Iface == Any:
		return LinkSLL2, cooked, nil
	}
	if link, f = linkOf(d.arphrd); link < 0 {
		return link, f, &LinkTypeError{d.name, d.arphrd}
	}
	return link, f, nil
}

// prepare makes a capture whose filter lets nothing through yet.
func prepare(config CaptureConfig, d device) (*Capture, error) {
	link, f, err := formOf(&config, d)
	if err != nil {
		return nil, err
	}
	typ := unix.SOCK_RAW
	if f == payload {
		typ = unix.SOCK_DGRAM
	}
	fd, err := packetSocket(typ | unix.SOCK_NONBLOCK)
	if err != nil {
		return nil, err
	}
	c := &Capture{config: config, device: d, names: map[int]string{d.index: d.name}, frames: make([]Frame, batchFrames)}
	c.decoder = decoder{form: f, link: link, snap: config.SnapLen, name: c.name}
	c.file = os.NewFile(uintptr(fd), "packet socket") // non-blocking: the runtime waits for it
	c.ready = c.look
	if c.raw, err = c.file.SyscallConn(); err == nil {
		err = c.control(c.setUp)
	}
	if err != nil {
		c.Close()
		return nil, err
	}
	return c, nil
}

// setUp makes the ring and binds. Order matters: nothing may be received before
// the filter, and the ring has to know what stands before each frame.
func (c *Capture) setUp(fd int) error {
	if err := attach(fd, nothing()); err != nil {
		return err
	}
	if err := unix.SetsockoptInt(fd, unix.SOL_PACKET, unix.PACKET_VERSION, unix.TPACKET_V3); err != nil {
		return fmt.Errorf("the kernel has no TPACKET_V3: %w", err)
	}
	if err := unix.SetsockoptInt(fd, unix.SOL_PACKET, unix.PACKET_RESERVE, room); err != nil {
		return fmt.Errorf("room before frames: %w", err)
	}
	if c.decoder.form == whole { // older kernels may refuse: then there are fewer facts
		c.decoder.vnet = unix.SetsockoptInt(fd, unix.SOL_PACKET, unix.PACKET_VNET_HDR, 1) == nil
	}
	if c.config.Inbound {
		if err := unix.SetsockoptInt(fd, unix.SOL_PACKET, unix.PACKET_IGNORE_OUTGOING, 1); err != nil {
			return fmt.Errorf("leaving out outgoing frames: %w", err)
		}
	}
	if err := c.makeRing(fd); err != nil {
		return err
	}
	return c.bind(fd)
}

// makeRing has the kernel make the ring, and maps it.
func (c *Capture) makeRing(fd int) error {
	const recordSize = 2048 // bounds nothing: records have the size of their frames
	blocks := max(c.config.RingKiB<<10/blockSize, 2)
	request := unix.TpacketReq3{
		Block_size: blockSize, Block_nr: uint32(blocks),
		Frame_size: recordSize, Frame_nr: uint32(blockSize / recordSize * blocks),
		Retire_blk_tov: uint32(max(c.config.Latency/time.Millisecond, 1)),
	}
	if err := unix.SetsockoptTpacketReq3(fd, unix.SOL_PACKET, unix.PACKET_RX_RING, &request); err != nil {
		return fmt.Errorf("a ring of %d KiB: %w", blockSize*blocks>>10, err)
	}
	size := uintptr(blockSize * blocks)
	memory, err := unix.MmapPtr(fd, 0, nil, size, unix.PROT_READ|unix.PROT_WRITE, unix.MAP_SHARED)
	if err != nil {
		return fmt.Errorf("mapping a ring of %d KiB: %w", size>>10, err)
	}
	c.memory, c.ring = memory, unsafe.Slice((*byte)(memory), size)
	runtime.AddCleanup(c, func(m unsafe.Pointer) { unix.MunmapPtr(m, size) }, memory)
	return nil
}

// bind starts to receive from the interface.
func (c *Capture) bind(fd int) error {
	if err := bindTo(fd, c.device.index, unix.ETH_P_ALL); err != nil {
		if errors.Is(err, unix.ENODEV) {
			return &NoInterfaceError{c.device.name}
		}
		return err
	}
	if c.config.Promisc && c.device.index != 0 {
		request := unix.PacketMreq{Ifindex: int32(c.device.index), Type: unix.PACKET_MR_PROMISC}
		if err := unix.SetsockoptPacketMreq(fd, unix.SOL_PACKET, unix.PACKET_ADD_MEMBERSHIP, &request); err != nil {
			return fmt.Errorf("promiscuous mode: %w", err)
		}
	}
	if c.errno = 0; c.look(uintptr(fd)) && c.errno != 0 { // that it is down, for one
		return c.trouble(fd, unix.Errno(c.errno))
	}
	return nil
}

// newGroup is the group that join makes. The kernel numbers groups from 0.
const newGroup = -1

// join makes the capture one of a group, and returns its number.
func (c *Capture) join(group int) (int, error) {
	c.group = true
	err := c.control(func(fd int) error {
		mode := unix.PACKET_FANOUT_HASH
		if c.config.Inbound { // the socket's own option does not count in a group
			mode |= unix.PACKET_FANOUT_FLAG_IGNORE_OUTGOING
		}
		first := group == newGroup
		if first {
			group, mode = 0, mode|unix.PACKET_FANOUT_FLAG_UNIQUEID
		}
		err := unix.SetsockoptInt(fd, unix.SOL_PACKET, unix.PACKET_FANOUT, group|mode<<16)
		if err == nil && first {
			group, err = unix.GetsockoptInt(fd, unix.SOL_PACKET, unix.PACKET_FANOUT)
			group &= 0xffff
		}
		return err
	})
	if err != nil {
		err = fmt.Errorf("sharing frames among sockets: %w", err)
	}
	return group, err
}
