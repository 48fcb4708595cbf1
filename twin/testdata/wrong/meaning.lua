-- Mistakes that show when all definitions are known.
--- two on one key
pkl.protocol { name = "demo", over = { ["udp.port"] = 7 }, fields = { { "a", 8 } } }
pkl.protocol { name = "other", over = { ["udp.port"] = { 6, 7 }, ["ip.p"] = 17 }, fields = { { "a", 8 } } }
pkl.protocol { name = "third", over = { ["eth.type"] = 0x806 }, fields = { { "a", 8 } } }
--! demo.lua:2: other: ip.p = 17 belongs to udp too; say who has it: pkl.bind("other", "ip.p", 17)
--! demo.lua:2: other: udp.port = 7 belongs to demo too; say who has it: pkl.bind("other", "udp.port", 7)
--! demo.lua:3: third: eth.type = 2054 belongs to arp too; say who has it: pkl.bind("third", "eth.type", 2054)
--- two on one key, but one has a check
pkl.protocol { name = "demo", over = { ["udp.port"] = 7 }, fields = { { "a", 8 } } }
pkl.protocol { name = "other", over = { ["udp.port"] = 7 }, check = "a == 1", fields = { { "a", 8 } } }
local udp = pkl.udp { sport = 9, dport = 7 }
assert((udp + "\1").other and (udp + "\2").demo)
--- two on one key, but bind says who has it
pkl.bind("demo", "udp.port", 7)
pkl.bind("third", "ip.p", "udp")
pkl.protocol { name = "demo", over = { ["udp.port"] = 7 }, fields = { { "a", 8 } } }
pkl.protocol { name = "other", over = { ["udp.port"] = 7 }, fields = { { "a", 8 } } }
pkl.protocol { name = "third", over = { ["ip.p"] = 17 }, fields = { { "a", 8 } } }
local p = pkl.udp { sport = 9, dport = 7 } + "\1"
assert(p.demo and not p.other)
assert(pkl.dissect("ip", (pkl.ip { p = 17 } + "\1"):bytes()).third)
--- ranges that overlap
pkl.protocol { name = "demo", over = { ["udp.port"] = "7000-7010" }, fields = { { "a", 8 } } }
pkl.protocol { name = "other", over = { ["udp.port"] = "7005-7020" }, fields = { { "a", 8 } } }
--! demo.lua:2: other: udp.port = 7005 belongs to demo too; say who has it: pkl.bind("other", "udp.port", 7005)
--- keys that are none
pkl.protocol { name = "a1", over = { ["upd.port"] = 1 }, fields = { { "a", 8 } } }
pkl.protocol { name = "a2", over = { ["udp.sprt"] = 1 }, fields = { { "a", 8 } } }
pkl.protocol { name = "a4", over = { tpc = true }, fields = { { "a", 8 } } }
pkl.protocol { name = "a5", over = { tcp = true }, fields = { { "a", 8 } } }
pkl.protocol { name = "a6", over = { tcp = 80 }, check = "a == 1", fields = { { "a", 8 } } }
pkl.protocol { name = "a7", over = { ["ip.p"] = "9-3" }, fields = { { "a", 8 } } }
pkl.protocol { name = "a8", over = { ["ip.p"] = "0x1f/0xf0" }, fields = { { "a", 8 } } }
pkl.protocol { name = "b1", over = { ["ip.p"] = 256 }, fields = { { "a", 8 } } }
pkl.protocol { name = "b2", over = { ["ip.p"] = { "210-212", fill = "nothing" } }, fields = { { "a", 8 } } }
pkl.protocol { name = "b3", over = { link = "ethernet" }, fields = { { "a", 8 } } }
pkl.protocol { name = "b4", over = { ["ip.p"] = 7 }, fields = { { "a", 16, key = "eth" } } }
pkl.protocol { name = "b5", over = { ["ip.p"] = { 8, check = "b == 1" } }, fields = { { "a", 16 } } }
pkl.bind("dnss", "udp.port", 7)
pkl.bind("dns", "upd.port", 7)
--! demo.lua:1: a1: over upd.port: no protocol "upd" (did you mean "udp"?)
--! demo.lua:2: a2: over udp.sprt: udp has no number field "sprt" (did you mean "sport"?)
--! demo.lua:3: a4: over tpc: no protocol "tpc" (did you mean "tcp"?)
--! demo.lua:4: a5: over tcp: a protocol that is tried on every payload needs a check
--! demo.lua:5: a6: over tcp: the value of a protocol is true; a field is written tcp.field
--! demo.lua:6: a7: over ip.p: "9-3" is no range of numbers
--! demo.lua:7: a8: over ip.p: "0x1f/0xf0" is no value/mask
--! demo.lua:8: b1: over ip.p: 256 does not fit in 8 bits
--! demo.lua:9: b2: over ip.p: fill: column 1: no field "nothing"
--! demo.lua:10: b3: over link: "ethernet" is no number, range or value name
--! demo.lua:11: b4.a: key: "eth" is no protocol.field
--! demo.lua:12: b5: over ip.p: check: column 1: no field "b"
--! demo.lua:13: pkl.bind: no protocol "dnss" (did you mean "dns"?)
--! demo.lua:14: dns: over upd.port: no protocol "upd" (did you mean "udp"?)
--- a key of a protocol that is not there
pkl.protocol { name = "demo", over = { ["ip.p"] = 8 }, fields = { { "a", 16, key = "eht.type" } } }
--! demo.lua:1: demo.a: key: no protocol "eht" (did you mean "eth"?)
--- pairs of unlike fields
pkl.protocol { name = "demo", fields = { { "a", 8 }, { "b", 16 }, { "m", "mac" } }, pairs = { { "a", "b" }, { "a", "m" } } }
--! demo.lua:1: demo: pairs: a and b are not of one kind and width
--! demo.lua:1: demo: pairs: a and m are not of one kind and width
--- names of protocols
pkl.protocol { name = "Demo", fields = { { "a", 8 } } }
pkl.protocol { name = "de-mo", fields = { { "a", 8 } } }
pkl.protocol { name = "frame", fields = { { "a", 8 } } }
pkl.protocol { name = "end", fields = { { "a", 8 } } }
pkl.protocol { name = "ip", fields = { { "a", 8 } } }
pkl.protocol { name = "twice", fields = { { "a", 8 } } }
pkl.protocol { name = "twice", fields = { { "b", 8 } } }
--! demo.lua:1: Demo: a protocol's name is lower-case letters, digits and _, and begins with a letter
--! demo.lua:2: de-mo: a protocol's name is lower-case letters, digits and _, and begins with a letter
--! demo.lua:3: frame: the name is taken, by a packet or by pkl; choose another
--! demo.lua:4: end: the name is taken, by a packet or by pkl; choose another
--! demo.lua:5: ip: protocol is defined twice, it is built in
--! demo.lua:7: twice: protocol is defined twice, also at demo.lua:6
--- names of fields
pkl.protocol {
  name = "demo",
  fields = {
    { "a b", 8 }, { "body", 8 }, { "c", 8 }, { "c", 8 }, { "end", 8 }, { "d_raw", 8 },
    { "e", 8, bits = { "F", "F", "len gth" } },
  },
  footer = { { "c", 8 } },
}
--! demo.lua:1: demo.a b: a field's name is letters, digits and _, and begins with a letter
--! demo.lua:1: demo.body: the name is taken, by every layer or by the language; choose another
--! demo.lua:1: demo.c: the name stands twice; only fields with a when that exclude each other may share one
--! demo.lua:1: demo.c: the header has a field of this name too
--! demo.lua:1: demo.end: the name is taken, by every layer or by the language; choose another
--! demo.lua:1: demo.d_raw: names that end in _raw are reserved for the bytes of fields
--! demo.lua:1: demo.F: the name stands twice; only fields with a when that exclude each other may share one
--! demo.lua:1: demo.len gth: a field's name is letters, digits and _, and begins with a letter
--- words that do not go together
pkl.protocol {
  name = "demo",
  fields = {
    { "a", 8, size = "4" },
    { "b", "bytes", names = { [1] = "x" }, size = "1" },
    { "c", "mac", signed = true },
    { "d", 12, le = true },
    { "e", 4 },
    { "f", "text", size = "4", stop = "\0" },
    { "g", "bytes", size = "1", count = "2" },
    { "h", "list", size = "1" },
    { "i", "list", of = 8, kinds = { [1] = {} }, size = "1" },
    { "j", 8, get = "a", auto = "len(b)" },
    { "p1", "pad" },
    { "k", "name", size = 4 },
    { "l", "bytes", auto = "len(b)", size = 1 },
    { "m", 8, auto = "sum" },
    { "n", 8, bits = { "A", "B", "C", "D", "E", "F", "G", "H", "I" } },
    { "s", 8, unit = -1, auto = "header_len" },
    { "t", 8, align = 100000 },
    { "u", "mac", key = "ip.p" },
    { "v", 4, part = "nowhere" },
    { "w", 4, part = "later" },
    { "later", 8 },
    { "x", 9, part = "a" },
  },
}
--! demo.lua:1: demo.a: size is for bytes, text, lists and IP addresses
--! demo.lua:1: demo.b: names, bits, hex and lsb are for numbers
--! demo.lua:1: demo.c: signed is for numbers
--! demo.lua:1: demo.d: le: a little-endian number has whole bytes; bit fields also need lsb
--! demo.lua:1: demo.f: size and stop exclude each other
--! demo.lua:1: demo.g: count, last, by, kinds and pad are for lists
--! demo.lua:1: demo.h: a list needs of = kind, of = { fields }, of = "struct" or by and kinds
--! demo.lua:1: demo.i: kinds and other need by
--! demo.lua:1: demo.j: a computed field has no width: it is what get gives
--! demo.lua:1: demo.j: a computed field has no bytes: no auto, size or default
--! demo.lua:1: demo.p1: pad needs align = 2 or more
--! demo.lua:1: demo.k: size is for bytes, text, lists and IP addresses
--! demo.lua:1: demo.l: auto is for numbers
--! demo.lua:1: demo.m: auto: an internet checksum has 16 bits, not 8
--! demo.lua:1: demo.n: 9 flags in 8 bits
--! demo.lua:1: demo.s: unit is 1 or more
--! demo.lua:1: demo.t: align is 1 to 65536
--! demo.lua:1: demo.u: key is for numbers and bytes
--! demo.lua:1: demo.v: part: no earlier field "nowhere"
--! demo.lua:1: demo.w: part: no earlier field "later"
--! demo.lua:1: demo.x: part: a has only 8 bits, 0 are taken
--- defaults
pkl.protocol {
  name = "demo",
  fields = {
    { "o", 8, default = 256 },
    { "p", 8, default = "word" },
    { "q", "ip4", default = "1.2.3" },
    { "r", 8, signed = true, default = 200 },
    { "s", "mac", default = "02:00" },
    { "t", "name", default = "a..b" },
    { "u", 64, signed = true, default = -1 },
  },
}
--! demo.lua:1: demo.o: default: 256 does not fit in 8 bits
--! demo.lua:1: demo.p: default: need a number, have "word"
--! demo.lua:1: demo.q: default: "1.2.3" is no IPv4 address
--! demo.lua:1: demo.r: default: 200 does not fit in 8 bits
--! demo.lua:1: demo.s: default: "02:00" is no MAC address
--! demo.lua:1: demo.t: default: "a..b": a name has no empty label

