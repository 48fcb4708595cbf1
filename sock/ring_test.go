package sock

import (
	"bytes"
	"encoding/binary"
	"errors"
	"math/rand/v2"
	"reflect"
	"testing"
)

// A record is one frame of a ring as the kernel would write it.
type record struct {
	status, length  uint32
	tci, tpid       uint16
	protocol, hatyp uint16
	pkttype         byte
	vnet            []byte
	link            int // bytes of the link header
	data            []byte
}

// blockOf is a block of records.
func blockOf(records ...record) []byte {
	b := make([]byte, 4096)
	binary.NativeEndian.PutUint32(b[blockStatus:], statusUser)
	binary.NativeEndian.PutUint32(b[blockCount:], uint32(len(records)))
	binary.NativeEndian.PutUint32(b[blockFirst:], blockHeader)
	at := blockHeader
	for _, r := range records {
		h := b[at:]
		mac := frameHeader + room + len(r.vnet)
		step := (mac + len(r.data) + 7) &^ 7
		for off, v := range map[int]uint32{frameNext: uint32(step), frameSec: 1_700_000_000, frameNsec: 123, frameSnapLen: uint32(len(r.data)),
			frameLen: r.length, frameStatus: statusUser | r.status, frameTCI: uint32(r.tci), frameIface: 7} {
			binary.NativeEndian.PutUint32(h[off:], v)
		}
		binary.NativeEndian.PutUint16(h[frameMAC:], uint16(mac))
		binary.NativeEndian.PutUint16(h[frameNet:], uint16(mac+r.link))
		binary.NativeEndian.PutUint16(h[frameTPID:], r.tpid)
		binary.BigEndian.PutUint16(h[frameProtocol:], r.protocol)
		binary.NativeEndian.PutUint16(h[frameHWType:], r.hatyp)
		h[framePktType], h[frameHALen] = r.pkttype, 6
		copy(h[frameHWAddr:], []byte{1, 2, 3, 4, 5, 6, 0xaa, 0xbb})
		copy(h[mac-len(r.vnet):], r.vnet)
		copy(h[mac:], r.data)
		at += step
	}
	return b
}

func newDecoder(f form, link int) *decoder {
	return &decoder{form: f, link: link, snap: defaultSnapLen, name: func(int) string { return "eth7" }}
}

// decode reads a block to its end.
func (d *decoder) decode(block []byte) (all []Frame, err error) {
	if err := d.start(block); err != nil {
		return nil, err
	}
	for d.left > 0 {
		var f Frame
		ok, e := d.next(&f)
		if e != nil {
			return all, e
		}
		if ok {
			all = append(all, f)
		}
	}
	return all, nil
}

const macs = "\x02\x00\x00\x00\x00\x02\x02\x00\x00\x00\x00\x01"

