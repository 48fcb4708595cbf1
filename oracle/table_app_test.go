package oracle

import (
	"slices"
	"strings"
)

// applicationTables are those of DNS and DHCP.
func applicationTables() map[string]table {
	return map[string]table{
		"dns":  {"dns mdns llmnr", withMore(dnsRows, dnsRecordRows, dnsOptionRows)},
		"dhcp": {"dhcp", append(dhcpRows, dhcpOptionRows...)},
	}
}

// withMore adds the paths to messages behind the first, in a stream.
func withMore(groups ...[]row) (all []row) {
	for _, r := range slices.Concat(groups...) {
		for _, path := range strings.Fields(r.pkl) {
			r.pkl += " more." + path
		}
		all = append(all, r)
	}
	return all
}

// rr is the path of a field of any resource record.
func rr(field string) string {
	var paths []string
	for _, list := range []string{"answers", "authorities", "additionals"} {
		paths = append(paths, list+field)
	}
	return strings.Join(paths, " ")
}

var dnsRows = []row{
	{"tcplen", "dns.length", nil, always},
	{"id", "dns.id", nil, always},
	{"flags", "dns.flags", nil, always},
	{"QR", "dns.flags.response", nil, shown},
	{"opcode", "dns.flags.opcode", nil, shown},
	{"AA", "dns.flags.authoritative", nil, shown},
	{"TC", "dns.flags.truncated", nil, shown},
	{"RD", "dns.flags.recdesired", nil, shown},
	{"RA", "dns.flags.recavail", nil, shown},
	{"Z", "dns.flags.z", nil, shown},
	{"AD", "dns.flags.authenticated", nil, shown},
	{"CD", "dns.flags.checkdisable", nil, shown},
	{"rcode", "dns.flags.rcode", nil, shown},
	{"qdcount", "dns.count.queries dns.count.zones", nil, always},
	{"ancount", "dns.count.answers dns.count.prerequisites", nil, always},
	{"nscount", "dns.count.auth_rr dns.count.updates", nil, always},
	{"arcount", "dns.count.add_rr", nil, always},
	{"questions.name", "dns.qry.name", name, always},
	{"questions.type", "dns.qry.type", nil, always},
	{"questions.class", "dns.qry.class", whole, always},
	{rr("{type!=33}.name"), "dns.resp.name", name, always},
	{rr(".type"), "dns.resp.type", nil, always},
	{rr(".class"), "dns.resp.class dns.rr.udp_payload_size", whole, always},
	{rr("{type!=41}.ttl"), "dns.resp.ttl", nil, always},
	{rr(".len"), "dns.resp.len", nil, always},
}