--- checks
pkl.protocol {
  name = "demo",
  fields = {
    { "a", 16, auto = "crc" },
    { "b", 8, auto = "crc32" },
    { "c", 16, crc = { bits = 16, poly = 0x11021 } },
    { "d", 16, crc = { bits = 99, poly = 1 } },
    { "e", 16, crc = { bits = 24, poly = 1 } },
    { "f", 16, auto = "sums" },
    { "g", 16, auto = "nxt" },
    { "h", 16, auto = "sum", cover = "zz" },
  },
}
--! demo.lua:1: demo.a: auto: crc needs its parameters: crc = { bits =, poly =, init =, xor =, reflect = }
--! demo.lua:1: demo.b: crc: 32 bits in a field of 8
--! demo.lua:1: demo.c: crc: 8 to 64 bits, and poly, init and xor within them
--! demo.lua:1: demo.d: crc: 8 to 64 bits, and poly, init and xor within them
--! demo.lua:1: demo.e: crc: 24 bits in a field of 16
--! demo.lua:1: demo.f: auto: column 1: no field "sums" (did you mean "sum"?)
--! demo.lua:1: demo.g: auto: column 1: no field "nxt" (did you mean "next"?)
--! demo.lua:1: demo.h: cover: column 1: no field "zz"
--- names that mean nothing
pkl.protocol {
  name = "demo",
  fields = {
    { "a", "bytes", size = "later" },
    { "later", 8 },
    { "b", "bytes", size = "lter" },
    { "c", "list", of = "nosuch", size = 1 },
    { "d", "bytes", of = "nosuch", size = 1 },
    { "e", 8, when = "udp.port == nosuch" },
    { "f", 8, when = "udp.nosuch == 1" },
    { "g", 8, auto = "len(nothing)" },
    { "h", 8, when = "later +" },
    { "i", get = "later + )" },
    { "k", "list", last = "later + 1", of = { { "v", 8 } } },
  },
  header = "hlen", check = "nothing == 1", pieces = "x", stop = "y",
  pairs = { { "later", "erlier" } }, pseudo = { "later", "noway" },
}
--! demo.lua:1: demo.a: size: column 1: later is a later field (only auto and get may use later fields)
--! demo.lua:1: demo.b: size: column 1: no field "lter" (did you mean later?)
--! demo.lua:1: demo.c: of: no struct "nosuch"
--! demo.lua:1: demo.d: of: no protocol "nosuch"
--! demo.lua:1: demo.e: when: column 13: udp.port is a number, and "nosuch" is no name of a value
--! demo.lua:1: demo.f: when: column 5: udp has no field "nosuch"
--! demo.lua:1: demo.g: auto: column 5: no field "nothing"
--! demo.lua:1: demo.h: when: column 8: expected a value, found the end
--! demo.lua:1: demo.i: get: column 9: expected a value, found ")"
--! demo.lua:1: demo.k: last: column 1: a number is not a condition (write later + 1 != 0)
--! demo.lua:1: demo: pairs: no field "erlier"
--! demo.lua:1: demo: pseudo: no field "noway"
--! demo.lua:1: demo: header: column 1: no field "hlen"
--! demo.lua:1: demo: stop: column 1: no field "y"
--! demo.lua:1: demo: check: column 1: no field "nothing"
--! demo.lua:1: demo: pieces: column 1: no field "x"
--- expressions of the wrong type
pkl.protocol {
  name = "demo",
  fields = {
    { "a", 8 }, { "t", "text", size = "a" }, { "m", "mac" },
    { "b", "bytes", size = "len(t) + m" }, { "d", "bytes", size = "t * 2" },
    { "e", 8, when = "t + 1 == 2" }, { "f", 8, when = "m > 5" }, { "h", 8, when = "a in {1-x}" },
  },
}
--! demo.lua:1: demo.b: size: column 10: m is a MAC address, not a number (len(x) is how many bytes it has, x[0] the first)
--! demo.lua:1: demo.d: size: column 1: t is text, not a number (len(x) is how many bytes it has, x[0] the first)
--! demo.lua:1: demo.e: when: column 1: t is text, not a number (len(x) is how many bytes it has, x[0] the first)
--! demo.lua:1: demo.f: when: column 5: m is a MAC address, not comparable with 5 (six pairs of hex digits, as in 02:00:00:00:00:01)
--! demo.lua:1: demo.h: when: column 8: a range is of numbers or of addresses (names and text with "-" go in quotes)
--- structs
pkl.struct { name = "thing", fields = { { "a", 8, size = "1" }, { "t", "list", of = "thng" } } }
pkl.struct { name = "box", fields = { { "a", 8 } }, len = "z" }
pkl.struct { name = "bag", fields = { { "a", 8 } } }
pkl.struct { name = "bag", fields = { { "b", 8 } } }
pkl.protocol {
  name = "demo",
  fields = { { "things", "list", of = "thing", count = 1 }, { "boxes", "list", of = "box", count = 1 }, { "bags", "list", of = "bagg" } },
}
--! demo.lua:1: thing.a: size is for bytes, text, lists and IP addresses
--! demo.lua:1: thing.t: of: no struct "thng" (did you mean "thing"?)
--! demo.lua:2: box: len: column 1: no field "z"
--! demo.lua:4: bag: struct is defined twice, also at demo.lua:3
--! demo.lua:5: demo.bags: of: no struct "bagg" (did you mean "bag"?)
--- kinds
pkl.protocol {
  name = "demo",
  fields = {
    { "a", "list", by = "tpe", of = { { "type", 8 } }, kinds = { [2] = {}, x = {}, ["5-3"] = {}, ["1/1"] = {} }, size = 1 },
    { "b", "list", by = "type", kinds = { [2] = { { "x", 8 }, { "type", 8 } }, [3] = { { "type", 8 } } }, size = 1 },
    { "e", "list", by = "type", size = 1 },
  },
}
--! demo.lua:1: demo.a: kinds: "x" is no number, range or value name
--! demo.lua:1: demo.a: kinds: "5-3" is no range of numbers
--! demo.lua:1: demo.a: kinds: 1/1: masks are for over only
--! demo.lua:1: demo.a: by: column 1: no field "tpe" (did you mean type?)
--! demo.lua:1: demo.b: by: type must stand at the same place in every kind, behind the same fields
--! demo.lua:1: demo.e: by: column 1: no field "type"
--- computed in a ring
pkl.protocol { name = "demo", fields = { { "a", get = "b" }, { "b", get = "c + 1" }, { "c", get = "a" } } }
--! demo.lua:1: demo.a: get: column 1: b: column 1: c: column 1: a: column 1: b is computed from itself
--! demo.lua:1: demo.b: get: column 1: c: column 1: a: column 1: b: column 1: c is computed from itself
--! demo.lua:1: demo.c: get: column 1: a: column 1: b: column 1: c: column 1: a is computed from itself
--- derived from itself
pkl.protocol { name = "demo", fields = { { "d", 8, auto = "d + 1" } } }
--! demo.lua:1: demo.d: auto: it is computed from itself
--- marks that nobody can build
pkl.protocol { name = "s1", fields = { { "m", 8 }, { "l", "list", of = { { "type", 8 } }, stop = "type == ^.m" } } }
pkl.protocol { name = "s2", fields = { { "l", "list", of = { { "a", 8 }, { "b", 8 } }, stop = "a > b + 1" }, { "tail", 8 } } }
pkl.protocol { name = "s3", fields = { { "l", "list", of = { { "a", 8 }, { "b", 8 } }, stop = "a == udp.sport" } } }
pkl.protocol { name = "s4", fields = { { "l", "list", of = { { "a", 8 }, { "b", 8 } }, stop = "a == 1 and a == 2" } } }
pkl.protocol { name = "good", fields = { { "m", 8 }, { "l", "list", of = { { "type", 8 } }, stop = "type == ^.m", size = 4 } } }
--! demo.lua:1: s1.l: stop: no item can be made that ends the list; compare fields of the item with values (type == 255), or give the list a size or a count
--! demo.lua:2: s2.l: stop: no item can be made that ends the list; compare fields of the item with values (type == 255), or give the list a size or a count
--! demo.lua:3: s3.l: stop: no item can be made that ends the list; compare fields of the item with values (type == 255), or give the list a size or a count
--! demo.lua:4: s4.l: stop: no item can be made that ends the list; compare fields of the item with values (type == 255), or give the list a size or a count
--- a range over a value of another
pkl.protocol { name = "a1", over = { ["udp.port"] = "50-60" }, fields = { { "x", 8 } } }
pkl.protocol { name = "a2", over = { ["ip.p"] = { 240, "230-249" } }, fields = { { "x", 8 } } }
pkl.protocol { name = "a3", over = { ["ip.p"] = 245 }, fields = { { "x", 8 } } }
pkl.protocol { name = "a4", over = { ["ip.p"] = 246 }, check = "x == 1", fields = { { "x", 8 } } }
--! demo.lua:1: a1: udp.port = 53 belongs to dns too; say who has it: pkl.bind("a1", "udp.port", 53)
--! demo.lua:2: a2: ip.p = 245 belongs to a3 too; say who has it: pkl.bind("a2", "ip.p", 245)
--- the same, decided
pkl.protocol { name = "a1", over = { ["udp.port"] = "50-60" }, fields = { { "x", 8 } } }
pkl.bind("a1", "udp.port", "50-60")
assert(pkl.dissect("udp", (pkl.udp{dport = 53} + "\1"):bytes()).a1.x == 1)
--- a key that is no number
pkl.protocol { name = "demo", over = { ["ip.src"] = 5 }, fields = { { "x", 8 }, { "k", 24, key = "eth.type" }, { "n", 16, key = "ip.p" } } }
--! demo.lua:1: demo.k: key: eth.type has 16 bits, not 24
--! demo.lua:1: demo.n: key: ip.p has 8 bits, not 16
--! demo.lua:1: demo: over ip.src: a key is a number, and ip.src is of another kind
--- through pcall
local ok = pcall(pkl.protocol, { name = "b1", fields = { { "k", 99 } } })
assert(ok)
local function define(t)
  pcall(pcall, pkl.protocol, t)
