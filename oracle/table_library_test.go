package oracle

import "strconv"

// libraryTables are those of the library in Lua.
func libraryTables() map[string]table {
	return map[string]table{
		"vxlan": {"vxlan", []row{
			{"flags", "vxlan.flags", nil, always},
			{"group", "vxlan.gbp", nil, always},
			{"vni", "vxlan.vni", nil, always},
			{"reserved", "vxlan.reserved8", nil, always},
		}},
		"gre": {"gre", []row{
			{"C", "gre.flags.checksum", nil, always},
			{"R", "gre.flags.routing", nil, always},
			{"K", "gre.flags.key", nil, always},
			{"S", "gre.flags.sequence_number", nil, always},
			{"STRICT", "gre.flags.strict_source_route", nil, always},
			{"recur", "gre.flags.recursion_control", nil, always},
			{"v", "gre.flags.version", nil, always},
			{"A", "gre.flags.ack", nil, shown},
			{"type", "gre.proto", nil, always},
			{"sum", "gre.checksum", nil, shown},
			{"key", "gre.key", nil, shown},
			{"payload_len", "gre.key.payload_length", nil, shown},
			{"call_id", "gre.key.call_id", nil, shown},
			{"seq", "gre.sequence_number", nil, always},
			{"ack", "gre.ack_number", nil, always},
		}},
		"mpls": {"mpls", []row{
			{"label", "mpls.label", nil, always},
			{"tc", "mpls.exp", nil, always},
			{"S", "mpls.bottom", nil, always},
			{"ttl", "mpls.ttl", nil, always},
		}},
		"pppoe": {"pppoed pppoes", []row{
			{"v", "pppoe.version", nil, always},
			{"type", "pppoe.type", nil, always},
			{"code", "pppoe.code", nil, always},
			{"session", "pppoe.session_id", nil, always},
			{"len", "pppoe.payload_length", nil, always},
			{"tags.service_name", "pppoed.tags.service_name", nil, always},
			{"tags.ac_name", "pppoed.tags.ac_name", nil, always},
			{"tags.host_uniq", "pppoed.tags.host_uniq", nil, always},
			{"tags.ac_cookie", "pppoed.tags.ac_cookie", nil, always},
			{"tags.relay_session_id", "pppoed.tags.relay_session_id", nil, always},
			{"tags.max_payload", "pppoed.tags.max_payload", raw, always},
			{"tags.error", "pppoed.tags.service_name_error pppoed.tags.ac_system_error pppoed.tags.generic_error", nil, always},
		}},
		"ppp":       {"ppp", []row{{"p pc", "ppp.protocol", nil, always}}},
		"wireguard": {"wg", wireguardRows},
		"mqtt":      {"mqtt", mqttRows},
		"coap":      {"coap", coapRows},
		"modbus":    {"mbtcp modbus", modbusRows},
		"rtp":       {"rtp", rtpRows},
		"stun":      {"stun", stunRows},
		"tftp": {"tftp", []row{
			{"opcode", "tftp.opcode", nil, always},
			{"file", "tftp.source_file tftp.destination_file", text, always},
			{"ttype", "tftp.type", text, always},
			{"block", "tftp.block", nil, always},
			{"code", "tftp.error.code", nil, always},
			{"message", "tftp.error.message", text, always},
			{"opts.name", "tftp.option.name", text, always},
			{"opts.value", "tftp.option.value", text, always},
		}},
		"ntp": {"ntp", ntpRows},
		"radius": {"radius", []row{
			{"code", "radius.code", nil, always},
			{"id", "radius.id", nil, always},
			{"len", "radius.length", nil, always},
			{"auth", "radius.authenticator", nil, always},
			{"attrs.type", "radius.avp.type", nil, always},
			{"attrs.len", "radius.avp.length", nil, always},
			{"attrs.user_name", "radius.User_Name", nil, always},
			{"attrs.nas_ip_address", "radius.NAS_IP_Address", nil, always},
			{"attrs.nas_port", "radius.NAS_Port", nil, always},
			{"attrs.service_type", "radius.Service_Type", nil, always},
			{"attrs.framed_ip_address", "radius.Framed-IP-Address radius.Framed_IP_Address", nil, shown},
			{"attrs.reply_message", "radius.Reply_Message", nil, always},
			{"attrs.acct_status_type", "radius.Acct_Status_Type", nil, always},
			{"attrs.acct_session_id", "radius.Acct_Session_Id", nil, always},
			{"attrs.nas_identifier", "radius.NAS_Identifier", nil, always},
			{"attrs.vendor", "radius.avp.vendor_id", nil, always},
			{"attrs.attrs.type", "radius.avp.vendor_type", nil, shown},
			{"attrs.attrs.len", "radius.avp.vendor_len", nil, shown},
		}},
	}
}

