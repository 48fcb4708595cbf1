package main

import (
	"errors"
	"fmt"
	"io/fs"
	"time"

	"pkl/core"
	"pkl/luabind"
	"pkl/sock"
)

// dumpInterface shows the packets of an interface, as they come.
func (c *cli) dumpInterface(o *dumpOptions) (err error) {
	d, done, err := c.newDumper(o)
	if err != nil {
		return err
	}
	defer done()
	config := o.ifaceOptions.capture()
	if d.filter != nil && o.canSift() {
		link, _ := linkOf(o.iface)
		if config.Filter, err = kernelFilter(d.filter, link); err != nil {
			return err
		}
	}
	in, err := sock.OpenCapture(config)
	if err != nil {
		return err
	}
	go func() {
		<-c.stop.ctx.Done()
		in.Close()
	}()
	shown, err := d.live(in, o)
	n := in.Counts()
	in.Close()
	fmt.Fprintln(c.err, captured(o.iface, shown, n))
	if err != nil {
		return err
	}
	return c.stop.err()
}

// live shows what an interface gives, until the end of the run. What was shown is
// handed on when nothing comes for a moment.
func (d *dumper) live(in *sock.Capture, o *dumpOptions) (shown uint64, err error) {
	var pkt core.Packet
	var facts luabind.Facts
	var away outage
	for n := 0; d.left != 0; {
		frames, err := in.Read(time.Now().Add(flushEvery))
		switch {
		case errors.Is(err, fs.ErrClosed):
			return shown, nil
		case err != nil && !away.waits(err, d.err):
			return shown, err
		}
		if len(frames) > 0 {
			away.said = false
		} else if err := d.out.Flush(); err != nil {
			return shown, err
		}
		for i := range frames {
			if d.left == 0 || d.stop.stopped() {
				break
			}
			if !o.wants(&frames[i]) {
				continue
			}
			n++
			meta := pkt.Meta
			takeFrame(&frames[i], in.LinkType(), n, &meta, &facts)
			pkt.Reset(d.reg, meta, frames[i].Data)
			if d.filter != nil && !d.filter.Match(&pkt) {
				continue
			}
			d.left--
			shown++
			if err := d.packet(&pkt); err != nil {
				return shown, err
			}
		}
	}
	return shown, nil
}
