package protocols

import (
	"testing"

	"pkl/core"
)

func TestIEEE80211(t *testing.T) {
	const tap = `00 00 0900 02000000 10 `
	runWires(t, []wire{
		{"beacon with a check sequence", "radiotap", tap + `80 00 0000 ffffffffffff 020000000001 020000000001 3012
			8877665544332211 6400 1104  00 03 6c616e  01 02 8284  03 01 06  05 04 0102 00 08
			30 14 0100 000fac04 0100 000fac04 0100 000fac02 0c00  dd 05 0050f2 02 01  8c0d1b25`, `
			layers radiotap ieee80211
			ieee80211.type mgmt
			ieee80211.type_subtype beacon
			ieee80211.dst ff:ff:ff:ff:ff:ff
			ieee80211.src 02:00:00:00:00:01
			ieee80211.bssid 02:00:00:00:00:01
			ieee80211.frag 0
			ieee80211.seq 291
			ieee80211.ts 1234605616436508552
			ieee80211.interval 100
			ieee80211.capa 1041
			ieee80211.params.type ssid rates ds tim rsn vendor
			ieee80211.params.ssid "lan"
			ieee80211.params.rates 130 132
			ieee80211.params.ch 6
			ieee80211.params.period 2
			ieee80211.params.bitmap 08
			ieee80211.params.pairwise 1027076
			ieee80211.params.akm 1027074
			ieee80211.params.oui 20722
			ieee80211.body `},
		{"data to a station", "ieee80211", `88 02 2c00 020000000002 020000000001 020000000003 2000 0500
			aaaa03 000000 0800 4500001c000100004011f6ccc0000201c0000202 0001000200087bd7`, `
			layers ieee80211 llc ip udp
			ieee80211.FROM_DS 1
			ieee80211.TO_DS 0
			ieee80211.duration 44
			ieee80211.dst 02:00:00:00:00:02
			ieee80211.bssid 02:00:00:00:00:01
			ieee80211.src 02:00:00:00:00:03
			ieee80211.seq 2
			ieee80211.tid 5
			ieee80211.addr4`},
		{"four addresses, encrypted", "ieee80211", `08 43 0000 020000000001 020000000002 020000000003 1000 020000000004
			0102 00 20 03040506 aabb`, `
			layers ieee80211
			ieee80211.dst 02:00:00:00:00:03
			ieee80211.src 02:00:00:00:00:04
			ieee80211.ra 02:00:00:00:00:01
			ieee80211.ta 02:00:00:00:00:02
			ieee80211.bssid
			ieee80211.EXTIV 1
			ieee80211.extiv 100992003
			ieee80211.body aabb`},
		{"control", "ieee80211", `d4 00 0000 020000000001`, `
			layers ieee80211
			ieee80211.type ctrl
			ieee80211.type_subtype acknowledgement
			ieee80211.ra 02:00:00:00:00:01
			ieee80211.ta`},
		{"asking for what waits", "ieee80211", `a4 00 01c0 020000000001 020000000002`, `
			ieee80211.aid 49153
			ieee80211.duration`},
		{"encrypted, and no more of it here", "ieee80211", `08 41 0000 020000000001 020000000002 020000000003 1000 0102 00 20`, `
			layers
			err ieee80211 at byte 0: need 32 bytes, have 28`},
		{"too short for its check sequence", "radiotap", tap + `d4 00`, `
			layers radiotap
			err ieee80211 at byte 9: need 1 bytes, have 0`},
	})
}

// A frame that the capture has cut has lost its check sequence, and nothing else.
func TestIEEE80211Cut(t *testing.T) {
	reg := registry(t)
	b := []byte("\x00\x00\x09\x00\x02\x00\x00\x00\x10\xd4\x00\x00\x00\x02\x00\x00\x00\x00\x01\xaa")
	var p core.Packet
	p.Reset(reg, core.Meta{LinkType: 127, Len: len(b) + 3}, b)
	id := p.Find(reg.Proto("ieee80211"), 1)
	if id == core.None || p.Foot(id) != core.None || p.Err() != nil {
		t.Errorf("layer %d, error %v", id, p.Err())
	}
	p.Reset(reg, core.Meta{LinkType: 127, Len: len(b) + 3}, b[:19])
	if p.Find(reg.Proto("ieee80211"), 1) == core.None || p.Err() != nil {
		t.Errorf("without a rest: error %v", p.Err())
	}
}

// The check sequence comes with the header that says it is there, behind all
// that is above, and goes with it.
func TestIEEE80211BuiltOnRadiotap(t *testing.T) {
	reg := registry(t)
	build := func(name string, fields map[string]any) *core.Packet {
		p, err := core.Build(reg.Proto(name), fields)
		if err != nil {
			t.Fatal(err)
		}
		return p
	}
	put := func(p, q *core.Packet) {
		if err := p.SetBody(p.Last(), q); err != nil {
			t.Fatal(err)
		}
	}
	frame := build("ieee80211", map[string]any{"type": "data", "subtype": 0, "addr1": "02:00:00:00:00:01"})
	p := build("radiotap", map[string]any{"present_flags": 2, "flags": "FCS"})
	put(p, frame)
	put(p, build("llc", nil))
	put(p, build("ip", map[string]any{"body": "abc"}))
	p.Update()
	got := map[string][]string{}
	var q core.Packet
	q.ResetAs(reg.Proto("radiotap"), p.Raw())
	layers(&q, got)
	if have, want := len(p.Raw()), 9+24+8+20+3+4; have != want || len(q.Verify()) > 0 || len(got["layers"]) != 4 || got["ip.body"][0] != "616263" {
		t.Errorf("%d bytes, want %d; %v; %v %v", have, want, q.Verify(), got["layers"], got["ip.body"])
	}
	frame.Update()
	if len(frame.Raw()) != 24 {
		t.Errorf("alone it has %d bytes", len(frame.Raw()))
	}
}

func TestWlanCapture(t *testing.T) {
	runWires(t, []wire{
		{"prism", "prism", `44000000 24000000 776c616e300000000000000000000000 44000100 0000 0400 05000000 d4000000 020000000001`, `
			layers prism ieee80211
			prism.dev "wlan0"
			prism.dids.type 65604
			prism.dids.value 5`},
		{"avs", "wlancap", `80211001 00000040 0000000000000005 0000000000000006 00000003 00000006 00000014 00000000 00000000 00000002 ffffffd8 ffffffa6
			00000001 00000002 d4000000 020000000001`, `
			layers wlancap ieee80211
			wlancap.mactime 5
			wlancap.ssi_signal -40`},
		{"several packets in one", "ieee80211", `8801 0000 020000000001 020000000002 020000000003 1000 8000
			020000000003 020000000002 000b aaaa03000000 88b5 6f6e65 000000 020000000004 020000000002 0009 aaaa03000000 88b5 31`, `
			layers ieee80211 llc llc
			ieee80211.subframes.dst 02:00:00:00:00:03 02:00:00:00:00:04
			ieee80211.subframes.len 11 9
			ieee80211.body`},
		{"an agreement on block acks", "ieee80211", `d000 0000 020000000001 020000000002 020000000003 1000 03 01 05 2500 0210 0500`, `
			ieee80211.category block_ack
			ieee80211.dialog 5
			ieee80211.status 37
			ieee80211.parameters 4098
			ieee80211.timeout 5
			ieee80211.params.type`},
	})
}
