package pcapio

import (
	"bytes"
	"errors"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// A little-endian pcap file comes back byte for byte.
func TestPcapSame(t *testing.T) {
	for _, magic := range []uint32{magicMicro, magicNano} {
		file := rawPcap(le, magic, 4, 65535, 113)
		for i := range uint32(5) {
			file = u32s(le, file, 1_700_000_000+i, 999_999-i, i, 1500)
			file = append(file, "12345"[:i]...)
		}
		samePcap(t, file)
	}
}

func samePcap(t *testing.T, file []byte) {
	t.Helper()
	r, err := NewReader(bytes.NewReader(file))
	if err != nil {
		t.Fatal(err)
	}
	if got := write(t, r.Format(), mustRead(t, file)...); !bytes.Equal(got, file) {
		t.Errorf("written again:\n% x, was\n% x", got, file)
	}
}

// What a packet is made of goes through pcapng unchanged, and interfaces keep
// their order and names.
func TestPcapngRoundTrip(t *testing.T) {
	flags := rawOption(le, optFlags, u32s(le, nil, 2))
	want := []Packet{
		{Data: []byte("one"), Time: 1_700_000_000_123_456_789, Len: 3, LinkType: 1, IfaceName: "eth0"},
		{Data: []byte("two"), Time: 5, Len: 1500, LinkType: 1, Iface: 1, IfaceName: "eth1", Comment: "x"},
		{Data: nil, Time: 0, LinkType: 127, Iface: 2, Options: flags},
		{Data: []byte("four"), Time: 1<<63 - 1, Len: 4, LinkType: 1, IfaceName: "eth0", Comment: "long", Options: flags},
	}
	file := write(t, Options{Format: Pcapng, LinkType: 1}, want...)
	samePackets(t, mustRead(t, file), want)
	if again := write(t, Options{Format: Pcapng}, want...); !bytes.Equal(file, again) {
		t.Error("the same packets give another file")
	}
}

// An empty pcapng file still tells its link type, if there is one.
func TestPcapngEmpty(t *testing.T) {
	for _, linkType := range []int{-1, 0, 127} {
		r, err := NewReader(bytes.NewReader(write(t, Options{Format: Pcapng, LinkType: linkType})))
		if err != nil || r.LinkType() != linkType {
			t.Errorf("link type is %d, %v, want %d", r.LinkType(), err, linkType)
		}
	}
}

// A refused packet leaves the file as if it had not been tried.
func TestWriteRefused(t *testing.T) {
	good := Packet{Data: []byte("good"), Len: 4, LinkType: 1}
	for _, c := range []struct {
		o    Options
		p    Packet
		want string
	}{
		{Options{LinkType: 1}, Packet{LinkType: 105},
			"packet of link type ieee80211 in a pcap file of link type eth (pcapng can hold both)"},
		{Options{LinkType: 1}, Packet{LinkType: 1, Time: -1}, "is outside of what pcap can hold"},
		{Options{LinkType: 1}, Packet{LinkType: 1, Time: second << 32}, "time of 4294967296 s is outside"},
		{Options{LinkType: 1, SnapLen: 5}, Packet{LinkType: 1, Data: make([]byte, 6)}, "packet of 6 bytes, the file takes at most 5"},
		{Options{Format: Pcapng}, Packet{LinkType: 1, Time: -1}, "time before 1970"},
		{Options{Format: Pcapng}, Packet{LinkType: 1 << 16}, "link type 65536"},
		{Options{Format: Pcapng}, Packet{LinkType: -1}, "link type -1"},
		{Options{Format: Pcapng}, Packet{Comment: strings.Repeat("x", 1<<16)}, "comment of 65536 bytes"},
		{Options{Format: Pcapng}, Packet{IfaceName: strings.Repeat("x", 256)}, "interface name of 256 bytes"},
		{Options{Format: Pcapng}, Packet{Options: make([]byte, 3)}, "options of 3 bytes, must be a multiple of 4"},
		{Options{Format: Pcapng}, Packet{Options: make([]byte, 4)}, "options with an end mark"},
		{Options{Format: Pcapng}, Packet{Options: []byte{1, 0, 1, 0}}, "option 1 of 1 bytes, 0 are left"},
		{Options{Format: Pcapng}, Packet{Data: make([]byte, maxPacket+1)}, "packet of 16777217 bytes"},
		{Options{Format: Pcapng}, Packet{Options: make([]byte, 128<<10)}, "options of 131072 bytes are too long"},
	} {
		var out bytes.Buffer
		w, err := NewWriter(&out, c.o)
		if err != nil {
			t.Fatal(err)
		}
		if c.want == "options of 131072 bytes are too long" {
			c.p.Data = make([]byte, maxPacket)
		}
		if err := w.Write(&c.p); err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("error is %v, want %s", err, c.want)
		}
		if err := w.Write(&good); err != nil {
			t.Errorf("after a refused packet: %v", err)
		}
		if err := w.Close(); err != nil {
			t.Error(err)
		}
		samePackets(t, mustRead(t, out.Bytes()), []Packet{good})
	}
}