var dnsRecordRows = []row{
	{rr(".addr"), "dns.a dns.aaaa", nil, always},
	{rr("{type==2}.target"), "dns.ns", name, always},
	{rr("{type==5}.target"), "dns.cname", name, always},
	{rr("{type==12}.target"), "dns.ptr.domain_name", name, always},
	{rr("{type==33}.target"), "dns.srv.target", name, always},
	{rr("{type==33}.priority"), "dns.srv.priority", nil, always},
	{rr("{type==33}.weight"), "dns.srv.weight", nil, always},
	{rr("{type==33}.port"), "dns.srv.port", nil, always},
	{rr(".mname"), "dns.soa.mname", name, always},
	{rr(".rname"), "dns.soa.rname", name, always},
	{rr(".serial"), "dns.soa.serial_number", nil, always},
	{rr(".refresh"), "dns.soa.refresh_interval", nil, always},
	{rr(".retry"), "dns.soa.retry_interval", nil, always},
	{rr(".expire"), "dns.soa.expire_limit", nil, always},
	{rr(".minimum"), "dns.soa.minimum_ttl", nil, always},
	{rr("{type==15}.pref"), "dns.mx.preference", nil, always},
	{rr("{type==15}.exchange"), "dns.mx.mail_exchange", name, always},
	{rr("{type==16}.strings.text"), "dns.txt", nil, always},
	{rr("{type==46}.covered"), "dns.rrsig.type_covered", nil, always},
	{rr("{type==46}.algorithm"), "dns.rrsig.algorithm", nil, always},
	{rr("{type==46}.labels"), "dns.rrsig.labels", nil, always},
	{rr("{type==46}.original_ttl"), "dns.rrsig.original_ttl", nil, always},
	{rr("{type==46}.expiration"), "dns.rrsig.signature_expiration", raw, always},
	{rr("{type==46}.inception"), "dns.rrsig.signature_inception", raw, always},
	{rr("{type==46}.key_tag"), "dns.rrsig.key_tag", nil, always},
	{rr("{type==46}.signer"), "dns.rrsig.signers_name", name, always},
	{rr("{type==46}.signature"), "dns.rrsig.signature", nil, always},
	{rr("{type==47}.next_name"), "dns.nsec.next_domain_name", name, always},
	{rr("{type==43}.key_tag") + " " + rr("{type==59}.key_tag"), "dns.ds.key_id", nil, always},
	{rr("{type==43}.algorithm") + " " + rr("{type==59}.algorithm"), "dns.ds.algorithm", nil, always},
	{rr("{type==43}.digest_type") + " " + rr("{type==59}.digest_type"), "dns.ds.digest_type", nil, always},
	{rr("{type==43}.digest") + " " + rr("{type==59}.digest"), "dns.ds.digest", nil, always},
	{rr("{type==48}.flags"), "dns.dnskey.flags", raw, always},
	{rr("{type==48}.protocol"), "dns.dnskey.protocol", nil, always},
	{rr("{type==48}.algorithm"), "dns.dnskey.algorithm", nil, always},
	{rr("{type==48}.public_key"), "dns.dnskey.public_key", nil, always},
	{rr("{type==50}.algorithm"), "dns.nsec3.algo", nil, always},
	{rr("{type==50}.flags"), "dns.nsec3.flags", raw, always},
	{rr("{type==50}.iterations"), "dns.nsec3.iterations", nil, always},
	{rr("{type==50}.salt_len"), "dns.nsec3.salt_length", nil, always},
	{rr("{type==50}.salt"), "dns.nsec3.salt_value", nil, shown},
	{rr("{type==50}.hash_len"), "dns.nsec3.hash_length", nil, always},
	{rr("{type==257}.flags"), "dns.caa.flags", raw, always},
	{rr("{type==257}.tag_len"), "dns.caa.tag_length", nil, always},
	{rr("{type==257}.tag"), "dns.caa.tag", nil, always},
	{rr("{type==257}.value"), "dns.caa.value", nil, always},
	{rr("{type==35}.order"), "dns.naptr.order", nil, always},
	{rr("{type==35}.pref"), "dns.naptr.preference", nil, always},
	{rr("{type==35}.flags_len"), "dns.naptr.flags_length", nil, always},
	{rr("{type==35}.flags"), "dns.naptr.flags", nil, always},
	{rr("{type==35}.service_len"), "dns.naptr.service_length", nil, always},
	{rr("{type==35}.service"), "dns.naptr.service", nil, always},
	{rr("{type==35}.regexp_len"), "dns.naptr.regex_length", nil, always},
	{rr("{type==35}.regexp"), "dns.naptr.regex", nil, always},
	{rr("{type==35}.replacement"), "dns.naptr.replacement", name, always},
	{rr(".params.type"), "dns.svcb.svcparam.key", nil, always},
	{rr(".params.len"), "dns.svcb.svcparam.value.length", nil, always},
	{rr(".params.mandatory"), "dns.svcb.svcparam.mandatory.key", nil, always},
	{rr(".params.alpn.text"), "dns.svcb.svcparam.alpn", nil, always},
	{rr(".params.port"), "dns.svcb.svcparam.port", nil, always},
	{rr(".params.ipv4hint"), "dns.svcb.svcparam.ipv4hint.ip", nil, always},
	{rr(".params.ipv6hint"), "dns.svcb.svcparam.ipv6hint.ip", nil, always},
	{rr("{type==44}.algorithm"), "dns.sshfp.algorithm", nil, always},
	{rr("{type==44}.digest_type"), "dns.sshfp.fingerprint.type", nil, always},
	{rr("{type==44}.digest"), "dns.sshfp.fingerprint", nil, always},
}

