package main

import (
	"io"
	"strings"

	"github.com/spf13/pflag"

	"pkl/core"
	"pkl/luabind"
	"pkl/pcapio"
)

const dumpHelpText = `
Dump shows the packets of a capture file, or of an interface, with their derived fields as they
came. As text, each packet is a line for each layer, and an empty line follows.
As fields, it is one line: the values of -e, parted by tabs, empty where a
packet does not have the field; of several values the first. As json, it is one
object on a line.

Fields have the names that filters have: ip.src, tcp.port (of two the source),
dns.questions.name, vlan#2.vid (of the second instance), frame.number.

  pkl dump -r in.pcap -c 1 -x
  pkl dump -i eth0 -f 'arp or icmp'
  pkl dump -r in.pcap -f dns -T fields -e frame.ts -e ip.src -e dns.questions.name`

// dumpOptions are the flags of dump.
type dumpOptions struct {
	read, filter, format string
	count                int
	ifaceOptions
	hex             bool
	numeric         bool // nothing to do: addresses and ports are never looked up
	fields, scripts []string
}

func (o *dumpOptions) flags(f *pflag.FlagSet) {
	f.StringVarP(&o.read, "read", "r", "", "show the packets of capture `FILE` (- is stdin)")
	o.ifaceOptions.flags(f)
	f.StringVarP(&o.filter, "filter", "f", "", "only those that match `FILTER`")
	f.IntVarP(&o.count, "count", "c", 0, "end after `N` packets that match")
	f.StringVarP(&o.format, "format", "T", "text", "`FORMAT`: text, json or fields")
	f.StringArrayVarP(&o.fields, "field", "e", nil, "with -T fields, show `FIELD`; may be repeated")
	f.BoolVarP(&o.hex, "hex", "x", false, "add the bytes in hex")
	f.BoolVarP(&o.numeric, "numeric", "n", false, "as with tcpdump; here addresses and ports are always numbers")
	f.StringArrayVar(&o.scripts, "script", nil, "run Lua `FILE` first, or a module such as protocols.gre, for the protocols it defines; may be repeated")
}

// runDump is pkl dump.
func runDump(c *cli, args []string) error {
	o, err := c.dumpOptions(args)
	if err != nil {
		return err
	}
	c.stop.listen()
	if o.iface != "" {
		return c.dumpInterface(o)
	}
	src, err := c.open(o.read)
	if err != nil {
		return err
	}
	defer src.Close()
	d, done, err := c.newDumper(o)
	if err != nil {
		return err
	}
	defer done()
	if err := src.start(); err != nil {
		return err
	}
	stop := c.progress(src)
	err = d.run(src)
	if stop(); err != nil {
		return err
	}
	return c.stop.err()
}

func (c *cli) dumpOptions(args []string) (*dumpOptions, error) {
	var o dumpOptions
	f := c.flags("dump", dumpHelpText)
	o.flags(f)
	c.decodeAsFlag(f)
	if err := parseOnce(f, args); err != nil {
		return nil, err
	}
	return &o, o.check(f)
}

func (o *dumpOptions) check(f *pflag.FlagSet) error {
	formats := []string{"text", "json", "fields"}
	switch {
	case f.NArg() > 0:
		return usagef("dump", "dump: unexpected argument %q (flags have letters: -r FILE, -f FILTER)", f.Arg(0))
	case o.read == "" && o.iface == "":
		return usagef("dump", "dump: no packets: give a capture file with -r, or an interface with -i")
	case o.read != "" && o.iface != "":
		return usagef("dump", "dump: -r and -i: packets come from a file or from an interface")
	case f.Changed("count") && o.count < 1:
		return usagef("dump", "dump: --count %d: at least 1", o.count)
	case o.format != "text" && o.format != "json" && o.format != "fields":
		return usagef("dump", "dump: --format %s: text, json and fields are known%s", o.format, hint(o.format, formats))
	case o.format == "fields" && len(o.fields) == 0:
		return usagef("dump", "dump: -T fields needs fields: name some with -e")
	case o.format != "fields" && len(o.fields) > 0 && f.Changed("format"):
		return usagef("dump", "dump: -e is for -T fields, not for -T %s", o.format)
	case o.format == "json" && o.hex:
		return usagef("dump", "dump: -x would break the lines of -T json")
	case len(o.fields) > 0:
		o.format = "fields"
	}
	return o.ifaceOptions.check(f, "dump")
}

