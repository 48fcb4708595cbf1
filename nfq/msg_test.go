package nfq

import (
	"bytes"
	"encoding/binary"
	"reflect"
	"testing"
)

// attr is a netlink attribute as bytes.
func attr(typ uint16, v ...byte) []byte {
	b := binary.NativeEndian.AppendUint16(nil, uint16(4+len(v)))
	b = append(binary.NativeEndian.AppendUint16(b, typ), v...)
	return append(b, make([]byte, align(len(v))-len(v))...)
}

// packetBody is the body of a packet message.
func packetBody(attrs ...[]byte) []byte {
	return bytes.Join(append([][]byte{{2, 0, 0, 7}}, attrs...), nil)
}

func TestParsePacket(t *testing.T) {
	body := packetBody(
		attr(attrPacketHeader, 0, 0, 1, 2, 0x08, 0x00, 3),
		attr(attrMark, 0, 0, 0, 9),
		attr(attrTimestamp, 0, 0, 0, 0, 0, 0, 0, 5, 0, 0, 0, 0, 0, 0, 0, 6),
		attr(attrInDev, 0, 0, 0, 4), attr(attrOutDev, 0, 0, 0, 5),
		attr(attrPhysInDev, 0, 0, 0, 6), attr(attrPhysOutDev, 0, 0, 0, 7),
		attr(attrHWAddr, 0, 6, 0, 0, 2, 0, 0, 0, 0, 1, 0, 0),
		attr(attrUID, 0, 0, 3, 232), attr(attrGID, 0, 0, 3, 233),
		attr(attrVLAN|nested, bytes.Join([][]byte{attr(vlanProto, 0x81, 0), attr(vlanTCI, 0x20, 5)}, nil)...),
		attr(attrCT|nested, attr(ctMark, 0, 0, 0, 8)...),
		attr(attrSKBInfo, 0, 0, 0, 3), attr(attrCapLen, 0, 0, 0, 200),
		attr(99, 1, 2, 3),
		attr(attrPayload, 0x45, 1, 2),
	)
	var p Packet
	known, err := p.parse(body)
	want := Packet{ID: 258, Family: 2, Hook: 3, Protocol: 0x800, Data: []byte{0x45, 1, 2}, Len: 200, Time: 5_000_006_000, Mark: 9,
		In: 4, Out: 5, PhysIn: 6, PhysOut: 7, HWAddr: []byte{2, 0, 0, 0, 0, 1}, UID: 1000, GID: 1001, HasUID: true, HasGID: true,
		VLANProto: 0x8100, VLANTCI: 0x2005, CTMark: 8, HasCTMark: true, SumsPending: true, GSO: true}
	if err != nil || !known || !reflect.DeepEqual(p, want) {
		t.Errorf("parse: %v %v\nhave %+v\nwant %+v", known, err, p, want)
	}
	if allocs := testing.AllocsPerRun(100, func() { p.parse(body) }); allocs != 0 {
		t.Errorf("parse allocates %v times", allocs)
	}
}

func TestParseMalformed(t *testing.T) {
	header := attr(attrPacketHeader, 0, 0, 0, 9, 8, 0, 3)
	for name, c := range map[string]struct {
		body  []byte
		known bool
	}{
		"empty":                    {nil, false},
		"no header":                {packetBody(attr(attrPayload, 1)), false},
		"short header":             {packetBody(attr(attrPacketHeader, 0, 0, 0, 9)), false},
		"attribute of length 0":    {packetBody(header, []byte{0, 0, 10, 0}), true},
		"attribute beyond the end": {packetBody(header, []byte{9, 0, 10, 0}), true},
		"half an attribute":        {packetBody(header, []byte{4, 0}), true},
		"short mark":               {packetBody(header, attr(attrMark, 1)), true},
		"address beyond the end":   {packetBody(header, attr(attrHWAddr, 0, 9, 0, 0, 1, 2)), true},
		"short connection mark":    {packetBody(header, attr(attrCT, attr(ctMark, 1)...)), true},
	} {
		var p Packet
		known, err := p.parse(c.body)
		if err == nil || known != c.known {
			t.Errorf("%s: known %v, error %v", name, known, err)
		}
		if known && p.ID != 9 {
			t.Errorf("%s: ID %d", name, p.ID)
		}
	}
}

// A sent is a verdict message, read again.
type sent struct {
	batch   bool
	word    uint32
	id      uint32
	payload string
	mark    uint32
}

