package pcapio

import (
	"bytes"
	"fmt"
	"io"
	"math"
	"math/big"
	"slices"
	"testing"
)

// Two sections, one in each byte order, with every kind of packet block.
func TestPcapngBlocks(t *testing.T) {
	for i, o := range orders {
		other := orders[1-i]
		t.Run(fmt.Sprint(o), func(t *testing.T) {
			simple := append(u32s(o, nil, 9), "simple"...) // cut to 6 by the snap length
			old := o.AppendUint16(nil, 1)
			old = o.AppendUint16(old, 77)
			old = u32s(o, old, 0, 2_000_000, 3, 50)
			old = append(old, "old\x00"...)
			old = append(old, rawOption(o, optFlags, u32s(o, nil, 1))...)
			file := slices.Concat(
				rawSection(o),
				rawIface(o, 1, 6, rawOption(o, optIfName, []byte("eth0"))),
				rawIface(o, 113, 0),
				rawBlock(o, 0x0bad, []byte("what it is nobody knows.")),
				rawEnhanced(o, 0, 1_000_000, []byte("abc"), 70),
				rawBlock(o, blockSimple, append(simple, 0, 0)),
				rawBlock(o, blockPacket, old),
				rawSection(other),
				rawIface(other, 127, 0, rawOption(other, optTsResol, []byte{9})),
				rawEnhanced(other, 0, 5, []byte("defg"), 4),
			)
			want := []Packet{
				{Data: []byte("abc"), Time: second, Len: 70, LinkType: 1, IfaceName: "eth0"},
				{Data: []byte("simple"), Len: 9, LinkType: 1, IfaceName: "eth0"},
				{Data: []byte("old"), Time: 2 * second, Len: 50, LinkType: 113, Iface: 1,
					Options: rawOption(le, optFlags, u32s(le, nil, 1))},
				{Data: []byte("defg"), Time: 5, Len: 4, LinkType: 127, Iface: 2},
			}
			samePackets(t, mustRead(t, file), want)
		})
	}
}

func TestPcapngFormat(t *testing.T) {
	none := rawSection(le)
	iface := rawIface(le, 127, 96, rawOption(le, optTsResol, []byte{9}))
	for _, c := range []struct {
		file []byte
		want Options
	}{
		{none, Options{Format: Pcapng, LinkType: -1}},
		{slices.Concat(none, iface), Options{Format: Pcapng, LinkType: 127, SnapLen: 96, Nano: true}},
	} {
		r, err := NewReader(bytes.NewReader(c.file))
		if err != nil {
			t.Fatal(err)
		}
		if got := r.Format(); got != c.want || r.LinkType() != c.want.LinkType {
			t.Errorf("format is %+v, want %+v", got, c.want)
		}
		if err := r.Read(new(Packet)); err != io.EOF {
			t.Errorf("a file without packets gives %v", err)
		}
	}
}

// rawOptions makes packet options of all kinds, with comments between them
// unless empty.
func rawOptions(o order, comments ...string) []byte {
	b := rawOption(o, optFlags, u32s(o, nil, 0x80000002))
	b = append(b, rawOption(o, 3, []byte{2, 0xde, 0xad, 0xbe, 0xef})...)
	for _, c := range comments {
		if c != "" {
			b = append(b, rawOption(o, optComment, []byte(c))...)
		}
		b = append(b, rawOption(o, optDropCount, o.AppendUint64(nil, 12))...)
	}
	return slices.Concat(b,
		rawOption(o, optQueue, u32s(o, nil, 3)),
		rawOption(o, optProcess, u32s(o, nil, 4, 5)),
		rawOption(o, optVerdict, o.AppendUint64([]byte{1}, 7)),
		rawOption(o, optVerdict, nil),
		rawOption(o, 2989, append(u32s(o, nil, 32473), "custom"...)),
		rawOption(o, 2989, []byte("no")))
}

