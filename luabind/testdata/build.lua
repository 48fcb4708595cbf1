-- Packets from nothing: constructors, +, bodies.
local p = pkl.ip{src = "127.0.0.1", dst = "192.168.0.1"} + pkl.icmp{type = "echo_request", id = 123, seq = 1} + "foobar"
assert(p.ip.src == "127.0.0.1" and p.ip.dst == "192.168.0.1")
assert(p.icmp.type == 8 and p.icmp.id == 123 and p.icmp.seq == 1)
assert(p.icmp.body == "foobar")
assert(#p:bytes() == 20 + 8 + 6 and #p == 34)
assert(p.ip.len == 34 and p.ip.p == 1, p.ip.p)
---
-- grouping either way gives the same bytes; / is + for hands that know Scapy
local function ip() return pkl.ip{src = "10.0.0.1", dst = "10.0.0.2"} end
local a = (ip() + pkl.udp{sport = 1, dport = 2}) + "x"
local b = ip() + (pkl.udp{sport = 1, dport = 2} + "x")
local c = ip() / pkl.udp{sport = 1, dport = 2} / "x"
assert(a:bytes() == b:bytes() and a:bytes() == c:bytes())
---
-- operands are copied
local l = pkl.udp{sport = 1}
local p = pkl.ip() + l
p.udp.sport = 2
assert(l.udp.sport == 1)
---
-- layers are operands too: from there up
local p = pkl.eth() + pkl.ip{ttl = 7} + pkl.udp{dport = 9} + "abc"
local q = pkl.eth() + p.ip
assert(q.ip.ttl == 7 and q.udp.dport == 9 and q.udp.body == "abc")
---
-- text below anything is bytes
local p = "head" + pkl.udp{}
assert(p.first == nil and #p == 12)
---
local p = pkl.udp{} .. "x" --! write p + (a .. b)
---
local p = "x" .. pkl.udp{} --! write p + (a .. b)
---
local p = pkl.udp{} + 5 --! + takes packets, layers and text, not a number
---
local p = pkl.udp{dprot = 5} --! udp has no field "dprot" (did you mean "dport"?)
---
local p = pkl.udp{dport = 70000} --! udp.dport: 70000 does not fit in 16 bits
---
local p = pkl.udp{dport = 1.5} --! udp.dport: need a whole number, have 1.5
---
local p = pkl.udp{dport = "80"} --! udp.dport
---
local p = pkl.udp(5) --! pkl.udp: need a table of fields or bytes, have a number
---
local p = pkl.upd{} --! pkl has no "upd" (did you mean "udp"?)
---
-- dissecting bytes
local p = pkl.udp("\0\1\0\2\0\9\0\0x")
assert(p.udp.sport == 1 and p.udp.dport == 2 and p.udp.body == "x")
local q, why = pkl.udp("\0\1")
assert(q == nil and why == "udp at byte 0: need 8 bytes, have 2", why)
---
local frame = (pkl.eth() + pkl.ip() + pkl.udp{dport = 4}):bytes()
assert(pkl.dissect("eth", frame).udp.dport == 4)
assert(pkl.dissect(1, frame).udp.dport == 4)
local q, why = pkl.dissect("eth", "short")
assert(q == nil and why == "eth at byte 0: need 14 bytes, have 5", why)
---
-- by link type, as from a capture file: what has no layers is a packet too
local q = pkl.dissect(147, "abc")
assert(q.first == nil and q:bytes() == "abc" and q.err == nil)
local cut = pkl.dissect(1, "abc")
assert(cut.first == nil and cut:bytes() == "abc" and cut.err == "eth at byte 0: need 14 bytes, have 3", cut.err)
for _, p in ipairs{q, cut} do
  local again = assert(loadstring("return " .. p:lua()))()
  assert(again:bytes() == p:bytes())
end
---
pkl.dissect("ehternet", "") --! no link type and no protocol is named "ehternet"
---
-- bodies
local p = pkl.udp{sport = 1, body = "abc"}
assert(p.udp.body == "abc" and #p == 11)
local q = pkl.ip{body = p}
assert(q.udp.body == "abc" and q.ip.p == 17)
---
-- value names, both ways
assert(pkl.icmp.type.echo_request == 8 and pkl.icmp.type[8] == "echo_request")
assert(pkl.icmp.type[200] == nil)
assert(pkl.proto["icmp"] == pkl.icmp and pkl.proto.udp == pkl.udp)
---
print(pkl.icmp.type.echo_reqest) --! icmp.type: no value is named "echo_reqest" (did you mean "echo_request"?)
---
print(pkl.icmp.typ) --! icmp has no field "typ" (did you mean "type"?)
---
pkl.udp = 5 --! pkl is read only
---
pkl.udp.sport = 5 --! a protocol cannot be changed
---
assert(require "pkl" == pkl)
---
-- unusual bytes of a name are \DDD, both ways
local p = pkl.dns{questions = {{name = "a\\046b\\032\\\\.c\\.d"}}}
assert(p.dns.questions[1].name == "a\\046b\\032\\092.c\\046d", p.dns.questions[1].name)
