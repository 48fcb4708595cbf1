-- Mistakes that the table of a definition shows by itself.
--- bits
-- The line in a message is that of the call.

pkl.protocol {
  name = "demo",
  fields = { { "kind", 99 }, { "none", 0 }, { "minus", -1 }, { "half", 1.5 }, { "huge", 2^40 }, { "good", 8 }, { "most", 64 } },
}
--! demo.lua:3: demo.kind: 99 bits (1 to 64)
--! demo.lua:3: demo.none: 0 bits (1 to 64)
--! demo.lua:3: demo.minus: -1 bits (1 to 64)
--! demo.lua:3: demo.half: 1.5 bits (1 to 64)
--! demo.lua:3: demo.huge: 1099511627776 bits (1 to 64)
--- unknown words of a protocol
pkl.protocol { name = "demo", ovr = {}, filds = {}, dock = "x", zzzzzz = 1, fields = { { "a", 8 } } }
--! demo.lua:1: demo: unknown word "ovr" (did you mean "over"?)
--! demo.lua:1: demo: unknown word "filds" (did you mean "fields"?)
--! demo.lua:1: demo: unknown word "dock" (did you mean "doc"?)
--! demo.lua:1: demo: unknown word "zzzzzz"
--- unknown words of a struct
pkl.struct { nme = "s", name = "s", feilds = {}, fields = { { "a", 8 } } }
--! demo.lua:1: s: unknown word "nme" (did you mean "name"?)
--! demo.lua:1: s: unknown word "feilds" (did you mean "fields"?)
--- unknown words of a field
pkl.protocol {
  name = "demo",
  fields = {
    { "a", 8, defualt = 1, deflate = 2 },
    { "b", 16, crc = { bits = 16, pol = 1 } },
    { "c", "lst" },
    { "l", "list", of = { { "x", 8 }, nam = "x" } },
    { "m", "list", by = "t", of = { { "t", 8 } }, kinds = { [1] = { { "x", 8, szie = 1 } } }, other = { { "y", "byte" } } },
  },
}
--! demo.lua:1: demo.a: unknown word "defualt" (did you mean "default"?)
--! demo.lua:1: demo.a: unknown word "deflate"
--! demo.lua:1: demo.b: unknown word "pol" (did you mean "poly"?)
--! demo.lua:1: demo.c: unknown kind "lst" (did you mean "list"?)
--! demo.lua:1: demo.l: unknown word "nam" (did you mean "name"?)
--! demo.lua:1: demo.m.x: unknown word "szie" (did you mean "size"?)
--! demo.lua:1: demo.m.y: unknown kind "byte" (did you mean "bytes"?)
--- words of a protocol with the wrong kind of value
pkl.protocol {
  name = "demo", doc = 5, ref = true, over = "udp", header = {}, len = false, stop = 1.5, check = {}, pieces = {},
  pairs = "a", pseudo = "a", sum_required = 1, hook = "x", hook_update = 7, footer = 5, fields = { { "a", 8 } },
}
--! demo.lua:1: demo: doc is text, not a number
--! demo.lua:1: demo: ref is text, not a boolean
--! demo.lua:1: demo: over is a table of keys, such as { ["udp.port"] = 53 }, not a string
--! demo.lua:1: demo: header is an expression in text, not a table
--! demo.lua:1: demo: len is an expression in text, not a boolean
--! demo.lua:1: demo: stop is a whole number below 2^53 or an expression in text, not 1.5
--! demo.lua:1: demo: check is an expression in text, not a table
--! demo.lua:1: demo: pieces is an expression in text, not a table
--! demo.lua:1: demo: pairs is an array of pairs, such as { { "src", "dst" } }, not a string
--! demo.lua:1: demo: pseudo is an array of texts, not a string
--! demo.lua:1: demo: sum_required is true or false, not 1
--! demo.lua:1: demo: hook is a function, not a string
--! demo.lua:1: demo: hook_update is a function, not a number
--! demo.lua:1: demo: footer is an array of fields, not a number
--- words of a field with the wrong kind of value
pkl.protocol {
  name = "demo",
  fields = {
    { "a", 8, default = 1.5, doc = 1, when = {}, auto = true, unit = "4", bias = 0.5, align = {}, hex = 1 },
    { "b", 8, names = "zero", bits = "A", signed = "no", le = 1, lsb = 0, key = 3, part = {}, origin = 1, cover = {}, optional = 0 },
    { "c", "bytes", size = {}, stop = 5, of = {}, plain = 1 },
    { "d", "list", count = {}, last = 1.5, of = true, by = {}, kinds = "x", other = "y", pad = "4", stop = {} },
    { "e", 16, crc = 5 },
    { "f", 16, crc = { bits = "x", poly = "z", init = {}, xor = -1, reflect = 1 } },
    { "g", get = {} },
    { "h", 8, names = { [1] = 5, [2] = {} } },
  },
}
--! demo.lua:1: demo.a: default is a whole number, a text, true or false, not 1.5
--! demo.lua:1: demo.a: doc is text, not a number
--! demo.lua:1: demo.a: when is an expression in text, not a table
--! demo.lua:1: demo.a: auto is an expression in text, not a boolean
--! demo.lua:1: demo.a: unit is a whole number, not text
--! demo.lua:1: demo.a: bias is a whole number, not 0.5
--! demo.lua:1: demo.a: align is a whole number, not a table
--! demo.lua:1: demo.a: hex is true or false, not 1
--! demo.lua:1: demo.b: names is a table of names by value, such as { [8] = "name" }, not a string
--! demo.lua:1: demo.b: bits is an array of texts, not a string
--! demo.lua:1: demo.b: signed is true or false, not text
--! demo.lua:1: demo.b: le is true or false, not 1
--! demo.lua:1: demo.b: lsb is true or false, not 0
--! demo.lua:1: demo.b: key is text, not a number
--! demo.lua:1: demo.b: part is text, not a table
--! demo.lua:1: demo.b: origin is true or false, not 1
--! demo.lua:1: demo.b: cover is an expression in text, not a table
--! demo.lua:1: demo.b: optional is true or false, not 0
--! demo.lua:1: demo.c: size is an expression in text, not a table
--! demo.lua:1: demo.c: stop is text, not a number
--! demo.lua:1: demo.c: of is text, not a table
--! demo.lua:1: demo.c: plain is true or false, not 1
--! demo.lua:1: demo.d: count is an expression in text, not a table
--! demo.lua:1: demo.d: last is a whole number below 2^53 or an expression in text, not 1.5
--! demo.lua:1: demo.d: of is a kind, an array of fields or the name of a struct, not a boolean
--! demo.lua:1: demo.d: by is an expression in text, not a table
--! demo.lua:1: demo.d: kinds is a table of items by value, not a string
--! demo.lua:1: demo.d: other is an array of fields, not a string
--! demo.lua:1: demo.d: pad is a whole number, not text
--! demo.lua:1: demo.d: stop is an expression in text, not a table
--! demo.lua:1: demo.e: crc is a table of its parameters, not a number
--! demo.lua:1: demo.f: crc: bits is a whole number, not text
--! demo.lua:1: demo.f: crc: poly is a whole number, not text
--! demo.lua:1: demo.f: crc: init is a whole number, not a table
--! demo.lua:1: demo.f: crc: xor is a whole number, not -1
--! demo.lua:1: demo.f: crc: reflect is true or false, not 1
--! demo.lua:1: demo.g: get is an expression in text, not a table
--! demo.lua:1: demo.h: names: [1] = 5 is no [number] = text
--! demo.lua:1: demo.h: names: [2] = a table is no [number] = text
--- the fields not in fields
pkl.protocol { name = "demo", { "a", 8 } }
--! demo.lua:1: demo: the fields belong into fields = { … }
--- fields that are none
pkl.protocol { name = "demo", fields = { { "a" }, { 8 }, { "b", 8, 9 }, "c", { "d", true }, x = { "e", 8 } } }
--! demo.lua:1: demo.a: its kind is missing: a number of bits, or one of bytes, ip4, ip6, list, mac, name, pad, text
--! demo.lua:1: demo.b: a field is { name, kind, word = … }: 9 is too much
--! demo.lua:1: demo.d: its kind is a number of bits or a word, not a boolean
--! demo.lua:1: demo: field 2: the first entry is its name, not 8
--! demo.lua:1: demo: field 4 is { name, kind, word = … }, not a string
--! demo.lua:1: demo: fields is an array: x does not belong there
--- no name
pkl.protocol { fields = { { "a", 8 } } }
--! demo.lua:1: pkl.protocol: name is missing: a protocol has one
--- no name of a struct
pkl.struct { fields = { { "a", 8 } } }
--! demo.lua:1: pkl.struct: name is missing: a struct has one
--- no table
pkl.protocol "demo"
--! demo.lua:1: pkl.protocol needs a table, not a string
--- no table for a struct
pkl.struct(nil)
--! demo.lua:1: pkl.struct needs a table, not nil
--- values of keys
pkl.protocol {
  name = "demo",
  over = { ["ip.p"] = {}, ["ip6.nxt"] = -1, ["udp.port"] = false, ["tcp.port"] = { {} }, [5] = 6 },
  fields = { { "a", 8 } },
}
--! demo.lua:1: demo: over: a key is written ["layer.field"] = value; 6 has no name
--! demo.lua:1: demo: over ip.p: there is no value
--! demo.lua:1: demo: over ip6.nxt: a value is a whole number from 0 on, a text or true, not -1
--! demo.lua:1: demo: over udp.port: a value is a whole number from 0 on, a text or true, not a boolean
--! demo.lua:1: demo: over tcp.port: a value is a whole number from 0 on, a text or true, not a table
--- bind
pkl.bind(5, nil, {})
--! demo.lua:1: pkl.bind: the protocol is text, not a number
--! demo.lua:1: pkl.bind: the key is text, not nil
--! demo.lua:1: pkl.bind: the value: there is no value
--- values that mean nothing
pkl.protocol {
  name = "demo",
  fields = {
    { "a", 8, names = { [255] = "most", [256] = "more" } },
    { "b", 8, signed = true, names = { [-128] = "least", [127] = "most", [128] = "more" } },
    { "c", 64, names = { ["0xffffffffffffffff"] = "most" } },
    { "d", 8, unit = 4 },
    { "e", 8, bias = 4, auto = "len(g)" },
    { "f", 8, align = 0 },
    { "g", "bytes", size = "" },
    { "h", "text", stop = "" },
    { "i", "list", of = 8, pad = 0 },
  },
}
--! demo.lua:1: demo.a: names: "more": 256 does not fit in 8 bits
--! demo.lua:1: demo.b: names: "more": 128 does not fit in 8 bits
--! demo.lua:1: demo.d: unit and bias go with auto = "header_len", "total_len" or "body_len"
--! demo.lua:1: demo.e: unit and bias go with auto = "header_len", "total_len" or "body_len"
--! demo.lua:1: demo.f: align is 1 or more, not 0
--! demo.lua:1: demo.g: size is empty
--! demo.lua:1: demo.h: stop is empty: that text is everywhere
--! demo.lua:1: demo.i: pad is 1 or more, not 0
