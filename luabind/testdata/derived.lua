-- the number in a pseudo header is that of the layer: the wire's, if it leads there
pkl.protocol{name = "upr", over = {["ip.p"] = "200-210"}, fields = {{"sport", 16}, {"sum", 16, auto = "pseudo_sum"}}}
pkl.protocol{name = "upp", over = {["ip.p"] = {252, 251}}, fields = {{"sport", 16}, {"sum", 16, auto = "pseudo_sum"}}}
local function rfc1071(s)
  local sum = 0
  for i = 1, #s, 2 do sum = sum + s:byte(i) * 256 + (s:byte(i + 1) or 0) end
  while sum > 0xffff do sum = sum % 0x10000 + math.floor(sum / 0x10000) end
  return 0xffff - sum
end
local function want(p) return rfc1071("\1\2\3\4\5\6\7\8\0" .. string.char(p) .. "\0\7\0\9abc") end
for name, numbers in pairs{upr = {200, 205, 210}, upp = {252, 251}} do
  for _, n in ipairs(numbers) do
    local p = pkl.ip{src = "1.2.3.4", dst = "5.6.7.8", p = n} + pkl[name]{sport = 9} + "abc"
    p:update()
    assert(p.ip.p == n and p.last.sum == want(n), name .. n)
    assert(#pkl.dissect("ip", p:bytes()):verify() == 0)
    p.ip.p = numbers[1]
    p:update()
    assert(p.last.sum == want(numbers[1]))
    p.ip.p = 17 -- a wrong key: the layer's own first number, if it has one
    p:update()
    if name == "upp" then assert(p.last.sum == want(252)) end
  end
end
local p = pkl.ip6{src = "::1", dst = "::2"} + pkl.ip6_hopopts{nxt = 251} + pkl.upp{sport = 9} + "abc"
p:update()
assert(p.upp.sum == rfc1071(p.ip6.src_raw .. p.ip6.dst_raw .. "\0\0\0\7\0\0\0\251\0\9abc"))
---
-- a sum of 0 that came over IPv4 means none, also when all is computed
local p = pkl.dissect("ip", (pkl.ip() + pkl.udp{sum = 0} + "ab"):bytes())
p:update("all")
assert(p.udp.sum == 0)
p.udp.sum = nil
p:update()
assert(p.udp.sum ~= 0 and #p:verify() == 0)
---
-- a list without items is there, and its flag says so, whatever took the items out
pkl.protocol{name = "wi", over = {["udp.port"] = 7801}, fields = {
  {"G", 1, auto = "present(lst)"}, {"r", 7}, {"n", 8, when = "G"}, {"lst", "list", of = 16, count = "n", when = "G"}, {"z", 16, default = 0xabcd},
}}
for what, edit in pairs{
  remove = function(l) l.lst:remove(1) end,
  clear = function(l) l.lst:clear() end,
  assign = function(l) l.lst = {} end,
} do
  local p = pkl.wi{lst = {5}}
  edit(p.wi)
  assert(pkl.hex(p:bytes()) == "8000abcd", what)
  p:update("all")
  assert(pkl.hex(p:bytes()) == "8000abcd", what)
  p.wi.lst = nil
  assert(pkl.hex(p:bytes()) == "00abcd", what)
  p.wi.lst = {}
  assert(pkl.hex(p:bytes()) == "8000abcd", what)
end
assert(pkl.hex(pkl.wi{lst = {}}:bytes()) == "8000abcd")
assert(not pkl.filter("wi.lst")(pkl.wi{lst = {}}) and pkl.filter("wi.lst")(pkl.wi{lst = {1}}))
---
-- a layer with a footer goes around what was above
pkl.protocol{name = "foot", over = {["ip.p"] = 252}, fields = {{"n", 8, key = "ip.p", auto = "next"}}, footer = {{"k", 8, default = 7}, {"fcs", 32, auto = "crc32"}}}
local up = pkl.udp() + "x"
for n, feet in ipairs{pkl.foot(), pkl.foot() + pkl.foot{k = 9}, pkl.foot() + pkl.ip() + pkl.foot()} do
  local p = pkl.ip() + up
  p.ip:insert(feet)
  assert(p:bytes() == (pkl.ip() + feet + up):bytes(), n)
  local q = pkl.dissect("ip", p:bytes())
  assert(tostring(q) == tostring(p) and #p:verify() == 0, n)
  while p.foot do p.foot:remove() end
  assert(#p == #(pkl.ip() + up) + (n == 3 and 20 or 0))
  q = pkl.ip()
  q.ip:insert(feet)
  assert(q.ip.p == 252 and #q == #(pkl.ip() + feet) and #q:verify() == 0, n)
end
local e = pkl.dissect("eth", (pkl.eth() + pkl.ip() + up):bytes() .. ("\0"):rep(17))
e.ip:insert(pkl.foot())
assert(#e.eth.trailer == 17 and e:bytes() == (pkl.eth() + pkl.ip() + pkl.foot() + up):bytes() .. ("\0"):rep(17))
e.ip:insert(pkl.udp() + "body") --! the packet to insert has a body
---
-- the packet in a bytes field is a copy: editing it would change nothing
pkl.protocol{name = "inn", over = {["sctp.ppid"] = 4242}, fields = {{"a", 8}, {"b", "text"}}}
local q = pkl.dissect("ip", (pkl.ip() + pkl.sctp{chunks = {{type = "data", ppid = 4242, data = "\7hello"}}}):bytes())
local inner = q.sctp.chunks[1].data:copy()
inner.inn.b = "other"
q.sctp.chunks[1].data = inner
assert(q.sctp.chunks[1].data.inn.b == "other")
q.sctp.chunks[1].data.inn.b = "lost" --! a packet read from a field is read only, assign another; copy() gives one of your own
---
-- a packet in a bytes field fills the key that says what it is, unless that is set
pkl.protocol { name = "inn", over = { ["sctp.ppid"] = 4242 }, fields = { { "a", 8 }, { "b", "text" } } }
local p = pkl.sctp{chunks = {{type = "data", data = pkl.inn{a = 5}}, {type = "idata", B = true, data = pkl.inn{a = 6}}, {type = "data", ppid = 3, data = pkl.inn{}}}}
assert(p.sctp.chunks[1].ppid == 4242 and p.sctp.chunks[2].ppid == 4242 and p.sctp.chunks[3].ppid == 3)
p = pkl.dissect("sctp", (pkl.sctp{chunks = {{type = "data", data = "x"}}}):bytes())
p.sctp.chunks[1].data = pkl.inn{a = 7, b = "long"}
assert(p.sctp.chunks[1].ppid == 4242 and pkl.dissect("sctp", p:bytes()).sctp.chunks[1].data.inn.b == "long" and #p:verify() == 0)
---
-- a value that would end before its end is refused
pkl.protocol { name = "zz", over = { ["ip.p"] = 250 }, fields = { { "b", "bytes", stop = "\0\0" }, { "n", 8 } } }
assert(pkl.zz{b = "z"}:bytes() == "z\0\0\0")
local p = pkl.zz{}
p.zz.b = "z\0" --! zz.b: the value holds its own end
---
local many = {}
for i = 1, 4097 do many[i] = {name = "a"} end
local p = pkl.dns{questions = many} --! dns.questions: a list has at most 4096 items
---
-- nil is no value for bytes that carry a packet: nothing derives them
local p = pkl.sctp{chunks = {{type = "data", data = "x"}}}
p.sctp.chunks[1].data = nil --! sctp.chunks.data has no default
