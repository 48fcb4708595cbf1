package protocols

import "testing"

// Of the small numbers of a cooked capture only 4 is LLC, as tshark 4.0 sees it too.
func TestCookedTypes(t *testing.T) {
	runWires(t, []wire{
		{"802.2", "sll", `0001 0001 0006 0102030405060000 0004 424203 00`, `layers sll llc`},
		{"raw 802.3", "sll", `0001 0001 0006 0102030405060000 0001 ffff0028 00`, `layers sll`},
		{"a frame", "sll", `0001 0001 0006 0102030405060000 0003 020000000002 020000000001 9000 00`, `layers sll`},
		{"netlink", "sll2", `0004 0000 00000001 0338 04 00 0000000000000000 424203 00`, `layers sll2`},
		{"a monitoring interface", "sll2", `0004 0000 00000001 0323 00 00 0000000000000000 0000 0800 00000000 80`, `layers sll2 radiotap`},
		{"the same", "sll", `0000 0323 0000 0000000000000000 0004 0000 0800 00000000 80`, `layers sll radiotap`},
		{"802.2 in a tagged frame", "sll", `0001 0001 0006 0102030405060000 8100 0005 0004 424203 00`, `layers sll vlan llc`},
		{"IPX in a frame with a length", "eth", `020000000002 020000000001 0004 ffff 0028`, `layers eth`},
	})
}
