-- what a socket is
local s = assert(pkl.socket{iface = "w0", timeout = 0})
assert(s.iface == "w0" and s.linktype == "eth" and s.mac == "02:00:00:00:00:01" and tostring(s) == "pkl.socket")
local p, why = s:recv()
assert(p == nil and why == "timeout")
assert(s:recv(0.01) == nil)
assert(s:close())
assert(not pcall(s.recv, s))
---
-- send and receive
local s = assert(pkl.socket{iface = "w0", timeout = 1})
local ask = pkl.eth{dst = "02:00:00:00:00:02"} + pkl.ip{src = "10.0.0.1", dst = "10.0.0.2"} + pkl.icmp{id = 5, seq = 6}
assert(s:send(ask) == 1)
local echo, answer = s:recv(), s:recv()
assert(echo.icmp.type == 8 and echo.eth.src == "02:00:00:00:00:01", "the interface's address is filled in")
assert(ask.eth.src == "00:00:00:00:00:00", "in what is sent")
assert(answer.icmp.type == 0 and answer.iface == "w0" and answer.ts > 1e9 and answer.number == 2)
assert(answer:verify()[1] == nil)
local n = s:stats()
assert(n.received == 2 and n.sent == 1 and n.dropped == 0)
assert(s:send({ask, ask, ask}, {count = 4, rate = 1e5}) == 12)
---
-- filters
local s = assert(pkl.socket{iface = "w0", filter = "icmp.type == echo_reply", timeout = 0.5})
local ask = pkl.eth{} + pkl.ip{src = "10.0.0.1", dst = "10.0.0.2"} + pkl.icmp{id = 5, seq = 6}
s:send(ask); s:send(ask)
assert(s:recv().icmp.type == 0)
local n = 0
for p in s:packets{timeout = 0.05} do n = n + 1; assert(p.icmp.type == 0) end
assert(n == 1)
---
-- loops over packets
local s = assert(pkl.socket{iface = "w0"})
local ask = pkl.eth{} + pkl.ip{src = "10.0.0.1", dst = "10.0.0.2"} + pkl.icmp{id = 5}
for i = 1, 5 do ask.icmp.seq = i; s:send(ask) end
local kept, seen = nil, {}
for p in s:packets{filter = "icmp.seq > 2", max = 3} do
  seen[#seen + 1] = p.icmp.seq
  kept = p
end
assert(table.concat(seen, " ") == "3 3 4")
print(kept.icmp)  --! packet expired
---
-- sr
local s = assert(pkl.socket{iface = "w0", timeout = 0.05})
local asks = {}
for i = 98, 101 do
  asks[#asks + 1] = pkl.eth{} + pkl.ip{src = "10.0.0.1", dst = "10.0.0.2"} + pkl.icmp{id = 5, seq = i}
end
local answers, missing = s:sr(asks)
assert(#answers == 2 and #missing == 2)
for i, a in ipairs(answers) do
  assert(a.sent.icmp.seq == 97 + i and a.answer.icmp.seq == 97 + i and a.answer.icmp.type == 0)
  assert(a.answer.ts >= a.sent.ts)
end
assert(missing[1].icmp.seq == 100 and missing[2].icmp.seq == 101)
assert(missing[1].eth.src == "02:00:00:00:00:01")
local one = s:sr1(asks[1])
assert(one.icmp.type == 0 and one.ip.src == "10.0.0.2")
local none, why = s:sr1(asks[4], {timeout = 0.01, retry = 2})
assert(none == nil and why == "no answer: timeout")
---
-- several answers, at most so many, retries
local s = assert(pkl.socket{iface = "w0", timeout = 0.05})
local ask = pkl.eth{} + pkl.ip{src = "10.0.0.1", dst = "10.0.0.2"} + pkl.udp{sport = 9, dport = 7} + "x"
assert(#s:sr(ask) == 1)
while s:recv(0) do end
assert(#s:sr(ask, {multi = true}) == 2)
while s:recv(0) do end
assert(#s:sr({ask, ask}, {multi = true, max = 3}) == 3)
local before = s:stats().sent
local deaf = pkl.eth{} + pkl.ip{src = "10.0.0.1", dst = "10.0.0.2"} + pkl.udp{sport = 9, dport = 8}
local answers, missing = s:sr({deaf, ask}, {retry = 2, inter = 0.001, timeout = 0.01})
assert(#answers == 1 and #missing == 1)
assert(s:stats().sent == before + 4, s:stats().sent - before)
---
-- layer 3
local s = assert(pkl.socket{layer = 3, timeout = 1})
assert(s.iface == nil and s.linktype == "raw")
local answer = assert(s:sr1(pkl.ip{dst = "10.0.0.2", src = "0.0.0.0"} + pkl.icmp{seq = 1}))
assert(answer.first.proto == "ip" and answer.ip.dst == "10.0.0.1", "the route's source address is filled in")
---
-- pkl.send goes by the first layer
assert(pkl.send(pkl.ip{dst = "10.0.0.2", src = "0.0.0.0"} + pkl.icmp{}) == 1)
assert(pkl.send(pkl.eth{} + pkl.ip{}, {iface = "w0", count = 3}) == 3)
assert(pkl.send({pkl.ip{dst = "10.0.0.2"}, pkl.ip{dst = "10.0.0.3"}}) == 2)
assert(pkl.sr1(pkl.ip{dst = "10.0.0.2"} + pkl.icmp{seq = 3}, {timeout = 1}).icmp.type == 0)
local answers, missing = pkl.sr({pkl.eth{} + pkl.ip{dst = "10.0.0.2"} + pkl.icmp{seq = 3}}, {iface = "w0", timeout = 1})
assert(#answers == 1 and #missing == 0)
local ok, why = pkl.send(pkl.eth{}, {iface = "w9"})
assert(ok == nil and why:find('no interface "w9"', 1, true))
---
-- what cannot be sent
local s = assert(pkl.socket{iface = "w0"})
local n, why, sent = s:send(pkl.eth{} + pkl.ip{} + ("x"):rep(1600))
assert(n == nil and why:find("too long", 1, true) and sent == 0)
s:send(pkl.ip{dst = "10.0.0.2"})  --! a frame begins with a link layer, this with ip
---
assert(pkl.socket{layer = 3}):send(pkl.eth{})  --! eth begins with no network layer
---
pkl.send(pkl.eth{})  --! pkl.send: a frame needs an interface: pkl.send(pkt, {iface = "eth0"})
---
pkl.send(pkl.tcp{})  --! pkl.send: a packet begins with a network or link layer, this with tcp: put one below it
---
pkl.sr1(pkl.icmp{})  --! pkl.sr1: a packet begins with a network or link layer, this with icmp: put one below it
---
pkl.socket{}  --! frames need an interface
---
pkl.socket{iface = "w0", filtre = "arp"}  --! unknown word "filtre" (did you mean "filter"?)
---
pkl.socket{iface = "w0", filter = "tcp.dprt == 1"}  --! dprt
---
pkl.socket{iface = "w0", layer = 4}  --! layer is a whole number from 2 to 3
---
pkl.socket{iface = "w0", timeout = "soon"}  --! timeout is a number of seconds
---
assert(pkl.socket{iface = "w0"}):send({})  --! the array has no packets
---
assert(pkl.socket{iface = "w0"}):send("x")  --! need a packet
---
assert(pkl.socket{iface = "w0"}):snd()  --! a socket has no "snd" (did you mean "send"?)
---
assert(pkl.socket{iface = "nix"})  --! there is no interface "nix"
---
-- replay
local s = assert(pkl.socket{iface = "w0"})
local p = pkl.eth{} + pkl.ip{src = "10.0.0.1", dst = "10.0.0.2"} + pkl.icmp{}
assert(s:replay({p, p, p}, {speed = 2}) == 3)
assert(pkl.replay({p}, {iface = "w0", rate = 100}) == 1)
assert(pkl.replay("three", {iface = "w0"}) == 3)
local n, why = pkl.replay("none", {iface = "w0"})
assert(n == nil and why)
---
-- replay of what a function gives
local s = assert(pkl.socket{iface = "w0", timeout = 0.05})
local seq = 0
assert(pkl.replay(function()
  seq = seq + 1
  if seq <= 3 then return pkl.eth{} + pkl.ip{src = "10.0.0.1", dst = "10.0.0.2"} + pkl.icmp{id = 5, seq = seq} end
end, {iface = "w0", fast = true}) == 3)
local p = pkl.eth{} + pkl.ip{src = "10.0.0.1", dst = "10.0.0.2"} + pkl.icmp{}
local left = 3
assert(s:replay(function()
  left = left - 1
  if left > 0 then s:send(p); s:replay({p}); return p end
end) == 2)
assert(s:stats().sent == 6)
assert(s:replay(function() end) == 0)
local ok, why = pcall(s.replay, s, function() error("mine", 0) end)
assert(not ok and why == "mine")
s:replay(function() return "x" end)  --! replay: need a packet from the function, have a string
---
-- interfaces and routes
local i = pkl.interfaces()[1]
assert(i.name == "w0" and i.index == 3 and i.mac == "02:00:00:00:00:01" and i.mtu == 1500 and i.up and i.addrs[1] == "10.0.0.1/24")
local r = pkl.route("198.51.100.7")
assert(r.iface == "w0" and r.gateway == "10.0.0.254" and r.source == "10.0.0.1")
local none, why = pkl.route("203.0.113.1")
assert(none == nil and why == "no route to 203.0.113.1")
pkl.route("example.org")  --! is no IPv4 or IPv6 address
---
-- a packet that cannot be sent is one without an answer
local s = assert(pkl.socket{iface = "w0", timeout = 0.05})
local long = pkl.eth{} + pkl.ip{src = "10.0.0.1", dst = "10.0.0.2"} + ("x"):rep(1600)
local ask = pkl.eth{} + pkl.ip{src = "10.0.0.1", dst = "10.0.0.2"} + pkl.icmp{id = 5, seq = 1}
local answers, missing = s:sr{long, ask, long}
assert(#answers == 1 and #missing == 2)
local none, why = s:sr{long, long}
assert(none == nil and why:find("too long", 1, true))
