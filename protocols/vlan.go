package protocols

import "pkl/core"

// VLAN is one tag (IEEE 802.1Q §9.3); stacked tags are layers on each other.
var VLAN = core.Spec{
	Name: "vlan",
	Doc:  "VLAN tag; stacked tags are one layer each",
	Ref:  "IEEE 802.1Q",
	Over: []core.Key{{On: "eth.type", Is: "0x8100, 0x88a8, 0x9100"}},
	Fields: []core.Field{
		{Name: "pcp", Bits: 3, Doc: "priority"},
		{Name: "DEI", Bits: 1, Doc: "may be dropped first"},
		{Name: "vid", Bits: 12, Default: 1},
		{Name: "type", Bits: 16, Hex: true, Default: 0x9000, When: "type > 1500", Auto: "next", Key: "eth.type",
			Names: etherTypes, Doc: "what lies above; values up to 1500 are a length"},
		{Name: "len", Bits: 16, When: "len <= 1500", Auto: "body_len", Key: "eth.type",
			Doc: "bytes above, without padding"},
	},
}