func TestOptionsRefused(t *testing.T) {
	for _, o := range []Options{
		{LinkType: -1}, {LinkType: linkTypeMask + 1}, {Format: Pcapng, LinkType: 1 << 16},
		{Format: Pcapng, LinkType: -2}, {SnapLen: -1}, {Format: 9},
	} {
		if _, err := NewWriter(io.Discard, o); err == nil {
			t.Errorf("%+v is taken", o)
		}
		if o.Format == 9 || o.Format == Pcapng {
			continue // the name decides
		}
		name := filepath.Join(t.TempDir(), "x.pcap")
		if _, err := Create(name, o); err == nil {
			t.Errorf("%+v is taken", o)
		}
		if _, err := os.Stat(name); err == nil {
			t.Errorf("%+v is refused, yet there is a file", o)
		}
	}
}

func TestSnapLenDefault(t *testing.T) {
	r, err := NewReader(bytes.NewReader(write(t, Options{LinkType: 1})))
	if err != nil || r.Format().SnapLen != 262144 {
		t.Errorf("snap length is %d, %v", r.Format().SnapLen, err)
	}
}

// A packet never has fewer bytes on the wire than here.
func TestWireLen(t *testing.T) {
	for _, f := range []Format{Pcap, Pcapng} {
		for length, want := range map[int]int{0: 4, -1: 4, 3: 4, 4: 4, 1500: 1500} {
			file := write(t, Options{Format: f, LinkType: 1}, Packet{Data: []byte("four"), Len: length, LinkType: 1})
			if got := mustRead(t, file)[0].Len; got != want {
				t.Errorf("%v: length %d is written as %d", f, length, got)
			}
		}
	}
}

// limited takes n bytes and then fails.
type limited struct{ n int }

var errFull = errors.New("no space left on device")

func (l *limited) Write(b []byte) (int, error) {
	if len(b) > l.n {
		return l.n, errFull
	}
	l.n -= len(b)
	return len(b), nil
}

// An error of the output is seen, at the latest by Close, and stays.
func TestWriteError(t *testing.T) {
	w, err := NewWriter(&limited{10}, Options{LinkType: 1})
	if err != nil {
		t.Fatal(err)
	}
	p := Packet{Data: make([]byte, 1000), LinkType: 1}
	for range 2 * flushAt / 1000 {
		err = w.Write(&p)
	}
	if err != errFull || w.Write(&p) != errFull || w.Flush() != errFull || w.Close() != errFull {
		t.Errorf("error is %v", err)
	}
	if w.Close() != nil || w.Write(&p) != errClosed {
		t.Error("closing twice is no error, writing afterwards is")
	}

	w, err = NewWriter(&limited{10}, Options{LinkType: 1})
	if err != nil {
		t.Fatal(err)
	}
	if err := w.Close(); err != errFull {
		t.Errorf("error of Close is %v", err)
	}
}

// What reaches the output ends with a whole record, always.
func TestWholeRecords(t *testing.T) {
	for _, f := range []Format{Pcap, Pcapng} {
		var seen checker
		w, err := NewWriter(&seen, Options{Format: f, LinkType: 1})
		if err != nil {
			t.Fatal(err)
		}
		for i := range 3000 {
			if err := w.Write(&Packet{Data: make([]byte, i%1500), LinkType: 1}); err != nil {
				t.Fatal(err)
			}
		}
		if err := w.Close(); err != nil || seen.err != nil || seen.times < 3 {
			t.Errorf("%v: %v, %v after %d writes", f, err, seen.err, seen.times)
		}
	}
}

// checker reads what it has after every write.
type checker struct {
	bytes.Buffer
	times int
	err   error
}

func (c *checker) Write(b []byte) (int, error) {
	c.times++
	n, _ := c.Buffer.Write(b)
	if _, err := readPackets(bytes.NewReader(c.Bytes())); err != nil {
		c.err = err
	}
	return n, nil
}

// The first packet may decide the link type and the resolution of a pcap file.
func TestFirstPacketDecides(t *testing.T) {
	auto := Options{LinkType: -1, AutoLinkType: true, AutoNano: true}
	for _, c := range []struct {
		o    Options
		time int64
		want Options
	}{
		{auto, 5000, Options{LinkType: 101}},
		{auto, 5001, Options{LinkType: 101, Nano: true}},
		{Options{LinkType: 101, AutoNano: true}, 1, Options{LinkType: 101, Nano: true}},
		{Options{LinkType: 1, AutoLinkType: true}, 1, Options{LinkType: 101}},
	} {
		r, err := NewReader(bytes.NewReader(write(t, c.o, Packet{LinkType: 101, Time: c.time})))
		c.want.SnapLen = defaultSnapLen
		if err != nil || r.Format() != c.want {
			t.Errorf("%+v with time %d gives %+v, %v", c.o, c.time, r.Format(), err)
		}
	}
	for linkType, want := range map[int]int{-1: 1, 113: 113} {
		r, err := NewReader(bytes.NewReader(write(t, Options{LinkType: linkType, AutoLinkType: true})))
		if err != nil || r.LinkType() != want {
			t.Errorf("without packets: link type %d, %v, want %d", r.LinkType(), err, want)
		}
	}
	var out bytes.Buffer
	w, err := NewWriter(&out, auto)
	if err != nil {
		t.Fatal(err)
	}
	if err := w.Write(&Packet{LinkType: -1}); err == nil {
		t.Error("a packet without a link type was written")
	}
	if err := w.Write(&Packet{LinkType: 1}); err != nil {
		t.Error(err)
	}
	if err := w.Write(&Packet{LinkType: 101}); err == nil {
		t.Error("a packet of another link type was written")
	}
}
