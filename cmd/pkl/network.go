package main

import (
	"context"
	"errors"
	"io"
	"net"
	"net/netip"
	"time"

	"pkl/core"
	"pkl/luabind"
	"pkl/sock"
)

// superPacket is why an edit cannot change the length of a frame that is to be
// cut into segments, or was put together from such.
const superPacket = "it stands for several packets of the wire, which the kernel cuts it into; switch that off (ethtool -K IFACE gro off gso off tso off)"

// promptly is how long the kernel holds back what scripts wait for.
const promptly = time.Millisecond

// network gives scripts sockets.
type network struct{}

// Open opens a socket for receiving and one for sending.
func (network) Open(o luabind.SocketOptions) (luabind.Socket, error) {
	k := &scriptSocket{link: sock.LinkRawIP}
	var err error
	if o.Layer == 2 {
		k.link, k.mac = linkOf(o.Iface)
	}
	if !o.SendOnly {
		c := captureConfig(&o)
		if o.SnapLen == 0 { // else it would see more of a packet than the script
			c.Filter, err = kernelFilter(o.Filter, k.link)
		}
		if err == nil {
			var in *sock.Capture
			if in, err = sock.OpenCapture(c); err == nil {
				k.in = newInbox(in, o.Buffer<<10)
			}
		}
	}
	if err == nil {
		k.out, err = sock.OpenSender(sock.SenderConfig{Iface: o.Iface, Layer3: o.Layer == 3, Mark: o.Mark, Offload: o.Layer == 2})
	}
	if err != nil {
		k.Close()
		return nil, err
	}
	return k, nil
}

func captureConfig(o *luabind.SocketOptions) sock.CaptureConfig {
	c := sock.CaptureConfig{Iface: o.Iface, Layer3: o.Layer == 3, Promisc: o.Promisc, Inbound: !o.Outgoing,
		SnapLen: o.SnapLen, Latency: promptly}
	if c.Iface == "" {
		c.Iface = sock.Any
	}
	return c
}

// linkOf tells the link type and the address of an interface.
func linkOf(name string) (link int, mac []byte) {
	all, _ := sock.Interfaces()
	for _, i := range all {
		if i.Name == name {
			return i.LinkType, i.MAC
		}
	}
	return -1, nil
}

// Interfaces lists the host's interfaces.
func (network) Interfaces() (list []luabind.Interface, err error) {
	all, err := sock.Interfaces()
	for _, i := range all {
		list = append(list, luabind.Interface{Name: i.Name, Index: i.Index, MAC: i.MAC, MTU: i.MTU, Up: i.Up, Addrs: i.Addrs, LinkType: i.LinkType})
	}
	return list, err
}

// Route asks the kernel for the way to an address.
func (network) Route(dst netip.Addr) (luabind.Route, error) {
	h, err := sock.Route(dst)
	return luabind.Route{Iface: h.Iface, Gateway: h.Gateway, Source: h.Src, MTU: h.MTU}, err
}

// A scriptSocket is pkl.socket.
type scriptSocket struct {
	in     *inbox // nil: it only sends
	out    *sock.Sender
	link   int
	mac    net.HardwareAddr
	number int
	batch  []sock.Frame // to be sent
}

func (k *scriptSocket) Read(m *core.Meta, f *luabind.Facts, until time.Time) ([]byte, error) {
	b, err := k.in.take(until)
	if err != nil {
		return nil, err
	}
	k.number++
	takeFrame(&b, k.in.in.LinkType(), k.number, m, f)
	return b.Data, nil
}

// takeFrame says what is known about a captured frame.
func takeFrame(b *sock.Frame, link, number int, m *core.Meta, f *luabind.Facts) {
	*m = core.Meta{Time: b.Time, Len: b.Len, LinkType: link, Number: number, Iface: b.IfaceName, SumsPending: b.Offload.SumPending}
	*f = luabind.Facts{Outgoing: b.Direction == sock.Outgoing, Offload: luabind.Offload{SumPending: b.Offload.SumPending, SumValid: b.Offload.SumValid,
		GSO: uint8(b.Offload.GSO), SumStart: b.Offload.SumStart, SumOffset: b.Offload.SumOffset,
		SegmentSize: b.Offload.SegmentSize, HeadSize: b.Offload.HeaderLen}}
	if f.GSO = b.Offload.GSO != sock.GSONone; f.GSO {
		m.FixedLen = superPacket
	}
}

// toSend is a frame as the socket takes it.
func toSend(f *luabind.Frame) sock.Frame {
	o := &f.Offload
	return sock.Frame{Data: f.Data, Time: f.Time, Offload: sock.Offload{SumPending: o.SumPending, SumValid: o.SumValid, GSO: sock.GSO(o.GSO),
		SumStart: o.SumStart, SumOffset: o.SumOffset, SegmentSize: o.SegmentSize, HeaderLen: o.HeadSize}}
}

func (k *scriptSocket) Send(ctx context.Context, frames []luabind.Frame, o luabind.SendOptions) (int, error) {
	k.batch = k.batch[:0]
	for i := range frames {
		k.batch = append(k.batch, toSend(&frames[i]))
	}
	if o == (luabind.SendOptions{}) {
		return k.out.Send(ctx, k.batch)
	}
	plan := sock.Plan{Count: uint64(max(1, o.Count)) * uint64(len(frames)), Loop: o.Loop, Rate: o.Rate}
	if o.Loop && o.Count == 0 {
		plan.Count = 0
	}
	n, err := k.out.Repeat(ctx, k.batch, plan)
	return int(n), err
}

func (k *scriptSocket) Replay(ctx context.Context, next func(*luabind.Frame) error, t luabind.ReplayTiming) (int, error) {
	n, err := k.out.Replay(ctx, func(yield func(*sock.Frame, error) bool) {
		var f luabind.Frame
		for {
			err := next(&f)
			if err == io.EOF {
				return
			}
			out := toSend(&f)
			if err == nil && out.Offload.GSO == sock.GSONone {
				segment(&out, f.Packet, k.out.MTU())
			}
			if !yield(&out, err) || err != nil {
				return
			}
		}
	}, sock.Timing{Speed: t.Speed, Rate: t.Rate})
	return int(n), err
}

func (k *scriptSocket) LinkType() int { return k.link }

func (k *scriptSocket) MAC() []byte { return k.mac }

func (k *scriptSocket) Stats() (n luabind.SocketStats) {
	n.Sent = k.out.Counts().Sent
	if k.in != nil {
		c := k.in.in.Counts()
		n.Received, n.Dropped = c.Received, c.Dropped+k.in.lost()
	}
	return n
}

func (k *scriptSocket) Close() error {
	var errs []error
	if k.in != nil {
		errs = append(errs, k.in.close())
	}
	if k.out != nil {
		errs = append(errs, k.out.Close())
	}
	return errors.Join(errs...)
}
