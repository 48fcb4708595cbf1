
--- mistakes in shape and in meaning, in the order of the lines
pkl.protocol { name = "one", ovr = {}, over = { ["upd.port"] = 5 },
  fields = { { "a", 99 }, { "b", "byts" }, { "c", "bytes", size = "later" }, { "later", 8, defalt = 3 } } }
pkl.on("udp.prot ==", function() end)
pkl.bind("nosuch", "udp.port", 1)
pkl.bind("dns", 5, "x")
pkl.struct { name = "st", fields = { { "l", "list", of = { { "x", 8, when = "y == 1" }, { "z" } } } } }
pkl.protocol { name = "two", fields = { { "n", 8 }, { "s", "list", of = "st", count = "m" }, { "t", 3 } }, header = "k" }
pkl.protocol { name = "one", fields = { { "a", "number" } } }
--! demo.lua:1: one.a: 99 bits (1 to 64)
--! demo.lua:1: one.b: unknown kind "byts" (did you mean "bytes"?)
--! demo.lua:1: one.later: unknown word "defalt" (did you mean "default"?)
--! demo.lua:1: one: unknown word "ovr" (did you mean "over"?)
--! demo.lua:1: one: over upd.port: no protocol "upd" (did you mean "udp"?)
--! demo.lua:3: filter: column 12: expected a value, found the end
--! demo.lua:4: pkl.bind: no protocol "nosuch"
--! demo.lua:5: pkl.bind: the key is text, not a number
--! demo.lua:6: st.l.x: when: column 1: no field "y"
--! demo.lua:6: st.l.z: its kind is missing: a number of bits, or one of bytes, ip4, ip6, list, mac, name, pad, text
--! demo.lua:7: two.s: count: column 1: no field "m"
--! demo.lua:7: two: header: column 1: no field "k"
--! demo.lua:8: one.a: the kind of a number is how many bits it has, 1 to 64
--! demo.lua:8: one: protocol is defined twice, also at demo.lua:1

--- what hangs on a field that could not be read is not told too
pkl.protocol { name = "one", fields = { { "a", "what" }, { "b", "text", size = 3, when = "a == 'x'" }, { "c", 4 } }, pairs = { { "a", "c" } } }
pkl.protocol { name = "two", fields = 7, header = "a * 4", pseudo = { "x" } }
pkl.protocol { name = "three", fields = { { "l", "list", of = 3.5 }, { "n", 8, auto = "count(l)" } } }
--! demo.lua:1: one.a: unknown kind "what" (a number of bits, or one of bytes, ip4, ip6, list, mac, name, pad, text)
--! demo.lua:2: two: fields is an array of fields, not a number
--! demo.lua:3: three.l: 3.5 bits (1 to 64)

--- a script that ends in another error
pkl.protocol { name = "one", fields = { { "a", 0 } } }
error("stop here", 0)
--! demo.lua:1: one.a: 0 bits (1 to 64)
--! stop here

--- tables that contain themselves
local f = { { "a", 8 } }
f[2] = { "l", "list", of = f }
f[3] = f[2]
pkl.protocol { name = "one", fields = f }
--! demo.lua:4: one.l: the name stands twice; only fields with a when that exclude each other may share one
--! demo.lua:4: one.l: only the last field may take the rest; give it a size, a count or a stop
--! demo.lua:4: one.l.l: the table contains itself; a kind of item that does is a pkl.struct, and of = its name

--- names that are none
pkl.protocol { name = 5, fields = {} }
pkl.protocol { name = "", fields = { { "a", 65 } } }
pkl.protocol { fields = { { "b", 8, size = "1" } } }
pkl.struct { name = {}, fields = {} }
pkl.protocol { name = "A b", fields = { { "c", -1 } } }
--! demo.lua:1: pkl.protocol: name is text, not a number
--! demo.lua:2: pkl.protocol.a: 65 bits (1 to 64)
--! demo.lua:2: pkl.protocol: name is empty
--! demo.lua:3: pkl.protocol.b: size is for bytes, text, lists and IP addresses
--! demo.lua:3: pkl.protocol: name is missing: a protocol has one
--! demo.lua:4: pkl.struct: name is text, not a table
--! demo.lua:5: A b.c: -1 bits (1 to 64)
--! demo.lua:5: A b: a protocol's name is lower-case letters, digits and _, and begins with a letter

--- tables within tables
local f = { { "x", 8 } }
for _ = 1, 30000 do f = { { "l", "list", of = f, size = 1 } } end
pkl.protocol { name = "one", fields = f }
--! demo.lua:3: one.l.l.l.l.l.l.l.l.l.l.l.l.l.l.l.l.l: lists nest at most 16 deep; only a struct, pkl.struct, may contain itself
