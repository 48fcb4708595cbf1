-- Sizes that are none, or beyond reason.
--- sizes that no packet has
pkl.protocol {
  name = "demo",
  fields = {
    { "a", "bytes", size = "-1" }, { "b", "bytes", size = -5 }, { "c", "text", size = "2147483648" }, { "d", "bytes", size = 2^31 },
    { "e", "bytes", size = 4294967296 }, { "f", "list", of = 8, size = "-3" }, { "h", "list", of = 8, size = 2^40 },
    { "i", "bytes", size = "99999999999999999999" }, { "j", "bytes", size = "9223372036854775807 + 1" },
  },
  header = "-1", len = 0,
}
--! demo.lua:1: demo.a: size: -1 bytes (0 to 16777215)
--! demo.lua:1: demo.b: size: -5 bytes (0 to 16777215)
--! demo.lua:1: demo.c: size: 2147483648 bytes (0 to 16777215)
--! demo.lua:1: demo.d: size: 2147483648 bytes (0 to 16777215)
--! demo.lua:1: demo.e: size: 4294967296 bytes (0 to 16777215)
--! demo.lua:1: demo.f: size: -3 bytes (0 to 16777215)
--! demo.lua:1: demo.h: size: 1099511627776 bytes (0 to 16777215)
--! demo.lua:1: demo.i: size: column 1: number "99999999999999999999" does not fit in 64 bits
--! demo.lua:1: demo.j: size: column 1: 9223372036854775807 + 1: the result does not fit in 64 bits, or divides by zero
--! demo.lua:1: demo: header: -1 bytes (1 to 16777216)
--! demo.lua:1: demo: len: 0 bytes (1 to 16777216)
--- counts that no list has
pkl.protocol { name = "demo", fields = { { "a", "list", of = 8, count = "-3" }, { "b", "list", of = 8, count = 2^31 } } }
--! demo.lua:1: demo.a: count: -3 items (0 to 4096)
--! demo.lua:1: demo.b: count: 2147483648 items (0 to 4096)
--- headers that no packet has
pkl.protocol { name = "demo", fields = { { "a", 8 } }, header = 2^31, len = "4294967296" }
--! demo.lua:1: demo: header: 2147483648 bytes (1 to 16777216)
--! demo.lua:1: demo: len: 4294967296 bytes (1 to 16777216)
--- sizes that are negative or too big in a packet
pkl.protocol { name = "demo", over = { ["ip.p"] = 250 }, fields = { { "n", 8 }, { "a", "bytes", size = "(n - 5) * 1000000000" }, { "b", 8 } } }
local function dissect(n) return pkl.dissect("ip", (pkl.ip { p = 250 } + (string.char(n) .. "rest")):bytes()) end
for _, n in ipairs { 0, 4, 6, 7, 8, 255 } do
  local p = dissect(n)
  assert(p.demo == nil and p.err:find "^demo at byte 20: ", p.err)
end
assert(dissect(5).demo.b == ("r"):byte() and dissect(5).err == nil)
--- a length beyond the bytes bounds nothing, one within the header breaks the layer
pkl.protocol { name = "demo", over = { ["ip.p"] = 250 }, fields = { { "n", 32 }, { "b", 8 } }, len = "n" }
local function dissect(n) return pkl.dissect("ip", (pkl.ip { p = 250 } + pkl.unhex(n .. "62727374")):bytes()) end
for n, body in pairs { ["00000000"] = "rst", ["00000006"] = "r", ["7fffffff"] = "rst", ["80000000"] = "rst", ["ffffffff"] = "rst" } do
  assert(dissect(n).demo.body == body, n)
