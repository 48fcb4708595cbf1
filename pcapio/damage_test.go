package pcapio

import (
	"bytes"
	"errors"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"testing/iotest"
)

// A sample is a file, with the places where its packets' records start and all
// the places where it may end.
type sample struct {
	name    string
	file    []byte
	header  int   // where the header ends
	records []int // where the packets' records or blocks end
	blocks  []int // where any block ends
}

func samples() []sample {
	pcap := sample{name: "pcap", file: rawPcap(orders[1], magicNano, 4, 0, 1), header: fileHeader}
	for i := range 3 {
		pcap.file = u32s(orders[1], pcap.file, 1, 2, uint32(i), uint32(i))
		pcap.file = append(pcap.file, make([]byte, i)...)
		pcap.records = append(pcap.records, len(pcap.file))
	}
	pcap.blocks = pcap.records

	ng := sample{name: "pcapng", header: minSection}
	for _, o := range orders {
		for _, b := range [][]byte{
			rawSection(o),
			rawIface(o, 1, 0, rawOption(o, optIfName, []byte("eth0"))),
			rawEnhanced(o, 0, 1, []byte("abc"), 3, rawOption(o, optComment, []byte("yes"))),
			rawBlock(o, blockSimple, u32s(o, nil, 4, 0x61626364)),
		} {
			ng.file = append(ng.file, b...)
			ng.blocks = append(ng.blocks, len(ng.file))
			if typ := o.Uint32(b); isPacket(typ) {
				ng.records = append(ng.records, len(ng.file))
			}
		}
	}
	return []sample{pcap, ng}
}

// lastBefore is the greatest of ends that is not above n, and how many are not.
func lastBefore(ends []int, n int) (last, count int) {
	for _, end := range ends {
		if end <= n {
			last = end
			count++
		}
	}
	return last, count
}

// A file cut anywhere gives all whole packets, then says which one is cut, and
// where it starts.
func TestCutAnywhere(t *testing.T) {
	for _, s := range samples() {
		whole := mustRead(t, s.file)
		for n := s.header; n <= len(s.file); n++ {
			start, _ := lastBefore(append([]int{s.header}, s.blocks...), n)
			_, count := lastBefore(s.records, n)
			for _, src := range []io.Reader{
				bytes.NewReader(s.file[:n]),
				iotest.OneByteReader(bytes.NewReader(s.file[:n])),
				iotest.DataErrReader(bytes.NewReader(s.file[:n])),
			} {
				got, err := readPackets(src)
				samePackets(t, got, whole[:count])
				checkCut(t, s.name, n, start, count, err)
			}
		}
	}
}

// checkCut wants an error for the packet after count, unless start is the end.
func checkCut(t *testing.T, name string, n, start, count int, err error) {
	t.Helper()
	if n == start {
		if err != nil {
			t.Errorf("%s of %d bytes: %v", name, n, err)
		}
		return
	}
	var e *Error
	if !errors.As(err, &e) || !errors.Is(err, io.ErrUnexpectedEOF) {
		t.Fatalf("%s cut at %d: error is %v", name, n, err)
	}
	if e.Packet != count+1 || e.Offset != int64(start) {
		t.Errorf("%s cut at %d: %v, want packet %d at byte %d", name, n, err, count+1, start)
	}
}

func TestCutHeader(t *testing.T) {
	for _, s := range samples() {
		for n := range s.header {
			_, err := readPackets(bytes.NewReader(s.file[:n]))
			if err == nil || (n < 4) != errors.Is(err, ErrFormat) {
				t.Errorf("%s of %d bytes: %v", s.name, n, err)
			}
		}
	}
}

