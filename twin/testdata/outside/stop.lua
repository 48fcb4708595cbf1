-- Lists that end with a mark. What is built has the mark, and what is read ends
-- behind it where another field follows; else the rest is padding.
local function hex(p, want)
  p:update()
  local have, wanted = pkl.hex(p:raw()), (want:gsub("%s", ""))
  if have ~= wanted then error(("have %s, want %s"):format(have, wanted), 2) end
  local q = assert(pkl.dissect(p.first.proto, p:raw()))
  if tostring(q) ~= tostring(p) then error(("have %s, want %s"):format(tostring(q), tostring(p)), 2) end
  return q
end

pkl.protocol { name = "left", fields = {
  { "l", "list", of = { { "type", 8 }, { "v", 8 } }, stop = "0 == type" }, { "tail", 16, default = 0xabcd } } }
hex(pkl.left(), "0000 abcd")
hex(pkl.left{l = {{type = 1, v = 2}, {type = 3}}} + "body", "0102 0300 0000 abcd 626f6479")
local p = pkl.left{l = {{type = 1, v = 2}}}
p.left.l:append{type = 5}
hex(p, "0102 0500 0000 abcd")
p.left.l:remove(1)
hex(p, "0500 0000 abcd")
p.left.l = {}
hex(p, "0000 abcd")
p.left.l = {{type = 7}}
hex(p, "0700 0000 abcd")
hex(p:copy(), "0700 0000 abcd")
p.left.l:insert(1, {type = 6})
p.left.l[2] = {type = 8}
hex(p, "0600 0800 0000 abcd")
assert(not pcall(function() p.left.l:append{type = 0, v = 1} end))     -- the mark is no item

-- Several fields, and a length that the mark has too.
pkl.protocol { name = "both", fields = {
  { "l", "list", of = { { "type", 8, default = 3 }, { "len", 8, auto = "total_len" }, { "v", "bytes" } }, stop = "type == 255 and len == 2" },
  { "tail", 16 } } }
hex(pkl.both{l = {{v = "abc"}, {type = 255, v = "x"}}}, "0305616263 ff0378 ff02 0000")

-- Text, as the headers of mail have it.
pkl.protocol { name = "lines", fields = {
  { "lines", "list", of = { { "line", "text", stop = "\r\n" } }, stop = 'line == ""' }, { "text", "bytes" } } }
p = hex(pkl.lines{lines = {{line = "To: a"}, {line = "From: b"}}, text = "xyz"}, pkl.hex("To: a\r\nFrom: b\r\n\r\nxyz"))
p.lines.lines[1].line = "To: somebody"
hex(p, pkl.hex("To: somebody\r\nFrom: b\r\n\r\nxyz"))

-- The name of a value, kinds, addresses, bits.
pkl.protocol { name = "kinds", fields = {
  { "l", "list", by = "k", of = { { "k", 8, names = { [1] = "one", [9] = "fin" } } }, kinds = { one = { { "a", 16 } }, fin = {} }, stop = "k == fin" },
  { "tail", 8 } } }
hex(pkl.kinds{l = {{k = "one", a = 3}}} + "up", "01 0003 09 00 7570")
pkl.protocol { name = "hops", fields = { { "l", "list", of = { { "a", "ip4" } }, stop = "a == 0.0.0.0" }, { "tail", 8 } } }
hex(pkl.hops{l = {{a = "1.2.3.4"}}}, "01020304 00000000 00")
pkl.protocol { name = "masked", fields = { { "l", "list", of = { { "x", 8 } }, stop = "x & 0xc0 == 0x40" }, { "tail", 8 } } }
hex(pkl.masked{l = {{x = 0x81}}}, "81 40 00")
pkl.protocol { name = "either", fields = { { "l", "list", of = { { "x", 8 } }, stop = "x in {7, 9} or x == 1" }, { "tail", 8 } } }
hex(pkl.either{l = {{x = 3}}}, "03 07 00")
assert(#pkl.either(pkl.unhex("03 01 00")).either.l == 1)

-- A flag, with padding of the whole behind the mark.
pkl.protocol { name = "padded", fields = {
  { "l", "list", of = { { "END", 1 }, { "x", 7 } }, stop = "END", pad = 4 }, { "tail", 8, default = 7 } } }
p = hex(pkl.padded{l = {{x = 3}}} + "up", "03 80 0000 07 7570")
p.padded.l:append{x = 4}
p.padded.l:append{x = 5}
hex(p, "03 04 05 80 07 7570")
p.padded.l:append{x = 6}
hex(p, "03 04 05 06 80 000000 07 7570")
hex(assert(loadstring("return " .. p:lua()))(), "03 04 05 06 80 000000 07 7570")

-- Where a count tells the end, there is no mark; where a size does, it is padding.
pkl.protocol { name = "counted", fields = {
  { "c", 8 }, { "l", "list", of = { { "END", 1 }, { "x", 7 } }, stop = "END", count = "c" }, { "tail", 8, default = 7 } } }
hex(pkl.counted{l = {{x = 3}, {x = 4}}} + "up", "02 03 04 07 7570")
pkl.protocol { name = "sized", fields = {
  { "n", 8 }, { "l", "list", of = { { "END", 1 }, { "x", 7 } }, stop = "END", size = "n" }, { "tail", 8, default = 7 } } }
hex(pkl.sized{l = {{x = 3}, {x = 4}}}, "02 03 04 07")
p = pkl.sized(pkl.unhex("04 03 80 ffff 07"))
assert(#p.sized.l == 1 and p.sized.tail == 7 and p.sized.l.rest == "")

-- Without a field behind it, what follows the mark is padding.
pkl.protocol { name = "final", fields = { { "l", "list", of = { { "t", 8 }, { "v", 8 } }, stop = "t == 255" } } }
p = pkl.final(pkl.unhex("0102 ff00 0304 05"))
assert(#p.final.l == 1 and p.final.body == "" and p.final.l.rest == "")
-- A list that was damaged gets a mark when it is assigned.
p = pkl.final(pkl.unhex("0102 03"))
assert(p.final.l.rest == "\3")
p.final.l = {{t = 4}}
hex(p, "0400 ff00")
