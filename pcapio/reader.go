package pcapio

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"io"
	"io/fs"
	"math/bits"
	"os"
	"sync/atomic"
)

// le is the byte order of what pkl writes, and of a Reader's first look.
var le = binary.LittleEndian

// A Reader reads the packets of one capture file.
type Reader struct {
	stream
	big  bool // the file's, or the section's, byte order
	ng   bool // pcapng
	n    int  // packets given; -1 while the file's header is read
	err  error
	pcap pcapHeader

	ifaces    []iface // of this section
	ifaceBase int     // interfaces of the sections before
	first     Options // what Format returns

	name   string
	raw    *counter
	size   int64
	closer []io.Closer
}

// Open opens a capture file. The name "-" means standard input.
func Open(name string) (*Reader, error) {
	f, shown := os.Stdin, "stdin"
	if name != "-" {
		var err error
		if f, err = os.Open(name); err != nil {
			return nil, err
		}
		shown = name
	}
	r, err := newReader(f, shown)
	if err != nil {
		closeUnlessStdin(f)
		return nil, err
	}
	if f != os.Stdin {
		r.closer = append(r.closer, f)
	}
	return r, nil
}

func closeUnlessStdin(f *os.File) {
	if f != os.Stdin {
		f.Close()
	}
}

// NewReader reads a capture file from src, which need not be seekable. It reads
// the file's header, of a pcapng file also what comes before the first packet
// or interface. Closing the Reader does not close src.
func NewReader(src io.Reader) (*Reader, error) { return newReader(src, "") }

func newReader(src io.Reader, name string) (*Reader, error) {
	r := &Reader{name: name, n: -1, size: sizeOf(src), raw: &counter{src: src}}
	err := r.start()
	if err != nil {
		r.Close()
		return nil, err
	}
	return r, nil
}

// start looks at the first bytes and reads the file's header.
func (r *Reader) start() error {
	head := make([]byte, 4)
	n, err := io.ReadFull(r.raw, head)
	if n == 0 && err != nil && err != io.EOF {
		return r.fail(plainError(err))
	}
	r.src = io.MultiReader(bytes.NewReader(head[:n]), r.raw)
	z, err := decompress(head[:n], r.src)
	if err != nil {
		return r.fail(err)
	}
	if z != nil {
		r.src = z
		r.closer = append(r.closer, z)
	}
	return r.header()
}

// header reads the file's header, of whichever kind.
func (r *Reader) header() error {
	if !r.fill(4) {
		return r.noMagic()
	}
	magic := le.Uint32(r.unread())
	if magic == blockSection {
		r.ng = true
		return r.startPcapng()
	}
	if h, big, ok := pcapMagic(magic); ok {
		r.pcap, r.big = h, big
		return r.startPcap()
	}
	b := r.unread()
	return r.fail(fmt.Errorf("%w: it starts with % x (%q)", ErrFormat, b[:4], b[:4]))
}

// noMagic tells why there are no four bytes.
func (r *Reader) noMagic() error {
	b := r.unread()
	switch {
	case r.srcErr != io.EOF:
		return r.fail(plainError(r.srcErr))
	case len(b) == 0:
		return r.fail(fmt.Errorf("%w: it is empty", ErrFormat))
	}
	return r.fail(fmt.Errorf("%w: it has only %d bytes, % x", ErrFormat, len(b), b))
}

// Read reads the next packet into p, every field of it. After the last packet
// it returns io.EOF, for a damaged file an *Error; so does every later call.
// It does not allocate, except for a comment and for a packet longer than any
// before and than 256 KiB.
func (r *Reader) Read(p *Packet) error {
	if r.ng {
		return r.readBlocks(p)
	}
	return r.readRecord(p)
}

// LinkType is the link type of the file's first interface, or -1 if none has
// been described so far. Only in pcapng can packets have other ones.
func (r *Reader) LinkType() int { return r.first.LinkType }

// Format returns the Options with which a Writer makes a file of the same kind.
// For pcapng Nano, LinkType and SnapLen are those of the first interface, and
// LinkType is -1 if none has been described so far.
func (r *Reader) Format() Options { return r.first }

// Offset tells how many bytes of the input have been read, before
// decompression and including what is in the buffer. It may be called from any
// goroutine, for a progress display.
func (r *Reader) Offset() int64 { return r.raw.n.Load() }

// Size is the length of the input in bytes if it is a regular file, else -1.
func (r *Reader) Size() int64 { return r.size }

// Close ends reading. It closes what Open opened, but never standard input.
func (r *Reader) Close() error {
	var first error
	for _, c := range r.closer {
		if err := c.Close(); err != nil && first == nil {
			first = err
		}
	}
	r.closer = nil
	r.stop(errClosed)
	return first
}

// need reads until n bytes are unread. At the end of the input it returns
// io.EOF if nothing is unread.
func (r *Reader) need(n int) error {
	if r.err != nil {
		return r.err
	}
	if r.fill(n) {
		return nil
	}
	have := r.end - r.pos
	switch {
	case r.srcErr != io.EOF:
		return r.fail(plainError(r.srcErr))
	case have == 0:
		return r.stop(io.EOF)
	case r.n < 0:
		return r.fail(&shortError{"header cut short", n, have})
	}
	return r.fail(&shortError{"cut short", n, have})
}

// fail ends reading at the first unread byte.
func (r *Reader) fail(err error) error {
	return r.stop(&Error{File: r.name, Packet: r.n + 1, Offset: r.offset(), Err: err})
}

// stop makes err the answer to all further calls. With nothing left unread
// these come here through need, so that the fast path has no error to test.
func (r *Reader) stop(err error) error {
	r.err = err
	r.pos = r.end
	return err
}

// u32 reads a number in the byte order of the file.
func (r *Reader) u32(b []byte) uint32 {
	v := le.Uint32(b)
	if r.big {
		v = bits.ReverseBytes32(v)
	}
	return v
}

// u16 reads a number in the byte order of the file.
func (r *Reader) u16(b []byte) uint16 {
	v := le.Uint16(b)
	if r.big {
		v = bits.ReverseBytes16(v)
	}
	return v
}

// sizeOf is the size of a regular file, else -1.
func sizeOf(src io.Reader) int64 {
	f, ok := src.(interface{ Stat() (fs.FileInfo, error) })
	if !ok {
		return -1
	}
	info, err := f.Stat()
	if err != nil || !info.Mode().IsRegular() {
		return -1
	}
	return info.Size()
}

// A counter counts what is read from src.
type counter struct {
	src io.Reader
	n   atomic.Int64
}

func (c *counter) Read(b []byte) (int, error) {
	n, err := c.src.Read(b)
	c.n.Add(int64(n))
	return n, err
}
