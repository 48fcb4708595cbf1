package pcapio

import (
	"bytes"
	"runtime"
	"testing"

	"pgregory.net/rapid"
)

// memoryBound is what reading any file may allocate in total: the buffers as
// they grow, a decoder with its window, and the strings of a fuzzed file.
const memoryBound = 128 << 20

// FuzzReader reads anything. It must end, without panic, with bounded memory,
// and what it gives must come back from a pcapng file.
func FuzzReader(f *testing.F) {
	for _, s := range samples() {
		f.Add(s.file)
		f.Add(packed(f, s.file, ".gz"))
		f.Add(packed(f, s.file, ".zst"))
	}
	for _, o := range orders {
		f.Add(bytes.Join([][]byte{rawSection(o), rawIface(o, 1, 0),
			rawEnhanced(o, 0, 7, []byte("x"), 1, rawOptions(o, "one", "two"))}, nil))
	}
	f.Fuzz(func(t *testing.T, file []byte) {
		var before, after runtime.MemStats
		runtime.ReadMemStats(&before)
		packets, err := readPackets(bytes.NewReader(file))
		runtime.ReadMemStats(&after)
		size := uint64(len(file))
		if n := after.TotalAlloc - before.TotalAlloc; n > memoryBound+64*size {
			t.Errorf("%d bytes allocated for %d, %v", n, len(file), err)
		}
		checkBack(t, packets)
	})
}

// checkBack writes packets and reads them again.
func checkBack(t *testing.T, packets []Packet) {
	var out bytes.Buffer
	w, err := NewWriter(&out, Options{Format: Pcapng, LinkType: -1})
	if err != nil {
		t.Fatal(err)
	}
	var want []Packet
	for i := range packets {
		p := &packets[i]
		err := w.Write(p)
		if err == nil {
			want = append(want, *p)
		} else if p.Time >= 0 && p.LinkType < 1<<16 {
			t.Fatal(err)
		}
	}
	w.Close()
	got, err := readPackets(&out)
	if err != nil {
		t.Fatal(err)
	}
	numberIfaces(want)
	for i := range want {
		want[i].Len = max(want[i].Len, len(want[i].Data))
	}
	samePackets(t, got, want)
}

// numberIfaces numbers interfaces in the order in which they are first used.
func numberIfaces(packets []Packet) {
	seen := map[ifaceKey]int{}
	for i := range packets {
		p := &packets[i]
		k := ifaceKey{p.LinkType, p.Iface, p.IfaceName}
		if _, ok := seen[k]; !ok {
			seen[k] = len(seen)
		}
		p.Iface = seen[k]
	}
}

// Any packets go through any format, as far as it can hold them.
func TestRoundTripAny(t *testing.T) {
	rapid.Check(t, roundTrip)
}

func FuzzRoundTrip(f *testing.F) {
	f.Fuzz(rapid.MakeFuzz(roundTrip))
}

func roundTrip(t *rapid.T) {
	o := Options{
		Format:   rapid.SampledFrom([]Format{Pcap, Pcapng}).Draw(t, "format"),
		LinkType: rapid.SampledFrom([]int{0, 1, 276}).Draw(t, "link type"),
		Nano:     rapid.Bool().Draw(t, "nano"),
	}
	want := rapid.SliceOfN(rapid.Custom(func(t *rapid.T) Packet { return anyPacket(t, o) }), 0, 20).Draw(t, "packets")
	var out bytes.Buffer
	w, err := NewWriter(&out, o)
	if err != nil {
		t.Fatal(err)
	}
	for i := range want {
		if err := w.Write(&want[i]); err != nil {
			t.Fatal(err)
		}
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	ext := rapid.SampledFrom([]string{"", ".gz", ".zst"}).Draw(t, "extension")
	got, err := readPackets(bytes.NewReader(packed(t, out.Bytes(), ext)))
	if err != nil {
		t.Fatal(err)
	}
	numberIfaces(want)
	samePackets(t, got, want)
}

// anyPacket draws a packet that a file of o can hold.
func anyPacket(t *rapid.T, o Options) Packet {
	p := Packet{
		Data:     rapid.SliceOfN(rapid.Byte(), 0, 70).Draw(t, "data"),
		Time:     rapid.Int64Range(0, (1<<32-1)*second).Draw(t, "time"),
		LinkType: o.LinkType,
	}
	p.Len = len(p.Data) + rapid.IntRange(0, 1<<30).Draw(t, "cut")
	if o.Format == Pcap {
		if !o.Nano {
			p.Time -= p.Time % 1000
		}
		return p
	}
	p.LinkType = rapid.SampledFrom([]int{1, 127}).Draw(t, "link type")
	p.Iface = rapid.IntRange(0, 3).Draw(t, "interface")
	p.IfaceName = rapid.SampledFrom([]string{"", "eth0", "wlan1"}).Draw(t, "name")
	p.Comment = rapid.StringN(0, 9, -1).Draw(t, "comment")
	if rapid.Bool().Draw(t, "options") {
		p.Options = rawOptions(le, rapid.StringN(0, 5, -1).Draw(t, "second"))
		if p.Comment == "" { // the second would become the first
			p.Options = rawOptions(le)
		}
	}
	return p
}
