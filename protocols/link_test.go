package protocols

import (
	"bytes"
	"errors"
	"testing"

	"pkl/core"
)

func TestLink(t *testing.T) {
	runWires(t, []wire{
		{"type and padding", "", `ffffffffffff 020000000001 0806
			0001 0800 06 04 0001 020000000001 c0000201 000000000000 c0000202 000000000000`, `
			layers eth arp
			eth.dst ff:ff:ff:ff:ff:ff
			eth.src 02:00:00:00:00:01
			eth.type arp
			eth.len
			arp.hrd ether
			arp.pro ip
			arp.op request
			arp.sha 02:00:00:00:00:01
			arp.spa 192.0.2.1
			arp.tha 00:00:00:00:00:00
			arp.tpa 192.0.2.2`},
		{"other addresses", "arp", `0007 0800 01 04 0002 aa c0000201 bb c0000202`, `
			arp.hrd arcnet
			arp.op reply
			arp.sha aa
			arp.spa 192.0.2.1
			arp.tha bb
			arp.tpa 192.0.2.2`},
		{"arp cut short", "arp", `0001 0800 06 04 0002 aaaa`, `
			layers
			err arp at byte 0: need 14 bytes, have 10`},
		{"tags on tags", "", `020000000002 020000000001 88a8 7005 8100 0063 0806
			0001 0800 06 04 0001 020000000001 c0000201 000000000000 c0000202`, `
			layers eth vlan vlan arp
			vlan.pcp 3 0
			vlan.DEI 1 0
			vlan.vid 5 99
			vlan.type vlan arp`},
		{"tag and length", "", `0180c2000000 020000000001 8100 0001 0003 424203 0000`, `
			layers eth vlan llc
			vlan.type
			vlan.len 3
			llc.dsap stp
			llc.ssap stp
			llc.ctl 3
			llc.body `},
		{"supervisory frame", "", `0180c2000000 020000000001 0005 f0f1 0102 aa`, `
			layers eth llc
			eth.len 5
			eth.type
			llc.dsap netbios
			llc.ssap 241
			llc.ctl 513
			llc.body aa`},
		{"IP without SNAP", "", `01000ccccccc 020000000001 0017 060603 4500001400010000 40fff5e6c0000201c0000202`, `
			layers eth llc ip`},
		{"a test frame with it", "", `01000ccccccc 020000000001 0017 0606e3 4500001400010000 40fff5e6c0000201c0000202`, `
			layers eth llc`},
		{"snap", "", `01000ccccccc 020000000001 0024 aaaa03 000000 0800
			4500001c000100004011f6ccc0000201c0000202 0001000200087bd7`, `
			layers eth llc ip udp
			eth.len 36
			llc.oui 0
			llc.pid ip
			udp.dport 2`},
		{"snap of others", "", `01000ccccccc 020000000001 000a aaaa03 00000c 2000 0102`, `
			layers eth llc
			llc.oui 12
			llc.pid cdp
			llc.body 0102`},
		{"snap of nobody known", "", `01000ccccccc 020000000001 000a aaaa03 000063 2000 0102`, `
			layers eth llc
			llc.pid 8192
			llc.body 0102`},
		{"loopback, little endian", "loop", `02000000 4500001c000100004011f6ccc0000201c0000202 0001000200087bd7`, `
			layers loop ip udp
			loop.family ip`},
		{"cooked", "sll", `0004 0001 0006 0200000000010000 0800 4500001c000100004011f6ccc0000201c0000202 0001000200087bd7`, `
			layers sll ip udp
			sll.pkttype outgoing
			sll.hatype ether
			sll.halen 6
			sll.addr 0200000000010000
			sll.type ip`},
		{"cooked with LLC", "sll", `0001 0001 0006 0200000000010000 0004 424203`, `
			layers sll llc
			sll.type 4
			llc.dsap stp`},
		{"cooked 2", "sll2", `86dd 0000 00000003 0304 00 06 0200000000010000
			6000000000003b4020010db800000000000000000000000120010db8000000000000000000000002`, `
			layers sll2 ip6
			sll2.ifindex 3
			sll2.hatype loopback
			sll2.pkttype host`},
		{"radiotap", "radiotap", `00 00 2400 2f480080 0000000a 00000000 1122334455667788 10 02 6c09 a000 ce 01 0000 d000`, `
			layers radiotap
			radiotap.len 36
			radiotap.tsft 9833440827789222417
			radiotap.FCS 1
			radiotap.rate 2
			radiotap.freq 2412
			radiotap.chflags 160
			radiotap.dbm_antsignal -50
			radiotap.antenna 1
			radiotap.rxflags 0
			radiotap.data d000`},
	})
}