// signed reads a byte that has a sign.
func signed(n *node) (string, bool) {
	v, err := strconv.ParseUint(n.value, 16, 8)
	return strconv.Itoa(int(int8(v))), err == nil
}

// text reads text that ends with a zero.
func text(n *node) (string, bool) {
	v := n.value
	if len(v) >= 2 && v[len(v)-2:] == "00" {
		v = v[:len(v)-2]
	}
	return v, true
}

var wireguardRows = []row{
	{"type", "wg.type", nil, always},
	{"sender", "wg.sender", nil, always},
	{"receiver", "wg.receiver", nil, always},
	{"ephemeral", "wg.ephemeral", nil, always},
	{"mac1", "wg.mac1", nil, always},
	{"mac2", "wg.mac2", nil, always},
	{"nonce", "wg.nonce", nil, always},
	{"encrypted_cookie", "wg.encrypted_cookie", nil, always},
	{"counter", "wg.counter", nil, always},
}

var mqttRows = []row{
	{"messages.type", "mqtt.msgtype", nil, always},
	{"messages{type==3}.DUP", "mqtt.dupflag", nil, always},
	{"messages{type==3}.qos", "mqtt.qos", nil, always},
	{"messages{type==3}.RETAIN", "mqtt.retain", nil, always},
	{"messages.protocol", "mqtt.protoname", nil, always},
	{"messages.version", "mqtt.ver", nil, always},
	{"messages.USERNAME", "mqtt.conflag.uname", nil, always},
	{"messages.PASSWORD", "mqtt.conflag.passwd", nil, always},
	{"messages.WILL", "mqtt.conflag.willflag", nil, always},
	{"messages.will_qos", "mqtt.conflag.qos", nil, always},
	{"messages.CLEAN", "mqtt.conflag.cleansess", nil, always},
	{"messages.keepalive", "mqtt.kalive", nil, always},
	{"messages.client_id", "mqtt.clientid", nil, always},
	{"messages.will_topic", "mqtt.willtopic", nil, always},
	{"messages.will", "mqtt.willmsg", nil, always},
	{"messages.username", "mqtt.username", nil, always},
	{"messages.password", "mqtt.passwd", nil, always},
	{"messages.code", "mqtt.conack.val", nil, always},
	{"messages.topic messages.topics.topic", "mqtt.topic", nil, always},
	{"messages.id", "mqtt.msgid", nil, always},
	{"messages.payload", "mqtt.msg", nil, always},
	{"messages{type==8}.topics.qos", "mqtt.sub.qos", nil, always},
}

var coapRows = []row{
	{"v", "coap.version", nil, always},
	{"type", "coap.type", nil, always},
	{"tkl", "coap.token_len", nil, always},
	{"code", "coap.code", nil, always},
	{"id", "coap.mid", nil, always},
	{"token", "coap.token", nil, always},
	{"options{delta!=15}.delta", "coap.opt.delta", nil, always},
	{"options.len", "coap.opt.length", nil, always},
	{"options.delta8 options.delta16", "coap.opt.delta_ext", raw, always},
	{"options.len8 options.len16", "coap.opt.length_ext", raw, always},
	{"options{delta==15}.mark", "coap.opt.end_marker", func(n *node) (string, bool) { return "15", n.value == "ff" }, always},
}

var modbusRows = []row{
	{"messages.tid", "mbtcp.trans_id", nil, always},
	{"messages.pid", "mbtcp.prot_id", nil, always},
	{"messages.len", "mbtcp.len", nil, always},
	{"messages.unit", "mbtcp.unit_id", nil, always},
	{"messages.func", "modbus.func_code", whole, always},
	{"messages.addr", "modbus.reference_num", nil, always},
	{"messages{func==3}.quantity messages{func==4}.quantity messages{func==16}.quantity", "modbus.word_cnt", nil, always},
	{"messages{func==1}.quantity messages{func==2}.quantity messages{func==15}.quantity", "modbus.bit_cnt", nil, always},
	{"messages.bytes", "modbus.byte_cnt", nil, always},
	{"messages.registers", "modbus.regval_uint16", nil, always},
	{"messages.and_mask", "modbus.and_mask", nil, always},
	{"messages.or_mask", "modbus.or_mask", nil, always},
	{"messages.exception", "modbus.exception_code", nil, always},
}

var rtpRows = []row{
	{"version", "rtp.version", nil, always},
	{"P", "rtp.padding", nil, always},
	{"X", "rtp.ext", nil, always},
	{"cc", "rtp.cc", nil, always},
	{"M", "rtp.marker", nil, always},
	{"pt", "rtp.p_type", nil, always},
	{"seq", "rtp.seq", nil, always},
	{"ts", "rtp.timestamp", nil, always},
	{"ssrc", "rtp.ssrc", nil, always},
	{"csrc.id", "rtp.csrc.item", nil, always},
	{"profile", "rtp.ext.profile", raw, always},
	{"ext_len", "rtp.ext.len", nil, always},
	{"body", "rtp.payload", nil, shown},
}

