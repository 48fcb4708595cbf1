-- Looking and editing.
local pkt = pkl.eth{dst = "02:00:00:00:00:02"} + pkl.ip{src = "10.0.0.1", dst = "10.0.0.2", ttl = 9} + pkl.tcp{sport = 1000, dport = 80, SYN = true}
assert(pkt.udp == nil)                     -- absent layers are nil
assert(pkt.tcp == pkt.tcp and pkt.ip.tcp == pkt.tcp and pkt.tcp ~= pkt.ip)
assert(pkt.tcp.SYN == true and pkt.tcp.ACK == false)
assert(pkt.eth.dst == "02:00:00:00:00:02")
assert(pkt.ip.ip == nil and pkt:layer("ip", 1) == pkt.ip and pkt:layer("ip", 2) == nil)
assert(pkt:path("eth/ip/tcp") == pkt.tcp and pkt:path("eth/tcp") == nil and pkt:path("ip") == nil)
assert(pkt.first == pkt.eth and pkt.last == pkt.tcp)
assert(pkt.ip.upper == pkt.tcp and pkt.ip.lower == pkt.eth and pkt.eth.lower == nil and pkt.tcp.upper == nil)
assert(pkt.ip.proto == "ip" and #pkt.ip.header == 20 and #pkt.ip.body == 20 and pkt.ip.trailer == "")
assert(#pkt.ip == 40 and #pkt == 54)
local names = {}
for l in pkt:layers() do names[#names + 1] = l.proto end
assert(table.concat(names, "/") == "eth/ip/tcp")
---
local pkt = pkl.ip() + pkl.tcp()
print(pkt.tpc) --! no protocol "tpc" (did you mean "tcp"?)
---
-- names that other tools have, or that a layer has
local pkt = pkl.ip() + pkl.tcp()
local function raises(want, of, name, ...)
  local ok, err = pcall(function(...)
    if select("#", ...) == 0 then return of[name] end
    of[name] = ...
  end, ...)
  assert(not ok and err:find(": " .. want, 1, true), err)
end
raises('no protocol "haslayer" (here: pkt.tcp, nil if there is none)', pkt, "haslayer")
raises('no protocol "dport" (a layer has it: pkt.tcp.dport)', pkt, "dport")
raises('no protocol "qdcount" (a layer has it, such as dns)', pkt, "qdcount")
raises('no protocol "body" (a layer has it: pkt.last.body)', pkt, "body")
raises('tcp has no field "payload" (here: body)', pkt.tcp, "payload")
raises('a layer is had by its name: pkt.tcp', pkt, pkl.tcp)
raises('a packet has names, not 1', pkt, 1)
raises('pkl has no "rdpcap" (here: pkl.load, or pkl.packets in a loop)', pkl, "rdpcap")
raises('tcp.flags: no flag "SA" (AE, CWR, ECE, URG, ACK, PSH, RST, SYN, FIN)', pkt.tcp, "flags", "SA")
raises('tcp.flags: no flag "SYM" (did you mean "SYN"?)', pkt.tcp, "flags", "SYM")
---
local pkt = pkl.ip() + pkl.tcp()
print(pkt.tcp.dprot) --! tcp has no field "dprot" (did you mean "dport"?)
---
local pkt = pkl.ip() + pkl.tcp()
pkt.ip.tll = 3 --! ip has no field "tll" (did you mean "ttl"?)
---
local pkt = pkl.ip() + pkl.tcp()
pkt.ip.ttl = 300 --! ip.ttl: 300 does not fit in 8 bits
---
local pkt = pkl.ip() + pkl.tcp()
pkt.ip.ttl = -1 --! ip.ttl: -1 is negative
---
local pkt = pkl.ip() + pkl.tcp()
pkt.ip.ttl = 64.5 --! ip.ttl: need a whole number, have 64.5
---
local pkt = pkl.ip()
pkt.ip.ttl = math.huge --! ip.ttl: need a whole number, have +Inf
---
local pkt = pkl.ip()
pkt.ip.ttl = -2^53 --! ip.ttl: -9007199254740992 is not above -2^53, so not exact
---
local pkt = pkl.ip()
pkt.ip = pkl.ip() --! pkt.ip cannot be assigned: set its fields, assign the body of the layer below, or use :insert, :remove or pkt:replace
---
local pkt = pkl.ip() + pkl.tcp()
pkt.tcp.SYN = 1 --! tcp.SYN: a flag is true or false, not 1
---
local pkt = pkl.ip() + pkl.tcp()
pkt.ip.ttl = true --! ip.ttl
---
local pkt = pkl.ip() + pkl.tcp()
pkt.ip.src = "10.0.0" --! ip.src: "10.0.0" is no IPv4 address
---
local pkt = pkl.ip() + pkl.tcp()
pkt.ip.src = {} --! ip.src: need text, have a table
---
local pkt = pkl.ip() + pkl.tcp()
pkt.ip.header = "x" --! ip.header is read only
---
local pkt = pkl.ip() + pkl.tcp()
pkt.tcp = "x" --! pkt.tcp cannot be assigned
---
local pkt = pkl.ip() + pkl.tcp()
pkt.len = 5 --! pkt.len cannot be assigned
---
-- raw bytes of a field
local ip = (pkl.ip{src = "1.2.3.4"}).ip
assert(ip.src_raw == "\1\2\3\4" and ip.ttl_raw == "\64")
ip.src_raw = "\5\6\7\8"
assert(ip.src == "5.6.7.8")
---
local ip = (pkl.ip{}).ip
ip.src_raw = "\1" --! ip.src: need 4 bytes, have 1
---
-- derived fields follow, pinned ones stay
local p = pkl.ip{src = "10.0.0.1"} + pkl.udp{sport = 1, dport = 2} + "abcd"
p:update()
local sum = p.udp.sum
p.udp.body = "abcdef"
p:update()
assert(p.udp.len == 14 and p.ip.len == 34 and p.udp.sum ~= sum)
p.ip.sum = 0xdead
assert(p:bytes():sub(11, 12) == "\222\173")
p.ip.sum = nil
p:update()
assert(p.ip.sum ~= 0xdead)
---
local p = pkl.ip{}
p.ip.src = nil
---
-- bodies and layers
local p = pkl.eth() + pkl.ip() + pkl.udp{dport = 5} + "x"
p.ip.body = pkl.tcp{dport = 7}
assert(p.ip.p == 6 and p.tcp.dport == 7 and p.udp == nil)
p.eth:insert(pkl.vlan{vid = 5})
p:update()
assert(p.eth.type == 0x8100 and p.vlan.vid == 5 and p.vlan.type == 0x800 and p.vlan.ip == p.ip)
p.vlan:remove()
p:update()
assert(p.vlan == nil and p.eth.type == 0x800)
---
local p = pkl.eth() + pkl.vlan{vid = 5} + pkl.ip()
local v = p.vlan
v:remove()
print(v.vid) --! vlan layer was removed
---
-- a handle follows its layer through edits elsewhere
local p = pkl.eth() + pkl.ip() + pkl.udp{dport = 5}
local u = p.udp
p.eth:insert(pkl.vlan{vid = 5})
assert(u.dport == 5 and u == p.udp)
---
-- decapsulation
local p = pkl.eth() + pkl.ip{ttl = 1} + pkl.ip{ttl = 2} + pkl.udp{dport = 3}
assert(p:layer("ip", 2).ttl == 2 and p.ip.ip.ttl == 2)
p:replace(p:layer("ip", 2))
assert(p.eth == nil and p.ip.ttl == 2 and p.udp.dport == 3 and #p == 28)
---
-- boundaries belong to the packet
local p = pkl.ip() + pkl.tcp{dport = 80}
p.ip.p = 17
assert(p.tcp.dport == 80 and p.udp == nil)
p:redissect()
assert(p.tcp == nil and p.udp.dport == 80)
---
local p = pkl.ip() + pkl.tcp{dport = 80}
local t = p.tcp
p:redissect()
print(t.dport) --! tcp layer was removed
---
-- copies are independent
local p = pkl.ip{ttl = 1}
local q = p:copy()
q.ip.ttl = 2
assert(p.ip.ttl == 1 and q.ip.ttl == 2)
---
-- fields in wire order
local names = {}
local udp = pkl.udp{sport = 1, len = 8}.udp
for name, value in udp:fields() do names[#names + 1] = name .. "=" .. tostring(value) end
assert(table.concat(names, " ") == "sport=1 dport=0 len=8 sum=0", table.concat(names, " "))
---
-- facts
local p = pkl.ip()
p.ts = 1.5
assert(p.ts == 1.5 and p.ts_ns == 1500000000)
p.ts_ns = 7
assert(p.ts_ns == 7)
p.mark = 5
assert(p.mark == 5 and p.len == 20 and p.caplen == 20 and p.err == nil and p.number == nil)
---
local p = pkl.ip()
p.mark = -1 --! mark: need a whole number below 2^32
---
local p = pkl.dissect("ip", pkl.unhex "4500 0028 0001 0000 4006 0000 0a000001 0a000002 0001 0002")
assert(p.tcp == nil and p.err == "tcp at byte 20: need 20 bytes, have 4", p.err)
---
-- methods want a colon
local p = pkl.ip()
p.bytes() --! packet expected as argument 1, got nil; call methods with a colon
---
-- enumerations take names
local p = pkl.icmp{}
p.icmp.type = "echo_request"
assert(p.icmp.type == 8)
p.icmp.type = "echo_replay" --! icmp.type: no value is named "echo_replay" (did you mean "echo_reply"?)
---
-- a flag that is set leaves those beside it as they are to become
local p = pkl.radiotap{rate = 2, presences = {{bits = 0x80000008}, {bits = 1}}}
p.radiotap.presences:clear()
p.radiotap.VENDOR_NS = true
assert(pkl.hex(p:bytes()) == "000009000400004002" and not p.radiotap.EXT)
---
-- what fills up to an aligned field comes and goes with it
for name, with in pairs{tsft = {"tsft"}, freq = {"freq", "chflags"}, xfreq = {"xchflags", "xfreq", "xchannel"}, he = {"he"}} do
  local all = {rate = 2, tsft = 1, freq = 3, antenna = 4, xfreq = 5, mcs = 6, he = ("x"):rep(12), lsig = 7}
  local p, q = pkl.radiotap(all), pkl.radiotap(all)
  p.radiotap[name] = nil
  p:update()
  for _, k in ipairs(with) do all[k] = nil end
  local built = pkl.radiotap(all)
  assert(p:bytes() == built:bytes(), name .. ": " .. pkl.hex(p:bytes()) .. ", built " .. pkl.hex(built:bytes()))
  p.radiotap[name] = q.radiotap[name]
  assert(p:bytes() == q:bytes(), name .. ": " .. pkl.hex(p:bytes()) .. ", was " .. pkl.hex(q:bytes()))
end
---
-- when fields
local p = pkl.icmp{type = 8, id = 5}
assert(p.icmp.id == 5 and p.icmp.gateway == nil)
p.icmp.gateway = "1.2.3.4" --! icmp.gateway is absent here
---
-- raw gives the bytes as they stand
local p = pkl.ip() + pkl.udp()
local sum = p.ip.sum_raw
p:update()
p.ip.ttl = 1
assert(p:raw() ~= p:bytes() and p:raw() == p:bytes())
---
local p = pkl.ip()
p:update("al") --! update: "al" is unknown
---
local p = pkl.ip()
p:layer("ip", 0) --! layer: instances are numbered from 1, not 0
---
local p = pkl.ip()
p:path("ip/upd") --! no protocol "upd" (did you mean "udp"?)
---
local p = pkl.ip()
p:replace("x") --! replace: need a packet or a layer, have a string
---
local p = pkl.ip()
p.ip:insert("x") --! insert: need a packet or a layer, have a string
---
local p = pkl.ip()
p.ctmark = 1 --! ctmark: this packet belongs to no connection that is known
---
local p = pkl.ip()
p.ts = "x" --! ts: need a time in seconds, have a string
---
local p = pkl.ip()
p.ip[1] = 5 --! ip has no field "1"
---
local p = pkl.ip()
print(p.ip[1]) --! ip: a field has a name, not 1
---
-- handles are no tables
local p = pkl.ip()
assert(getmetatable(p) == false and type(p) == "userdata")
setmetatable(p, {}) --! table expected
---
for name in pairs(pkl) do assert(type(name) == "string") end
local n = 0
for name, v in pairs(pkl.icmp.type) do n = n + 1 assert(pkl.icmp.type[name] == v) end
assert(n > 5 and pkl.tcp.opts.type.mss == 2)
---
-- text of a fixed size is filled up with zeros, which are no part of it
local p = pkl.dhcp{sname = "x", file = ("f"):rep(128)}
assert(#p.dhcp.sname_raw == 64 and p.dhcp.sname == "x" and #p.dhcp.file == 128)
p.dhcp.sname = "longer"
p.dhcp.sname = "ab"
assert(p.dhcp.sname_raw == "ab" .. ("\0"):rep(62))
assert(pkl.filter('dhcp.sname == "ab" and dhcp.sname in {"ab"} and dhcp.sname matches "^ab$"')(p))
p.dhcp.sname_raw = "a\0behind" .. ("\0"):rep(56)
p.dhcp.sname = p.dhcp.sname
assert(p.dhcp.sname == "a" and p.dhcp.sname_raw:sub(1, 8) == "a\0behind")
p.dhcp.sname = ("x"):rep(65) --! dhcp.sname: at most 64 bytes, have 65
---
local p = pkl.dhcp{}
p.dhcp.sname_raw = "x" --! dhcp.sname: need 64 bytes, have 1
---
local p = pkl.dhcp{chpad = "x"} --! dhcp.chpad: need 10 bytes, have 1
---
-- a list, damaged or padded, is as it was when it is assigned itself; so is a name
local p = pkl.dissect("tcp", pkl.unhex("0001 0002 00000000 00000000 8002 0000 0000 0000 020405b4 00 ff ff ff 01 01 fe 09"))
local old = p:raw()
p.tcp.opts = p.tcp.opts
assert(p:raw() == old and #p.tcp.opts == 1)
local q = pkl.dissect("dns", pkl.unhex("0001 0000 0002 0000 0000 0000 0161 03 6e6574 00 0001 0001 03 6e6574 00 0001 0001"))
local first = q:bytes()
q.dns.questions[1].name = q.dns.questions[1].name
assert(q:bytes() == first)
---
-- a signed field of 64 bits takes every value that it gives, also as text
pkl.protocol { name = "deep", over = { ["udp.port"] = 20001 }, fields = { { "a", 64, signed = true } } }
local p = pkl.dissect("deep", pkl.unhex("8000000000000001"))
p.deep.a = p.deep.a
assert(p:bytes() == pkl.unhex("8000000000000001"))
p.deep.a = pkl.u64("-9007199254740993")
assert(p:bytes() == pkl.unhex("ffdfffffffffffff") and pkl.filter("deep.a == -9007199254740993")(p))
p.deep.a = -5
assert(p.deep.a == -5)
---
-- flags print the lowest first, and take what they print
local p = pkl.tcp{flags = 0x812}
assert(tostring(p):find("flags=SYN|ACK|0x800 ", 1, true))
assert(pkl.tcp{flags = "SYN|ACK|0x800"}.tcp.flags == 0x812 and pkl.filter("tcp.flags == 'SYN|ACK|0x800'")(p))
p.tcp.flags = "SYN|0x1000" --! tcp.flags: no flag "0x1000"
---
local v = pkl.ip{}.ip.v_raw --! ip.v is not whole bytes
---
-- a name that means fields of several types is compared as each of them
pkl.protocol { name = "alt", over = { ["ip.p"] = 250 }, fields = { { "t", 8 }, { "v", "text", when = "t == 2" },
  { "v", "bytes", when = "t == 4", size = "2" }, { "v", "name", when = "t == 5" }, { "v", 16, when = "t == 6" }, { "v", "ip4", when = "t == 7" } } }
local function holds(f, t, v) return pkl.filter(f)(pkl.alt{t = t, v = v}) end
assert(holds('alt.v == 01:02', 4, "\1\2") and holds('alt.v == "ab.c"', 5, "ab.c") and holds('alt.v == "ab.c"', 2, "ab.c"))
assert(not holds('alt.v != "ab.c"', 5, "ab.c") and holds('alt.v != "ab.c"', 6, 3) and not holds('alt.v != "ab.c"', 1))
for t, v in pairs{[2] = "ab.c", [5] = "ab.c", [6] = 7, [7] = "1.2.3.4"} do
  assert(holds('alt.v in {"ab.c", 7, 1.2.3.0/24}', t, v), v)
  assert(not holds('alt.v in {"b.c", 8, 1.2.4.0/24}', t, v), v)
end
assert(holds('alt.v contains "b."', 5, "ab.c") and holds('alt.v contains "b."', 2, "ab.c") and holds('alt.v matches "^a"', 5, "ab.c"))
local d = pkl.dns{QR = true, answers = {{name = "a", type = "AAAA", addr = "2001:db8::1"}, {name = "b", type = "URI", target = "http://x"}}}
assert(pkl.filter('dns.answers.addr in {2001:db8::/32, 9.9.9.9}')(d) and not pkl.filter('dns.answers.addr in {::1, 9.9.9.9}')(d))
assert(pkl.filter('dns.answers.target contains "http"')(d) and pkl.filter('any(dns.answers, target matches "^http" and type == URI)')(d))
---
-- no bytes are no cause
local wire = (pkl.ip() + pkl.udp() + "ab"):bytes()
local bad = pkl.ip(wire:sub(1, 10) .. "\1\2" .. wire:sub(13, 26) .. "\3\4ab")
assert((bad + ""):bytes() == bad:bytes() and ("" + bad):bytes() == bad:bytes())
assert((bad + "c"):bytes():sub(11, 12) ~= "\1\2")
---
-- the layer in hand may go
local v = pkl.vlan
local p = pkl.eth() + v{vid = 1} + v{vid = 2} + pkl.ip() + pkl.udp()
local seen = {}
for l in p:layers() do
  seen[#seen + 1] = l.proto
  if l.proto == "vlan" then l:remove() end
end
assert(table.concat(seen, "/") == "eth/vlan/vlan/ip/udp" and p:path("eth/ip/udp"))
for l in p:layers() do
  if l.proto == "ip" then p.eth.body = pkl.ip() + pkl.tcp() end   -- what comes in its place is not walked
end
assert(p:path("eth/ip/tcp"))
---
-- the padding before a field goes with it
local p = pkl.radiotap{flags = 1, rts_retries = 6}
p.radiotap.freq = 1
assert(#p:bytes() == 8 + 2 + 4 + 1)
p.radiotap.freq = nil
assert(#p:bytes() == 8 + 1 + 1 and pkl.radiotap(p:bytes()).radiotap.rts_retries == 6)
p.radiotap.lsig = 1
assert(#p:bytes() == 8 + 2 + 4)
p.radiotap.flags = nil
assert(#p:bytes() == 8 + 1 + 1 + 4)
p.radiotap.lsig = nil
assert(#p:bytes() == 8 + 1 and pkl.radiotap(p:bytes()).radiotap.data == "")
