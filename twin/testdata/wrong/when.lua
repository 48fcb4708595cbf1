-- Mistakes at run time: hooks that fail, definitions at the wrong time.
--- a hook that raises breaks the layer
pkl.protocol {
  name = "demo", over = { ["ip.p"] = 250 }, fields = { { "a", 8 } },
  hook = function(layer) if layer.a == 7 then error("not seven") end end,
}
local p = pkl.dissect("ip", (pkl.ip { p = 250 } + "\7rest"):bytes())
assert(p.demo == nil and p.ip.body == "\7rest")
assert(p.err == "demo at byte 20: hook: demo.lua:3: not seven", p.err)
assert(pkl.dissect("ip", (pkl.ip { p = 250 } + "\8rest"):bytes()).demo.a == 8)
--- a hook that uses a wrong name
pkl.protocol { name = "demo", over = { ["ip.p"] = 250 }, fields = { { "alpha", 8 } }, hook = function(layer) return layer.alhpa end }
local p = pkl.dissect("ip", (pkl.ip { p = 250 } + "\7"):bytes())
assert(p.err == 'demo at byte 20: hook: demo.lua:1: demo has no field "alhpa" (did you mean "alpha"?)', p.err)
--- a hook_update that raises fails no update
pkl.protocol { name = "demo", over = { ["ip.p"] = 250 }, fields = { { "a", 8 } }, hook_update = function() error("never") end }
local p = pkl.ip() + pkl.demo { a = 5 }
p:update()
assert(p:bytes():byte(-1) == 5 and p.ip.len == 21)
--- a mistake within a function has the line of the call
local function define(name)
  pkl.protocol { name = name, fields = { { "a", 8, sise = 1 } } }
end

define "demo"
--! demo.lua:2: demo.a: unknown word "sise" (did you mean "size"?)
--- order does not matter
pkl.bind("grand", "parent.kind", 9)
pkl.protocol { name = "child", over = { ["parent.kind"] = 7 }, fields = { { "things", "list", of = "thing" } } }
pkl.protocol { name = "grand", fields = { { "a", 8 } } }
pkl.struct { name = "thing", fields = { { "t", 8 }, { "sub", "list", of = "other", count = "t" } } }
pkl.struct { name = "other", fields = { { "u", 8 } } }
pkl.protocol { name = "parent", over = { ["ip.p"] = 250 }, fields = { { "kind", 8, auto = "next" } } }
local p = pkl.ip() + pkl.parent() + pkl.child { things = { { sub = { { u = 3 } } } } }
assert(p:bytes():sub(-3) == "\7\1\3")
assert(pkl.dissect("parent", "\9\1").grand.a == 1)
--- a later definition changes no packet made before
local p = pkl.udp { sport = 9, dport = 7000 } + "\7"
pkl.protocol { name = "late", over = { ["udp.port"] = 7000 }, fields = { { "v", 8 } } }
local q = pkl.udp { sport = 9, dport = 7000 } + "\7"
assert(q.late.v == 7 and p.udp.body == "\7")
assert(not pcall(function() return p.late end))
--- a mistake found at first use is told there
pkl.protocol { name = "demo", fields = { { "a", "bytes", size = "b" } } }
local p = pkl.ip()
error("not reached")
--! demo.lua:1: demo.a: size: column 1: no field "b"
--- a hook that never ends breaks the layer
pkl.protocol { name = "demo", over = { ["ip.p"] = 250 }, fields = { { "a", 8 } }, hook = function(layer) while layer.a == 7 do end end }
local p = pkl.dissect("ip", (pkl.ip{p = 250} + "\7"):bytes())
assert(p.demo == nil and p.err == "demo at byte 20: hook: demo.lua:1: instruction budget used up", p.err)
assert(pkl.dissect("ip", (pkl.ip{p = 250} + "\8"):bytes()).demo.a == 8)
