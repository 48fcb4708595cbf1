package main

import (
	"io"
	"slices"
	"sync"
	"time"

	"pkl/core"
	"pkl/pcapio"
)

const (
	// flushEvery is how often what scripts have printed is handed on.
	flushEvery = 100 * time.Millisecond
	// writeEvery is how often packets that were written to -w are handed on.
	writeEvery = time.Second
)

// A liveSink is the file of -w of a live run, for all workers.
type liveSink struct {
	mu       sync.Mutex
	s        *sink
	linkType int
	rec      pcapio.Packet
	ifaces   []string
	failed   bool // an error was told, or it is closed
}

// newLiveSink makes the file of -w.
func (c *cli) newLiveSink(name string, linkType int) (*liveSink, error) {
	s, err := c.create(name, pcapio.Options{LinkType: linkType, Nano: true})
	if err != nil {
		return nil, err
	}
	return &liveSink{s: s, linkType: linkType}, nil
}

// write writes an accepted packet. The first failure ends the run.
func (l *live) write(p *core.Packet, data []byte, iface string) {
	o := l.out
	o.mu.Lock()
	defer o.mu.Unlock()
	if o.failed {
		return
	}
	i := slices.Index(o.ifaces, iface)
	if i < 0 {
		i = len(o.ifaces)
		o.ifaces = append(o.ifaces, iface)
	}
	o.rec = pcapio.Packet{Data: data, Time: p.Time, Len: max(len(data), p.WireLen()), LinkType: o.linkType, Iface: i, IfaceName: iface}
	if err := o.s.w.Write(&o.rec); err != nil {
		o.failed = true
		l.fail(o.s.failed(p.Number, err))
	}
}

// flushWritten hands on what was written to -w.
func (l *live) flushWritten() {
	o := l.out
	if o == nil {
		return
	}
	o.mu.Lock()
	defer o.mu.Unlock()
	if o.failed {
		return
	}
	if err := o.s.w.Flush(); err != nil {
		o.failed = true
		l.fail(outputNamed(o.s.name, err))
	}
}

func (o *liveSink) close() error {
	o.mu.Lock()
	defer o.mu.Unlock()
	err := o.s.close()
	if o.failed { // told already
		return nil
	}
	o.failed = true // nothing can be written any more
	return err
}

// flush hands on what is printed and written, now and then. It does so on its own,
// as an output may hang.
func (l *live) flush(until <-chan struct{}) {
	defer l.c.caught(l.fail)
	printed, written := time.NewTicker(flushEvery), time.NewTicker(writeEvery)
	defer printed.Stop()
	defer written.Stop()
	for {
		select {
		case <-until:
			return
		case <-printed.C:
			l.c.out.Flush()
		case <-written.C:
			l.flushWritten()
		}
	}
}

// save writes what there is when the run cannot be ended in order.
func (l *live) save() {
	l.flushWritten()
	l.c.out.Flush()
	l.report(l.c.err, "dropped") // by the kernel, when the program is gone
}

// A lockedWriter is a Writer for several goroutines.
type lockedWriter struct {
	mu sync.Mutex
	w  io.Writer
}

func (l *lockedWriter) Write(b []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.w.Write(b)
}
