-- Builds, edits and dissects each protocol of the library.
for _, name in ipairs{ "vxlan", "gre", "mpls", "pppoe", "wireguard", "mqtt", "coap", "modbus", "rtp", "stun", "tftp", "ntp", "radius" } do
  require("protocols." .. name)
end
local coap, stun, ntp = require "protocols.coap", require "protocols.stun", require "protocols.ntp"

-- same wants that a packet is read as it was built, and has nothing wrong.
local function same(p, first)
  local q = pkl.dissect(first or "eth", p:bytes())
  local d = p:diff(q)
  assert(#d == 0, d[1] and d[1].layer .. "." .. d[1].field)
  assert(not q.err, q.err)
  local wrong = q:verify()
  assert(#wrong == 0, wrong[1] and wrong[1].layer .. "." .. wrong[1].field)
  return q
end

local function eq(have, want) if have ~= want then error(("have %s, want %s"):format(have, want), 2) end end

local eth, ip = pkl.eth{ src = "02:00:00:00:00:01" }, pkl.ip{ src = "192.0.2.1", dst = "192.0.2.2" }
local inner = ip + pkl.udp{ sport = 40000, dport = 40001 } + "text"

-- vxlan
local p = eth + ip + pkl.udp() + pkl.vxlan{ vni = 5 } + eth + inner
eq(p.udp.dport, 4789)
p.vxlan.vni = 0xffffff
p.vxlan.udp.body = "a longer text"
local q = same(p)
eq(q.vxlan.eth.ip.udp.body, "a longer text")
eq(q.udp.len, #q.udp)
eq(q.vxlan.vni, 0xffffff)

-- gre
p = eth + ip + pkl.gre{ C = true } + inner
eq(p.ip.p, 47)
p.gre.key = 7
p.gre.seq = 1
eq(p.gre.K, true)
q = same(p)
eq(q.gre.key, 7)
eq(q.gre.type, 0x800)
p.gre.key = nil
eq(same(p).gre.key, nil)
eq(same(eth + ip + pkl.gre() + eth + inner).gre.type, 0x6558)

-- mpls
p = eth + pkl.mpls{ label = 16 } + pkl.mpls{ label = 17 } + inner
q = same(p)
eq(q:layer("mpls", 1).S, false)
eq(q:layer("mpls", 2).S, true)
q:layer("mpls", 1):remove()
q.mpls.ttl = 9
q = same(q)
eq(q.eth.type, 0x8847)
eq(q.mpls.label, 17)
eq(same(eth + pkl.mpls{ label = 2 } + pkl.ip6() + pkl.udp{ sport = 40000, dport = 40001 }).mpls.ip6.v, 6)

-- pppoe and ppp
p = pkl.eth{ type = 0x8863 } + pkl.pppoe{ code = "PADI", tags = { { type = "service_name", service_name = "isp" } } }
p.pppoe.tags:append{ type = "host_uniq", host_uniq = "1234" }
eq(same(p).pppoe.len, 15)
p = eth + pkl.pppoe{ session = 7 } + pkl.ppp() + inner
p.pppoe.udp.body = "x"
q = same(p)
eq(q.pppoe.len, 2 + 29)
eq(q.ppp.p, 0x21)
eq(same(eth + pkl.pppoe() + pkl.ppp() + pkl.ip6() + pkl.udp{ sport = 40000, dport = 40001 }).ppp.p, 0x57)

-- with its protocol in one byte
q = pkl.dissect("pppoe", pkl.unhex("11000007 0021 21") .. inner:bytes())
eq(q.ppp.pc, 0x21)
eq(q.ppp.p, nil)
q.ppp.ip.ttl = 1
eq(same(q, "pppoe").ppp.udp.body, "text")

-- wireguard
p = eth + ip + pkl.udp{ sport = 51820 } + pkl.wireguard{ receiver = 0x01020304, counter = 5, encrypted_packet = ("x"):rep(32) }
eq(pkl.hex(p.wireguard.receiver_raw), "04030201")
p.wireguard.counter = 6
p.wireguard.encrypted_packet = ("y"):rep(48)
eq(same(p).udp.len, 8 + 16 + 48)
eq(pkl.dissect("udp", (pkl.udp{ dport = 51820 } + "\4\0\0\1"):bytes()).wireguard, nil)

-- mqtt
p = eth + ip + pkl.tcp() + pkl.mqtt{ messages = { { type = "publish", topic = "a", payload = "1" }, { type = "pingreq" } } }
eq(p.tcp.dport, 1883)
p.mqtt.messages[1].topic = "a/longer/one"
q = same(p)
eq(q.mqtt.messages[1].message_len, 2 + 2 + 12 + 1)
p.mqtt.messages[1].payload = ("x"):rep(200)
eq(same(p).mqtt.messages[1].message_len, 3 + 2 + 12 + 200)
p = pkl.tcp() + pkl.mqtt{ messages = { { type = "publish", topic = "a/longer/one" }, { type = "pingreq" } } }
p.mqtt.messages[1].payload = ("y"):rep(3000000)
q = same(p, "tcp")
eq(q.mqtt.messages[1].message_len, 5 + 2 + 12 + 3000000)
eq(q.mqtt.messages[1].MORE3, true)
eq(q.mqtt.messages[2].type, 12)
p.mqtt.messages[1].payload = "1" -- a length with more room than it needs stays
eq(same(p, "tcp").mqtt.messages[1].message_len, 5 + 2 + 12 + 1)
p = pkl.tcp{ dport = 1883 } + pkl.mqtt{ messages = { { type = "publish", topic = "a", payload = ("x"):rep(20000) } } }
eq(same(p, "tcp").mqtt.messages[1].message_len, 4 + 20003)
eq(pcall(function() pkl.mqtt{ messages = { { type = "publish", MORE1 = false, payload = ("x"):rep(200) } } } end), false)
p = pkl.tcp{ dport = 1883 } + pkl.mqtt{ messages = { { type = "connect", version = 5, properties = ("\38\0\1a\0\1b"):rep(50), client_id = "me" } } }
eq(same(p, "tcp").mqtt.messages[1].properties_len, 350)
eq(same(p, "tcp").mqtt.messages[1].client_id, "me")
p = pkl.tcp{ dport = 1883 } + pkl.mqtt{ messages = { { type = "connect", version = 5, properties = "\17\0\0\0\5", client_id = "me" } } }
eq(same(p, "tcp").mqtt.messages[1].properties_len, 5)
q = pkl.dissect("tcp", (pkl.tcp{ dport = 1883 } + pkl.unhex("c000 30 05 0001")):bytes()) -- the second is not all here
eq(#q.mqtt.messages, 1)
eq(#q.mqtt.messages.rest, 4)
eq(q.err, nil)

-- coap
local options = coap.list{ { "uri_path", "a" }, { "uri_host", "example.org" }, { "size1", "\5" }, { 2000, ("y"):rep(400) }, payload = true }
p = eth + ip + pkl.udp() + pkl.coap{ code = "GET", token = "ab", options = options } + "hi"
q = same(p)
eq(q.coap.body, "hi")
eq(coap.path(q.coap), "/a")
local all = coap.options(q.coap)
eq(#all, 4)
eq(all[1].name, "uri_host")
eq(all[4].number, 2000)
eq(#all[4].value, 400)
q.coap.options[1].value = "example.com"
q.coap.token = ""
eq(same(q).coap.tkl, 0)

-- modbus
p = eth + ip + pkl.tcp() + pkl.modbus{ messages = { { func = "write_registers", addr = 5, quantity = 1, registers = { 7 } } } }
p.modbus.messages[1].registers:append(8)
q = same(p)
eq(q.modbus.messages[1].len, 11)
eq(q.modbus.messages[1].bytes, 4)
p = eth + ip + pkl.tcp{ sport = 502, dport = 40000 } + pkl.modbus()
p.modbus.messages = { { func = "read_holding_registers", registers = { 1, 2 } } }
eq(same(p).modbus.messages[1].registers[2], 2)

-- rtp
p = eth + ip + pkl.udp() + pkl.rtp{ seq = 5, csrc = { { id = 1 } } } + "voice"
p.rtp.csrc:append{ id = 2 }
p.rtp.profile = 0xbede
p.rtp.ext = "12345678"
q = same(p)
eq(q.rtp.cc, 2)
eq(q.rtp.X, true)
eq(q.rtp.ext_len, 2)
eq(q.rtp.body, "voice")
q = pkl.dissect("udp", (pkl.udp{ dport = 5004 } + pkl.rtp{ P = true, body = "voice\0\0\3" }):bytes())
eq(q.rtp.body, "voice")
eq(#q.rtp.padding, 3)

-- stun: the sample of RFC 5769, 2.2
p = pkl.dissect("udp", pkl.unhex[[ 0d96 0d96 0058 0000
  0101003c2112a442b7e7a701bc34d686fa87dfae 8022000b7465737420766563746f7220
  002000080001a147e112a643 000800142b91f599fd9e90c38c7489f92af9ba53f06be7d7 80280004c07d4c96 ]])
eq(p.stun.attrs[1].software, "test vector")
local a = p.stun.attrs:find{ type = "xor_mapped_address" }
eq(table.concat({ stun.address(p.stun, a) }, " "), "192.0.2.1 32853")
eq(a.port, 32853)
eq(a.addr4, 0xc0000201)
p.stun.attrs[1].software = "pkl"
eq(same(p, "udp").stun.len, 60 - 8)
-- and 2.3
p = pkl.dissect("udp", pkl.unhex[[ 0d96 0d96 0034 0000 010100182112a442b7e7a701bc34d686fa87dfae 00200014 0002a147 0113a9faa5d3f179bc25f4b5bed2b9d9 ]])
eq(table.concat({ stun.address(p.stun, p.stun.attrs[1]) }, " "), "2001:db8:1234:5678:11:2233:4455:6677 32853")

-- tftp
p = eth + ip + pkl.udp() + pkl.tftp{ file = "a", opts = { { name = "blksize", value = "1400" } } }
p.tftp.file = "boot.img"
q = same(p)
eq(q.tftp.ttype, "octet")
eq(q.tftp.opts[1].value, "1400")
eq(same(pkl.udp{ dport = 69 } + pkl.tftp{ opcode = "DATA", block = 1 } + "data", "udp").tftp.body, "data")

-- ntp
p = eth + ip + pkl.udp() + pkl.ntp{ transmit_time = pkl.u64("0xe000000080000000") }
p.ntp.stratum = 2
q = same(p)
eq(ntp.unix(q.ntp.transmit_s, q.ntp.transmit_frac), 0xe0000000 - 2208988800 + 0.5)
p = eth + ip + pkl.udp() + pkl.ntp{ mode = "control", opcode = 2, data = "leap=0" }
p.ntp.data = "stratum=2"
eq(same(p).ntp.len, 9)

-- radius
p = eth + ip + pkl.udp() + pkl.radius{ attrs = { { type = "user_name", user_name = "bob" } } }
p.radius.attrs:append{ type = "vendor_specific", vendor = 9, attrs = { { type = 1, value = "shell" } } }
p.radius.attrs[1].user_name = "alice"
q = same(p)
eq(q.radius.len, 20 + 7 + 13)
eq(q.radius.attrs[2].attrs[1].value, "shell")
eq(pkl.filter('any(radius.attrs, user_name == "alice")')(q), true)
