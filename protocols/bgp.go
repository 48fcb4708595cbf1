package protocols

import "pkl/core"

// BGP is the Border Gateway Protocol (RFC 4271 §4). A segment that does not
// begin with a marker goes on with a message begun before.
var BGP = core.Spec{
	Name:  "bgp",
	Doc:   "Border Gateway Protocol 4: a list of messages",
	Ref:   "RFC 4271",
	Over:  []core.Key{{On: "tcp.port", Is: "179"}},
	Check: "len(messages_raw) >= 19 and messages_raw[0:16] == ff:ff:ff:ff:ff:ff:ff:ff:ff:ff:ff:ff:ff:ff:ff:ff",
	Fields: []core.Field{
		{Name: "messages", Kind: core.List, By: "type", Item: &bgpMessage, Kinds: bgpMessages},
	},
}

var bgpMessage = core.Struct{Name: "message", Fields: []core.Field{
	{Name: "marker", Kind: core.Bytes, Size: "16", Default: "\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff"},
	{Name: "len", Bits: 16, Auto: "total_len"},
	{Name: "type", Bits: 8, Default: 1, Names: bgpTypes},
}}

var bgpMessages = []core.Variant{
	{Is: "open", Struct: core.Struct{Fields: []core.Field{
		{Name: "v", Bits: 8, Default: 4, Doc: "version"},
		{Name: "asn", Bits: 16, Doc: "of the sender; 23456 if it needs 4 bytes (RFC 6793)"},
		{Name: "holdtime", Bits: 16, Doc: "seconds"},
		{Name: "identifier", Kind: core.IP4},
		{Name: "param_len", Bits: 8},
		{Name: "ext_type", Bits: 8, Default: 255, When: "param_len == 255 and ext_type == 255",
			Doc: "lengths have 2 bytes (RFC 9072)"},
		{Name: "ext_len", Bits: 16, When: "present(ext_type)"},
		{Name: "params", Kind: core.List, Size: "param_len", By: "type", When: "not present(ext_type)",
			Item: &core.Struct{Fields: []core.Field{
				{Name: "type", Bits: 8, Default: 2, Names: bgpParams}, {Name: "len", Bits: 8, Auto: "body_len"},
			}}, Kinds: bgpParam},
		{Name: "params", Kind: core.List, Size: "ext_len", By: "type", When: "present(ext_type)",
			Item: &core.Struct{Fields: []core.Field{
				{Name: "type", Bits: 8, Default: 2, Names: bgpParams}, {Name: "len", Bits: 16, Auto: "body_len"},
			}}, Kinds: bgpParam},
	}}},
	{Is: "update", Struct: core.Struct{Fields: []core.Field{
		{Name: "withdrawnlen", Bits: 16},
		{Name: "wroutes", Kind: core.List, Size: "withdrawnlen", Item: &bgpRoute, Doc: "routes withdrawn"},
		{Name: "pathlen", Bits: 16},
		{Name: "pathattrs", Kind: core.List, Size: "pathlen", By: "type", Item: &bgpAttr, Kinds: bgpAttrs},
		{Name: "anncroutes", Kind: core.List, Item: &bgpRoute, Doc: "routes announced"},
	}}},
	{Is: "notification", Struct: core.Struct{Fields: []core.Field{
		{Name: "code", Bits: 8, Default: 6, Names: bgpErrors},
		{Name: "subcode", Bits: 8, Doc: "its meaning depends on the code"},
		{Name: "data", Kind: core.Bytes},
	}}},
	{Is: "keepalive"},
	{Is: "route_refresh", Struct: core.Struct{Fields: []core.Field{ // RFC 2918, RFC 7313
		{Name: "afi", Bits: 16, Default: 1, Names: bgpAFIs},
		{Name: "rsvd", Bits: 8, Names: []core.ValueName{{V: 0, Name: "normal"}, {V: 1, Name: "begin"}, {V: 2, Name: "end"}}},
		{Name: "safi", Bits: 8, Default: 1, Names: bgpSAFIs},
		{Name: "orf", Kind: core.Bytes, Doc: "outbound route filters (RFC 5291)"},
	}}},
}