var dnsOptionRows = []row{
	{rr(".ext_rcode"), "dns.resp.ext_rcode", nil, always},
	{rr(".version"), "dns.resp.edns0_version", nil, always},
	{rr(".DO"), "dns.resp.z.do", nil, always},
	{rr(".options.type"), "dns.opt.code", nil, always},
	{rr(".options.len"), "dns.opt.len", nil, always},
	{rr(".options.body"), "dns.opt.data", nil, always},
	{rr(".options.client"), "dns.opt.cookie.client", nil, always},
	{rr(".options.server"), "dns.opt.cookie.server", nil, always},
	{rr(".options.family"), "dns.opt.client.family", nil, always},
	{rr(".options.source"), "dns.opt.client.netmask", nil, always},
	{rr(".options.scope"), "dns.opt.client.scope", nil, always},
	{rr(".options.addr"), "dns.opt.client.addr4 dns.opt.client.addr6 dns.opt.client.addr", nil, always},
}

var dhcpRows = []row{
	{"op", "dhcp.type", nil, always},
	{"htype", "dhcp.hw.type", nil, first},
	{"hlen", "dhcp.hw.len", nil, always},
	{"hops", "dhcp.hops", nil, always},
	{"xid", "dhcp.id", nil, always},
	{"secs", "dhcp.secs", raw, always},
	{"flags", "dhcp.flags", nil, always},
	{"B", "dhcp.flags.bc", nil, always},
	{"ciaddr", "dhcp.ip.client", nil, always},
	{"yiaddr", "dhcp.ip.your", nil, always},
	{"siaddr", "dhcp.ip.server", nil, always},
	{"giaddr", "dhcp.ip.relay", nil, always},
	{"chaddr", "dhcp.hw.mac_addr", nil, firstShown},
	{"chpad", "dhcp.hw.addr_padding", nil, shown},
	{"sname", "dhcp.server", nil, shown},
	{"file", "dhcp.file", nil, shown},
	{"magic", "dhcp.cookie", raw, shown},
}

// tshark shows nothing of an option whose length is none that it can have.
var dhcpOptionRows = []row{
	{"opts{type!=0}.type", "dhcp.option.type", noMark, always},
	{"opts.len", "dhcp.option.length", nil, always},
	{"opts.body", "dhcp.option.value", nil, always},
	{"opts.message_type", "dhcp.option.dhcp", nil, always},
	{"opts.subnet_mask", "dhcp.option.subnet_mask", nil, always},
	{"opts.routers", "dhcp.option.router", nil, always},
	{"opts.name_servers", "dhcp.option.domain_name_server", nil, always},
	{"opts.hostname", "dhcp.option.hostname", nil, always},
	{"opts.domain", "dhcp.option.domain_name", nil, always},
	{"opts{len==2}.mtu", "dhcp.option.interface_mtu", nil, always},
	{"opts{len==4}.broadcast", "dhcp.option.broadcast_address", nil, always},
	{"opts.static_routes.dst", "dhcp.option.static_route.ip", nil, always},
	{"opts.static_routes.router", "dhcp.option.static_route.router", nil, always},
	{"opts{len==4}.requested_ip", "dhcp.option.requested_ip_address", nil, always},
	{"opts{len==4}.lease_time", "dhcp.option.ip_address_lease_time", nil, always},
	{"opts{len==4}.server_id", "dhcp.option.dhcp_server_id", nil, always},
	{"opts.param_list", "dhcp.option.request_list_item", nil, always},
	{"opts{len==2}.max_size", "dhcp.option.dhcp_max_message_size", nil, always},
	{"opts{len==4}.renewal_time", "dhcp.option.renewal_time_value", nil, always},
	{"opts{len==4}.rebinding_time", "dhcp.option.rebinding_time_value", nil, always},
	{"opts.vendor_class", "dhcp.option.vendor_class_id", nil, always},
}

// noMark leaves out end and padding.
func noMark(n *node) (string, bool) {
	s, _ := shownNumber(n)
	return s, s != "0" && s != "255"
}
