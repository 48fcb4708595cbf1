package pcapio

import (
	"bytes"
	"fmt"
	"testing"
)

func TestPcapFormats(t *testing.T) {
	const sec = 1_700_000_000
	magics := []struct {
		magic uint32
		extra int // bytes at the end of each record header
		frac  uint32
		nanos int64
	}{
		{magicMicro, 0, 123456, 123456000},
		{magicNano, 0, 123456789, 123456789},
		{magicModified, 8, 999999, 999999000},
	}
	for _, m := range magics {
		for _, o := range orders {
			t.Run(fmt.Sprintf("%x/%v", m.magic, o), func(t *testing.T) {
				file := rawPcap(o, m.magic, 4, 96, 0xf4000000|127)
				for _, data := range []string{"first", "", "third one"} {
					file = u32s(o, file, sec, m.frac, uint32(len(data)), uint32(len(data))+100)
					file = append(file, make([]byte, m.extra)...)
					file = append(file, data...)
				}
				want := []Packet{
					{Data: []byte("first"), Time: sec*second + m.nanos, Len: 105, LinkType: 127},
					{Data: []byte(""), Time: sec*second + m.nanos, Len: 100, LinkType: 127},
					{Data: []byte("third one"), Time: sec*second + m.nanos, Len: 109, LinkType: 127},
				}
				samePackets(t, mustRead(t, file), want)
				wantFormat := Options{Format: Pcap, LinkType: 127, SnapLen: 96, Nano: m.magic == magicNano}
				r, err := NewReader(bytes.NewReader(file))
				if err != nil || r.Format() != wantFormat || r.LinkType() != 127 {
					t.Errorf("format is %+v, %v, want %+v", r.Format(), err, wantFormat)
				}
			})
		}
	}
}

// Before version 2.3 the length on the wire came first; 2.3 had files of both kinds.
func TestPcapOldLengths(t *testing.T) {
	for minor, lens := range map[uint16][][2]uint32{
		2: {{60, 4}},
		3: {{60, 4}, {4, 60}},
		4: {{4, 60}},
	} {
		for _, l := range lens {
			file := rawPcap(le, magicMicro, minor, 0, 1)
			file = append(u32s(le, file, 1, 0, l[0], l[1]), "data"...)
			want := []Packet{{Data: []byte("data"), Time: second, Len: 60, LinkType: 1}}
			samePackets(t, mustRead(t, file), want)
		}
	}
}

// Times are what they are: the last second there is, and a fraction above one.
func TestPcapTimeRange(t *testing.T) {
	file := rawPcap(le, magicMicro, 4, 0, 1)
	file = u32s(le, file, 1<<32-1, 1<<32-1, 0, 0)
	all := mustRead(t, file)
	if want := int64(1<<32-1) * (second + 1000); all[0].Time != want {
		t.Errorf("time is %d, want %d", all[0].Time, want)
	}
}

func TestOwnData(t *testing.T) {
	o := Options{LinkType: 1}
	file := write(t, o, Packet{Data: []byte("abcd"), LinkType: 1}, Packet{Data: []byte("efgh"), LinkType: 1})
	r, err := NewReader(bytes.NewReader(file))
	if err != nil {
		t.Fatal(err)
	}
	var p Packet
	if err := r.Read(&p); err != nil {
		t.Fatal(err)
	}
	copy(p.Data, "XXXX")
	_ = append(p.Data, "this must not reach the next packet"...)
	if err := r.Read(&p); err != nil || string(p.Data) != "efgh" {
		t.Errorf("after writing to the first packet the second is %q, %v", p.Data, err)
	}
}

// A packet above the buffer's size makes it grow, and does not disturb others.
func TestPcapLongPacket(t *testing.T) {
	long := bytes.Repeat([]byte("0123456789abcdef"), 5<<20/16)
	packets := []Packet{
		{Data: []byte("before"), Len: 6, LinkType: 1},
		{Data: long, Len: len(long), LinkType: 1},
		{Data: []byte("after"), Len: 5, LinkType: 1},
	}
	for _, f := range []Format{Pcap, Pcapng} {
		file := write(t, Options{Format: f, LinkType: 1, SnapLen: maxPacket}, packets...)
		all, err := readPackets(bytes.NewReader(file))
		if err != nil || len(all) != 3 || !bytes.Equal(all[1].Data, long) || string(all[2].Data) != "after" {
			t.Errorf("%v: %d packets, %v", f, len(all), err)
		}
	}
}