// sentBy reads what a writer has written.
func sentBy(t *testing.T, w *verdictWriter) (all []sent) {
	t.Helper()
	w.endRun()
	for b := w.buf; len(b) > 0; {
		typ, body, rest, err := nextMessage(b)
		if err != nil || binary.BigEndian.Uint16(body[2:]) != w.queue {
			t.Fatalf("message: %v %x", err, body)
		}
		s := sent{batch: typ == msgVerdictBatch}
		err = eachAttr(body[genLen:], func(typ uint16, v []byte) error {
			switch typ {
			case attrVerdictHeader:
				s.word, s.id = binary.BigEndian.Uint32(v), binary.BigEndian.Uint32(v[4:])
			case attrPayload:
				s.payload = string(v)
			case attrMark:
				s.mark = binary.BigEndian.Uint32(v)
			}
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
		all, b = append(all, s), rest
	}
	return all
}

func TestVerdictRuns(t *testing.T) {
	w := verdictWriter{queue: 7}
	accept, drop := Verdict{Action: Accept}, Verdict{Action: Drop}
	for id, v := range []Verdict{accept, accept, accept, drop, accept, {Action: Accept, Payload: []byte("abc")}, accept, accept,
		{Action: Accept, SetMark: true, Mark: 5}, {Action: Requeue, Queue: 3}, {Action: Requeue, Queue: 3}, {Action: Requeue, Queue: 4}, {Action: Repeat}} {
		w.add(uint32(id+1), &v)
	}
	want := []sent{{true, 1, 3, "", 0}, {false, 0, 4, "", 0}, {false, 1, 5, "", 0}, {false, 1, 6, "abc", 0}, {true, 1, 8, "", 0},
		{false, 1, 9, "", 5}, {true, 3<<16 | 3, 11, "", 0}, {false, 4<<16 | 3, 12, "", 0}, {false, 4, 13, "", 0}}
	if have := sentBy(t, &w); !reflect.DeepEqual(have, want) {
		t.Errorf("have %+v\nwant %+v", have, want)
	}
}

// Whatever order verdicts have, a batch message must not decide a packet that
// has another verdict: the kernel applies it to all that wait up to its ID.
func TestVerdictLaw(t *testing.T) {
	for seed := range uint32(2000) {
		w := verdictWriter{}
		want := map[uint32]uint32{}
		r := seed*2654435761 + 1
		for id := uint32(1); id <= 40; id++ {
			r = r*1664525 + 1013904223
			v := Verdict{Action: [...]Action{Accept, Accept, Accept, Drop, Repeat}[r>>24%5]}
			if r>>16&7 == 0 {
				v.Payload = []byte{byte(r)}
			}
			want[id] = uint32(v.Action)
			w.add(id, &v)
		}
		have := map[uint32]uint32{}
		for _, s := range sentBy(t, &w) { // as the kernel does
			for id := uint32(1); id <= s.id; id++ {
				if _, done := have[id]; !done && (s.batch || id == s.id) {
					have[id] = s.word
				}
			}
		}
		if !reflect.DeepEqual(have, want) {
			t.Fatalf("seed %d: have %v\nwant %v", seed, have, want)
		}
	}
}

func TestParseProc(t *testing.T) {
	have, err := parseProc("    3  4294963200     2 2 65531     5     6       77  1\n    0   99     0 2 65531     0     0        0  1\n")
	want := []KernelQueue{{0, 99, 0, 65531, 0, 0}, {3, 4294963200, 2, 65531, 5, 6}}
	if err != nil || !reflect.DeepEqual(have, want) {
		t.Errorf("have %+v %v", have, err)
	}
	for _, bad := range []string{"1 2 3\n", "a b c d e f g h i\n"} {
		if _, err := parseProc(bad); err == nil {
			t.Errorf("%q: no error", bad)
		}
	}
}

func TestHookName(t *testing.T) {
	if HookName(1) != "input" || HookName(4) != "postrouting" || HookName(5) != "" {
		t.Error("names of hooks")
	}
}

func FuzzMessage(f *testing.F) {
	f.Add(packetBody(attr(attrPacketHeader, 0, 0, 1, 2, 8, 0, 3), attr(attrPayload, 1, 2, 3), attr(attrVLAN, attr(vlanTCI, 1, 2)...)))
	f.Add(packetBody(attr(attrCT|nested, attr(ctMark, 0, 0, 0, 8)...), attr(attrHWAddr, 0, 6, 0, 0, 1, 2, 3, 4, 5, 6)))
	f.Fuzz(func(t *testing.T, b []byte) {
		before := bytes.Clone(b)
		var p Packet
		known, err := p.parse(b)
		if err == nil && !known {
			t.Error("a packet without an ID is no packet")
		}
		refusal(b)
		nextMessage(b)
		if !bytes.Equal(b, before) {
			t.Error("reading changed the message")
		}
	})
}
