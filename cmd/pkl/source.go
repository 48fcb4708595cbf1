package main

import (
	"errors"
	"io"
	"os"
	"slices"
	"time"

	"pkl/core"
	"pkl/luabind"
	"pkl/pcapio"
)

// pollEvery is how often a wait for input looks whether the run is to end, in
// milliseconds.
const pollEvery = 50

// A source gives the packets of a capture file.
type source struct {
	*pcapio.Reader
	cli  *cli
	name string   // for messages
	file *os.File // nil: standard input that is no file
	from io.Reader
}

// open opens a capture file; "-" is standard input. Waiting for a pipe or a
// terminal ends when the run is to end. Where it may have to wait, it does not:
// start does.
func (c *cli) open(name string) (*source, error) {
	s := &source{cli: c, name: name, from: c.in}
	if name == "-" {
		s.name, s.file = "stdin", fileOf(c.in)
	} else {
		f, err := c.openFile(name)
		if err != nil {
			return nil, err
		}
		s.file, s.from = f, f
	}
	c.inputs = append(c.inputs, s)
	switch {
	case s.file == nil:
		return s, nil
	case waits(s.file):
		s.from = patient(s.file, c.stop)
		return s, nil
	}
	return s, s.start()
}

// openFile opens a file. A named pipe that nobody writes to makes that wait: not
// for longer than the run lasts.
func (c *cli) openFile(name string) (*os.File, error) {
	if info, err := os.Stat(name); err != nil || info.Mode()&os.ModeNamedPipe == 0 {
		return os.Open(name)
	}
	type opened struct {
		f   *os.File
		err error
	}
	done := make(chan opened, 1)
	go func() {
		f, err := os.Open(name)
		done <- opened{f, err}
	}()
	tick := time.NewTicker(pollEvery * time.Millisecond)
	defer tick.Stop()
	for {
		select {
		case o := <-done:
			return o.f, o.err
		case <-tick.C:
			if c.stop.stopped() {
				return nil, c.stop.err()
			}
		}
	}
}

// start reads the header of the capture file, unless that is done.
func (s *source) start() (err error) {
	if s.Reader != nil {
		return nil
	}
	if s.Reader, err = pcapio.NewReader(s.from); err != nil {
		s.closeFile()
		return s.located(err)
	}
	return nil
}

// waits reports whether reading f may take for ever.
func waits(f *os.File) bool {
	info, err := f.Stat()
	return err == nil && !info.Mode().IsRegular()
}

// located puts the file's name into an error. An interruption stays what it is.
func (s *source) located(err error) error {
	var damage *pcapio.Error
	if !errors.As(err, &damage) {
		return err
	}
	if errors.Is(err, errInterrupted) || errors.Is(err, errClosedPipe) {
		return damage.Err
	}
	damage.File = s.name
	return damage
}

// Close ends reading.
func (s *source) Close() error {
	if s.Reader != nil {
		s.Reader.Close()
	}
	return s.closeFile()
}

func (s *source) closeFile() error {
	s.cli.inputs = slices.DeleteFunc(s.cli.inputs, func(o *source) bool { return o == s })
	if s.file == nil || s.name == "stdin" {
		return nil
	}
	return s.file.Close()
}

// origin is what only another capture file is told of a packet.
func origin(p *pcapio.Packet) luabind.Origin {
	return luabind.Origin{Iface: p.Iface, Comment: p.Comment, Options: p.Options}
}

// meta is what core is told of a packet.
func meta(p *pcapio.Packet, number int) core.Meta {
	return core.Meta{Time: p.Time, Len: p.Len, LinkType: p.LinkType, Number: number, Iface: p.IfaceName}
}
