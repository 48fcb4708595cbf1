-- an edit that keeps the size leaves lengths as they came, right or wrong
local b = (pkl.ip() + pkl.udp{sport = 1, dport = 2} + ("abcdefgh"):rep(10)):bytes()
local function ip(s) return assert(pkl.dissect("ip", s)) end
local function keeps(s, layer, len)
  for what, edit in pairs{
    body = function(p) p.udp.body = p.udp.body:upper() end,
    below = function(p) p.ip.body = p.ip.body:sub(1, -2) .. "X" end,
    layer = function(p) p.ip.body = p.udp end,
  } do
    local p = ip(s)
    edit(p)
    p:update()
    assert(p[layer].len == len, what .. ": " .. layer .. ".len = " .. p[layer].len)
  end
end
keeps(b:sub(1, 2) .. "\1\0" .. b:sub(5), "ip", 256)             -- beyond the bytes
keeps(b:sub(1, 2) .. "\0\0" .. b:sub(5), "ip", 0)               -- left to hardware
keeps(b:sub(1, 2) .. "\0\68" .. b:sub(5, 6) .. "\32\0" .. b:sub(9, 68), "udp", 88) -- a first fragment
keeps(b:sub(1, 24) .. "\0\0" .. b:sub(27), "udp", 0)
---
-- so does one that fits into the padding, or replaces an item by another of its size
local t = (pkl.ip{len = 0} + pkl.tcp{opts = {{mss = 5}, {type = 1}, {type = 1}, {type = "sackok"}, {type = 1}}} + "x"):bytes()
for what, edit in pairs{
  body = function(l) l[1].body = "\1\2" end,
  field = function(l) l[1].mss = 7 end,
  item = function(l) l[1] = {mss = 7} end,
  padding = function(l) l:append{type = 1} end,
} do
  local p = pkl.dissect("ip", t)
  edit(p.tcp.opts)
  p:update()
  assert(p.ip.len == 0 and p.tcp.off == 8, what)
end
local p = pkl.dissect("ip", t)
p.tcp.opts = {{mss = 6}, {type = 1}, {type = 1}, {type = "sackok"}, {type = 1}}
assert(p:update() == nil and p.ip.len == 0)
p.tcp.opts:append{mss = 9}
p:update()
assert(p.ip.len == 57 and p.tcp.off == 9)
local g = pkl.igmp{type = 0x22, records = {{type = 1, group = "224.1.1.1", sources = {"1.2.3.4"}}}}
p = pkl.dissect("ip", (pkl.ip{len = 0} + g):bytes())
p.igmp.records[1].sources[1] = "1.2.3.5"
p:update()
assert(p.ip.len == 0 and p.igmp.records[1].sources[1] == "1.2.3.5" and #p:verify() == 0)
---
-- what is longer than its length can tell (a super-packet) may be edited as long as its size stays
local big = pkl.dissect("ip6", pkl.ip6{len = 0, nxt = "udp"}:bytes() .. pkl.udp{len = 0}:bytes() .. ("x"):rep(80000))
big.udp.body = big.udp.body:upper()
big:update()
assert(big.ip6.len == 0 and big.udp.len == 0 and big.udp.body:byte() == 88)
big.udp.body = big.udp.body .. "!" --! udp.len: 80009 does not fit in 16 bits
---
-- the body of an item is taken as it is, also in a message with pointers
local m = pkl.unhex("12348180000100020000000003777777076578616d706c65036f72670000010001c00c000f000100000e10000800050361" ..
  "6263c010c02f0001000100000e10000401020304")
for body, name in pairs{["\0\9\3xyz\0"] = "xyz", ["\0\9\10longername\0"] = "longername", ["\0\9\192\12"] = "www.example.org"} do
  local d = pkl.dissect("dns", m)
  local a = d.dns.answers
  a[1].body = body
  d:update()
  assert(a[1].pref == 9 and a[1].exchange == name and a[1].len == #a[1].body, a[1].exchange)
  assert(a[2].name == "abc.example.org" and a[2].addr == "1.2.3.4")
  d:redissect()
  assert(d.dns.answers[1].exchange == name and d.dns.answers[2].name == "abc.example.org")
end
---
-- replacing the last whole item before a damaged place keeps what is damaged
local b = (pkl.ip() + pkl.tcp{off = 7, opts = {{mss = 5}}}):bytes() .. "\8\9\0\0"
local p = pkl.dissect("ip", b:sub(1, 2) .. "\0\48" .. b:sub(5))
assert(#p.tcp.opts == 1 and #p.tcp.opts.rest == 4)
p.tcp.opts[1] = {mss = 9}
assert(#p.tcp.opts == 1 and #p.tcp.opts.rest == 4 and p.tcp.opts[1].mss == 9)
