package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"slices"
	"sync/atomic"
	"time"

	"golang.org/x/net/bpf"

	"pkl/core"
	"pkl/luabind"
	"pkl/nfq"
	"pkl/sock"
)

// A frameLane is what one capture of an interface gives. What is accepted goes to
// -w, and over a bridge to the other interface.
type frameLane struct {
	w    *worker
	in   *sock.Capture
	out  *sock.Sender // the other side of the bridge; nil: none
	name string       // the interface, for messages
	want func(*sock.Frame) bool

	sifts   bool // -f may be applied by the kernel
	program []bpf.RawInstruction

	batch []sock.Frame
	send  []sock.Frame // accepted, with their edits
	keep  []byte       // the bytes of those that were edited
	away  outage
	full  atomic.Uint64 // frames lost as there was no room on the other side
}

func (k *frameLane) read(deadline time.Time) (int, error) {
	for {
		var err error
		k.batch, err = k.in.Read(deadline)
		switch {
		case err == nil:
			if len(k.batch) > 0 {
				k.away.said = false
			}
			k.choose()
			return len(k.batch), nil
		case !k.away.waits(err, k.w.l.c.err):
			return 0, err
		}
	}
}

// choose leaves in the batch what goes the way that is asked for.
func (k *frameLane) choose() {
	n := 0
	for i := range k.batch {
		if !k.want(&k.batch[i]) {
			continue
		}
		if n < i {
			k.batch[n] = k.batch[i]
		}
		n++
	}
	k.batch = k.batch[:n]
}

// An outage is the time in which an interface is down.
type outage struct{ said bool }

// waits reports whether an error says that an interface is down, but may come up
// again. It tells the first in a row.
func (o *outage) waits(err error, to io.Writer) bool {
	if !isDown(err) {
		return false
	}
	if !o.said {
		o.said = true
		fmt.Fprintf(to, "pkl: %v; waiting for it\n", err)
	}
	return true
}

// isDown reports whether an interface is down, and may come up again.
func isDown(err error) bool {
	var down *sock.DownError
	return errors.As(err, &down) && !down.Removed
}

func (k *frameLane) owes() bool { return false }

func (k *frameLane) size(i int) int { return k.batch[i].Len }

func (k *frameLane) take(i int) bool {
	w, f := k.w, &k.batch[i]
	meta := w.pkt.Meta
	takeFrame(f, k.in.LinkType(), int(w.l.number.Add(1)), &meta, &w.st.Facts)
	w.pkt.Reset(w.st.Registry(), meta, f.Data)
	return true
}

func (k *frameLane) pass(i int) {
	k.w.count.verdicts[nfq.Accept]++
	k.forward(&k.batch[i], k.batch[i].Data, k.batch[i].Offload)
}

func (k *frameLane) fail(i int) {
	if k.w.l.cfg.DropOnError {
		k.w.count.verdicts[nfq.Drop]++
		return
	}
	k.pass(i)
}

func (k *frameLane) settle(i int, v *luabind.Verdict) {
	w, f := k.w, &k.batch[i]
	if v.Action == luabind.Drop {
		w.count.verdicts[nfq.Drop]++
		return
	}
	w.count.verdicts[nfq.Accept]++
	data, offload := w.pkt.Raw(), f.Offload
	if !same(data, f.Data) {
		w.count.edited++
		if k.out != nil { // the packet's own memory is for the next one
			at := len(k.keep)
			k.keep = append(k.keep, data...)
			data = k.keep[at:len(k.keep):len(k.keep)]
		}
	}
	offload.SumPending = offload.SumPending && w.pkt.SumsPending
	if w.l.out != nil {
		w.l.write(&w.pkt, data, f.IfaceName)
	}
	k.forward(f, data, offload)
}

// forward keeps a frame for the other side of the bridge, until the batch is judged.
func (k *frameLane) forward(f *sock.Frame, data []byte, o sock.Offload) {
	if k.out != nil {
		k.send = append(k.send, sock.Frame{Data: data, Offload: o})
	}
}

// bridgePatience is how long the frames of a batch wait for room on the other
// side, and one of them at most half as long: it may be that only this one is
// thrown away. Then they are lost, and counted, as on any bridge.
const bridgePatience = 20 * time.Millisecond

// flush sends what was accepted. A frame that the other interface does not take
// is told, and the others go on.
func (k *frameLane) flush() error {
	frames := k.send
	k.send, k.keep = k.send[:0], k.keep[:0]
	if len(frames) == 0 {
		return nil
	}
	ctx, cancel := context.WithTimeout(context.Background(), bridgePatience)
	defer cancel()
	for len(frames) > 0 {
		n, err := k.out.Send(ctx, frames)
		frames = frames[n:]
		if err == nil {
			continue
		}
		var full *sock.NoRoomError
		if errors.Is(err, context.DeadlineExceeded) {
			k.full.Add(uint64(len(frames)))
			return nil
		} else if errors.As(err, &full) {
			k.full.Add(1)
			frames = frames[1:]
			continue
		}
		if err = k.lost(err); err != nil || len(frames) == 0 {
			return err
		}
		frames = frames[1:]
	}
	return nil
}

// lost counts a frame that could not be sent; it returns what ends the run.
func (k *frameLane) lost(err error) error {
	var long *sock.TooLongError
	var bad *sock.BadFrameError
	var away *sock.DownError
	var kind string // errors of one kind are told once
	switch {
	case errors.As(err, &long):
		kind = "too long"
	case errors.As(err, &bad):
		kind = "malformed"
	case errors.As(err, &away) && !away.Removed:
		kind = "its way is down"
	case errors.Is(err, fs.ErrClosed):
		return nil
	default:
		return err
	}
	k.w.count.failed++
	k.w.l.faults.add(fmt.Sprintf("pkl: a frame from %s was not sent: %s", k.name, kind), fmt.Sprintf("pkl: a frame from %s was not sent: %v", k.name, err), k.w.l.c.err)
	return nil
}

// sift has the kernel drop what the filter of -f does not choose. Over a bridge,
// that goes on unseen.
func (k *frameLane) sift(f *core.Filter) error {
	if k.out != nil || !k.sifts {
		return nil
	}
	program, err := kernelFilter(f, k.in.LinkType())
	if err != nil || slices.Equal(program, k.program) {
		return err
	}
	k.program = program
	return k.in.SetFilter(program)
}

func (k *frameLane) wake() { k.in.Wake() }

func (k *frameLane) close() error {
	errs := []error{k.in.Close()}
	if k.out != nil {
		errs = append(errs, k.out.Close())
	}
	return errors.Join(errs...)
}
