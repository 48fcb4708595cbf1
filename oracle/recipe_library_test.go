package oracle

import "strings"

// libraryRecipes are packets of the library's protocols.
func libraryRecipes() []recipe {
	var all []recipe
	for _, group := range [][]recipe{tunnelRecipes(), pppRecipes(), thingRecipes(), voiceRecipes(), serverRecipes()} {
		all = append(all, group...)
	}
	return all
}

// over returns a recipe of a protocol over a port.
func over(transport string, sport, dport int, proto string, fields f) recipe {
	below := f{"sport": sport, "dport": dport}
	if transport == "tcp" {
		below["flags"] = "ACK|PSH"
	}
	return recipe{eth, ip, {transport, below}, {proto, fields}}
}

func tunnelRecipes() []recipe {
	vxlan := over("udp", 40000, 4789, "vxlan", f{"vni": 5000})
	group := over("udp", 40000, 4789, "vxlan", f{"vni": 1<<24 - 1, "flags": 0x8800, "group": 9, "reserved": 1})
	return []recipe{
		append(vxlan, eth, ip, udp),
		append(group, eth, part{"vlan", f{"vid": 7}}, ip6, udp),
		{eth, ip, {"gre", nil}, ip, udp},
		{eth, ip, {"gre", f{"C": true, "key": 77, "seq": 3, "recur": 1}}, ip6, udp},
		{eth, ip6, {"gre", f{"key": 1}}, eth, ip, udp},
		{eth, ip, {"gre", f{"v": 1, "key": 0x00240009, "seq": 5, "ack": 4}}, {"ppp", f{"hdlc": 0xff03}}, ip, udp},
		{eth, {"mpls", f{"label": 16, "ttl": 3}}, {"mpls", f{"label": 17, "tc": 5}}, ip, udp},
		{eth, {"mpls", f{"label": 2}}, ip6, udp},
		{eth, ip, {"gre", nil}, {"mpls", f{"label": 99}}, ip, udp},
		over("udp", 51820, 51820, "wireguard", f{"type": 1, "sender": 5, "ephemeral": strings.Repeat("e", 32),
			"encrypted_static": strings.Repeat("s", 48), "encrypted_timestamp": strings.Repeat("t", 28), "mac1": strings.Repeat("m", 16)}),
		over("udp", 51820, 51820, "wireguard", f{"type": 2, "sender": 6, "receiver": 5, "encrypted_empty": strings.Repeat("x", 16)}),
		over("udp", 51820, 51820, "wireguard", f{"type": 3, "receiver": 5, "nonce": strings.Repeat("n", 24), "encrypted_cookie": strings.Repeat("c", 32)}),
		over("udp", 51820, 51820, "wireguard", f{"receiver": 5, "counter": 1 << 40, "encrypted_packet": strings.Repeat("p", 48)}),
	}
}

func pppRecipes() []recipe {
	found := part{"eth", f{"src": "02:00:00:00:00:01", "type": 0x8863}}
	return []recipe{
		{found, {"pppoe", f{"code": "PADI", "tags": items{f{"type": "service_name", "service_name": "isp"}, f{"type": "host_uniq", "host_uniq": "1234"},
			f{"type": "max_payload", "max_payload": 1500}}}}},
		{found, {"pppoe", f{"code": "PADO", "tags": items{f{"type": "ac_name", "ac_name": "ac"}, f{"type": "ac_cookie", "ac_cookie": "cookie"},
			f{"type": "relay_session_id", "relay_session_id": "relay"}}}}},
		{found, {"pppoe", f{"code": "PADS", "session": 7, "tags": items{f{"type": "generic_error", "error": "no"}}}}},
		{eth, {"pppoe", f{"session": 7}}, {"ppp", nil}, ip, udp},
		{eth, {"pppoe", f{"session": 7}}, {"ppp", nil}, ip6, udp},
	}
}

func thingRecipes() []recipe {
	mqtt := func(messages ...any) recipe { return over("tcp", 40000, 1883, "mqtt", f{"messages": items(messages)}) }
	modbus := func(messages ...any) recipe { return over("tcp", 40000, 502, "modbus", f{"messages": items(messages)}) }
	return []recipe{
		mqtt(f{"type": "connect", "client_id": "client", "will_topic": "gone", "will": "bye", "username": "user", "password": "secret", "CLEAN": true, "keepalive": 60}),
		mqtt(f{"type": "connack", "code": 0}),
		mqtt(f{"type": "publish", "topic": "a/b", "payload": "21.5"}, f{"type": "publish", "qos": 1, "id": 9, "topic": "a", "RETAIN": true, "payload": "x"}),
		mqtt(f{"type": "publish", "topic": "a/b", "payload": strings.Repeat("v", 300)}),
		mqtt(f{"type": "publish", "topic": "a/b", "payload": strings.Repeat("v", 20000)}),
		mqtt(f{"type": "puback", "id": 9}, f{"type": "pingreq"}),
		mqtt(f{"type": "subscribe", "qos": 1, "id": 3, "topics": items{f{"topic": "x/#", "qos": 1}, f{"topic": "y", "qos": 2}}}),
		over("udp", 40000, 5683, "coap", f{"code": "GET", "id": 5, "token": "tok", "options": items{
			f{"delta": 3, "value": "example.org"}, f{"delta": 8, "value": "sensors"},
			f{"delta": 0, "len": 13, "value": "a-very-long-name-of-it"}, f{"delta": 13, "delta8": 36, "value": "\x05"},
		}}),
		over("udp", 5683, 40000, "coap", f{"type": "ACK", "code": "content", "id": 5, "token": "tok", "options": items{
			f{"delta": 12, "value": "\x32"}, f{"delta": 15},
		}, "body": "{}"}),
		over("udp", 40000, 5683, "coap", f{"code": "PUT", "options": items{f{"delta": 14, "delta16": 1731, "len": 14, "value": strings.Repeat("y", 400)}}}),
		modbus(f{"tid": 1, "unit": 3, "func": 3, "addr": 5, "quantity": 2}, f{"tid": 2, "unit": 3, "func": 1, "addr": 6, "quantity": 9}),
		modbus(f{"tid": 3, "func": 16, "addr": 5, "quantity": 2, "registers": items{7, 8}}),
		over("tcp", 502, 40000, "modbus", f{"messages": items{f{"tid": 5, "func": 0x83, "exception": 2}}}),
		{eth, ip, {"tcp", f{"sport": 502, "dport": 40000, "flags": "ACK|PSH", "body": "\x00\x01\x00\x00\x00\x07\x03\x03\x04\x00\x01\x00\x02"}}},
		modbus(f{"tid": 4, "func": 22, "addr": 5, "and_mask": 0xf2, "or_mask": 0x25}),
	}
}

