package pcapio

import (
	"fmt"
	"io"
	"os"

	"github.com/klauspost/compress/gzip"
	"github.com/klauspost/compress/zstd"
)

// flushAt is how many bytes a Writer gathers before it hands them on.
const flushAt = 256 << 10

// A Writer writes packets to one capture file.
type Writer struct {
	o     Options
	dst   io.Writer
	buf   []byte // whole records that dst has not got
	err   error
	chain []io.WriteCloser // what Close closes, the compressor first

	begun bool             // the header is in buf or written
	ids   map[ifaceKey]int // pcapng: the interfaces written
	last  ifaceKey         // of the last packet
	id    int              // its number; -1 before the first packet
}

// Create makes a capture file, or empties the one that is there. A name that
// ends in .pcapng makes a pcapng file, any other pcap, whatever o.Format says;
// .gz or .zst at its end compresses. The name "-" means standard output, in
// the format of o. The file must not be one that is still being read.
func Create(name string, o Options) (*Writer, error) {
	if name == "-" {
		return NewWriter(os.Stdout, o)
	}
	format, compression := byName(name)
	o.Format = format
	if err := o.check(); err != nil {
		return nil, err
	}
	f, err := os.Create(name)
	if err != nil {
		return nil, err
	}
	dst, err := compress(f, compression)
	if err != nil {
		f.Close()
		return nil, err
	}
	w := newWriter(dst, o)
	w.chain = append(w.chain, dst)
	if dst != f {
		w.chain = append(w.chain, f)
	}
	return w, nil
}

// compress puts a compressor before f if the extension asks for one.
func compress(f io.WriteCloser, ext string) (io.WriteCloser, error) {
	switch ext {
	case ".gz":
		return gzip.NewWriter(f), nil
	case ".zst":
		return zstd.NewWriter(f, zstd.WithEncoderConcurrency(1))
	}
	return f, nil
}

// NewWriter writes a capture file to dst. Closing the Writer does not close dst.
func NewWriter(dst io.Writer, o Options) (*Writer, error) {
	if err := o.check(); err != nil {
		return nil, err
	}
	return newWriter(dst, o), nil
}

func newWriter(dst io.Writer, o Options) *Writer {
	w := &Writer{o: o, dst: dst, id: -1}
	switch {
	case o.Format == Pcapng:
		w.ids = map[ifaceKey]int{}
		w.buf = appendSection(w.buf)
		w.begun = true
	case !o.auto():
		w.begin(o)
	}
	return w
}

// begin puts the header of a pcap file before everything else.
func (w *Writer) begin(o Options) {
	w.o = o
	w.buf = appendFileHeader(w.buf, o)
	w.begun = true
}

// check tells whether a file can be as o says.
func (o Options) check() error {
	limit := linkTypeMask
	if o.Format == Pcapng {
		limit = 1<<16 - 1
	}
	switch {
	case o.Format != Pcap && o.Format != Pcapng:
		return fmt.Errorf("unknown capture file format %d", int(o.Format))
	case o.SnapLen < 0 || uint64(o.SnapLen) > 1<<32-1:
		return fmt.Errorf("snap length %d is out of range", o.SnapLen)
	case o.LinkType == -1 && (o.Format == Pcapng || o.AutoLinkType):
		return nil // none so far, as Reader.Format may say
	case o.LinkType < 0 || o.LinkType > limit:
		return fmt.Errorf("link type %d does not fit a %v file", o.LinkType, o.Format)
	}
	return nil
}

// Write adds a packet. A packet that cannot be written as it is, such as one of
// another link type than the pcap file's, gives an error and leaves the file as
// it was. An error of the output is returned by every later call.
func (w *Writer) Write(p *Packet) error {
	if w.err != nil {
		return w.err
	}
	if limit := w.o.limit(); len(p.Data) > limit {
		return fmt.Errorf("packet of %d bytes, the file takes at most %d", len(p.Data), limit)
	}
	var err error
	if w.o.Format == Pcapng {
		err = w.addEnhanced(p)
	} else {
		err = w.addRecord(p)
	}
	if err != nil {
		return err
	}
	if len(w.buf) >= flushAt {
		return w.send()
	}
	return nil
}

// Flush hands on all that was written so far, and flushes the compressor, or
// the io.Writer that NewWriter got if that has a Flush method.
func (w *Writer) Flush() error {
	if err := w.send(); err != nil {
		return err
	}
	if z, ok := w.dst.(interface{ Flush() error }); ok {
		w.err = z.Flush()
	}
	return w.err
}

// Close writes what is left and closes what Create made. Its error may be the
// only sign that the file is not whole, as on a full disk.
func (w *Writer) Close() error {
	if w.err == errClosed {
		return nil
	}
	if w.o.Format == Pcapng && w.id < 0 && w.o.LinkType >= 0 {
		w.buf = appendInterface(w.buf, ifaceKey{linkType: w.o.LinkType}, w.o.snapLen())
	}
	if !w.begun {
		if w.o.LinkType < 0 {
			w.o.LinkType = 1
		}
		w.begin(w.o)
	}
	err := w.send()
	for _, c := range w.chain {
		if e := c.Close(); err == nil {
			err = e
		}
	}
	w.err = errClosed
	return err
}

// send hands the records on to dst.
func (w *Writer) send() error {
	if w.err != nil || len(w.buf) == 0 {
		return w.err
	}
	_, w.err = w.dst.Write(w.buf)
	w.buf = w.buf[:0]
	return w.err
}

// wireLen is the packet's length on the wire, never less than what is here.
func (p *Packet) wireLen() uint32 {
	return uint32(min(max(uint64(len(p.Data)), uint64(max(p.Len, 0))), 1<<32-1))
}
