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
pkl.protocol { name = "demo", fields = { { "kind", 8, size = "4" } } } --! demo.kind: size is for bytes, text, lists and IP addresses
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
---
-- sums of any kind, defaults, names beyond 2^53, computed fields
pkl.protocol { name = "sums", over = { ["udp.port"] = { 7004, "8000-8002", fill = "7004" } }, pseudo = {}, pairs = { { "a", "b" } }, fields = {
    { "a", 8, default = 7 }, { "b", 8, default = true and 9 }, { "t", "text", size = 3, default = "abc" }, { "w", 64, names = { ["0xffffffffffffffff"] = "all" } },
    { "both", get = "a + b" }, { "alias", get = "a" },
    { "c", 24, crc = { bits = 24, poly = "0x5d6dcb", init = 0, xor = pkl.u64(0), reflect = true } } } }
local s = pkl.sums{w = "all"}
s:update()
assert(s.sums.a == 7 and s.sums.b == 9 and s.sums.t == "abc" and tostring(s.sums.w) == "18446744073709551615")
assert(s.sums.both == 16 and s.sums.alias == 7 and s.sums.c > 0)
s.sums.alias = 8
assert(s.sums.a == 8)
s.sums.both = 1 --! sums.both is computed and cannot be set
---
pkl.protocol { name = "x", over = 5, fields = { { "a", 8 } } } --! over is a table of keys
---
pkl.protocol { name = "x", over = { ["udp.port"] = {} }, fields = { { "a", 8 } } } --! x: over udp.port: there is no value
---
pkl.protocol { name = "x", over = { ["udp.port"] = 1.5 }, fields = { { "a", 8 } } } --! a value is a whole number from 0 on, a text or true, not 1.5
---
pkl.protocol { name = "x", over = { 5 }, fields = { { "a", 8 } } } --! 5 has no name
---
pkl.protocol { name = "x", pairs = { "a", "b" }, fields = { { "a", 8 } } } --! x: pairs: number 1 is not two names of fields
---
pkl.protocol { name = "x", fields = 8 } --! x: fields is an array of fields, not a number
---
pkl.protocol { name = "x", { "a", 8 } } --! x: the fields belong into fields = { … }
---
pkl.protocol { name = "x", fields = { { "a", 8, 9 } } } --! x.a: a field is { name, kind, word = … }: 9 is too much
---
pkl.protocol { name = "x", fields = { { 8, "a" } } } --! x: field 1: the first entry is its name, not 8
---
pkl.protocol { name = "x", fields = { { "a", {} } } } --! x.a: its kind is a number of bits or a word, not a table
---
pkl.protocol { name = "x", fields = { { "a", 8, default = 1.5 } } } --! x.a: default is a whole number
---
pkl.protocol { name = "x", fields = { { "a", 8, names = { one = 1 } } } } --! x.a: names: [text] = 1 is no [number] = text
---
pkl.protocol { name = "x", fields = { { "a", 8, bits = { 1 } } } } --! x.a: bits is text, not a number
---
pkl.protocol { name = "x", fields = { { "a", 8, crc = 5 } } } --! x.a: crc is a table of its parameters
---
pkl.protocol { name = "x", fields = { { "l", "list", of = true } } } --! x.l: of is a kind
---
pkl.protocol { name = "x", fields = { { "l", "list", by = "t", kinds = { 8 } } } } --! x.l: kinds[1] is an array of fields
---
pkl.protocol { name = "x", fields = { { "l", "list", of = { { "a", 8 }, ln = "4" } } } } --! x.l: unknown word "ln" (did you mean "len"?)
---
pkl.protocol { name = "x", hook = "f", fields = { { "a", 8 } } } --! x: hook is a function, not a string
---
pkl.struct { name = "x", filds = {} } --! x: unknown word "filds" (did you mean "fields"?)
---
-- an update cannot fail: what its hook raises is told by err, and the sums are right all the same
pkl.protocol { name = "hooked", over = { ["ip.p"] = 250 },
  fields = { { "n", 8 }, { "digits", 8 }, { "sum", 16, auto = "sum" } },
  hook_update = function(layer)
    if layer.n > 99 then error("too many") end
    layer.digits = #tostring(layer.n)
  end }