var stunRows = []row{
	{"type", "stun.type", nil, always},
	{"len", "stun.length", nil, always},
	{"cookie", "stun.cookie", raw, always},
	{"xid", "stun.id", nil, always},
	{"attrs.type", "stun.att.type", nil, always},
	{"attrs.len", "stun.att.length", nil, always},
	{"attrs.family", "stun.att.family", nil, always},
	{"attrs.xport", "stun.att.port-xord", raw, always},
	{"attrs.xaddr", "stun.att.ipv4-xord", raw, always},
	{"attrs.xaddr6", "stun.att.ipv6-xord", nil, always},
	{"attrs.port", "stun.att.port", nil, always},
	{"attrs.username", "stun.att.username", nil, always},
	{"attrs.realm", "stun.att.realm", nil, always},
	{"attrs.nonce", "stun.att.nonce", nil, always},
	{"attrs.software", "stun.att.software", nil, always},
	{"attrs.hmac", "stun.att.hmac", nil, always},
	{"attrs.class", "stun.att.error.class", nil, always},
	{"attrs.number", "stun.att.error", nil, always},
	{"attrs.reason", "stun.att.error.reason", nil, always},
	{"attrs.lifetime", "stun.att.lifetime", nil, always},
	{"attrs.priority", "stun.att.priority", nil, always},
	{"attrs.channel", "stun.att.channelnum", nil, always},
	{"attrs.crc", "stun.att.crc32", nil, always},
}

var ntpRows = []row{
	{"v", "ntp.flags.vn", nil, always},
	{"mode", "ntp.flags.mode", nil, always},
	{"li", "ntp.flags.li", nil, shown},
	{"stratum", "ntp.stratum", nil, always},
	{"interval", "ntp.ppoll", signed, shown},
	{"precision", "ntp.precision", signed, always},
	{"delay", "ntp.rootdelay", raw, always},
	{"dispersion", "ntp.rootdispersion", raw, always},
	{"id", "ntp.refid", nil, always},
	{"update_time", "ntp.reftime", raw, always},
	{"originate_time", "ntp.org", raw, always},
	{"receive_time", "ntp.rec", raw, always},
	{"transmit_time", "ntp.xmt", raw, always},
	{"exts.type", "ntp.ext.type", nil, always},
	{"exts.len", "ntp.ext.length", nil, always},
	{"key_id", "ntp.keyid", raw, always},
	{"digest", "ntp.mac", nil, always},
	{"R", "ntp.ctrl.flags2.r", nil, always},
	{"E", "ntp.ctrl.flags2.error", nil, always},
	{"M", "ntp.ctrl.flags2.more", nil, always},
	{"opcode", "ntp.ctrl.flags2.opcode", nil, always},
	{"seq", "ntp.ctrl.sequence", nil, always},
	{"association", "ntp.ctrl.associd", nil, first},
	{"offset", "ntp.ctrl.offset", nil, always},
	{"len", "ntp.ctrl.count", nil, always},
	{"AUTH", "ntp.priv.auth", nil, always},
	{"number", "ntp.priv.seq", nil, always},
	{"implementation", "ntp.priv.impl", nil, always},
	{"request", "ntp.priv.reqcode", nil, always},
	{"err", "ntp.priv.err", nil, always},
	{"items", "ntp.priv.numitems", nil, always},
	{"item_size", "ntp.priv.itemsize", nil, always},
}

// libraryCaptures are those of the corpus that have some of these protocols.
func libraryCaptures() []string {
	return []string{
		"vxlan.pcap", "gso-*vxlan*.pcap", "*gre*.pcap", "pptp.pcap", "erspan-*.pcap", "*nhrp*.pcap*", "NHRP*.pcap", "isis-infinite-loop.pcap",
		"mpls-*.pcap", "lspping-*.pcap", "arista_ether.pcap", "pppoe*.pcap", "tftp*.pcap", "ntp*.pcap", "RADIUS*.pcap", "radius*.pcap",
	}
}

// libraryExceptions is where tshark and the library differ.
func libraryExceptions() []exception {
	return []exception{
		{"layers", "wccp_redirect_gre.pcap", "the redirect header of WCCP is unknown to the library"},
		{"ntp.stratum", "ntp-mode7.pcap packet 8", "of items in an answer of mode 7"},
		{"ntp.interval", "ntp-mode7.pcap packet 8", "the same"},
		{"layers", "radius_attr_asan.pcap", "tshark takes a packet for RADIUS only if its code is known"},
		{"layers", "tftp", "tshark follows a transfer to the ports that it goes on with"},
	}
}
