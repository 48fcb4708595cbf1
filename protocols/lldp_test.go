package protocols

import (
	"strings"
	"testing"
)

func TestLLDP(t *testing.T) {
	runWires(t, []wire{
		{"mandatory, names, address, end", "lldp", `
			0207 04 020000000001  0406 05 6574682d31  0602 0078  0803 6c616e  0a02 7377  0e04 0014 0004
			100c 05 01 c0000201 02 00000007 00  0000 aabb`, `
			layers lldp
			lldp.tlvs.type chassis_id port_id ttl port_desc system_name system_cap mgmt_addr
			lldp.tlvs.len 7 6 2 3 2 4 12
			lldp.tlvs.subtype mac if_name
			lldp.tlvs.id 02:00:00:00:00:01 "eth-1"
			lldp.tlvs.ttl 120
			lldp.tlvs.port_desc "lan"
			lldp.tlvs.system_name "sw"
			lldp.tlvs.capabilities 20
			lldp.tlvs.BRIDGE 1
			lldp.tlvs.ROUTER_ON 0
			lldp.tlvs.BRIDGE_ON 1
			lldp.tlvs.family ip4
			lldp.tlvs.addr 192.0.2.1
			lldp.tlvs.ifsubtype ifindex
			lldp.tlvs.ifnumber 7
			lldp.tlvs.oid 
			lldp.tlvs.rest`},
		{"a length of nine bits", "lldp", `0301 04` + strings.Repeat("00", 256), `
			lldp.tlvs.type chassis_id
			lldp.tlvs.len 257
			lldp.tlvs.id 00:00:00:00:00:00`},
		{"organisations", "lldp", `
			fe06 0080c2 01 0064  fe08 0080c2 03 0064 01 61  fe19 0080c2 09 83 01234567 0102030405060708 0001020304050607
			fe0b 0080c2 0c 00 a1 8906 82 0035  fe09 00120f 01 03 6c11 001e  fe08 0012bb 02 01 800000
			fe07 0012bb 0a 6d6f64  fe06 abcdef 09 0102  fe09 0080c2 01 0064 aabbcc`, `
			lldp.tlvs.oui ieee_802_1 ieee_802_1 ieee_802_1 ieee_802_1 ieee_802_3 med med 11259375 ieee_802_1
			lldp.tlvs.subtype 1 3 9 12 1 2 10 9 1
			lldp.tlvs.pvid 100 100
			lldp.tlvs.vlan 100
			lldp.tlvs.name "a"
			lldp.tlvs.WILLING 1
			lldp.tlvs.maxtcs 3
			lldp.tlvs.prio7 7
			lldp.tlvs.bandwidth 1 2 3 4 5 6 7 8
			lldp.tlvs.apps.prio 5 4
			lldp.tlvs.apps.sel 1 2
			lldp.tlvs.apps.protocol 35078 53
			lldp.tlvs.AUTONEG_ON 1
			lldp.tlvs.autoneg_caps 27665
			lldp.tlvs.UNKNOWN 1
			lldp.tlvs.inventory "mod"
			lldp.tlvs.data      0102 aabbcc`},
		{"cut, and lengths that lie", "lldp", `0207 04 020000000001 fe02 0080 0602`, `
			lldp.tlvs.type chassis_id org
			lldp.tlvs.len 7 2
			lldp.tlvs.oui
			lldp.tlvs.rest 0602`},
	})
}