// A dumper shows packets.
type dumper struct {
	out    *output
	err    io.Writer
	stop   *stopper
	reg    *core.Registry
	filter *core.Filter
	left   int // packets to go; negative: no limit
	show   func(dst []byte, p *core.Packet) []byte
	hex    bool

	first bool // nothing was shown so far
	buf   []byte
}

func (c *cli) newDumper(o *dumpOptions) (d *dumper, done func(), err error) {
	reg, done, err := c.registry(o.scripts)
	if err != nil {
		return nil, nil, err
	}
	d = &dumper{out: c.out, err: c.err, stop: c.stop, reg: reg, left: -1, hex: o.hex, first: true}
	if o.count > 0 {
		d.left = o.count
	}
	if d.filter, err = newFilter(reg, o.filter); err == nil {
		d.show, err = d.shower(o)
	}
	if err != nil {
		done()
	}
	return d, done, err
}

// shower returns what appends a packet to the output.
func (d *dumper) shower(o *dumpOptions) (func([]byte, *core.Packet) []byte, error) {
	switch o.format {
	case "json":
		return appendJSON, nil
	case "fields":
		return fieldLine(d.reg, o.fields)
	}
	return d.appendText, nil
}

// run shows the packets of src.
func (d *dumper) run(src *source) error {
	var rec pcapio.Packet
	var pkt core.Packet
	for n := 1; d.left != 0 && !d.stop.stopped(); n++ {
		if err := src.Read(&rec); err == io.EOF {
			return nil
		} else if err != nil {
			return src.located(err)
		}
		pkt.Reset(d.reg, meta(&rec, n), rec.Data)
		if d.filter != nil && !d.filter.Match(&pkt) {
			continue
		}
		d.left--
		if err := d.packet(&pkt); err != nil {
			return err
		}
	}
	return nil
}

// packet shows one packet.
func (d *dumper) packet(p *core.Packet) error {
	d.buf = d.show(d.buf[:0], p)
	if d.hex {
		d.buf = append(d.buf, p.Hexdump()...)
		d.buf = endLine(d.buf)
	}
	d.first = false
	_, err := d.out.Write(d.buf)
	return err
}

// appendText appends a packet as text, parted from the one before by an empty line.
func (d *dumper) appendText(dst []byte, p *core.Packet) []byte {
	if !d.first {
		dst = append(dst, '\n')
	}
	return endLine(p.AppendText(dst))
}

func appendJSON(dst []byte, p *core.Packet) []byte {
	return endLine(p.AppendJSON(dst))
}

// endLine ends the last line of text, if it has not ended.
func endLine(text []byte) []byte {
	if len(text) > 0 && text[len(text)-1] == '\n' {
		return text
	}
	return append(text, '\n')
}

// registry returns the built-in protocols and those that scripts define. Their
// hooks run until done is called.
func (c *cli) registry(names []string) (reg *core.Registry, done func(), err error) {
	cfg := c.hostConfig(false, 0, nil)
	cfg.Out = c.err // what is printed is data
	scripts, err := c.loadDefinitions(cfg.Library, names)
	if err != nil {
		return nil, nil, err
	}
	if len(scripts) == 0 {
		if reg, err = core.Compile(cfg.Specs, cfg.Structs, cfg.Binds); err != nil {
			return nil, nil, err
		}
		reg.Absent = luabind.LibraryHas(cfg.Library)
		return reg, func() {}, nil
	}
	st, err := c.newState(cfg, scripts)
	if err != nil {
		return nil, nil, err
	}
	c.stop.running(st, 0)
	return st.Registry(), func() {
		c.stop.running(nil, 0)
		_ = st.Close() // without abilities it has no files
	}, nil
}

// fieldLine returns what appends the values of fields, as one line.
func fieldLine(reg *core.Registry, names []string) (func([]byte, *core.Packet) []byte, error) {
	var fields []*field
	for _, name := range names {
		f, err := newField(reg, strings.TrimSpace(name))
		if err != nil {
			return nil, usagef("", "-e %s: %v", name, err)
		}
		fields = append(fields, f)
	}
	return func(dst []byte, p *core.Packet) []byte {
		for i, f := range fields {
			if i > 0 {
				dst = append(dst, '\t')
			}
			dst = f.append(dst, p)
		}
		return append(dst, '\n')
	}, nil
}