end
assert(dissect "00000004".err:find "^demo at byte 20: ")
--- bytes in the middle without an end
pkl.protocol { name = "demo", fields = { { "a", "bytes" }, { "b", 8 }, { "c", "list", of = 8 }, { "d", 8 } } }
--! demo.lua:1: demo.a: only the last field may take the rest; give it a size, a count or a stop
--- text that begins within a byte
pkl.protocol { name = "demo", fields = { { "a", 4 }, { "b", "mac" }, { "c", 12 } } }
--! demo.lua:1: demo.b: it begins at bit 4 of a byte; only numbers may
--- a header of half a byte
pkl.protocol { name = "demo", fields = { { "a", 4 } } }
--! demo.lua:1: demo: its fields are 4 bits, not whole bytes
--- items of half a byte
pkl.protocol { name = "demo", fields = { { "a", "list", of = 4 } } }
--! demo.lua:1: demo.a: its fields are 4 bits, not whole bytes
--- words of lsb fields
pkl.protocol { name = "demo", fields = { { "a", 4, lsb = true }, { "b", 5, lsb = true } } }
--! demo.lua:1: demo.b: lsb: the fields of the word have 9 bits, not whole bytes
--- lsb fields of two minds
pkl.protocol { name = "demo", fields = { { "a", 4, lsb = true }, { "b", 12, lsb = true, le = true }, { "c", 8 } } }
--! demo.lua:1: demo.b: lsb: it shares a word with a: le stands on both or on neither
--- a size of itself
pkl.protocol { name = "demo", fields = { { "a", "bytes", size = "len(a)" }, { "c", 8, get = "c" } } }
--! demo.lua:1: demo.a: size: column 5: a is a later field (only auto and get may use later fields)
--! demo.lua:1: demo.c: a computed field has no width: it is what get gives
--! demo.lua:1: demo.c: get: column 1: c: column 1: c is computed from itself
--- ten thousand fields
local fields = {}
for i = 1, 10000 do fields[i] = { "f" .. i, 8, default = i % 256 } end
pkl.protocol { name = "demo", fields = fields }
local p = pkl.demo { f5000 = 1 }
assert(#p:bytes() == 10000 and p.demo.f10000 == 16 and pkl.dissect("demo", p:bytes()).demo.f5000 == 1)
assert(pkl.filter "demo.f9999 == 15"(p))
--- items that cannot have a byte
pkl.protocol {
  name = "demo",
  fields = { { "n", 8 }, { "a", "list", of = { { "x", get = "n" } }, count = "n" }, { "b", "list", of = { { "y", "bytes", size = 0 } } } },
}
--! demo.lua:1: demo.a: an item has no bytes: a list of it would never end
--! demo.lua:1: demo.b: an item has no bytes: a list of it would never end
--- items without a byte end a list
pkl.protocol { name = "demo", fields = { { "n", 8 }, { "l", "list", of = { { "m", 8 }, { "v", "bytes", size = "m" } }, count = "n" } } }
pkl.struct { name = "none", fields = { { "v", "bytes", size = "n - n" } } }
pkl.protocol { name = "empty", fields = { { "n", 8 }, { "l", "list", of = "none", count = "n" } } }
assert(#pkl.demo("\255\0\0\0").demo.l == 3)
assert(#pkl.empty("\255\0\0\0").empty.l == 0)
--- a struct in itself ends after 16
pkl.struct { name = "doll", fields = { { "n", 8 }, { "inner", "list", of = "doll", count = 1 } } }
pkl.protocol { name = "demo", fields = { { "dolls", "list", of = "doll" } } }
local doll, n = pkl.demo(("x"):rep(100)).demo.dolls[1], 0
while doll do doll, n = doll.inner[1], n + 1 end
assert(n == 16, n)
--- structs in a ring, without a byte
pkl.struct { name = "ping", fields = { { "l", "list", of = "pong" } } }
pkl.struct { name = "pong", fields = { { "l", "list", of = "ping" } } }
pkl.protocol { name = "demo", fields = { { "l", "list", of = "ping" } } }
assert(pkl.demo(("x"):rep(1000)):bytes() == ("x"):rep(1000))