// The options come out as little-endian, without the first comment, whatever
// their place was.
func TestPacketOptions(t *testing.T) {
	for _, o := range orders {
		for _, end := range [][]byte{nil, u32s(o, nil, 0), u32s(o, nil, 0, 0xffffffff)} {
			file := slices.Concat(rawSection(o), rawIface(o, 1, 0),
				rawEnhanced(o, 0, 0, []byte("x"), 1, rawOptions(o, "one", "two"), end))
			got := mustRead(t, file)[0]
			want := Packet{Data: []byte("x"), Len: 1, LinkType: 1, Comment: "one",
				Options: rawOptions(le, "", "two")}
			samePackets(t, []Packet{got}, []Packet{want})
			again := mustRead(t, write(t, Options{Format: Pcapng, LinkType: 1}, got))
			samePackets(t, again, []Packet{got})
		}
	}
}

func TestCommentOnly(t *testing.T) {
	file := slices.Concat(rawSection(le), rawIface(le, 1, 0),
		rawEnhanced(le, 0, 0, nil, 0, rawOption(le, optComment, []byte("grüezi")), u32s(le, nil, 0)),
		rawEnhanced(le, 0, 0, nil, 0))
	all := mustRead(t, file)
	if all[0].Comment != "grüezi" || all[0].Options != nil || all[1].Comment != "" {
		t.Errorf("have %v", all)
	}
}

// bigNanos is nanos without its limits and shortcuts.
func bigNanos(t, rate uint64, offset int64) int64 {
	v := new(big.Int).SetUint64(t)
	v.Mul(v, big.NewInt(second))
	v.Div(v, new(big.Int).SetUint64(rate))
	v.Add(v, new(big.Int).Mul(big.NewInt(offset), big.NewInt(second)))
	if !v.IsInt64() {
		if v.Sign() < 0 {
			return math.MinInt64
		}
		return math.MaxInt64
	}
	return v.Int64()
}

func TestNanos(t *testing.T) {
	times := []uint64{0, 1, 999_999, 1_700_000_000, 1_700_000_000_123_456, 1_700_000_000_123_456_789,
		math.MaxInt64 / 1000, math.MaxInt64/1000 + 1, math.MaxInt64, math.MaxUint64}
	offsets := []int64{0, 1, -1, 3600, -1_700_000_000, math.MaxInt64 / 4 / second}
	for v := range 256 {
		rate, err := tsRate(byte(v))
		if good := v < 20 || v >= 0x80 && v < 0xc0; good != (err == nil) {
			t.Fatalf("resolution %#x: %v", v, err)
		}
		if err != nil {
			continue
		}
		for _, offset := range offsets {
			f := iface{rate: rate, offset: offset}
			f.prepare()
			for _, at := range times {
				got, want := f.nanos(at), bigNanos(at, rate, offset)
				if got != want && !nearLimit(got, want) {
					t.Fatalf("resolution %#x, offset %d: %d is %d, want %d", v, offset, at, got, want)
				}
			}
		}
	}
}

// nearLimit allows the last second before a limit to be moved to the limit.
func nearLimit(got, want int64) bool {
	return got == math.MaxInt64 && want > math.MaxInt64-2*second ||
		got == math.MinInt64 && want < math.MinInt64+2*second
}

func TestOffsetLimits(t *testing.T) {
	for _, offset := range []int64{math.MinInt64, math.MaxInt64} {
		f := iface{rate: 1, offset: offset}
		f.prepare()
		for _, at := range []uint64{0, 1, math.MaxUint64} {
			f.nanos(at) // no panic
		}
	}
	if got := (&iface{rate: 1, offset: math.MinInt64}).nanos(5); got != math.MinInt64 {
		t.Errorf("time is %d", got)
	}
}

// if_tsoffset is in the section's byte order, and signed.
func TestTsOffset(t *testing.T) {
	for _, o := range orders {
		file := slices.Concat(rawSection(o),
			rawIface(o, 1, 0, rawOption(o, optTsOffset, o.AppendUint64(nil, 1<<64-10)), u32s(o, nil, 0)),
			rawEnhanced(o, 0, 3_000_000, nil, 0))
		if got := mustRead(t, file)[0].Time; got != -7*second {
			t.Errorf("%v: time is %d", o, got)
		}
	}
}