func TestRing(t *testing.T) {
	frame := []byte(macs + "\x08\x00hello")
	base := Frame{Len: 19, Time: 1_700_000_000_000_000_123, Iface: 7, IfaceName: "eth7"}
	sll2 := func(proto string) string {
		return proto + "\x00\x00\x00\x00\x00\x07\x00\x01\x03\x06\x01\x02\x03\x04\x05\x06\x00\x00"
	}
	vnet := make([]byte, vnetLen)
	(&Offload{SumPending: true, SumStart: 34, SumOffset: 16, GSO: GSOTCP4, SegmentSize: 1448, HeaderLen: 66}).encode(vnet)
	for name, c := range map[string]struct {
		d    *decoder
		r    record
		want string
		more func(*Frame)
	}{
		"plain": {newDecoder(whole, 1), record{length: 19, data: frame, pkttype: 4, hatyp: 1}, string(frame), func(f *Frame) { f.Direction = Outgoing }},
		"tag":   {newDecoder(whole, 1), record{length: 19, data: frame, status: statusVLAN | statusLosing, tci: 0x2007}, macs + "\x81\x00\x20\x07\x08\x00hello", func(f *Frame) { f.Len, f.Losing = 23, true }},
		"service tag": {newDecoder(whole, 1), record{length: 19, data: frame, status: statusVLAN | statusTPID | statusSumValid, tci: 5, tpid: 0x88a8}, macs + "\x88\xa8\x00\x05\x08\x00hello",
			func(f *Frame) { f.Len, f.Offload.SumValid = 23, true }},
		"tag, cut before it": {newDecoder(whole, 1), record{length: 19, data: frame[:11], status: statusVLAN, tci: 7}, macs[:11], func(f *Frame) {}},
		"tag, no Ethernet":   {newDecoder(whole, 101), record{length: 19, data: frame, status: statusVLAN, tci: 7}, string(frame), func(f *Frame) {}},
		"vnet and tag": {newDecoder(whole, 1), record{length: 19, data: frame, vnet: vnet, status: statusVLAN, tci: 7}, macs + "\x81\x00\x00\x07\x08\x00hello", func(f *Frame) {
			f.Len, f.Offload = 23, Offload{SumPending: true, SumStart: 38, SumOffset: 16, GSO: GSOTCP4, SegmentSize: 1448, HeaderLen: 70}
		}},
		"payload": {newDecoder(payload, 101), record{length: 99, data: []byte("IP"), protocol: 0x86dd, status: statusGSOTCP | statusSumPending}, "IP",
			func(f *Frame) { f.Len, f.Offload = 99, Offload{GSO: GSOTCP6, SumPending: true} }},
		"cooked": {newDecoder(cooked, 276), record{length: 16, data: []byte(macs + "\x08\x00IP"), link: 14, protocol: 0x0800, hatyp: 1, pkttype: 3}, sll2("\x08\x00") + "IP",
			func(f *Frame) { f.Len, f.Direction = 22, OtherHost }},
		"cooked, tag": {newDecoder(cooked, 276), record{length: 16, data: []byte(macs + "\x08\x00IP"), link: 14, protocol: 0x0800, hatyp: 1, pkttype: 3, status: statusVLAN, tci: 9},
			sll2("\x81\x00") + "\x00\x09\x08\x00IP", func(f *Frame) { f.Len, f.Direction = 26, OtherHost }},
		"cooked, tag in the frame": {newDecoder(cooked, 276), record{length: 20, data: []byte(macs + "\x81\x00\x00\x09\x08\x00IP"), link: 18, protocol: 0x0800, hatyp: 1, pkttype: 3},
			sll2("\x81\x00") + "\x00\x09\x08\x00IP", func(f *Frame) { f.Len, f.Direction = 26, OtherHost }},
		"cooked, length": {newDecoder(cooked, 276), record{length: 17, data: []byte(macs + "\x00\x03LLC"), link: 14, protocol: 4, hatyp: 1, pkttype: 3}, sll2("\x00\x04") + "LLC",
			func(f *Frame) { f.Len, f.Direction = 23, OtherHost }},
		"cooked, other header": {newDecoder(cooked, 276), record{length: 6, data: []byte("headIP"), link: 4, protocol: 0x86dd, hatyp: 1, pkttype: 3}, sll2("\x86\xdd") + "IP",
			func(f *Frame) { f.Len, f.Direction = 22, OtherHost }},
	} {
		d := c.d
		d.vnet = c.r.vnet != nil
		have, err := d.decode(blockOf(c.r, c.r))
		want := base
		want.Data = []byte(c.want)
		c.more(&want)
		if err != nil || !reflect.DeepEqual(have, []Frame{want, want}) {
			t.Errorf("%s: %v\nhave %+v\nwant twice %+v", name, err, have, want)
		}
	}
	d := newDecoder(whole, 1)
	d.snap = 5
	have, err := d.decode(blockOf(
		record{length: 19, data: frame, hatyp: arphrdLoopback, pkttype: 4}, // comes again
		record{length: 19, data: frame, hatyp: arphrdLoopback},
	))
	if err != nil || len(have) != 1 || len(have[0].Data) != 5 || cap(have[0].Data) != 5 || have[0].Len != 19 {
		t.Errorf("loopback, snap length: %+v %v", have, err)
	}
	if have, err := newDecoder(payload, 101).decode(blockOf(record{data: frame, protocol: 0x0806})); len(have) != 0 || err != nil {
		t.Errorf("not IP: %+v %v", have, err)
	}
	if have, err := newDecoder(whole, 1).decode(blockOf()); len(have) != 0 || err != nil {
		t.Errorf("empty block: %+v %v", have, err)
	}
}