func voiceRecipes() []recipe {
	stun := func(kind string, attrs ...any) recipe {
		return over("udp", 40000, 3478, "stun", f{"type": kind, "xid": "0123456789ab", "attrs": items(attrs)})
	}
	return []recipe{
		over("udp", 40000, 5004, "rtp", f{"seq": 7, "ts": 8, "ssrc": 9, "M": true, "csrc": items{f{"id": 10}, f{"id": 11}}, "body": "voice"}),
		over("udp", 40000, 5004, "rtp", f{"pt": 96, "profile": 0xabac, "ext": "12345678", "body": "voice"}),
		over("udp", 40000, 5004, "rtp", f{"P": true, "body": "voice\x00\x00\x03"}),
		stun("binding_request", f{"type": "software", "software": "pkl"}, f{"type": "username", "username": "bob"}, f{"type": "priority", "priority": 5},
			f{"type": "realm", "realm": "example.org"}, f{"type": "nonce", "nonce": "n"}),
		stun("binding_response", f{"type": "xor_mapped_address", "xport": 0x3132, "xaddr": 0x12345678},
			f{"type": "xor_mapped_address", "family": 2, "xport": 5, "xaddr6": "0123456789abcdef"}, f{"type": "mapped_address", "port": 80, "addr": "192.0.2.1"},
			f{"type": "fingerprint", "crc": 5}),
		stun("allocate_error", f{"type": "error_code", "class": 4, "number": 1, "reason": "Unauthorized"}, f{"type": "lifetime", "lifetime": 600},
			f{"type": "channel_number", "channel": 0x4001}, f{"type": "message_integrity", "hmac": strings.Repeat("h", 20)}),
	}
}

func serverRecipes() []recipe {
	ntp := func(fields f) recipe { return over("udp", 40000, 123, "ntp", fields) }
	return []recipe{
		over("udp", 40069, 69, "tftp", f{"opcode": "RRQ", "file": "boot.img", "opts": items{f{"name": "blksize", "value": "1400"}}}),
		over("udp", 40069, 69, "tftp", f{"opcode": "ERROR", "code": "not_found", "message": "no such file"}),
		over("udp", 40069, 69, "tftp", f{"opcode": "ACK", "block": 3}),
		ntp(f{"li": 3, "stratum": 2, "interval": 6, "precision": -20, "delay": 5, "dispersion": 6, "id": "\x0a\x00\x00\x01",
			"update_time": 1 << 60, "originate_time": 1 << 61, "receive_time": 1 << 62, "transmit_time": 0x7000000000000001}),
		ntp(f{"exts": items{f{"type": 0x0104, "value": strings.Repeat("e", 28)}}}),
		{eth, ip, {"udp", f{"sport": 40000, "dport": 123, "body": "\x23" + strings.Repeat("\x00", 47) + "\x00\x00\x00\x07" + strings.Repeat("d", 16)}}},
		ntp(f{"mode": 6, "R": true, "opcode": 2, "seq": 5, "association": 7, "data": "leap=0"}),
		ntp(f{"mode": 7, "number": 5, "implementation": 3, "request": 42, "items": 0, "item_size": 0}),
		over("udp", 40000, 1812, "radius", f{"id": 4, "auth": "0123456789abcdef", "attrs": items{
			f{"type": "user_name", "user_name": "bob"}, f{"type": "nas_ip_address", "nas_ip_address": "10.0.0.1"}, f{"type": "nas_port", "nas_port": 3},
			f{"type": "service_type", "service_type": 2}, f{"type": "framed_ip_address", "framed_ip_address": "10.0.0.9"},
			f{"type": "vendor_specific", "vendor": 9, "attrs": items{f{"type": 1, "value": "shell"}}}, f{"type": "reply_message", "reply_message": "hello"},
			f{"type": "acct_status_type", "acct_status_type": 1}, f{"type": "acct_session_id", "acct_session_id": "s1"}, f{"type": "nas_identifier", "nas_identifier": "nas"},
		}}),
	}
}