end
define { name = "b2", fields = { { "k", 98 } } }
--! demo.lua:1: b1.k: 99 bits (1 to 64)
--! demo.lua:4: b2.k: 98 bits (1 to 64)
--- keys that nobody has
pkl.protocol {
  name = "demo",
  fields = { { "n", 8 }, { "a", 16, key = "eth.tpye" }, { "b", 16, key = "llc.cisco_pid" }, { "c", 8, key = "demo.own" }, { "e", "bytes", key = "demo.n" } },
}
--! demo.lua:1: demo.a: key: eth has no number field "tpye" (did you mean "type"?)
--- words of another kind of field
pkl.protocol {
  name = "demo", pseudo = { "n", "m", "z" },
  fields = {
    { "n", 8, of = "ip" }, { "t", "text", size = 2, of = "ip" }, { "m", "bytes", size = 2, of = "ip", key = "demo.n" },
    { "z", 8, plain = true, optional = true }, { "a", "ip4", size = 5 }, { "b", "ip6", size = 17 }, { "s", 16, auto = "sum" },
  },
}
pkl.protocol { name = "two", pseudo = { "t" }, pairs = { { "a", "b" } }, fields = { { "a", "list", of = 8, size = 2 }, { "b", "list", of = 8, size = 2 }, { "t", "text" } } }
--! demo.lua:1: demo.n: of is for bytes and lists
--! demo.lua:1: demo.t: of is for bytes and lists
--! demo.lua:1: demo.m: of and key exclude each other: of says what the bytes are, key where the number is that tells it
--! demo.lua:1: demo.z: plain is for DNS names
--! demo.lua:1: demo.z: optional goes with auto = "sum" or "pseudo_sum"
--! demo.lua:1: demo.a: size: 5 bytes, but such an address has 4
--! demo.lua:1: demo.b: size: 17 bytes, but such an address has 16
--! demo.lua:1: demo: pseudo: 3 names; it is the source and the destination, or the final destination alone
--! demo.lua:8: two: pairs: a and b are not of one kind and width
--! demo.lua:8: two: pseudo: t has no fixed size
--- names of structs, and of values
pkl.struct { name = "bytes", fields = { { "w", 8 } } }
pkl.struct { name = "my-tlv", fields = { { "w", 8 } } }
pkl.protocol { name = "demo", fields = { { "n", 8, names = { [300] = "y", [400] = "w", [1] = "x", [2] = "x" } } } }
--! demo.lua:1: bytes: "bytes" is a kind, so that no list could have it; choose another name
--! demo.lua:3: demo.n: names: "x" stands for two values
--! demo.lua:3: demo.n: names: "y": 300 does not fit in 8 bits
--! demo.lua:3: demo.n: names: "w": 400 does not fit in 8 bits
--- numbers that are no condition of a field
pkl.protocol { name = "one", fields = { { "n", 8 }, { "o", 8, when = "n" }, { "B", 1 }, { "r", 7 } } }
pkl.protocol { name = "two", fields = { { "hlen", 8, auto = "header_len" }, { "F", 1 }, { "r", 7 }, { "n", 8, when = "F" }, { "o", 8, when = "n" }, { "p", 8, when = "r" }, { "rest_", "bytes" } } }
--! demo.lua:1: one.o: when: column 1: n is a number that is always there, and no condition (write n != 0)
