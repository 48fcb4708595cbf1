-- Protocols defined by scripts.
pkl.protocol {
  name = "demo", doc = "A demonstration.", over = { ["udp.port"] = 7777 },
  fields = {
    { "ver", 4, default = 2 }, { "flags", 4 },
    { "kind", 8, names = { [1] = "ip", [2] = "text" }, auto = "next" },
    { "hlen", 16, auto = "header_len" },
    { "tlvs", "list", size = "hlen - 4", of = { { "t", 8 }, { "l", 8, auto = "len(v)" }, { "v", "bytes", size = "l" } } },
  },
  header = "hlen",
}
pkl.bind("ip", "demo.kind", 1)
local p = pkl.ip() + pkl.udp() + pkl.demo{tlvs = {{t = 9, v = "abc"}}} + pkl.ip{ttl = 3}
p:update()
assert(p.udp.dport == 7777 and p.demo.ver == 2 and p.demo.kind == 1 and p.demo.hlen == 9)
assert(p.demo.tlvs[1].l == 3 and p.demo.tlvs[1].v == "abc" and p.demo.ip.ttl == 3)
p.demo.tlvs[1].v = "abcdef"
p:update()
assert(p.demo.hlen == 12 and p.demo.tlvs[1].l == 6)
local q = pkl.dissect("ip", p:bytes())
assert(q.demo.tlvs[1].v == "abcdef" and q:layer("ip", 2).ttl == 3)
assert(pkl.filter("demo.tlvs.t == 9")(q) and not pkl.filter("demo.tlvs.t == 8")(q))
assert(pkl.demo.kind.text == 2)
---
-- all mistakes at once, with line and field
local ok, err = pcall(function()
  pkl.protocol {
    name = "demo", ovr = {},
    fields = {
      { "a", 99 },
      { "b", "byts" },
      { "c", 8, defalt = 3 },
      { "d" },
      { "e", 8, names = "x" },
      { "f", 8, signed = 1 },
      "g",
    },
  }
end)
for _, want in ipairs{
  'define.lua:27: demo: unknown word "ovr" (did you mean "over"?)',
  'define.lua:27: demo.a: 99 bits (1 to 64)',
  'define.lua:27: demo.b: unknown kind "byts" (did you mean "bytes"?)',
  'define.lua:27: demo.c: unknown word "defalt" (did you mean "default"?)',
  'define.lua:27: demo.d: its kind is missing',
  'define.lua:27: demo.e: names is a table of names by value',
  'define.lua:27: demo.f: signed is true or false, not 1',
  'define.lua:27: demo: field 7 is { name, kind, word = … }, not a string',
} do assert(err:find(want, 1, true), err) end
---
pkl.protocol { name = "demo", fields = { { "kind", 8, size = "4" } } } --! demo.kind: size is for bytes, text and lists
---
pkl.protocol { name = "demo", over = { ["upd.port"] = 1 }, fields = { { "a", 8 } } } --! (did you mean "udp"?)
---
pkl.protocol { name = "Demo", fields = { { "a", 8 } } } --! lower-case
---
pkl.protocol { fields = { { "a", 8 } } } --! pkl.protocol: name is missing
---
pkl.protocol { name = "ip", fields = { { "a", 8 } } } --! ip: protocol is defined twice, it is built in
---
pkl.protocol "demo" --! pkl.protocol needs a table, not a string
---
pkl.bind("nosuch", "udp.port", 5) --! pkl.bind: no protocol "nosuch"
---
pkl.bind("dns", 5, "x") --! pkl.bind: the key is text, not a number
---
-- order does not matter; a struct may contain itself
pkl.protocol { name = "tree", over = { ["udp.port"] = 7000 }, fields = { { "root", "list", of = "twig", count = 1 } } }
pkl.struct { name = "twig", fields = { { "v", 8 }, { "n", 8 }, { "sub", "list", of = "twig", count = "n" } } }
local t = pkl.tree("\1\2\3\0\4\0")
local root = t.tree.root[1]
assert(root.v == 1 and #root.sub == 2 and root.sub[2].v == 4 and #root.sub[2].sub == 0)
---
-- a later definition compiles a new registry; packets keep theirs
local p = pkl.udp{dport = 7000}
pkl.protocol { name = "late", over = { ["udp.port"] = 7000 }, fields = { { "v", 8 } } }
local q = pkl.ip() + pkl.udp() + pkl.late{v = 7}
assert(q.late.v == 7 and q.udp.dport == 7000)
assert(p.udp.dport == 7000 and pkl.filter("udp.dport == 7000")(p))
---
-- hooks: the only Lua on the path
local seen = 0
pkl.protocol { name = "hooked", over = { ["udp.port"] = 7001 }, fields = { { "v", 8 } },
  hook = function(l) seen = seen + l.v if l.v == 13 then error("unlucky", 0) end end }
local p = pkl.dissect("ip", (pkl.ip() + pkl.udp() + pkl.hooked{v = 5}):bytes())
assert(p.hooked.v == 5 and seen >= 5)
local p = pkl.dissect("ip", (pkl.ip() + pkl.udp{dport = 7001} + "\13"):bytes())
assert(p.hooked == nil and p.err:find("unlucky"), p.err)
---
-- plain items, variants, padding, footers
pkl.protocol { name = "mix", over = { ["udp.port"] = 7002 }, fields = {
    { "n", 8 }, { "addrs", "list", of = "ip4", count = "n" }, { "nums", "list", of = 16, count = 2 },
    { "m", 8 },
    { "opts", "list", size = "m", by = "t", kinds = { [1] = { { "t", 8 }, { "x", 8 } } }, other = { { "t", 8 }, { "y", 16 } } },
  }, footer = { { "fcs", 32, auto = "crc32" } } }
local m = pkl.mix{addrs = {"1.2.3.4", "5.6.7.8"}, nums = {1, 500}, opts = {{t = 1, x = 2}, {t = 9, y = 3}}}
m:update()
local l = m.mix
assert(l.n == 2 and l.addrs[2] == "5.6.7.8" and l.nums[2] == 500 and #l.nums == 2)
assert(l.m == 5 and l.opts[1].x == 2 and l.opts[2].y == 3 and l.opts[1].y == nil)
assert(l.fcs > 0 and l.fcs_raw == m:bytes():sub(-4))
l.addrs:append("9.9.9.9")
l.addrs[1] = "1.1.1.1"
assert(l.addrs:find("9.9.9.9") == "9.9.9.9" and l.addrs[1] == "1.1.1.1")
local sum = 0
for i, a in ipairs(l.nums) do sum = sum + a end
assert(sum == 501)
