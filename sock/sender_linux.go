package sock

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"net/netip"
	"sync/atomic"
	"syscall"
	"unsafe"

	"golang.org/x/sys/unix"
)

// A Sender sends frames by an interface, or IP packets by the kernel's routing.
// One goroutine sends; Counts and Close are for any.
type Sender struct {
	config SenderConfig
	device device
	frames *outlet // layer 2
	v4, v6 *outlet // layer 3
	clock  *clock
	wake   *waker

	sent, bytes, waits, full atomic.Uint64
	closed                   atomic.Bool
}

// OpenSender makes a Sender. Errors: ErrNoRight, NoInterfaceError, DownError.
func OpenSender(c SenderConfig) (*Sender, error) {
	s := &Sender{config: c}
	err := s.open()
	if err != nil {
		s.Close()
		if c.Iface != "" {
			err = fmt.Errorf("sending by %s: %w", c.Iface, err)
		}
		return nil, err
	}
	return s, nil
}

func (s *Sender) open() (err error) {
	if s.config.Layer3 && (s.config.Offload || s.config.QdiscBypass) {
		return errors.New("Offload and QdiscBypass are for frames, not for layer 3")
	}
	if s.config.Iface != "" || !s.config.Layer3 {
		if s.device, err = find(s.config.Iface); err != nil {
			return err
		}
		if !s.device.up {
			return &DownError{Iface: s.device.name}
		}
	}
	if s.clock, err = newClock(); err != nil {
		return err
	}
	if s.wake, err = newWaker(); err != nil {
		return err
	}
	if !s.config.Layer3 {
		return s.openPacket()
	}
	if s.v4, err = s.openRaw(unix.AF_INET); err != nil {
		return err
	}
	s.v6, err = s.openRaw(unix.AF_INET6)
	if errors.Is(err, unix.EAFNOSUPPORT) {
		err = nil // a kernel without IPv6: told when such a packet is to be sent
	}
	return err
}

func (s *Sender) openPacket() error {
	fd, err := packetSocket(unix.SOCK_RAW)
	if err != nil {
		return err
	}
	if s.frames, err = newOutlet(fd, "packet socket", s.config.Offload, s); err != nil {
		return err
	}
	if s.config.Offload {
		if err := option(fd, unix.SOL_PACKET, unix.PACKET_VNET_HDR, 1, "handing on what is left to hardware"); err != nil {
			return err
		}
	}
	if s.config.QdiscBypass {
		if err := option(fd, unix.SOL_PACKET, unix.PACKET_QDISC_BYPASS, 1, "bypassing traffic control"); err != nil {
			return err
		}
	}
	if err := s.mark(fd); err != nil {
		return err
	}
	return s.bind(fd)
}

// bind binds the packet socket to the interface. As its protocol is 0, it receives
// nothing.
func (s *Sender) bind(fd int) error {
	err := bindTo(fd, s.device.index, 0)
	if errors.Is(err, unix.ENODEV) {
		return &NoInterfaceError{s.device.name}
	}
	return err
}

func (s *Sender) openRaw(family int) (*outlet, error) {
	// With IPPROTO_RAW the header is always the caller's.
	fd, err := unix.Socket(family, unix.SOCK_RAW|unix.SOCK_CLOEXEC, unix.IPPROTO_RAW)
	if err != nil {
		return nil, rights(err)
	}
	o, err := newOutlet(fd, "raw socket", false, s)
	if err != nil {
		return nil, err
	}
	if family == unix.AF_INET {
		o.names4 = make([]unix.RawSockaddrInet4, batchOut)
		err = option(fd, unix.SOL_SOCKET, unix.SO_BROADCAST, 1, "sending to broadcast addresses")
	} else {
		o.names6 = make([]unix.RawSockaddrInet6, batchOut)
	}
	for i := range o.messages {
		if family == unix.AF_INET {
			o.messages[i].Name = (*byte)(unsafe.Pointer(&o.names4[i]))
			o.messages[i].Namelen = unix.SizeofSockaddrInet4
		} else {
			o.messages[i].Name = (*byte)(unsafe.Pointer(&o.names6[i]))
			o.messages[i].Namelen = unix.SizeofSockaddrInet6
		}
	}
	if err == nil {
		err = s.mark(fd)
	}
	if err == nil && s.config.Iface != "" {
		if err = unix.BindToDevice(fd, s.config.Iface); err != nil {
			err = fmt.Errorf("sending by %s only: %w", s.config.Iface, rights(err))
		}
	}
	if err != nil {
		o.file.Close()
		return nil, err
	}
	return o, nil
}