local p = pkl.ip() + pkl.hooked{n = 120}
p:update()
assert(p.err:find("^hooked at byte 20: hook_update: .*too many$") and #p:verify() == 0 and p.hooked)
p.hooked.n = 5
assert(#p:bytes() == 24 and p.err == nil and p.hooked.digits == 1)
---
-- a check of pkl.bind: where it does not hold, the next one is asked
pkl.protocol { name = "carrier", over = { ["ip.p"] = 250 }, fields = { { "LAST", 1, default = true }, { "n", 7 } } }
pkl.protocol { name = "four", fields = { { "v", 4, default = 4 }, { "x", 4 } } }
pkl.protocol { name = "six", fields = { { "v", 4, default = 6 }, { "x", 4 } } }
pkl.protocol { name = "rest", over = { ["carrier.LAST"] = 1 }, fields = { { "x", 8 } } }
pkl.bind("four", "carrier.LAST", { 1, check = "v == 4" })
pkl.bind("six", "carrier.LAST", { 1, check = "v == 6" })
for first, want in pairs{ [0x45] = "four", [0x65] = "six", [0x15] = "rest" } do
  local p = pkl.dissect("carrier", string.char(0x81, first))
  assert(p.last.proto == want, tostring(p))
end
---
-- an item's body is behind the length that bounds it, not behind those of its fields
pkl.protocol { name = "framed", over = { ["ip.p"] = 250 }, fields = {
  { "items", "list", by = "t", of = { { "t", 8 }, { "n", 8, auto = "len(body)" }, { "m", 8, when = "n > 9" }, len = "2 + n" },
    kinds = { [1] = { { "name_len", 8 }, { "name", "text", size = "name_len" }, { "data", "bytes" } } } } } }
local p = pkl.framed{ items = { { t = 1, name = "abc", data = "de" } } }
assert(pkl.hex(p:bytes()) == "0106036162636465", pkl.hex(p:bytes()))
assert(p.framed.items[1].body == "\3abcde")
p.framed.items[1].name = "abcd"
assert(pkl.hex(p:bytes()) == "010704616263646465", pkl.hex(p:bytes()))

-- functions of the expression language are no reserved words: those stand before a parenthesis
pkl.protocol { name = "words", over = { ["udp.port"] = 7003 }, fields = { { "count", 8, auto = "count(xs)" }, { "xs", "list", of = 8, count = "count" },
  { "min", 8, default = 9 }, { "any", 8, names = { [3] = "max" } }, { "present", 1 }, { "max", 7 }, { "y", 8, when = "max(max, min) == max" } } }
local p = pkl.ip() + pkl.udp() + pkl.words{xs = {1, 2, 3}, any = "max", max = 5, present = true}
p.words.xs:append(7)
for _, f in ipairs{"words.count == 4 and count(words.xs) == words.count", "words.present and present(words.any)", "words.any == max",
  "max(words.min, words.max) == 9 and min(words.min, words.max) == 5", "not present(words.y)"} do
  assert(pkl.filter(f)(p), f)
end
---
-- a hook is a handler: what it would define, it cannot
local told = {}
local try = {
  function() pkl.protocol { name = "late", fields = { { "a", 8 } } } end,
  function() pkl.struct { name = "late", fields = { { "a", 8 } } } end,
  function() pkl.bind("hooked", "ip.p", 251) end,
  function() pkl.on(function() end) end,
  function() pkl.sleep(0) end,
  function() late = 1 end,
}
pkl.protocol { name = "hooked", over = { ["ip.p"] = 250 }, fields = { { "n", 8 } },
  hook = function(layer) told[layer.n] = select(2, pcall(try[layer.n])) end }
for n = 1, #try do
  local p = pkl.ip() + pkl.hooked{n = n}
  p:redissect()
  assert(p.hooked)
end
for n, want in ipairs { "not in a handler", "not in a handler", "not in a handler", "not in a handler", "a rule cannot wait", "new global" } do
  assert(told[n]:find(want), told[n])
end
after = 1 -- and the chunk goes on as one
pkl.bind("hooked", "ip.p", 251)
---
pkl.protocol { name = "x", over = { link = -1 }, fields = { { "a", 8 } } } --! x: over link: a value is a whole number from 0 on, a text or true, not -1
---
pkl.protocol { name = "x", fields = { { "a", "bytes", size = 2 ^ 60 } } } --! x.a: size is a whole number below 2^53 or an expression in text, not 1152921504606846976
---
-- what means something is no mistake, also where it is rarely meant
pkl.struct{name = "my-tlv", fields = {{"t", 8}, {"v", 8}}}
pkl.protocol{name = "tlvs", fields = {{"l", "list", of = "my-tlv"}}}
assert(pkl.dissect("tlvs", "\1\2\3\4").tlvs.l[2].v == 4)
pkl.protocol{name = "sums", fields = {{"a", 16, auto = "sum"}, {"b", 32, auto = "crc32c"}, {"v", 8}}}
local p = pkl.sums{v = 1}
assert(#p == 7)
pkl.protocol{name = "bare", check = "n", fields = {{"n", 8}, {"m", 8, when = "n and n > 1"}, {"l", "list", of = {{"x", 8, when = "^.n"}}}}}
assert(pkl.dissect("bare", "\0\1").bare.l[1].x == 1)
pkl.protocol{name = "labels", fields = {{"n", 8}, {"labels", "list", of = 8, last = "n == 1"}}}
assert(#pkl.dissect("labels", "\1\2\3").labels.labels == 1 and #pkl.dissect("labels", "\2\2\3").labels.labels == 2)
pkl.protocol{name = "held", fields = {{"l", "list", of = {{"ptype", 16, key = "eth.type"}, {"n", 16, auto = "len(d)"}, {"d", "bytes", size = "n", key = "eth.type"}}}}}
local l = pkl.dissect("held", "\8\0\0\20" .. pkl.ip{ttl = 9}:bytes() .. "\0\0\0\1a").held.l
assert(l[1].d.ip.ttl == 9 and l[2].d == "a", l[2].d)
p = pkl.held{l = {{d = pkl.ip()}}}
assert(p.held.l[1].ptype == 0x800)
pkl.protocol{name = "around", fields = {{"type", 16, key = "eth.type"}, {"l", "list", of = {{"d", "bytes", size = "2", key = "eth.type"}}}}}
assert(pkl.dissect("around", "\8\0ab").around.l[1].d == "ab")
