package protocols

import (
	"testing"

	"pkl/core"
)

// The bytes are scapy's, with its checks; the values are those that tshark reads.
func TestBTLE(t *testing.T) {
	runWires(t, []wire{
		{"advertising", "btle_rf", `25c4a600d6be898e070c d6be898e 400e 5544332211c0 020106 0409706b6c 2d5637`, `
			layers btle_rf btle
			btle_rf.channel 37
			btle_rf.signal -60
			btle_rf.CRC_VALID 1
			btle.pdutype adv_ind
			btle.TXADD 1
			btle.len 14
			btle.adv_addr c0:11:22:33:44:55
			btle.adv_data.type flags name
			btle.adv_data.LE_GENERAL 1
			btle.adv_data.name "pkl"
			btle.body
			btle.llid`},
		{"a connection begins", "btle", `d6be898e 0522 060504030201 161514131211 50123456 123456 02 0300 2400 0100 f401 ffffffff1f 27 809779`, `
			btle.init_addr 01:02:03:04:05:06
			btle.adv_addr 11:12:13:14:15:16
			btle.conn_addr 1446253136
			btle.crcinit 5649426
			btle.interval 36
			btle.timeout 500
			btle.chanmap 137438953471
			btle.hop 7
			btle.sca 1`},
		{"the first part of a message", "btle", `56341250 120b 1000 0400 02170001020304 75e345`, `
			layers btle l2cap
			btle.llid start
			btle.MD 1
			btle.pdutype
			l2cap.len 16
			l2cap.cid att
			l2cap.body 02170001020304
			err`},
		{"control", "btle", `56341250 0b03 16 0302 a98877`, `
			layers btle btle_control
			btle.SN 1
			btle_control.opcode ll_phy_req
			btle_control.tx_phys 3
			btle_control.rx_phys 2`},
		{"lengths of packets", "btle", `56341250 0309 14 fb00 4801 1b00 4808 000000`, `
			btle_control.max_rx_octets 251
			btle_control.max_rx_time 328
			btle_control.max_tx_octets 27
			btle_control.max_tx_time 2120`},
		{"with a tone behind the header", "btle", `56341250 2103 05 aabbcc 000000`, `
			btle.CP 1
			btle.cte_info 5
			btle.len 3
			btle.body aabbcc`},
		{"zeros behind the data", "btle", `d6be898e 020a 060504030201 02010600 000000`, `
			btle.adv_data.type flags
			err`},
	})
}

// TestBTLECheck: the check covers header and payload, not the access address; that
// of a connection cannot be known, and is no finding.
func TestBTLECheck(t *testing.T) {
	reg := registry(t)
	check := func(p *core.Packet) uint64 {
		foot := p.Foot(p.First())
		v, _ := p.Num(foot, p.Pick(foot, p.LayoutOf(foot).Slot("crc")))
		return v
	}
	var p core.Packet
	p.ResetAs(reg.Proto("btle"), []byte("\xd6\xbe\x89\x8e\x02\x09\x06\x05\x04\x03\x02\x01\x02\x01\x06\x9a\x2a\xa1"))
	if f := p.Verify(); len(f) > 0 {
		t.Errorf("a right one: %v", f)
	}
	set := func(name string, v any) {
		if err := p.Set(p.First(), p.LayoutOf(p.First()).Slot(name), v); err != nil {
			t.Fatal(err)
		}
		p.Update()
	}
	set("adv_addr", "01:02:03:04:05:07")
	if check(&p) == 0x9a2aa1 || len(p.Verify()) > 0 {
		t.Errorf("after an edit %#x, %v", check(&p), p.Verify())
	}
	set("adv_addr", "01:02:03:04:05:06")
	if check(&p) != 0x9a2aa1 {
		t.Errorf("turned back: %#x", check(&p))
	}
	p.ResetAs(reg.Proto("btle"), []byte("\xd7\xbe\x89\x8e\x02\x03abc\x01\x02\x03"))
	if f := p.Verify(); len(f) > 0 || check(&p) != 0x010203 {
		t.Errorf("of a connection: %#x, %v", check(&p), f)
	}
}