func TestRingAllocs(t *testing.T) {
	block := blockOf(record{length: 19, data: []byte(macs + "\x08\x00hello"), status: statusVLAN, tci: 7}, record{length: 19, data: []byte(macs + "\x08\x00hello")})
	d := newDecoder(whole, 1)
	var f Frame
	allocs := testing.AllocsPerRun(100, func() {
		d.start(block)
		for d.left > 0 {
			if _, err := d.next(&f); err != nil {
				t.Fatal(err)
			}
		}
	})
	if allocs != 0 {
		t.Errorf("%v allocations", allocs)
	}
}

// Whatever lengths and offsets a block claims, the decoder ends, stays inside and
// says so.
func TestRingLies(t *testing.T) {
	good := record{length: 19, data: []byte(macs + "\x08\x00hello")}
	lie := func(what string, at int, size int, values ...uint32) {
		for _, v := range values {
			b := blockOf(good, good)
			if size == 2 {
				binary.NativeEndian.PutUint16(b[at:], uint16(v))
			} else {
				binary.NativeEndian.PutUint32(b[at:], v)
			}
			for _, f := range []form{whole, payload, cooked} {
				if _, err := newDecoder(f, 1).decode(bytes.Clone(b)); !errors.Is(err, errMalformed) {
					t.Errorf("%s = %d: %v", what, v, err)
				}
			}
		}
	}
	lie("first record", blockFirst, 4, 0, 47, 4096-67, 4096, 1<<31, 1<<32-1)
	lie("records", blockCount, 4, 1<<31, 1<<32-1, 1000)
	lie("next", blockHeader+frameNext, 4, 0, 1, 67, 4096, 1<<31, 1<<32-1)
	lie("bytes", blockHeader+frameSnapLen, 4, 4096, 1<<31, 1<<32-1)
	lie("start", blockHeader+frameMAC, 2, 0, 67, 4096, 65535)

	tight := blockOf(record{length: 19, data: good.data, status: statusVLAN, tci: 1})
	binary.NativeEndian.PutUint16(tight[blockHeader+frameMAC:], frameHeader+vlanLen-1)
	for _, f := range []form{whole, cooked} {
		if _, err := newDecoder(f, 1).decode(bytes.Clone(tight)); !errors.Is(err, errMalformed) {
			t.Errorf("no room before the frame: %v", err)
		}
	}
	d := newDecoder(whole, 1)
	if _, err := d.decode(make([]byte, 47)); !errors.Is(err, errMalformed) || d.left != 0 {
		t.Errorf("short block: %v", err)
	}
	r := rand.New(rand.NewPCG(1, 2))
	for range 20_000 {
		b := blockOf(good, good, good)
		for range 1 + r.IntN(4) {
			b[r.IntN(400)] = byte(r.Uint32())
		}
		d := newDecoder(form(r.IntN(3)), 1)
		d.vnet = r.IntN(2) == 0
		d.decode(b[:48+r.IntN(4049)])
	}
}

func TestVnet(t *testing.T) {
	for _, o := range []Offload{
		{}, {SumValid: true}, {SumPending: true, SumStart: 34, SumOffset: 16},
		{SumPending: true, SumStart: 54, SumOffset: 6, GSO: GSOUDPL, SegmentSize: 1400, HeaderLen: 62},
		{GSO: GSOTCP6 | GSOECN, SegmentSize: 1428, HeaderLen: 86},
	} {
		b := bytes.Repeat([]byte{0xff}, vnetLen)
		o.encode(b)
		var back Offload
		back.decode(b)
		if back != o {
			t.Errorf("%+v became %x, then %+v", o, b, back)
		}
	}
}

func TestLinkType(t *testing.T) {
	for arphrd, want := range map[uint16]int{1: 1, 772: 1, 0xfffe: 101, 519: 101, 512: 101, 768: 101, 776: 101, 778: 101, 823: 101, 803: 127, 802: 119, 801: 105, 513: 104} {
		if link, known := LinkType(arphrd); link != want || !known {
			t.Errorf("hardware type %d: %d %v, want %d", arphrd, link, known, want)
		}
	}
	for _, arphrd := range []uint16{0, 2, 32, 824, 0xffff} {
		if link, known := LinkType(arphrd); known {
			t.Errorf("hardware type %d: %d", arphrd, link)
		}
	}
}
