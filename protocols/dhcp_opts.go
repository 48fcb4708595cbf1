package protocols

import "pkl/core"

// Options of DHCP (RFC 2132). The value of an option has the option's name, where it is one thing.

var dhcpOption = core.Struct{Name: "option", Fields: []core.Field{
	{Name: "type", Bits: 8, Names: dhcpOptionNames},
	{Name: "len", Bits: 8, When: "type not in {0, 255}", Auto: "body_len"},
}}

var dhcpOptions = []core.Variant{
	{Is: "pad, end"},
	{Is: "subnet_mask", Struct: core.Struct{Fields: []core.Field{{Name: "subnet_mask", Kind: core.IP4}}}},
	{Is: "time_offset", Struct: core.Struct{Fields: []core.Field{{Name: "time_offset", Bits: 32, Signed: true}}}},
	{Is: "routers", Struct: core.Struct{Fields: []core.Field{{Name: "routers", Kind: core.List, Item: &ip4Item}}}},
	{Is: "time_servers", Struct: core.Struct{Fields: []core.Field{
		{Name: "time_servers", Kind: core.List, Item: &ip4Item},
	}}},
	{Is: "ien_name_servers", Struct: core.Struct{Fields: []core.Field{
		{Name: "ien_name_servers", Kind: core.List, Item: &ip4Item},
	}}},
	{Is: "name_servers", Struct: core.Struct{Fields: []core.Field{
		{Name: "name_servers", Kind: core.List, Item: &ip4Item},
	}}},
	{Is: "log_servers", Struct: core.Struct{Fields: []core.Field{
		{Name: "log_servers", Kind: core.List, Item: &ip4Item},
	}}},
	{Is: "lpr_servers", Struct: core.Struct{Fields: []core.Field{
		{Name: "lpr_servers", Kind: core.List, Item: &ip4Item},
	}}},
	{Is: "hostname", Struct: core.Struct{Fields: []core.Field{{Name: "hostname", Kind: core.Text}}}},
	{Is: "boot_size", Struct: core.Struct{Fields: []core.Field{{Name: "boot_size", Bits: 16}}}},
	{Is: "domain", Struct: core.Struct{Fields: []core.Field{{Name: "domain", Kind: core.Text}}}},
	{Is: "swap_server", Struct: core.Struct{Fields: []core.Field{{Name: "swap_server", Kind: core.IP4}}}},
	{Is: "root_path", Struct: core.Struct{Fields: []core.Field{{Name: "root_path", Kind: core.Text}}}},
	{Is: "ip_forwarding", Struct: core.Struct{Fields: []core.Field{{Name: "ip_forwarding", Bits: 8}}}},
	{Is: "default_ttl", Struct: core.Struct{Fields: []core.Field{{Name: "default_ttl", Bits: 8}}}},
	{Is: "mtu", Struct: core.Struct{Fields: []core.Field{{Name: "mtu", Bits: 16}}}},
	{Is: "broadcast", Struct: core.Struct{Fields: []core.Field{{Name: "broadcast", Kind: core.IP4}}}},
	{Is: "static_routes", Struct: core.Struct{Fields: []core.Field{
		{Name: "static_routes", Kind: core.List, Item: &core.Struct{Fields: []core.Field{
			{Name: "dst", Kind: core.IP4}, {Name: "router", Kind: core.IP4},
		}}},
	}}},
	{Is: "nis_domain", Struct: core.Struct{Fields: []core.Field{{Name: "nis_domain", Kind: core.Text}}}},
	{Is: "nis_servers", Struct: core.Struct{Fields: []core.Field{
		{Name: "nis_servers", Kind: core.List, Item: &ip4Item},
	}}},
	{Is: "ntp_servers", Struct: core.Struct{Fields: []core.Field{
		{Name: "ntp_servers", Kind: core.List, Item: &ip4Item},
	}}},
	{Is: "netbios_servers", Struct: core.Struct{Fields: []core.Field{
		{Name: "netbios_servers", Kind: core.List, Item: &ip4Item},
	}}},
	{Is: "netbios_dd_servers", Struct: core.Struct{Fields: []core.Field{
		{Name: "netbios_dd_servers", Kind: core.List, Item: &ip4Item},
	}}},
	{Is: "netbios_type", Struct: core.Struct{Fields: []core.Field{{Name: "netbios_type", Bits: 8, Names: netbiosTypes}}}},
	{Is: "netbios_scope", Struct: core.Struct{Fields: []core.Field{{Name: "netbios_scope", Kind: core.Text}}}},
	{Is: "requested_ip", Struct: core.Struct{Fields: []core.Field{{Name: "requested_ip", Kind: core.IP4}}}},
	{Is: "lease_time", Struct: core.Struct{Fields: []core.Field{{Name: "lease_time", Bits: 32, Doc: "seconds"}}}},
	{Is: "overload", Struct: core.Struct{Fields: []core.Field{{Name: "overload", Bits: 8, Names: dhcpOverloads}}}},
	{Is: "message_type", Struct: core.Struct{Fields: []core.Field{
		{Name: "message_type", Bits: 8, Default: 1, Names: dhcpMessages},
	}}},
	{Is: "server_id", Struct: core.Struct{Fields: []core.Field{{Name: "server_id", Kind: core.IP4}}}},
	{Is: "param_list", Struct: core.Struct{Fields: []core.Field{
		{Name: "param_list", Kind: core.List, Item: &core.Struct{Fields: []core.Field{{Bits: 8, Names: dhcpOptionNames}}}},
	}}},
	{Is: "message", Struct: core.Struct{Fields: []core.Field{{Name: "message", Kind: core.Text}}}},
	{Is: "max_size", Struct: core.Struct{Fields: []core.Field{{Name: "max_size", Bits: 16}}}},
	{Is: "renewal_time", Struct: core.Struct{Fields: []core.Field{{Name: "renewal_time", Bits: 32, Doc: "seconds"}}}},
	{Is: "rebinding_time", Struct: core.Struct{Fields: []core.Field{{Name: "rebinding_time", Bits: 32, Doc: "seconds"}}}},
	{Is: "vendor_class", Struct: core.Struct{Fields: []core.Field{{Name: "vendor_class", Kind: core.Text}}}},
	{Is: "client_id", Struct: core.Struct{Fields: []core.Field{
		{Name: "htype", Bits: 8, Default: 1, Names: hardwareTypes},
		{Name: "client_id", Kind: core.MAC, When: "htype == 1"},
		{Name: "client_id", Kind: core.Bytes, When: "htype != 1"},
	}}},
	{Is: "tftp_server", Struct: core.Struct{Fields: []core.Field{{Name: "tftp_server", Kind: core.Text}}}},
	{Is: "boot_file", Struct: core.Struct{Fields: []core.Field{{Name: "boot_file", Kind: core.Text}}}},
	{Is: "user_class", Struct: core.Struct{Fields: []core.Field{{Name: "user_class", Kind: core.Bytes}}}},
	{Is: "rapid_commit"},
	{Is: "fqdn", Struct: core.Struct{Fields: []core.Field{ // RFC 4702 §2
		{Name: "reserved", Bits: 4}, {Name: "N", Bits: 1}, {Name: "E", Bits: 1}, {Name: "O", Bits: 1}, {Name: "S", Bits: 1},
		{Name: "rcode1", Bits: 8}, {Name: "rcode2", Bits: 8},
		{Name: "fqdn", Kind: core.Name, Plain: true, When: "E"},
		{Name: "fqdn", Kind: core.Text, When: "not E"},
	}}},
	{Is: "relay_agent", Struct: core.Struct{Fields: []core.Field{ // RFC 3046 §2
		{Name: "subopts", Kind: core.List, Item: &core.Struct{Fields: []core.Field{
			{Name: "type", Bits: 8, Names: dhcpRelayNames}, {Name: "len", Bits: 8, Auto: "body_len"},
		}}},
	}}},
	{Is: "client_arch", Struct: core.Struct{Fields: []core.Field{
		{Name: "client_arch", Kind: core.List, Item: &core.Struct{Fields: []core.Field{{Bits: 16}}}},
	}}},
	{Is: "client_uuid", Struct: core.Struct{Fields: []core.Field{
		{Name: "kind", Bits: 8}, {Name: "client_uuid", Kind: core.Bytes},
	}}},
	{Is: "subnet_selection", Struct: core.Struct{Fields: []core.Field{{Name: "subnet_selection", Kind: core.IP4}}}},
	{Is: "captive_portal", Struct: core.Struct{Fields: []core.Field{{Name: "captive_portal", Kind: core.Text}}}},
	{Is: "classless_routes, ms_classless_routes", Struct: core.Struct{Fields: []core.Field{ // RFC 3442
		{Name: "routes", Kind: core.List, Item: &core.Struct{Fields: []core.Field{
			{Name: "plen", Bits: 8, Doc: "bits of the prefix"},
			{Name: "prefix", Kind: core.Bytes, Size: "(plen + 7) / 8"},
			{Name: "router", Kind: core.IP4},
		}}},
	}}},
}
