package oracle

// networkTables are those of IP and of what reports about it.
func networkTables() map[string]table {
	return map[string]table{
		"ip":  {"ip", ipRows},
		"ip6": {"ipv6", ip6Rows},
		"ip6_hopopts": {"ipv6.hopopts", ip6Options("ipv6.hopopts",
			row{"opts{type==5}.value", "ipv6.opt.router_alert", nil, always},
			row{"opts.jumbo_len", "ipv6.opt.jumbo", nil, always},
			row{"opts.instance", "ipv6.opt.rpl.instance_id", nil, always},
			row{"opts.rank", "ipv6.opt.rpl.sender_rank", nil, always},
		)},
		"ip6_dstopts": {"ipv6.dstopts", ip6Options("ipv6.dstopts",
			row{"opts.limit", "ipv6.opt.tel", nil, always},
			row{"opts.addr", "ipv6.opt.mipv6.home_address", nil, always},
		)},
		"ip6_routing": {"ipv6.routing", []row{
			{"nxt", "ipv6.routing.nxt", nil, always},
			{"len", "ipv6.routing.len", nil, always},
			{"type", "ipv6.routing.type", nil, always},
			{"segs", "ipv6.routing.segleft", nil, always},
			{"last", "ipv6.routing.srh.last_entry", nil, always},
			{"flags", "ipv6.routing.srh.flags", nil, always},
			{"tag", "ipv6.routing.srh.tag", raw, always},
			{"addrs", "ipv6.routing.src.addr ipv6.routing.srh.addr ipv6.routing.mipv6.home_address", nil, always},
		}},
		"ip6_frag": {"ipv6.fraghdr", []row{
			{"nxt", "ipv6.fraghdr.nxt", nil, always},
			{"reserved", "ipv6.fraghdr.reserved_octet", nil, always},
			{"off", "ipv6.fraghdr.offset", nil, always},
			{"reserved2", "ipv6.fraghdr.reserved_bits", nil, always},
			{"MF", "ipv6.fraghdr.more", nil, always},
			{"id", "ipv6.fraghdr.ident", nil, always},
		}},
		"ah": {"ah", []row{
			{"nxt", "ah.next_header", nil, always},
			{"len", "ah.length", nil, always},
			{"reserved", "ah.reserved", raw, always},
			{"spi", "ah.spi", nil, always},
			{"seq", "ah.sequence", nil, always},
			{"icv", "ah.icv", nil, always},
		}},
		"esp": {"esp", []row{
			{"spi", "esp.spi", nil, always},
			{"seq", "esp.sequence", nil, always},
		}},
	}
}

var ipRows = []row{
	{"v", "ip.version", nil, always},
	{"ihl", "ip.hdr_len", unit(4), always},
	{"tos", "ip.dsfield", nil, always},
	{"dscp", "ip.dsfield.dscp", nil, always},
	{"ecn", "ip.dsfield.ecn", nil, always},
	{"len", "ip.len", raw, always},
	{"id", "ip.id", nil, always},
	{"flags", "ip.flags", nil, always},
	{"RF", "ip.flags.rb", nil, always},
	{"DF", "ip.flags.df", nil, always},
	{"MF", "ip.flags.mf", nil, always},
	{"off", "ip.frag_offset", nil, always},
	{"ttl", "ip.ttl", nil, always},
	{"p", "ip.proto", nil, always},
	{"sum", "ip.checksum", nil, always},
	{"src", "ip.src", nil, always},
	{"dst", "ip.dst", nil, always},
	{"opts.type", "ip.opt.type", noEnd, some},
	{"opts.len", "ip.opt.len", nil, some},
	{"opts.ptr", "ip.opt.ptr", nil, always},
	{"opts.overflow", "ip.opt.overflow", nil, always},
	{"opts.flag", "ip.opt.flag", nil, always},
	{"opts.value", "ip.opt.ra", nil, always},
	{"opts.id", "ip.opt.sid", nil, shown},
	{"opts.mtu", "ip.opt.mtu", nil, always},
	{"opts.entries.addr", "ip.opt.time_stamp_addr", nil, always},
	{"opts.stamps opts.entries.stamp", "ip.opt.time_stamp", nil, always},
}

var ip6Rows = []row{
	{"v", "ipv6.version", nil, always},
	{"tc", "ipv6.tclass", nil, always},
	{"dscp", "ipv6.tclass.dscp", nil, always},
	{"ecn", "ipv6.tclass.ecn", nil, always},
	{"flow", "ipv6.flow", nil, always},
	{"len", "ipv6.plen", raw, always},
	{"nxt", "ipv6.nxt", nil, always},
	{"hlim", "ipv6.hlim", nil, always},
	{"src", "ipv6.src", nil, always},
	{"dst", "ipv6.dst", nil, always},
}

func ip6Options(proto string, more ...row) []row {
	return append([]row{
		{"nxt", proto + ".nxt", nil, always},
		{"len", proto + ".len", nil, always},
		{"opts.type", "ipv6.opt.type", nil, padded},
		{"opts.len", "ipv6.opt.length", nil, always},
	}, more...)
}
