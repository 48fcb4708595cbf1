package main

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"syscall"

	"pkl/pcapio"
)

// A sink is a capture file to write.
type sink struct {
	cli  *cli
	w    *pcapio.Writer
	name string
	info os.FileInfo // nil: nobody knows which file it is
}

// newSink makes the file of -w, in the format that its name asks for; for "-",
// standard output, in the format of src. Times keep their nanoseconds. The
// header's snap length is not below that of the input, as packets may be so long.
// The first packet decides the link type of a pcap file: a rule may have put
// another layer first.
func (c *cli) newSink(name string, src *source) (*sink, error) {
	o := src.Format()
	o.Nano, o.AutoNano = o.Nano || o.Format == pcapio.Pcapng, true
	o.AutoLinkType = true
	o.SnapLen = outSnapLen(o.SnapLen)
	return c.create(name, o)
}

// create makes a capture file; "-" is standard output.
func (c *cli) create(name string, o pcapio.Options) (*sink, error) {
	if name == "" {
		return nil, errors.New("create: the file has no name")
	}
	err := c.checkUnused(name)
	if err != nil {
		return nil, err
	}
	s := &sink{cli: c, name: name}
	if name == "-" {
		s.name = "stdout"
		s.w, err = pcapio.NewWriter(c.out, o)
	} else {
		s.w, err = pcapio.Create(name, o)
	}
	if err != nil {
		return nil, outputNamed(s.name, err)
	}
	s.info = c.outputInfo(name)
	c.outputs = append(c.outputs, s)
	return s, nil
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

// failed says which packet could not be written, unless it is not the packet
// that is to blame.
func (s *sink) failed(number int, err error) error {
	var p *fs.PathError
	if errors.As(err, &p) || errors.Is(err, errClosedPipe) || errors.Is(err, syscall.EPIPE) {
		return outputNamed(s.name, err)
	}
	return fmt.Errorf("%s: packet %d: %w", s.name, number, err)
}

// close ends the file.
func (s *sink) close() error {
	s.cli.outputs = slices.DeleteFunc(s.cli.outputs, func(o *sink) bool { return o == s })
	if err := s.w.Close(); err != nil {
		return outputNamed(s.name, err)
	}
	return nil
}

// checkUnused refuses to write to a file that is read: it would be emptied
// first; or written: two writers would write over each other; or a script: in
// "-w rules.lua" the name of the output was forgotten.
func (c *cli) checkUnused(name string) error {
	if strings.EqualFold(filepath.Ext(name), ".lua") {
		return fmt.Errorf("%s: is the name of a script; a capture is written to a file of another name", name)
	}
	info := c.outputInfo(name)
	for _, o := range c.outputs {
		if name == "-" && o.name == "stdout" || info != nil && info.Mode().IsRegular() && os.SameFile(o.info, info) {
			return fmt.Errorf("%s: is already being written", name)
		}
	}
	if info == nil || !info.Mode().IsRegular() {
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
	isScript := func(script string) bool {
		is, err := os.Stat(script)
		return err == nil && os.SameFile(is, info)
	}
	if slices.ContainsFunc(c.scripts, isScript) {
		return fmt.Errorf("%s: is a script, and would be overwritten; write to another file", name)
	}
	return nil
}

// outputInfo is the file of that name, links followed; nil if there is none.
func (c *cli) outputInfo(name string) os.FileInfo {
	info, err := os.FileInfo(nil), error(nil)
	if name != "-" {
		info, err = os.Stat(name)
	} else if out := fileOf(c.out.dst); out != nil {
		info, err = out.Stat()
	}
	if err != nil {
		return nil
	}
	return info
}
