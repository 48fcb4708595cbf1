package main

import (
	"bufio"
	"encoding/binary"
	"fmt"
	"io"
	"os"
	"syscall"
	"time"

	"github.com/gopacket/gopacket"
	"github.com/gopacket/gopacket/pcapgo"
)

// source gives one packet after the other; the bytes are valid until the next call. The end is io.EOF.
type source interface {
	next() ([]byte, gopacket.CaptureInfo, error)
}

// open opens a capture in one of two ways.
func open(how, name string) (source, error) {
	f, err := openFile(name)
	if err != nil {
		return nil, err
	}
	switch how {
	case "pcapgo":
		r, err := pcapgo.NewReader(bufio.NewReaderSize(f, 1<<20))
		return buffered{r}, err
	case "mmap":
		return mapFile(f)
	}
	return nil, fmt.Errorf("-read %s: want pcapgo or mmap", how)
}

// openFile opens a file; - is standard input.
func openFile(name string) (*os.File, error) {
	if name == "-" {
		return os.Stdin, nil
	}
	return os.Open(name)
}

// buffered is pcapgo's reader without an allocation per packet.
type buffered struct{ r *pcapgo.Reader }

func (b buffered) next() ([]byte, gopacket.CaptureInfo, error) { return b.r.ZeroCopyReadPacketData() }

// mapped walks the records of a file in memory, so that reading costs as little as it can.
type mapped struct{ b []byte }

// mapFile maps a little-endian pcap file, as the generator writes it.
func mapFile(f *os.File) (source, error) {
	st, err := f.Stat()
	if err != nil {
		return nil, err
	}
	b, err := syscall.Mmap(int(f.Fd()), 0, int(st.Size()), syscall.PROT_READ, syscall.MAP_SHARED)
	if err != nil {
		return nil, fmt.Errorf("mmap: %w", err)
	}
	if len(b) < 24 || binary.LittleEndian.Uint32(b) != 0xa1b2c3d4 {
		return nil, fmt.Errorf("%s is no little-endian pcap file", f.Name())
	}
	return &mapped{b[24:]}, nil
}

func (m *mapped) next() (p []byte, ci gopacket.CaptureInfo, err error) {
	if len(m.b) == 0 {
		return nil, ci, io.EOF
	}
	if len(m.b) < 16 {
		return nil, ci, io.ErrUnexpectedEOF
	}
	n := int(binary.LittleEndian.Uint32(m.b[8:]))
	if n > len(m.b)-16 {
		return nil, ci, io.ErrUnexpectedEOF
	}
	ci.Timestamp = time.Unix(int64(binary.LittleEndian.Uint32(m.b)), int64(binary.LittleEndian.Uint32(m.b[4:]))*1000)
	ci.CaptureLength, ci.Length = n, int(binary.LittleEndian.Uint32(m.b[12:]))
	p, m.b = m.b[16:16+n:16+n], m.b[16+n:]
	return p, ci, nil
}
