-- Words for lines of text, wrongly.
--- digits
pkl.protocol {
  name = "demo",
  fields = { { "a", 12, digits = true }, { "b", 16, digits = true, le = true }, { "c", "text", size = 2, digits = true } },
}
--! demo.lua:1: demo.a: digits are a number of whole bytes, without le, lsb, signed, part and bits
--! demo.lua:1: demo.b: digits are a number of whole bytes, without le, lsb, signed, part and bits
--! demo.lua:1: demo.c: digits are a number of whole bytes, without le, lsb, signed, part and bits
--- trim
pkl.protocol {
  name = "demo",
  fields = {
    { "a", "bytes", stop = ";", trim = { "", "" } }, { "b", "text", size = 4, trim = { "", "" } },
    { "c", "text", stop = ";", trim = { " " } }, { "d", "text", stop = ";", trim = { "x", "" } },
  },
}
--! demo.lua:1: demo.a: trim is for text without a size
--! demo.lua:1: demo.b: trim is for text without a size
--! demo.lua:1: demo.c: trim is two texts of blanks: what stands before the value, and behind it
--! demo.lua:1: demo.d: trim is two texts of blanks: what stands before the value, and behind it
--- closed
pkl.protocol {
  name = "demo",
  fields = {
    { "a", "list", of = 8, count = 2, closed = { "x" } }, { "b", "list", of = 8, closed = { "" } },
    { "d", "text", stop = "x", closed = { "x" } },
  },
}
--! demo.lua:1: demo.a: closed is for lists, without size, count, last, stop, when, pad and align
--! demo.lua:1: demo.b: closed: an empty text closes nothing
--! demo.lua:1: demo.d: closed is for lists, without size, count, last, stop, when, pad and align
--- lookup
pkl.protocol {
  name = "demo",
  fields = {
    { "a", "list", lookup = { "name" }, count = 1, of = { { "name", "text", stop = ":" } } },
    { "b", "list", lookup = { "name", "valu" }, count = 1, of = { { "name", "text", stop = ":" }, { "value", "text", stop = ";" } } },
    { "c", "list", lookup = { "n", "value" }, count = 1, of = { { "n", 8 }, { "value", "text", stop = ";" } } },
    { "d", 8, lookup = { "a", "b" } },
  },
}
--! demo.lua:1: demo.a: lookup is two fields of the items: of the name and of the value
--! demo.lua:1: demo.b: lookup: the items have no field "valu" (did you mean "value"?)
--! demo.lua:1: demo.c: lookup: b has it already
--! demo.lua:1: demo.d: lookup is for lists
--- lookup in numbers
pkl.protocol {
  name = "demo",
  fields = { { "c", "list", lookup = { "n", "value" }, of = { { "n", 8 }, { "value", "text", stop = ";" } } } },
}
--! demo.lua:1: demo.c: lookup: demo.c.n is no text