func TestErrorText(t *testing.T) {
	pcap := rawPcap(le, magicMicro, 4, 0, 1)
	record := u32s(le, nil, 0, 0, 4, 4, 0)
	for _, c := range []struct {
		want string
		file []byte
	}{
		{"not a capture file: it is empty", nil},
		{"not a capture file: it has only 2 bytes, d4 c3", pcap[:2]},
		{`not a capture file: it starts with 23 21 2f 62 ("#!/b")`, []byte("#!/bin/sh\n")},
		{"header cut short: need 24 bytes, have 10", pcap[:10]},
		{"header cut short: need 28 bytes, have 20", rawSection(le)[:20]},
		{"pcap version 17.4 is not supported", append([]byte{0xd4, 0xc3, 0xb2, 0xa1, 17}, pcap[5:]...)},
		{"section header with an unknown byte order 00 00 00 00", append(slices.Clone(rawSection(le)[:8]), make([]byte, 20)...)},
		{"packet 2 at byte 44: cut short: need 20 bytes, have 18", slices.Concat(pcap, record, record[:18])},
		{"packet 1 at byte 24: captured length of 4294967295 bytes, at most 16777216",
			u32s(le, slices.Clone(pcap), 0, 0, 1<<32-1, 1<<32-1)},
		{"packet 1 at byte 28: interface 0 is not described, have 0",
			slices.Concat(rawSection(le), rawEnhanced(le, 0, 0, nil, 0))},
		{"gzip data: cut short", []byte{0x1f, 0x8b, 8, 0, 0, 0}},
	} {
		if _, err := readPackets(bytes.NewReader(c.file)); err == nil || err.Error() != c.want {
			t.Errorf("error is %q\n    want %q", err, c.want)
		}
	}
}

// The name given to Open leads the text.
func TestErrorNamesFile(t *testing.T) {
	name := filepath.Join(t.TempDir(), "in.pcap")
	if err := os.WriteFile(name, []byte("hello"), 0o600); err != nil {
		t.Fatal(err)
	}
	_, err := Open(name)
	if want := name + ": not a capture file: "; err == nil || !strings.HasPrefix(err.Error(), want) {
		t.Errorf("error is %v", err)
	}
	if _, err := Open(name + ".none"); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("error is %v", err)
	}
	if _, err := Open(t.TempDir()); err == nil || strings.Count(err.Error(), t.TempDir()) > 1 {
		t.Errorf("error is %v", err)
	}
}

