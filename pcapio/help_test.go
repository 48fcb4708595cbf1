package pcapio

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"io"
	"slices"
	"testing"
	"testing/iotest"

	"pgregory.net/rapid"
)

// order is a byte order, for making files without the Writer's help.
type order interface {
	binary.ByteOrder
	binary.AppendByteOrder
}

var orders = []order{binary.LittleEndian, binary.BigEndian}

// rawPcap makes a pcap file's header.
func rawPcap(o order, magic uint32, minor uint16, snapLen, linkType uint32) []byte {
	b := o.AppendUint32(nil, magic)
	b = o.AppendUint16(b, 2)
	b = o.AppendUint16(b, minor)
	b = o.AppendUint64(b, 0)
	b = o.AppendUint32(b, snapLen)
	return o.AppendUint32(b, linkType)
}

// u32s appends numbers.
func u32s(o order, b []byte, v ...uint32) []byte {
	for _, v := range v {
		b = o.AppendUint32(b, v)
	}
	return b
}

// rawBlock makes a pcapng block around a body that is a multiple of 4.
func rawBlock(o order, typ uint32, body []byte) []byte {
	n := uint32(len(body) + 12)
	b := u32s(o, nil, typ, n)
	b = append(b, body...)
	return u32s(o, b, n)
}

// rawSection makes a section header.
func rawSection(o order) []byte {
	b := u32s(o, nil, byteOrderMagic)
	b = o.AppendUint16(b, 1)
	b = o.AppendUint16(b, 0)
	return rawBlock(o, blockSection, u32s(o, b, 0xffffffff, 0xffffffff))
}

// rawOption makes an option, padded.
func rawOption(o order, code uint16, v []byte) []byte {
	b := o.AppendUint16(nil, code)
	b = o.AppendUint16(b, uint16(len(v)))
	b = append(b, v...)
	return append(b, make([]byte, pad4(len(v))-len(v))...)
}

// rawIface makes an interface block.
func rawIface(o order, linkType uint16, snapLen uint32, opts ...[]byte) []byte {
	b := o.AppendUint16(nil, linkType)
	b = o.AppendUint16(b, 0)
	b = u32s(o, b, snapLen)
	return rawBlock(o, blockInterface, append(b, slices.Concat(opts...)...))
}

// rawEnhanced makes a packet block.
func rawEnhanced(o order, id uint32, t uint64, data []byte, wire uint32, opts ...[]byte) []byte {
	b := u32s(o, nil, id, uint32(t>>32), uint32(t), uint32(len(data)), wire)
	b = append(b, data...)
	b = append(b, make([]byte, pad4(len(data))-len(data))...)
	return rawBlock(o, blockEnhanced, append(b, slices.Concat(opts...)...))
}

// clone makes a packet outlive the next Read.
func (p *Packet) clone() Packet {
	q := *p
	q.Data = bytes.Clone(p.Data)
	q.Options = bytes.Clone(p.Options)
	return q
}

// String makes differences readable.
func (p Packet) String() string {
	return fmt.Sprintf("{% x time=%d len=%d link=%d iface=%d %q comment=%q options=% x}",
		p.Data, p.Time, p.Len, p.LinkType, p.Iface, p.IfaceName, p.Comment, p.Options)
}

// readPackets reads to the end; the error is nil at a good end.
func readPackets(src io.Reader) ([]Packet, error) {
	r, err := NewReader(src)
	if err != nil {
		return nil, err
	}
	defer r.Close()
	var all []Packet
	for {
		var p Packet
		if err := r.Read(&p); err != nil {
			if again := r.Read(&p); again != err {
				return all, fmt.Errorf("first error %v, then %v", err, again)
			}
			if err == io.EOF {
				err = nil
			}
			return all, err
		}
		all = append(all, p.clone())
	}
}

// mustRead reads a good file, in one go and byte by byte.
func mustRead(t *testing.T, file []byte) []Packet {
	t.Helper()
	all, err := readPackets(bytes.NewReader(file))
	if err != nil {
		t.Fatal(err)
	}
	slow, err := readPackets(iotest.OneByteReader(bytes.NewReader(file)))
	if err != nil {
		t.Fatalf("byte by byte: %v", err)
	}
	samePackets(t, slow, all)
	return all
}

func samePackets(t rapid.TB, got, want []Packet) {
	t.Helper()
	for i := range min(len(got), len(want)) {
		if got[i].String() != want[i].String() {
			t.Errorf("packet %d is\n%v, want\n%v", i+1, got[i], want[i])
		}
	}
	if len(got) != len(want) {
		t.Errorf("have %d packets, want %d", len(got), len(want))
	}
}

// write makes a file of packets.
func write(t testing.TB, o Options, packets ...Packet) []byte {
	t.Helper()
	var out bytes.Buffer
	w, err := NewWriter(&out, o)
	if err != nil {
		t.Fatal(err)
	}
	for i := range packets {
		if err := w.Write(&packets[i]); err != nil {
			t.Fatalf("packet %d: %v", i+1, err)
		}
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}