func (s *Sender) mark(fd int) error {
	if s.config.Mark == 0 {
		return nil
	}
	return option(fd, unix.SOL_SOCKET, unix.SO_MARK, int(s.config.Mark), "marking packets needs CAP_NET_ADMIN")
}

// Send sends frames, waiting where the kernel has no room, until all have left or
// ctx is done. It returns how many have left; an error is about the one after
// them: TooLongError, BadFrameError, NoRouteError, NoRoomError, or about all:
// DownError, the cause of ctx, fs.ErrClosed.
func (s *Sender) Send(ctx context.Context, frames []Frame) (n int, err error) {
	for n < len(frames) {
		if err := context.Cause(ctx); err != nil {
			return n, err
		}
		o, err := s.fill(frames[n:])
		if err != nil {
			return n, err
		}
		sent, err := o.flush(ctx)
		s.sent.Add(uint64(sent))
		for i := range sent {
			s.bytes.Add(uint64(len(frames[n+i].Data)))
		}
		n += sent
		if err != nil {
			return n, s.explain(err, frames[n].Data)
		}
	}
	return n, nil
}

// fill puts the next frames that one socket can send into its batch.
func (s *Sender) fill(frames []Frame) (*outlet, error) {
	if o := s.frames; o != nil {
		for i := range frames[:min(len(frames), batchOut)] {
			f := &frames[i]
			if s.config.Offload {
				f.Offload.encode(o.before[i][:])
			}
			o.put(f.Data)
		}
		return o, nil
	}
	var o *outlet
	for i := range frames[:min(len(frames), batchOut)] {
		to, err := s.route(frames[i].Data)
		switch {
		case err != nil && o == nil:
			return nil, err
		case err != nil || o != nil && to != o:
			return o, nil // first those before
		}
		o = to
		o.put(frames[i].Data)
	}
	return o, nil
}

// route finds the socket for an IP packet, and writes its destination there.
func (s *Sender) route(b []byte) (*outlet, error) {
	dst, ok := destination(b)
	if !ok {
		return nil, &BadFrameError{len(b), errors.New("it is no whole IPv4 or IPv6 header")}
	}
	if dst.Is4() {
		s.v4.names4[s.v4.n] = unix.RawSockaddrInet4{Family: unix.AF_INET, Addr: dst.As4()}
		return s.v4, nil
	}
	if s.v6 == nil {
		return nil, &NoRouteError{dst, unix.EAFNOSUPPORT}
	}
	name := unix.RawSockaddrInet6{Family: unix.AF_INET6, Addr: dst.As16()}
	if dst.IsLinkLocalUnicast() || dst.IsLinkLocalMulticast() {
		name.Scope_id = uint32(s.device.index)
	}
	s.v6.names6[s.v6.n] = name
	return s.v6, nil
}

// destination is where an IP packet is to go.
func destination(b []byte) (netip.Addr, bool) {
	switch {
	case len(b) >= 20 && b[0]>>4 == 4:
		return netip.AddrFrom4([4]byte(b[16:20])), true
	case len(b) >= 40 && b[0]>>4 == 6:
		return netip.AddrFrom16([16]byte(b[24:40])), true
	}
	return netip.Addr{}, false
}