// The numbers of Cisco's OUI are not Ethernet types: both are found and filled, each under its own.
func TestCiscoPID(t *testing.T) {
	field := []core.Field{{Name: "a", Bits: 16}}
	reg, err := core.Compile(append(All(),
		&core.Spec{Name: "ours", Over: []core.Key{{On: "llc.cisco_pid", Is: "cdp"}}, Fields: field},
		&core.Spec{Name: "ethers", Over: []core.Key{{On: "eth.type", Is: "0x2000"}}, Fields: field}), Structs(), nil)
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		oui         uint64
		above, want string
	}{{0xc, "ours", "ours"}, {0, "ethers", "ethers"}, {0xf8, "ethers", "ethers"}, {0xc, "ethers", ""}, {0, "ours", ""}, {0x63, "ours", ""}} {
		eth, err1 := core.Build(reg.Proto("eth"), nil)
		llc, err2 := core.Build(reg.Proto("llc"), m{"oui": c.oui})
		above, err3 := core.Build(reg.Proto(c.above), nil)
		if err := errors.Join(err1, err2, err3); err != nil {
			t.Fatal(err)
		}
		p, err := core.Concat(eth, llc)
		if err == nil {
			p, err = core.Concat(p, above)
		}
		if err != nil {
			t.Fatal(err)
		}
		p.Update()
		q := &core.Packet{}
		q.ResetAs(reg.Proto("eth"), p.Raw())
		found := ""
		if last := q.ProtoOf(q.Last()).Name; last != "llc" {
			found = last
		}
		if found != c.want {
			t.Errorf("%#x: %s is found as %q: %x", c.oui, c.above, found, p.Raw())
		}
	}
}

// A layer with several keys gives that one which the other layer has, too.
func TestKeysMove(t *testing.T) {
	reg := registry(t)
	vlan, err := core.Build(reg.Proto("vlan"), nil)
	if err != nil {
		t.Fatal(err)
	}
	for _, first := range []string{"sll", "sll2", "llc", "eth", "vlan"} {
		p, err := core.Build(reg.Proto(first), nil)
		if err == nil {
			p, err = core.ConcatBytes(p, []byte("unknown"))
		}
		if err != nil {
			t.Fatal(err)
		}
		p.Update()
		before := bytes.Clone(p.Raw())
		if err := p.Insert(p.First(), vlan); err != nil {
			t.Fatal(err)
		}
		p.Update()
		if key, _ := p.Num(p.Last(), reg.Proto("vlan").Head().Slot("type")); key != 0x9000 {
			t.Errorf("%s: vlan.type is 0x%x", first, key)
		}
		if err := p.Remove(p.Last()); err != nil {
			t.Fatal(err)
		}
		if p.Update(); !bytes.Equal(p.Raw(), before) {
			t.Errorf("%s: %x became %x", first, before, p.Raw())
		}
	}
}

// A frame with a length holds at most 1,500 bytes; what would be longer is refused.
func TestLongLLC(t *testing.T) {
	reg := registry(t)
	p, err := core.Build(reg.Proto("eth"), nil)
	if err != nil {
		t.Fatal(err)
	}
	llc, err := core.Build(reg.Proto("llc"), m{"dsap": 0x42, "ssap": 0x42})
	if err == nil {
		err = p.SetBody(p.First(), llc)
	}
	if err != nil {
		t.Fatal(err)
	}
	p.Update()
	for _, n := range []int{1498, 1505, 15055} {
		before := bytes.Clone(p.Raw())
		if err := p.SetBody(p.Last(), make([]byte, n)); err == nil || !bytes.Equal(p.Raw(), before) {
			t.Errorf("%d bytes: %v, and the packet is %x", n, err, p.Raw())
		}
	}
	if err := p.SetBody(p.Last(), make([]byte, 1497)); err != nil {
		t.Error(err)
	}
}
