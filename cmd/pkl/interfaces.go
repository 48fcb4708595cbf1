package main

import (
	"cmp"
	"fmt"
	"strings"
	"time"

	"github.com/spf13/pflag"
	"golang.org/x/net/bpf"

	"pkl/core"
	"pkl/sock"
)

// ifaceOptions are the flags of run and dump for packets of an interface.
type ifaceOptions struct {
	iface     string
	quiet     bool   // not promiscuous
	direction string // of frames, from the host's side
	snapLen   int
	buffer    int // KiB
}

func (o *ifaceOptions) flags(f *pflag.FlagSet) {
	f.StringVarP(&o.iface, "interface", "i", "", "packets of network `INTERFACE`, or of any; needs root or CAP_NET_RAW")
	f.BoolVarP(&o.quiet, "no-promiscuous", "p", false, "with -i, only what the interface would receive anyway")
	f.StringVarP(&o.direction, "direction", "Q", "inout", "with -i, packets that go `in`, out or inout")
	f.IntVarP(&o.snapLen, "snapshot-length", "s", 0, "with -i, keep `N` bytes of each packet (0: all)")
	f.IntVarP(&o.buffer, "buffer-size", "B", 0, "with -i, keep room for `KIB` of packets that wait (8192)")
}

// ifaceFlags are those that need -i.
var ifaceFlags = []string{"no-promiscuous", "direction", "snapshot-length", "buffer-size"}

// check refuses what makes no sense.
func (o *ifaceOptions) check(f *pflag.FlagSet, command string) error {
	if o.iface == "" {
		for _, name := range ifaceFlags {
			if f.Changed(name) {
				return usagef(command, "%s: --%s needs an interface: give one with -i", command, name)
			}
		}
		if f.Changed("interface") {
			return usagef(command, "%s: the name of the interface is empty", command)
		}
		return nil
	}
	switch {
	case o.direction != "in" && o.direction != "out" && o.direction != "inout":
		return usagef(command, "%s: --direction %s: in, out or inout", command, o.direction)
	case f.Changed("snapshot-length") && (o.snapLen < 0 || o.snapLen > usualSnapLen):
		return usagef(command, "%s: --snapshot-length %d: 0 (whole packets) to %d", command, o.snapLen, usualSnapLen)
	case f.Changed("buffer-size") && (o.buffer < 128 || o.buffer > 1<<20):
		return usagef(command, "%s: --buffer-size %d: 128 to %d KiB", command, o.buffer, 1<<20)
	}
	return nil
}

// capture says how to capture.
func (o *ifaceOptions) capture() sock.CaptureConfig {
	return sock.CaptureConfig{Iface: o.iface, Promisc: !o.quiet && o.iface != sock.Any, Inbound: o.direction == "in", SnapLen: o.snapLen, RingKiB: o.buffer}
}

// wants reports whether a frame goes the way that is asked for.
func (o *ifaceOptions) wants(f *sock.Frame) bool {
	return o.direction != "out" || f.Direction == sock.Outgoing
}

// canSift reports whether the kernel can apply a filter: it sees the frames as pkl
// does, whole.
func (o *ifaceOptions) canSift() bool { return o.iface != sock.Any && o.snapLen == 0 }

// kernelFilter is the program that drops in the kernel what a filter, as far as
// one can decide it, does not choose; nil lets all through.
func kernelFilter(f *core.Filter, linkType int) ([]bpf.RawInstruction, error) {
	if f == nil || linkType != linkEthernet && linkType != linkRaw {
		return nil, nil
	}
	return bpf.Assemble(f.BPF(core.BPFOptions{LinkType: linkType, TagAside: linkType == linkEthernet}).Program)
}

const linkEthernet = 1 // LINKTYPE_ETHERNET

// nothingYet is a program that lets nothing through, until there is a filter.
func nothingYet() []bpf.RawInstruction {
	program, _ := bpf.Assemble([]bpf.Instruction{bpf.RetConstant{Val: 0}})
	return program
}

// captured says how many packets there were, as tcpdump does.
func captured(name string, shown uint64, n sock.Counts) string {
	var b strings.Builder
	fmt.Fprintf(&b, "%s: %s, %d received, %d dropped by the kernel", name, plural(int(shown), "packet"), n.Received, n.Dropped)
	if n.Malformed > 0 {
		fmt.Fprintf(&b, ", %d not understood", n.Malformed)
	}
	return b.String()
}

// bridgeLatency is how long the kernel may hold back frames that pass a bridge.
const bridgeLatency = time.Millisecond

// bridgeRing is the room for frames that wait, in KiB. As each 128 KiB are handed
// over after bridgeLatency, however little is in them, it lasts for 256 ms: longer
// than a rule may take.
const bridgeRing = 32 << 10

// openInterfaces opens the interface, with as many captures as there are to be
// workers; for a bridge both interfaces, and the way across.
func (l *live) openInterfaces() error {
	o := l.o
	if o.bridge == "" {
		c := o.ifaceOptions.capture()
		if o.filter != "" && o.canSift() {
			c.Filter = nothingYet() // until the scripts are there, which may say what -f means
		}
		return l.openSide(c, "")
	}
	for _, side := range [][2]string{{o.iface, o.bridge}, {o.bridge, o.iface}} {
		c := sock.CaptureConfig{Iface: side[0], Promisc: true, Inbound: true, RingKiB: cmp.Or(o.buffer, bridgeRing), Latency: bridgeLatency}
		if err := l.openSide(c, side[1]); err != nil {
			return err
		}
	}
	if a, b := l.workers[0].lane.(*frameLane), l.workers[len(l.workers)-1].lane.(*frameLane); a.in.LinkType() != b.in.LinkType() {
		return fmt.Errorf("%s and %s cannot be bridged: their frames are of different link types", o.iface, o.bridge)
	}
	return nil
}

// openSide adds workers for an interface; what they accept leaves by another one, if there is one.
func (l *live) openSide(c sock.CaptureConfig, to string) error {
	captures, err := sock.OpenCaptures(c, l.o.nWorkers)
	if err != nil {
		return err
	}
	for _, in := range captures {
		w := l.newWorker()
		k := &frameLane{w: w, in: in, name: c.Iface, want: l.o.wants, sifts: c.Filter != nil, program: c.Filter}
		w.lane, l.linkType = k, in.LinkType()
		if to == "" {
			continue
		}
		if k.out, err = sock.OpenSender(sock.SenderConfig{Iface: to, Offload: true, Patience: bridgePatience / 2}); err != nil {
			return err
		}
	}
	return nil
}