// explain tells what an error of the system call means for a frame.
func (s *Sender) explain(err error, frame []byte) error {
	if s.closed.Load() {
		return fs.ErrClosed
	}
	var errno syscall.Errno
	if !errors.As(err, &errno) {
		return err
	}
	if s.config.Layer3 {
		return s.explain3(errno, frame)
	}
	switch errno {
	case unix.EMSGSIZE:
		e := &TooLongError{Iface: s.device.name, Len: len(frame), MTU: s.device.mtu}
		s.frames.control(func(fd int) error {
			if now, err := deviceOf(fd, s.device.name); err == nil {
				e.MTU = now.mtu
			}
			return nil
		})
		return e
	case unix.ENETDOWN, unix.ENXIO, unix.ENODEV:
		var e error = &DownError{Iface: s.device.name, Removed: true}
		s.frames.control(func(fd int) error { e = down(fd, s.device); return nil })
		return e
	case unix.EINVAL:
		return &BadFrameError{len(frame), errno}
	case unix.ENOBUFS, unix.ENOMEM:
		return &NoRoomError{s.device.name, len(frame), errno}
	}
	return fmt.Errorf("sending by %s: %w", s.device.name, errno)
}

func (s *Sender) explain3(errno syscall.Errno, packet []byte) error {
	dst, _ := destination(packet)
	switch errno {
	case unix.EMSGSIZE, unix.ENOBUFS, unix.ENOMEM:
		iface, mtu := s.device.name, s.device.mtu
		if hop, err := routeFor(dst, s.config.Mark); err == nil && s.device.index == 0 {
			iface, mtu = hop.Iface, hop.MTU
		}
		if errno != unix.EMSGSIZE {
			return &NoRoomError{iface, len(packet), errno}
		}
		return &TooLongError{Iface: iface, Len: len(packet), MTU: mtu}
	case unix.ENETUNREACH, unix.EHOSTUNREACH, unix.EACCES, unix.EADDRNOTAVAIL, unix.ENETDOWN:
		return &NoRouteError{dst, errno}
	case unix.ENODEV, unix.ENXIO:
		return &DownError{Iface: s.device.name, Removed: true}
	case unix.EPERM:
		return fmt.Errorf("sending to %s: a firewall rule drops it: %w", dst, errno)
	case unix.EINVAL: // a route that is a black hole says that, too
		var none *NoRouteError
		if _, err := routeFor(dst, s.config.Mark); errors.As(err, &none) {
			return none
		}
		return &BadFrameError{len(packet), errno}
	}
	return fmt.Errorf("sending to %s: %w", dst, errno)
}

// Attach waits until the interface is there and up, for the time of ctx, and goes
// on sending by it, also by a new one of the same name.
func (s *Sender) Attach(ctx context.Context) error {
	if s.device.index == 0 {
		return nil
	}
	any := s.frames
	if any == nil {
		any = s.v4
	}
	d, err := untilUp(ctx, func() (d device, err error) {
		failed := any.control(func(fd int) error { d, err = deviceOf(fd, s.device.name); return nil })
		return d, errors.Join(failed, err)
	})
	if err != nil || d.index == s.device.index {
		return err
	}
	s.device = d
	if s.frames != nil {
		return s.frames.control(s.bind)
	}
	for _, o := range []*outlet{s.v4, s.v6} {
		if o == nil {
			continue
		}
		if err := o.control(func(fd int) error { return unix.BindToDevice(fd, d.name) }); err != nil {
			return rights(err)
		}
	}
	return nil
}

// Counts returns what was sent so far.
func (s *Sender) Counts() SendCounts {
	return SendCounts{Sent: s.sent.Load(), Bytes: s.bytes.Load(), Waits: s.waits.Load(), Full: s.full.Load()}
}

// LinkType is the link type of what is sent: that of the interface's frames, -1 if
// it is not known, or of IP packets.
func (s *Sender) LinkType() int {
	if s.config.Layer3 {
		return LinkRawIP
	}
	link, _ := linkOf(s.device.arphrd)
	return link
}

// MTU is what the kernel cuts larger frames down to: that of the interface when the
// Sender was opened or attached. 0 without Offload: nothing is cut.
func (s *Sender) MTU() int {
	if !s.config.Offload {
		return 0
	}
	return s.device.mtu
}

// Close ends the Sender; a Send that waits returns fs.ErrClosed.
func (s *Sender) Close() error {
	if s.closed.Swap(true) {
		return nil
	}
	var errs []error
	if s.wake != nil {
		s.wake.close()
	}
	for _, o := range []*outlet{s.frames, s.v4, s.v6} {
		if o != nil {
			errs = append(errs, o.file.Close())
		}
	}
	if s.clock != nil {
		s.clock.close()
	}
	return errors.Join(errs...)
}
