package main

import (
	"context"
	"fmt"
	"io"
	"iter"

	"github.com/spf13/pflag"

	"pkl/core"
	"pkl/pcapio"
	"pkl/sock"
)

const replayHelpText = `
Replay sends the packets of a capture file by an interface, with the spacing
that they were recorded with. Their link type must be that of the interface;
-f chooses among them. A TCP packet larger than the interface takes, as
captures of hosts that put segments together have, is cut into segments by the
kernel; other packets that are too long are told, counted and left out.

  pkl replay in.pcap -i eth0
  pkl replay in.pcap -i eth0 --speed 10
  pkl replay in.pcap -i eth0 --rate 1000 --loop 5`

// replayOptions are the flags of replay.
type replayOptions struct {
	iface, filter string
	speed, rate   float64
	fast          bool
	loop, count   int
}

func (o *replayOptions) flags(f *pflag.FlagSet) {
	f.StringVarP(&o.iface, "interface", "i", "", "send by `INTERFACE`; needs root or CAP_NET_RAW")
	f.StringVarP(&o.filter, "filter", "f", "", "only packets that match `FILTER`")
	f.IntVarP(&o.count, "count", "c", 0, "end after `N` packets that match")
	f.Float64Var(&o.speed, "speed", 1, "`N` times as fast as recorded")
	f.Float64Var(&o.rate, "rate", 0, "`N` packets a second, whatever was recorded")
	f.BoolVar(&o.fast, "fast", false, "as fast as they go")
	f.IntVar(&o.loop, "loop", 1, "send the file `N` times")
}

func (o *replayOptions) check(f *pflag.FlagSet) error {
	given := 0
	for _, name := range []string{"speed", "rate", "fast"} {
		if f.Changed(name) {
			given++
		}
	}
	switch {
	case f.NArg() != 1:
		return usagef("replay", "replay: name one capture file")
	case o.iface == "":
		return usagef("replay", "replay: by which interface? give it with -i")
	case given > 1:
		return usagef("replay", "replay: --speed, --rate and --fast exclude each other")
	case !(o.speed > 0) || f.Changed("rate") && !(o.rate > 0):
		return usagef("replay", "replay: --speed and --rate are numbers above 0")
	case o.loop < 1 || f.Changed("count") && o.count < 1:
		return usagef("replay", "replay: --loop and --count are at least 1")
	case o.loop > 1 && f.Arg(0) == "-":
		return usagef("replay", "replay: stdin cannot be sent again")
	}
	return nil
}

// timing is when packets are sent.
func (o *replayOptions) timing() sock.Timing {
	switch {
	case o.fast:
		return sock.Timing{}
	case o.rate > 0:
		return sock.Timing{Rate: o.rate}
	}
	return sock.Timing{Speed: o.speed}
}

// runReplay is pkl replay.
func runReplay(c *cli, args []string) error {
	var o replayOptions
	f := c.flags("replay", replayHelpText)
	o.flags(f)
	c.decodeAsFlag(f)
	if err := parseOnce(f, args); err != nil {
		return err
	}
	if err := o.check(f); err != nil {
		return err
	}
	c.stop.listen()
	reg, done, err := c.registry(nil)
	if err != nil {
		return err
	}
	defer done()
	r := &replayer{c: c, o: &o, name: f.Arg(0), reg: reg}
	if r.filter, err = newFilter(reg, o.filter); err != nil {
		return err
	}
	if r.link, _ = linkOf(o.iface); r.link < 0 {
		return fmt.Errorf("replay: there is no interface %q (ip link shows them)", o.iface)
	}
	out, err := sock.OpenSender(sock.SenderConfig{Iface: o.iface, Offload: true})
	if err != nil {
		return err
	}
	defer out.Close()
	r.mtu = out.MTU()
	return r.run(out)
}

// A replayer sends a capture file.
type replayer struct {
	c      *cli
	o      *replayOptions
	name   string
	reg    *core.Registry
	filter *core.Filter
	link   int
	mtu    int

	rec     pcapio.Packet
	pkt     core.Packet
	number  int
	refused int
}

func (r *replayer) run(out *sock.Sender) error {
	ctx, cancel := context.WithCancelCause(context.Background())
	defer cancel(nil)
	go func() {
		<-r.c.stop.ctx.Done()
		cancel(r.c.stop.err())
	}()
	timing := r.o.timing()
	timing.Refused = func(f *sock.Frame, err error) error {
		r.refuse(f.Number, err)
		return nil
	}
	var err error
	for i := 0; i < r.o.loop && err == nil; i++ {
		err = r.once(ctx, out, timing)
	}
	if n := out.Counts(); err == nil || n.Sent > 0 {
		fmt.Fprintf(r.c.err, "%s: %s, %d bytes sent", r.o.iface, plural(int(n.Sent), "packet"), n.Bytes)
		if r.refused > 0 {
			fmt.Fprintf(r.c.err, ", %d could not be sent", r.refused)
		}
		fmt.Fprintln(r.c.err)
	}
	switch {
	case r.c.stop.err() != nil:
		return r.c.stop.err()
	case err == nil && r.refused > 0:
		return errReported
	}
	return err
}

// refuse counts a packet that cannot be sent, and tells the first.
func (r *replayer) refuse(number int, err error) {
	if r.refused++; r.refused == 1 {
		fmt.Fprintf(r.c.err, "pkl: %s: packet %d: %v\n", r.name, number, err)
	}
}

// once sends the file from its beginning to its end.
func (r *replayer) once(ctx context.Context, out *sock.Sender, timing sock.Timing) error {
	src, err := r.c.open(r.name)
	if err != nil {
		return err
	}
	defer src.Close()
	if err := src.start(); err != nil {
		return err
	}
	r.number = 0
	_, err = out.Replay(ctx, r.frames(src), timing)
	return err
}

// frames gives the packets that are to be sent.
func (r *replayer) frames(src *source) iter.Seq2[*sock.Frame, error] {
	return func(yield func(*sock.Frame, error) bool) {
		var f sock.Frame
		for left := r.o.count; ; {
			err := src.Read(&r.rec)
			if err == io.EOF {
				return
			}
			if err != nil {
				yield(nil, src.located(err))
				return
			}
			r.number++
			r.pkt.Reset(r.reg, meta(&r.rec, r.number), r.rec.Data)
			if r.filter != nil && !r.filter.Match(&r.pkt) {
				continue
			}
			if r.rec.LinkType != r.link {
				yield(nil, fmt.Errorf("%s: packet %d has link type %s, %s takes %s", r.name, r.number,
					pcapio.LinkTypeName(r.rec.LinkType), r.o.iface, pcapio.LinkTypeName(r.link)))
				return
			}
			if len(r.rec.Data) < r.rec.Len {
				r.refuse(r.number, fmt.Errorf("only %d of %d bytes were captured", len(r.rec.Data), r.rec.Len))
				continue
			}
			f = sock.Frame{Data: r.rec.Data, Time: r.rec.Time, Number: r.number}
			segment(&f, &r.pkt, r.mtu)
			if !yield(&f, nil) {
				return
			}
			if left--; left == 0 {
				return
			}
		}
	}
}