var bgpRoute = core.Struct{Name: "route", Fields: []core.Field{
	{Name: "len", Bits: 8, Doc: "bits of the prefix"},
	{Name: "prefix", Kind: core.IP4, Size: "(len + 7) / 8"},
}}

var bgpRoute6 = core.Struct{Name: "route", Fields: []core.Field{
	{Name: "len", Bits: 8, Doc: "bits of the prefix"},
	{Name: "prefix", Kind: core.IP6, Size: "(len + 7) / 8"},
}}

var bgpParam = []core.Variant{
	{Is: "capabilities", Struct: core.Struct{Fields: []core.Field{
		{Name: "capabilities", Kind: core.List, By: "type", Item: &core.Struct{Fields: []core.Field{
			{Name: "type", Bits: 8, Default: 2, Names: bgpCapabilityNames}, {Name: "len", Bits: 8, Auto: "body_len"},
		}}, Kinds: bgpCapabilities},
	}}},
}

var bgpCapabilities = []core.Variant{
	{Is: "multiprotocol", Struct: core.Struct{Fields: []core.Field{ // RFC 4760 §8
		{Name: "afi", Bits: 16, Default: 1, Names: bgpAFIs}, {Name: "reserved", Bits: 8},
		{Name: "safi", Bits: 8, Default: 1, Names: bgpSAFIs},
	}}},
	{Is: "route_refresh, extended_message, enhanced_route_refresh, route_refresh_cisco"},
	{Is: "extended_next_hop", Struct: core.Struct{Fields: []core.Field{ // RFC 8950 §4
		{Name: "families", Kind: core.List, Item: &core.Struct{Fields: []core.Field{
			{Name: "afi", Bits: 16, Default: 1, Names: bgpAFIs}, {Name: "safi", Bits: 16, Default: 1, Names: bgpSAFIs},
			{Name: "nhafi", Bits: 16, Default: 2, Names: bgpAFIs, Doc: "of the next hop"},
		}}},
	}}},
	{Is: "role", Struct: core.Struct{Fields: []core.Field{{Name: "role", Bits: 8, Names: bgpRoles}}}}, // RFC 9234 §4.1
	{Is: "graceful_restart", Struct: core.Struct{Fields: []core.Field{ // RFC 4724 §3
		{Name: "restart", Bits: 16, Hex: true},
		{Name: "R", Bits: 1, Part: "restart", Doc: "has restarted"},
		{Name: "N", Bits: 1, Part: "restart", Doc: "also after a notification (RFC 8538)"},
		{Name: "reserved", Bits: 2, Part: "restart"},
		{Name: "restart_time", Bits: 12, Part: "restart", Doc: "seconds"},
		{Name: "families", Kind: core.List, Item: &core.Struct{Fields: []core.Field{
			{Name: "afi", Bits: 16, Default: 1, Names: bgpAFIs}, {Name: "safi", Bits: 8, Default: 1, Names: bgpSAFIs},
			{Name: "F", Bits: 1, Doc: "forwarding state is kept"}, {Name: "reserved", Bits: 7},
		}}},
	}}},
	{Is: "as4", Struct: core.Struct{Fields: []core.Field{{Name: "asn", Bits: 32}}}}, // RFC 6793 §3
	{Is: "add_path", Struct: core.Struct{Fields: []core.Field{ // RFC 7911 §4
		{Name: "families", Kind: core.List, Item: &core.Struct{Fields: []core.Field{
			{Name: "afi", Bits: 16, Default: 1, Names: bgpAFIs}, {Name: "safi", Bits: 8, Default: 1, Names: bgpSAFIs},
			{Name: "mode", Bits: 8, Default: 3, Names: []core.ValueName{{V: 1, Name: "receive"}, {V: 2, Name: "send"}, {V: 3, Name: "both"}}},
		}}},
	}}},
	{Is: "fqdn", Struct: core.Struct{Fields: []core.Field{
		{Name: "hostname_len", Bits: 8}, {Name: "hostname", Kind: core.Text, Size: "hostname_len"},
		{Name: "domain_len", Bits: 8}, {Name: "domain", Kind: core.Text, Size: "domain_len", When: "present(domain_len)"},
	}}},
}