// Blocks that lie are damage of the packet that would have come.
func TestPcapngDamage(t *testing.T) {
	start := slices.Concat(rawSection(le), rawIface(le, 1, 0), rawEnhanced(le, 0, 0, nil, 0))
	long := rawEnhanced(le, 0, 0, []byte("data"), 4)
	le.PutUint32(long[20:], 1<<32-1)
	uneven := rawEnhanced(le, 0, 0, []byte("data"), 4)
	uneven[len(uneven)-4]++
	var tooMany []byte
	for range maxIfaces + 1 {
		tooMany = append(tooMany, rawIface(le, 1, 0)...)
	}
	for want, b := range map[string][]byte{
		"block of 0 bytes, must be":              u32s(le, nil, blockEnhanced, 0, 0),
		"block of 8 bytes, must be":              u32s(le, nil, blockEnhanced, 8, 8),
		"block of 33 bytes, must be":             u32s(le, nil, blockEnhanced, 33, 8),
		"block of 4294967292 bytes, must be":     u32s(le, nil, blockEnhanced, 1<<32-4, 8),
		"cut short: need 16777216 bytes, have":   u32s(le, nil, 0x12345678, 1<<24, 8),
		"captured length of 4294967295 bytes in": long,
		"block of 36 bytes ends with a length":   uneven,
		"packet block of 28 bytes":               rawBlock(le, blockEnhanced, make([]byte, 16)),
		"packet block of 24 bytes":               rawBlock(le, blockPacket, make([]byte, 12)),
		"packet block of 12 bytes":               rawBlock(le, blockSimple, nil),
		"captured length of 9 bytes in":          rawBlock(le, blockSimple, u32s(le, nil, 9, 0, 0)),
		"interface block of 16 bytes":            rawBlock(le, blockInterface, make([]byte, 4)),
		"interface 1 is not described":           rawEnhanced(le, 1, 0, nil, 0),
		"interface 4294967295 is not":            rawEnhanced(le, 1<<32-1, 0, nil, 0),
		"interface 256 is not described":         rawBlock(le, blockPacket, append([]byte{0, 1, 0, 0}, make([]byte, 16)...)),
		"time resolution 0xff is out of range":   rawIface(le, 1, 0, rawOption(le, optTsResol, []byte{255})),
		"option 1 of 65535 bytes, 0 are left":    rawEnhanced(le, 0, 0, nil, 0, []byte{1, 0, 255, 255}),
		"option 2 of 5 bytes, 4 are left":        rawIface(le, 1, 0, []byte{2, 0, 5, 0}, make([]byte, 4)),
		"section header of 24 bytes":             rawBlock(le, blockSection, u32s(le, nil, byteOrderMagic, 1, 0)),
		"pcapng version 2.0":                     rawBlock(le, blockSection, u32s(le, nil, byteOrderMagic, 2, 0, 0)),
	} {
		got, err := readPackets(bytes.NewReader(append(slices.Clone(start), b...)))
		var e *Error
		if len(got) != 1 || !errors.As(err, &e) || e.Packet != 2 || e.Offset != int64(len(start)) ||
			!strings.HasPrefix(e.Err.Error(), want) {
			t.Errorf("%d packets, error is %v\n    want %s…", len(got), err, want)
		}
	}
	got, err := readPackets(bytes.NewReader(append(rawSection(le), tooMany...)))
	if len(got) != 0 || err == nil || !strings.Contains(err.Error(), "more than 65536 interfaces") {
		t.Errorf("%d packets, %v", len(got), err)
	}
}

// A length that lies reserves no memory: only what comes does.
func TestLyingLengthMemory(t *testing.T) {
	pcap := u32s(le, rawPcap(le, magicMicro, 4, 0, 1), 0, 0, maxPacket, maxPacket)
	ng := append(rawSection(le), u32s(le, nil, blockEnhanced, maxBlock&^3, 0)...)
	for _, file := range [][]byte{pcap, ng} {
		r, err := NewReader(bytes.NewReader(file))
		if err != nil {
			t.Fatal(err)
		}
		if err := r.Read(new(Packet)); !errors.Is(err, io.ErrUnexpectedEOF) || len(r.buf) > bufSize {
			t.Errorf("buffer of %d bytes, %v", len(r.buf), err)
		}
	}
}

// Errors of the source come after the good packets too, and name the place.
func TestSourceError(t *testing.T) {
	file := write(t, Options{LinkType: 1}, Packet{LinkType: 1}, Packet{LinkType: 1})
	broken := errors.New("the disk is on fire")
	got, err := readPackets(io.MultiReader(bytes.NewReader(file), iotest.ErrReader(broken)))
	if len(got) != 2 || !errors.Is(err, broken) || !strings.HasPrefix(err.Error(), "packet 3 at byte 56: ") {
		t.Errorf("%d packets, %v", len(got), err)
	}
	if _, err := readPackets(iotest.ErrReader(broken)); !errors.Is(err, broken) {
		t.Errorf("error is %v", err)
	}
	if _, err := readPackets(io.MultiReader(bytes.NewReader(file), idle{})); !errors.Is(err, io.ErrNoProgress) {
		t.Errorf("error is %v", err)
	}
}

// idle never gives a byte.
type idle struct{}

func (idle) Read([]byte) (int, error) { return 0, nil }

func TestClosed(t *testing.T) {
	r, err := NewReader(bytes.NewReader(write(t, Options{LinkType: 1}, Packet{LinkType: 1})))
	if err != nil {
		t.Fatal(err)
	}
	r.Close()
	if err := r.Read(new(Packet)); err != errClosed {
		t.Errorf("error is %v", err)
	}
}
