-- names in fill are the child's; body is that of the layer whose key is filled
pkl.protocol{name = "filler", over = {["eth.type"] = {"0x9200-0x92ff", fill = "0x9280 + (a & 3)"}}, fields = {{"a", 8}}}
for _, below in ipairs{pkl.eth(), pkl.vlan()} do
  local p = below + pkl.filler{a = 1}
  assert(p.first.type == 0x9281)
  p.filler.a = 2
  p:update()
  assert(p.first.type == 0x9282)
  p = pkl.dissect(p.first.proto, (p:bytes():gsub("\146\130", "\146\133")))
  p.filler.body = "xyz"
  p:update()
  assert(p.first.type == 0x9285) -- what it hangs on has not changed
end
---
-- a length that would be taken for a type is none
local p = pkl.eth() + pkl.llc() + "x"
p:update()
local was = p:bytes()
local function refused(f, ...)
  local ok, why = pcall(f, ...)
  assert(not ok and why:find("does not", 1, true), why)
end
for n = 1493, 1600 do refused(function() p.llc.body = ("x"):rep(n) end) end
p.llc.body = ("x"):rep(1492)
assert(p:bytes():sub(13, 14) == "\5\220")
p.llc.body = "x"
assert(p:bytes() == was)
refused(function() return pkl.eth() + pkl.llc() + ("x"):rep(1600) end)
refused(function() return pkl.eth() + (pkl.llc() + ("x"):rep(1600)) end)
refused(function() return pkl.vlan() + (pkl.llc() + ("x"):rep(1600)) end)
p = pkl.eth() + pkl.ip() + pkl.udp() + ("x"):rep(1600)
was = p:bytes()
refused(function() p.eth:insert(pkl.llc()) end)
assert(p.eth.type == 0x800 and p:bytes() == was)
---
-- padding is not in the length of a frame that becomes 802.3
local q = pkl.dissect("eth", (pkl.eth() + pkl.ip() + pkl.udp() + "x"):bytes() .. ("\0"):rep(7))
q.eth:insert(pkl.llc())
q:update()
assert(q.eth.len == #q.llc and q.eth.len == 37 and #q.eth.trailer == 7)
q:redissect()
assert(#q.eth.trailer == 7 and #q:verify() == 0)
q = pkl.dissect("eth", (pkl.eth() + pkl.vlan() + pkl.llc() + pkl.ip() + pkl.udp()):bytes() .. ("\0"):rep(7))
q.vlan:remove()
q:update()
assert(q.eth.len == 36 and #q.eth.trailer == 7)
---
-- nil for a length that would not fit
local p = pkl.ip() + pkl.tcp()
p.ip.len = 5
p.tcp.body = ("x"):rep(65536)
assert(not pcall(function() p.ip.len = nil end))
p.tcp.body = "x"
p:update()
assert(p.ip.len == 5)
p.ip.len = nil
p:update()
assert(p.ip.len == 41)
p.ip.len = 5
p.tcp.body = ("x"):rep(65536)
p.ip.len = nil --! ip.len: 65576 does not fit in 16 bits
---
-- nil on a key: what is above decides, or nothing does and the default is back
local p = pkl.eth{type = 0x88b5} + "abc"
p.eth.type = nil
assert(p.eth.type == pkl.eth().eth.type)
p = pkl.ip{p = 5} + pkl.udp()
p.ip.p = nil
assert(p.ip.p == 17)
p = pkl.ip() + pkl.udp{dport = 9}
p.ip.p = 5
p.udp:remove()
p.ip.p = nil
assert(p.ip.p == pkl.ip().ip.p)
p = pkl.eth{len = 3} + "abc"
p.eth.type = nil
assert(p.eth.len == 3 and p.eth.type == nil)
