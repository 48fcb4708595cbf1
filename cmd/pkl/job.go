package main

import (
	"errors"
	"io"
	"strings"

	"pkl/core"
	"pkl/core/expr"
	"pkl/luabind"
	"pkl/pcapio"
)

// A job takes the packets of a capture file through filter and rules to the
// output.
type job struct {
	stop     *stopper
	progress func(*source) (stop func())

	src    *source
	filter *core.Filter   // nil: every packet
	host   *luabind.State // whose hooks dissect
	st     *luabind.State // the same; nil: no rules
	out    *sink          // nil: none
	left   int            // packets to go; negative: no limit

	reg *core.Registry
	rec pcapio.Packet // the packet in hand, as the file has it
	pkt core.Packet   // the same, dissected
	n   int           // its number

	iface int // where it came from

	first     *core.Proto // what packets of link type firstType begin with
	firstType int
}

func (c *cli) newJob(o *runOptions, src *source, st *luabind.State) (*job, error) {
	j := &job{stop: c.stop, progress: c.progress, src: src, host: st, reg: st.Registry(), left: -1}
	if o.count > 0 {
		j.left = o.count
	}
	if st.HasRules() {
		j.st = st
	}
	var err error
	if j.filter, err = newFilter(j.reg, o.filter); err != nil {
		return nil, err
	}
	if err := src.start(); err != nil {
		return nil, err
	}
	if o.write != "" {
		if j.out, err = c.newSink(o.write, src); err != nil {
			return nil, err
		}
	}
	return j, nil
}

// run works until the end of the file or of the run, and completes the output.
func (j *job) run() error {
	err := j.scripted()
	if j.out == nil {
		return err
	}
	return errors.Join(err, j.out.close())
}

// scripted is loop, with the scripts ready to be cut.
func (j *job) scripted() error {
	defer j.progress(j.src)()
	j.stop.running(j.host, 0)
	defer j.stop.running(nil, 0)
	return j.loop()
}

// loop takes one packet after the other. It allocates nothing, and does no
// more than it must: everything else is measured against it.
func (j *job) loop() error {
	for j.left != 0 && !j.stop.stopped() {
		if err := j.src.Reader.Read(&j.rec); err != nil {
			if err == io.EOF {
				return nil
			}
			return j.src.located(err)
		}
		j.n++
		j.take()
		if j.filter != nil && !j.filter.Match(&j.pkt) {
			continue
		}
		j.left--
		if err := j.judge(); err != nil {
			return err
		}
	}
	return nil
}

// take dissects the record in hand.
func (j *job) take() {
	r := &j.rec
	if j.n > 1 && j.pkt.LinkType == r.LinkType && j.pkt.Number == j.n-1 && j.iface == r.Iface {
		j.pkt.Next(r.Data, r.Time, r.Len)
		return
	}
	j.iface = r.Iface
	j.pkt.Reset(j.reg, meta(r, j.n), r.Data)
}

// judge gives the packet in hand to the rules, and writes it if they accept it.
func (j *job) judge() error {
	if j.st != nil {
		v := j.ask()
		if v.End {
			j.left = 0
		}
		if v.Action == luabind.Drop {
			return nil
		}
	}
	if j.out == nil {
		return nil
	}
	if err := j.out.w.Write(&j.rec); err != nil {
		return j.out.failed(j.n, err)
	}
	return nil
}

// ask has the rules judge the packet, and takes over their edits.
func (j *job) ask() luabind.Verdict {
	j.st.Facts.Origin = origin(&j.rec)
	v := j.st.Handle(&j.pkt)
	data := j.pkt.Raw()
	if cut := j.rec.Len - len(j.rec.Data); cut > 0 {
		j.rec.Len = len(data) + cut
	} else {
		j.rec.Len = len(data)
	}
	j.rec.Data, j.rec.Time = data, j.pkt.Time
	j.relink()
	return v
}

// relink gives a packet that begins with another layer than it came with the
// link type of that.
func (j *job) relink() {
	if j.out == nil {
		return
	}
	first := j.pkt.First()
	if first == core.None || j.pkt.ProtoOf(first) == j.first && j.pkt.LinkType == j.firstType {
		return
	}
	if n := luabind.LinkType(&j.pkt); n != j.pkt.LinkType {
		j.rec.LinkType = n
		return
	}
	j.first, j.firstType = j.pkt.ProtoOf(first), j.pkt.LinkType
}

// filterError shows where a filter is wrong.
func filterError(err error) error {
	var e *expr.Error
	if !errors.As(err, &e) || strings.ContainsAny(e.Src, "\n\t") {
		return usagef("", "filter: %v", err)
	}
	text, at := around([]rune(e.Src), e.Col-1)
	return usagef("", "filter: %v\n  %s\n  %s^", err, text, strings.Repeat(" ", at))
}

// around is what fits a line of a text, with the place at in it, and where that
// place is in the line.
func around(text []rune, at int) (line string, place int) {
	const width = 100
	from := max(0, min(at-width/2, len(text)-width))
	to := min(from+width, len(text))
	line, place = string(text[from:to]), at-from
	if from > 0 {
		line, place = "…"+line, place+1
	}
	if to < len(text) {
		line += "…"
	}
	return line, place
}
