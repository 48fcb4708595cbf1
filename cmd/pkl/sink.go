package main

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"syscall"

	"pkl/pcapio"
)

// A sink is a capture file to write. It is made when the first packet tells the
// link type of a pcap file.
type sink struct {
	w        *pcapio.Writer
	name     string
	open     func(linkType int) (*pcapio.Writer, error)
	linkType int // of a file without packets; -1: unknown
}

// newSink is the file of -w, in the format that its name asks for; for "-",
// standard output, in the format of src.
func (c *cli) newSink(name string, src *source) (*sink, error) {
	if err := c.mayCreate(name); err != nil {
		return nil, err
	}
	s := &sink{name: name, open: c.opener(name, src), linkType: src.LinkType()}
	if name == "-" {
		s.name = "stdout"
	}
	return s, nil
}

// opener returns how the file is made. Times keep their nanoseconds. The
// header's snap length is not below that of the input, as packets may be so long.
func (c *cli) opener(name string, src *source) func(int) (*pcapio.Writer, error) {
	o := src.Format()
	o.Nano, o.AutoNano = o.Nano || o.Format == pcapio.Pcapng, true
	o.SnapLen = outSnapLen(o.SnapLen)
	return func(linkType int) (*pcapio.Writer, error) {
		o.LinkType = linkType
		return c.create(name, o)
	}
}

// create makes a capture file; "-" is standard output.
func (c *cli) create(name string, o pcapio.Options) (*pcapio.Writer, error) {
	if err := c.checkNotInput(name); err != nil {
		return nil, err
	}
	if name == "-" {
		return pcapio.NewWriter(c.out, o)
	}
	return pcapio.Create(name, o)
}

const (
	usualSnapLen   = 262144   // what tcpdump and Wireshark use
	largestSnapLen = 16 << 20 // the longest packet that is read
)

// outSnapLen is the snap length of a file with edited packets of one with n;
// 0 means the usual.
func outSnapLen(n int) int {
	if n <= usualSnapLen {
		return 0
	}
	return min(n, largestSnapLen)
}

// start makes the file.
func (s *sink) start(linkType int) (err error) {
	if s.w, err = s.open(linkType); err != nil {
		return outputNamed(s.name, err)
	}
	return nil
}

// write writes a packet.
func (s *sink) write(p *pcapio.Packet) error {
	if s.w == nil {
		if err := s.start(p.LinkType); err != nil {
			return err
		}
	}
	return s.w.Write(p)
}

// failed says which packet could not be written, unless it is not the packet
// that is to blame.
func (s *sink) failed(number int, err error) error {
	var p *fs.PathError
	if s.w == nil || errors.As(err, &p) || errors.Is(err, errClosedPipe) || errors.Is(err, syscall.EPIPE) {
		return outputNamed(s.name, err)
	}
	return fmt.Errorf("%s: packet %d: %w", s.name, number, err)
}

// close ends the file. Without packets and without a link type it is one of Ethernet.
func (s *sink) close() error {
	if s.w == nil {
		linkType := s.linkType
		if linkType < 0 {
			linkType = 1
		}
		if err := s.start(linkType); err != nil {
			return err
		}
	}
	if err := s.w.Close(); err != nil {
		return outputNamed(s.name, err)
	}
	return nil
}

// checkNotInput refuses to write to a file that is read: it would be emptied first.
func (c *cli) checkNotInput(name string) error {
	var info os.FileInfo
	var err error
	if name != "-" {
		info, err = os.Stat(name)
	} else if out := fileOf(c.out.dst); out != nil {
		info, err = out.Stat()
	}
	if info == nil || err != nil || !info.Mode().IsRegular() {
		return nil
	}
	for _, src := range c.inputs {
		if src.file == nil {
			continue
		}
		if in, err := src.file.Stat(); err == nil && os.SameFile(in, info) {
			return fmt.Errorf("%s: is also the input; write to another file", name)
		}
	}
	return nil
}
