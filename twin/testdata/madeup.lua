-- The island post: protocols that nobody has, and that use every word a
-- definition may have. Each comes with a few lines that build it, find it again
-- in its bytes, and edit it. A test runs this file, and fails when a word that
-- the program knows is not used here.

-- same asserts that two values are equal; hex compares the bytes of a packet.
local function same(have, want)
  if have ~= want then
    error(("have %s, want %s"):format(tostring(have), tostring(want)), 2)
  end
end

local function hex(pkt, want)
  same(pkl.hex(pkt:bytes()), (want:gsub("%s", "")))
end

-- again reads the bytes of a packet anew, beginning with protocol first.
local function again(first, pkt)
  return assert(pkl.dissect(first, pkt:bytes()))
end

---------------------------------------------------------------------------
-- Numbers: how wide they are, which end comes first, how they are shown.
pkl.protocol {
  name = "lamp",
  doc = "Signals of the lighthouse",
  ref = "Island Post 1",
  over = {
    link = 147,                                -- the first layer of a capture
    ["udp.port"] = { 7100, 7101 },             -- either port; the first value is filled in
    ["ip.p"] = "200-209",                      -- a range fills nothing
    ["eth.type"] = "0x8f00/0xfff0",            -- value and mask: 0x8f00 to 0x8f0f
    ["icmp.type"] = "echo_reply",              -- the name of a value
    ["tcp.port"] = { 7100, check = "FOG" },    -- there only if this holds too
  },
  check = "version == 2",                      -- else it is something else, and nothing is broken
  fields = {
    { "version", 4, default = 2 },
    { "color", 4, names = { [0] = "white", [1] = { "red", "port" }, [2] = { "green", "starboard" } } },
    { "blinks", 8, bits = { "FOG", "", "STORM", "CALM" }, doc = "what the keeper sees" },
    { "height", 16, signed = true },           -- -32768 to 32767
    { "serial", 32, le = true, hex = true },   -- little end first
    { "near", 3, lsb = true, le = true },      -- counted from the least significant bit
    { "mid", 9, lsb = true, le = true },       -- of a word of 16 bits
    { "far", 4, lsb = true, le = true },
    { "beam", 16 },                            -- all of it, and its parts
    { "angle", 9, part = "beam" },
    { "width", 7, part = "beam" },
    { "ticks", 64, default = pkl.u64("0xffffffffffffffff"), hex = true },
  },
}

local p = pkl.udp() + pkl.lamp {
  color = "starboard", blinks = "FOG|CALM", height = -2, serial = 0x0102,
  near = 5, mid = 0x101, far = 9, angle = 0x155, width = 3,
}
same(p.udp.dport, 7100)
same(pkl.hex(p.udp.body), "2209fffe020100000d98aa83ffffffffffffffff")
p = again("udp", p)
local lamp = p.lamp
same(lamp.color, 2)
same(pkl.lamp.color.starboard, 2)
same(pkl.lamp.color[2], "green")
same(lamp.FOG, true)
same(lamp.STORM, false)
same(lamp.height, -2)
same(lamp.serial, 0x102)
same(lamp.mid, 0x101)
same(lamp.beam, 0xaa83)
same(lamp.ticks, pkl.u64("0xffffffffffffffff"))
lamp.STORM, lamp.FOG = true, false
lamp.mid, lamp.angle, lamp.height = 0, 1, -32768
lamp.ticks = 1
same(pkl.hex(p.udp.body), "2203800002010000059000830000000000000001")
same(pcall(function() lamp.mid = 512 end), false)                     -- 9 bits
same(pkl.filter("lamp.color == port")(p), false)
same(pkl.filter("lamp.color == green and lamp.height < -1 and lamp.STORM")(p), true)
same(pkl.dissect("eth", ("\0"):rep(12) .. "\143\9" .. p.udp.body).lamp.angle, 1)
same(pkl.dissect("ip", (pkl.ip { p = 205 } + p.udp.body):bytes()).lamp.far, 9)
same(pkl.dissect("ip", (pkl.ip { p = 205 } + "\48wrong version"):bytes()).lamp, nil)
same((pkl.icmp() + pkl.lamp()).icmp.type, 0)              -- echo_reply
same(pkl.dissect(147, p.udp.body).first.proto, "lamp")
local function overTCP(bytes) return pkl.dissect("tcp", (pkl.tcp { dport = 7100 } + bytes):bytes()).lamp end
same(overTCP(p.udp.body), nil)
lamp.FOG = true
same(overTCP(p.udp.body).STORM, true)

---------------------------------------------------------------------------
-- Where the header and the layer end; padding; lengths in units.
pkl.protocol {
  name = "parcel",
  over = { ["udp.dport"] = 7102 },
  fields = {
    { "words", 8, auto = "header_len", unit = 4, bias = 1 },   -- 4-byte words, and one more
    { "kind", 8, auto = "next" },
    { "total", 16, auto = "total_len", bias = -2 },            -- two less than all
    { "stamp", "mac", default = "02:00:00:00:00:07" },
    { "weight", 16, align = 4 },                               -- two bytes are skipped
    { "label", "text", stop = "\0" },                          -- the delimiter is no part of the value
    { "", "pad", align = 4 },
    { "stuffing", "bytes" },                                   -- the rest of the header
  },
  footer = { { "check", 8, auto = "len(body)" } },
  stop = "kind == 0xff",                                       -- then the body is only bytes
}
-- A second protocol with a length of everything, told by expressions.
pkl.protocol {
  name = "note",
  over = { ["parcel.kind"] = 7 },
  fields = {
    { "hlen", 8, auto = "2 + len(title)" },
    { "all", 8, auto = "2 + len(title) + len(body)" },
    { "title", "text" },
  },
  header = "hlen", len = "all",
}
local p = pkl.parcel { label = "fish", weight = 3 } + pkl.note { title = "hi" } + "text"
hex(p, "0607 001b 020000000007 0000 0003 66697368 00 00" ..
  "04 08 6869 74657874" .. "08")
p = again("parcel", p)
same(p.parcel.words, 6)
same(p.note.title .. p.note.body, "hitext")
same(p.parcel.check, 8)
same(p.err, nil)
p.parcel.label = "herring"             -- two bytes longer than the padding was
p.parcel.stuffing = "hay!"
p.note.body = ""
hex(p, "0807 001f 020000000007 0000 0003 68657272696e67 00 0000 68617921" .. "04 04 6869" .. "04")
same(pcall(function() p.parcel.stuffing = "straw" end), false)        -- not whole words
same(pcall(function() p.parcel.label = "a\0b" end), false)
p.parcel.kind = 0xff
p:redissect()
same(p.note, nil)
same(p.parcel.body, "\4\4hi")

---------------------------------------------------------------------------
-- A network with addresses, a transport that sums them, a stop on the way.
pkl.protocol {
  name = "isle",
  over = { ["eth.type"] = 0x8f10 },
  fields = {
    { "src", 16 }, { "dst", 16 },
    { "hops", 8, default = 9 },
    { "nxt", 8, default = 59, auto = "next", key = "ip.p" },   -- shares the table of ip.p
    { "piece", 15 }, { "MORE", 1 },
    { "size", 16, auto = "body_len" },                         -- bounds what is above
    { "sum", 16, hex = true, auto = "sum" },                   -- with pseudo, of the header alone
  },
  pairs = { { "src", "dst" } },
  replies = {
    { when = "hops & 1 == 1", to = "hops & 1 == 0", same = { "piece", { "hops - 1", "hops" } } },
    { when = "MORE" },
  },
  pseudo = { "src", "dst" },           -- what a pseudo_sum above covers
  sum_required = true,
  stop = "piece > 0",                  -- a later piece has no header above
  pieces = "MORE",                     -- and the first has not all of what its sums cover
}
pkl.protocol {
  name = "detour",
  over = { ["ip.p"] = 210 },
  fields = {
    { "nxt", 8, default = 59, auto = "next", key = "ip.p" },
    { "left", 8 },
    { "goal", 16 },
  },
  pseudo = { "goal" },                 -- one name: where it really goes
}
pkl.protocol {
  name = "boat",
  over = { ["ip.p"] = 211 },
  fields = {
    { "spier", 16 }, { "dpier", 16 },
    { "head", 16, auto = "sum", cover = "4" },                 -- of the piers only
    { "sum", 16, auto = "pseudo_sum", optional = true },
  },
  pairs = { { "spier", "dpier" } },    -- also boat.pier: either of them
}
local p = pkl.eth() + pkl.isle { src = 1, dst = 2 } + pkl.boat { spier = 3, dpier = 4 } + "oars"
p:update()
same(p.eth.type, 0x8f10)
same(p.isle.size, 12)
same(p.isle.sum, 0xffff - (1 + 2 + 0x9d3 + 12))
same(p.boat.head, 0xffff - 7)
-- addresses, length and number of the pseudo header; the layer itself
same(p.boat.sum, 0xffff - ((1 + 2 + 12 + 211 + 3 + 4 + 0xfff8 + 0x6f61 + 0x7273) % 0xffff))
same(#p:verify(), 0)
local direct = p.boat.sum
p.isle.dst = 5
p:update()
same(p.boat.sum, direct - 3)
same(pkl.filter("boat.pier == 3 and isle.addr == 5")(p), true)
local there = p:copy()
p:reverse()
same(p:direction(there), "reverse")
same(p:flow(), there:flow())
same(p.isle.src .. " " .. p.boat.dpier, "5 3")
same(#p:verify(), 0)
-- by way of another isle the sum is that of the goal
local q = pkl.isle { src = 1, dst = 9 } + pkl.detour { left = 1, goal = 2 } + pkl.boat { spier = 3, dpier = 4 } + "oars"
q:update()
same(q.boat.sum, direct)
same(q.detour.nxt .. " " .. q.isle.nxt, "211 210")
-- optional: a sum of 0 that came so means none, and stays; sum_required: not here
for first, low in pairs { ip = pkl.ip(), isle = pkl.isle() } do
  q = again(first, low + pkl.boat { sum = 0 } + "mast")
  q.boat.body = "sails"
  q:update()
  same(q.boat.sum == 0, first == "ip")
end
-- pieces: the sum of a whole cannot be told from the first piece
q = again("isle", pkl.isle { MORE = true } + pkl.boat { sum = 1 } + "the first half")
same(#q:verify(), 0)
q = again("isle", pkl.isle { piece = 3, nxt = 211 } + "the other half")
same(q.boat, nil)

---------------------------------------------------------------------------
-- Checks of the body: those with a name, and one of our own.
pkl.protocol {
  name = "seal",
  over = { ["ip.p"] = 212 },
  fields = {
    { "n", 24 },
    { "head", 24, auto = "crc24", cover = "3", hex = true },
  },
  footer = {                           -- each covers what is before it
    { "usual", 32, auto = "crc32", hex = true },
    { "better", 32, auto = "crc32c", hex = true },
    { "own", 16, hex = true, crc = { bits = 16, poly = 0x1021, init = 0xffff, xor = 0xffff, reflect = true } },
  },
}
local p = pkl.seal { n = 0x313233 } + "456789"
hex(p, "313233 f4edbf 343536373839 5bf8bd48 187ebcde 95ee")
same(#p:verify(), 0)
p = again("seal", p)
p.seal.body = "4567"
hex(p, "313233 f4edbf 34353637 1ec80aab 6cc73ca7 1718")
p.seal.usual = 1                       -- pinned: stays, and what is behind covers it
same(p:verify()[1].field, "usual")
p.seal.usual = nil
same(#p:verify(), 0)

---------------------------------------------------------------------------
-- What is sent by radio: a check that leaves out where the receiver finds the
-- beginning, an address with the last byte first, and a length whose flag makes
-- room for it.
pkl.protocol {
  name = "beam",
  over = { ["ip.p"] = 213 },
  fields = {
    { "sync", 32, le = true, hex = true, default = 0x8e89bed6 },
    { "LONG", 1 },
    { "size", 7, when = "not LONG", auto = "body_len" },
    { "size", 15, when = "LONG", auto = "body_len" },
    { "near", "mac", le = true },
  },
  footer = { { "check", 24, hex = true, auto = "crc24", from = "4" } },
}
local p = pkl.beam { near = "02:00:00:00:00:01" } + "hi"
hex(p, "d6be898e 02 010000000002 6869 7d40f2")
same(again("beam", p).beam.near, "02:00:00:00:00:01")
same(pkl.filter("beam.near == 02:00:00:00:00:01")(p), true)
p.beam.body = ("hi"):rep(65)
hex(p, "d6be898e 8082 010000000002" .. ("6869"):rep(65) .. "0ac3f5")
same(#again("beam", p):verify(), 0)
p.beam.body = "hi"
p:update()                             -- more room than needed is not wrong
same(pkl.hex(p.beam.header):sub(9, 12), "8002")

---------------------------------------------------------------------------
-- A talk over TCP, on any port: check tells whether it is one.
pkl.protocol {
  name = "gossip",
  over = { tcp = true },
  check = "count(sayings) > 0",
  fields = { { "sayings", "list", of = "saying" } },
}
pkl.struct {
  name = "saying",
  doc = "one message",
  fields = {
    { "mark", 16, default = 0xd00d, hex = true },
    { "size", 16, auto = "len(who) + len(what) + 6" },
    { "who", "text", stop = ": " },
    { "what", "text" },
  },
  len = "size * (mark == 0xd00d)",     -- no item where the mark is not there
}
local p = pkl.tcp { sport = 1, dport = 2 } + pkl.gossip { sayings = {
  { who = "Ann", what = "hello" }, { who = "Bo", what = "" },
} }
same(pkl.hex(again("tcp", p).tcp.body), ("d00d 000e 416e6e 3a20 68656c6c6f d00d 0008 426f 3a20"):gsub(" ", ""))
p = pkl.dissect("tcp", p:bytes() .. "\208\13\0\99Cy: the rest comes la")
same(#p.gossip.sayings, 2)
same(p.gossip.sayings.rest:sub(5), "Cy: the rest comes la")   -- a message that is not all here
same(p.err, nil)
p.gossip.sayings[1].what = "goodbye"
p.gossip.sayings[2].who = "Bob"
same(p:bytes():find("\208\13\0\16Ann: goodbye\208\13\0\9Bob: \208\13\0\99Cy", 1, true) ~= nil, true)
same(#p:verify(), 0)
p = again("tcp", pkl.tcp { sport = 1, dport = 2 } + "Ann: hello")
same(p.gossip, nil)
same(p.tcp.body, "Ann: hello")

---------------------------------------------------------------------------
-- Frames that begin with a length where others have a type: fill says which.
pkl.protocol {
  name = "raft",
  over = { ["eth.type"] = { "0-1500", fill = "len(body) + 6" } },
  check = "magic == 0x7af7",
  fields = { { "magic", 16, default = 0x7af7, hex = true }, { "home", "ip4", default = "192.0.2.5" } },
}
local p = pkl.eth() + pkl.raft() + "logs"
p:update()
same(p.eth.len, 10)
same(p.eth.type, nil)
same(again("eth", p).raft.body, "logs")
p.raft.home = "192.0.2.6"
same(p.raft.home_raw, "\192\0\2\6")

---------------------------------------------------------------------------
-- Routes: an address of which only the first bytes are there, and a length that
-- has two bytes where a flag says so.
pkl.protocol {
  name = "sign",
  over = { ["udp.dport"] = 7130 },
  fields = {
    { "miles", 8 },
    { "routes", "list", of = {
      { "WIDE", 1 }, { "bits", 7 },
      { "len", 8, when = "not WIDE", auto = "body_len" },
      { "len", 16, when = "WIDE", auto = "body_len" },
      { "to", "ip4", size = "(bits + 7) / 8" },
      { "n", 8 },
      { "via", "ip6", size = "n" },
    } },
  },
}
local p = pkl.udp() + pkl.sign { routes = {
  { bits = 12, to = "10.16.0.0", via = "2001:db8::1" }, { WIDE = true, bits = 0, n = 0 },
} }
p = again("udp", p)
same(pkl.hex(p.udp.body), "00" .. "0c130a10" .. "10" .. "20010db8000000000000000000000001" .. "80000100")
same(p.sign.routes[1].to, "10.16.0.0")
same(p.sign.routes[1].to_raw, "\10\16")
same(p.sign.routes[2].to, "0.0.0.0")
same(p.sign.routes[2].len, 1)
same(pkl.filter("sign.routes.to in 10.0.0.0/8")(p), true)
same(pkl.filter("sign.routes.via == 2001:db8::1")(p), true)
same(pcall(function() p.sign.routes[1].to = "10.16.1.0" end), false)  -- two bytes hold no 1
p.sign.routes[1].to = "10.32.0.0"
p.sign.routes[2].via_raw = "\254\128"
same(p.sign.routes[2].via, "fe80::")
p:update()
same(pkl.hex(p.udp.body):sub(-12), "80000302fe80")

---------------------------------------------------------------------------
-- Lists: where they end, what they are of, lists in lists.
pkl.protocol {
  name = "crate",
  over = { ["udp.sport"] = "7110-7119" },
  fields = {
    { "hlen", 8, auto = "header_len" },
    { "n", 8 },
    { "sizes", "list", of = 16, count = "n + n" },                -- so many, two for each of n
    { "hosts", "list", of = "ip4", count = 1, default = { "192.0.2.7" } },
    { "room", 8 },
    { "bottles", "list", of = { { "year", 8 }, { "wine", "name" } }, size = "room" },   -- so many bytes
    { "chain", "list", of = { { "LAST", 1 }, { "link", 7 } }, last = "LAST",            -- up to that item
      default = "\129" },                                          -- a default in bytes
    { "width", 8 },
    { "planks", "list", size = "width", align = 4, pad = 8,       -- each item padded, and the whole
      of = { { "t", 8 }, { "l", 8, auto = "2 + len(v)" }, { "v", "bytes" }, len = "l", name = "plank", doc = "wood" } },
    { "tools", "list", by = "type", stop = "type == 0",           -- up to an end mark, or the rest
      of = {
        { "type", 8, names = { [0] = "end", [1] = "nail", [2] = "saw", [3] = "box" } },
        { "len", 8, auto = "body_len", when = "type > 1" },
      },
      kinds = {
        nail = {},                                                -- by value name: one byte
        [2] = { { "teeth", 16 }, doc = "a saw" },                 -- by value
        [3] = { { "inside", "list", of = { { "t", 8 }, { "v", "text", size = "t" } } } },
        ["4, 6-9"] = { { "hue", 8 } },                            -- by several and a range
      },
      other = { { "shape", "bytes" } } },                         -- all that are not named
  },
}
local p = pkl.udp { sport = 7113 } + pkl.crate {
  n = 1,
  sizes = { 0x123, 0xabc },
  hosts = { "192.0.2.1" },
  bottles = { { year = 99, wine = "red.example" }, { year = 12 } },
  chain = { { link = 5 }, { link = 6, LAST = true } },
  planks = { { t = 1, v = "abc" }, { t = 2 } },
  tools = {
    { type = "nail" },
    { teeth = 300 },                                              -- the kind follows from its fields
    { type = "box", inside = { { v = "ab" }, { v = "" } } },
    { hue = 7 },
    { type = 200, shape = "disc" },
  },
} + "straw"
p:update()
same(pkl.hex(p.udp.body), ("45 01 0123 0abc c0000201 10 63 03726564 076578616d706c65 00 0c 00 05 86" ..
  "12 01 05 616263 000000 02 02 0000 000000000000" ..                -- 30 bytes before, 48 with them
  "01 0202012c 0304 02 6162 00 0401 07 c804 64697363 00" .. "7374726177"):gsub(" ", ""))
p = again("udp", p)
local crate = p.crate
same(#crate.bottles .. #crate.chain .. #crate.planks .. #crate.tools, "2225")
same(crate.tools[3].inside[1].v .. crate.body, "abstraw")
same(crate.tools[1].len, nil)
same(crate.tools:find { type = "saw" }.teeth, 300)
same(pkl.filter("any(crate.tools, type == box and count(inside) == 2)")(p), true)
same(pkl.filter([[crate.tools.inside.v == "ab" and crate.bottles.wine == "red.example"]])(p), true)
-- edits: sizes, counts, padding and lengths follow
crate.hosts[1] = "192.0.2.9"
crate.bottles[1].wine = "red"
crate.bottles:remove(2)
crate.chain:insert(1, { link = 9 })
crate.n = 0
crate.sizes = {}
crate.planks[1].v = "abcdefg"
crate.tools[3].inside:append { v = "xyz" }
crate.tools:remove(1)
crate.tools[2].inside[1].v = ""
p:update()
same(pkl.hex(p.udp.body), ("3e 00 c0000209 06 63 03726564 00 09 05 86" ..
  "17 01 09 61626364656667 000000 02 02 0000 00000000000000" ..
  "0202012c 0306 00 00 03 78797a 0401 07 c804 64697363 00" .. "7374726177"):gsub(" ", ""))
same(again("udp", p).crate.tools[2].inside[3].v, "xyz")

---------------------------------------------------------------------------
-- An item kind with a name, which may contain itself. The order of definitions
-- does not matter.
pkl.protocol {
  name = "tree",
  over = { ["udp.dport"] = 7103 },
  fields = { { "n", 8, auto = "count(root)" }, { "root", "list", of = "branch" } },
}
pkl.struct {
  name = "branch",
  doc = "a branch and those that grow from it",
  fields = {
    { "kind", 8, names = { [1] = "leaf", [2] = "fork" } },
    { "size", 8, auto = "total_len" },
    { "color", "text", when = "kind == 1" },
    { "twigs", "list", of = "branch", when = "kind == 2" },
  },
}
local p = pkl.tree { root = {
  { kind = "fork", twigs = { { kind = 1, color = "red" }, { kind = 2, twigs = { { kind = 1 } } } } },
  { kind = "leaf", color = "dry" },
} }
hex(p, "02 02 0b 01 05 726564 02 04 01 02" .. "01 05 647279")
p = again("tree", p)
local root = p.tree.root
same(root[1].twigs[2].twigs[1].kind, 1)
same(root[1].color, nil)
root[1].twigs[2].twigs[1].color = "green"
root[1].twigs:append { kind = "leaf", color = "new" }
root[2]:remove()
hex(p, "01 02 15 01 05 726564 02 09 01 07 677265656e 01 05 6e6577")
same(root[1].twigs[1].body, "red")
local deep = pkl.unhex("01" .. ("02ff"):rep(40))   -- each says that it goes beyond the end
same(#pkl.dissect("tree", deep).tree.root, 0)

---------------------------------------------------------------------------
-- DNS names, packets in fields.
pkl.protocol {
  name = "letter",
  over = { ["udp.dport"] = 7104 },
  fields = {
    { "flags", 8, hex = true },
    { "zero", 8, origin = true },                  -- pointers in names count from here
    { "from", "name" },
    { "to", "name", default = "nobody.example" },
    { "cc", "name", plain = true },                -- is never shortened
    { "what", 32, default = 59, key = "letter.what" },
    { "size", 16 },
    { "thing", "bytes", size = "size", key = "letter.what" },  -- a packet, of the kind that what says
    { "lost", "bytes", of = "ip" },                -- a packet to look at
  },
}
pkl.protocol {
  name = "coin",
  over = { ["letter.what"] = "0x10" },
  fields = { { "value", 16 }, { "metal", "text" } },
}
local lost = pkl.ip { dst = "192.0.2.1" } + pkl.udp { dport = 9 }
local p = pkl.letter { from = "a.isle", to = "b.isle", cc = "a.isle", what = 0x10,
  thing = pkl.coin { value = 5, metal = "tin" }, lost = lost:bytes() }
same(p.letter.thing.coin.metal, "tin")
same(p.letter.lost.udp.dport, 9)
same(p.coin, nil)                                  -- not a layer
hex(p, "00 00 0161 0469736c65 00 0162 0469736c65 00 0161 0469736c65 00 00000010 0005 0005 74696e" .. pkl.hex(lost:bytes()))
p.letter.thing = pkl.coin { value = 6, metal = "copper" }
p:update()
same(p.letter.size, 8)
same(p.letter.lost.ip.dst, "192.0.2.1")
same(pcall(function() p.letter.lost.udp.dport = 10 end), false)
-- with pointers: c001 points to byte 1 behind the origin
p = pkl.letter(pkl.unhex("00 00 0161 0469736c65 00 0162 c003 0163 0469736c65 00 00000000 0000"))
same(p.letter.from .. " " .. p.letter.to .. " " .. p.letter.cc, "a.isle b.isle c.isle")
p.letter.from = "a.far.isle"
p.letter.cc = "far.isle"
hex(p, "00 00 0161 03666172 0469736c65 00 0162 c007 03666172 0469736c65 00 00000000 0000")

---------------------------------------------------------------------------
-- Fields that come and go; fields that are computed.
pkl.protocol {
  name = "mood",
  over = { ["udp.dport"] = 7105 },
  fields = {
    { "GUEST", 1, auto = "present(guest)" },       -- follows the field
    { "LONG", 1, default = true },                 -- is set by hand
    { "z", 6 },
    { "", "pad", align = 2 },
    { "guest", "mac", when = "GUEST" },
    { "words", 8, when = "not LONG" },             -- of two with one name there is one
    { "words", 32, when = "LONG", hex = true },
    { "w", 8 }, { "h", 8, default = 3 },
    { "home", "ip6", default = "2001:db8::1" },
    { "area", "number", get = "w * h", doc = "computed: no bytes of its own" },
    { "side", get = "w" },                         -- a plain field: can be set
    { "isle", "text", get = "home" },
  },
}
local p = pkl.mood { guest = "02:00:00:00:00:09", words = 0x01020304, w = 2 }
hex(p, "c000 020000000009 01020304 02 03 20010db8000000000000000000000001")
same(p.mood.area, 6)
same(pkl.filter("mood.area == 6 and mood.side == 2 and mood.GUEST")(p), true)
p.mood.guest = nil
p.mood.side = 7
p.mood.home = "::9"
hex(p, "4000 01020304 07 03 00000000000000000000000000000009")
same(pcall(function() p.mood.area = 1 end), false)
p = pkl.mood { LONG = false, words = 9 }
hex(p, "0000 09 00 03 20010db8000000000000000000000001")
p.mood.guest = "02:00:00:00:00:01"
hex(p, "8000 020000000001 09 00 03 20010db8000000000000000000000001")

---------------------------------------------------------------------------
-- Lines of text: a word that tells by itself whether it is there, a number in
-- digits, notes up to a dot or an empty line, which are read by name.
pkl.protocol {
  name = "wire",
  over = { ["tcp.port"] = 7110 },
  check = 'present(order) or code_raw matches "^[0-9]+$"',
  fields = {
    { "order", "text", stop = " ", default = "BUY", when = 'not (order[0:2] == "OK")' },
    { "what", "text", stop = "\n", trim = { "", "\r" }, when = "present(order)" },
    { "word", "text", stop = " ", default = "OK", when = "not present(order)" },
    { "code", 24, digits = true, default = 7, when = "not present(order)" },
    { "reason", "text", stop = "\n", trim = { " ", "\r" }, when = "not present(order)" },
    { "notes", "list", closed = { ".\n", "\n" }, lookup = { "key", "value" }, of = {
      { "key", "text", stop = "=" }, { "value", "text", stop = "\n", trim = { " ", "" } },
    } },
  },
}
local p = pkl.tcp { dport = 7110 } + pkl.wire { what = "tea", notes = { { key = "Pay-By", value = "cash" } }, bag = "no", body = "rest" }
same(p:bytes():sub(21), "BUY tea\r\nPay-By= cash\nBag= no\n.\nrest")
p = again("tcp", p)
same(p.wire.order, "BUY")
same(p.wire.pay_by, "cash")
same(p.wire.nobody, nil)
same(pkl.filter('wire.pay_by == "cash" and wire.bag matches "^n"')(p), true)
same(pkl.filter("wire.nobody")(p), false)
p.wire.pay_by = "card"
p.wire.bag = nil
p.wire.to_whom = "me"
same(p.wire.notes[2].key, "To-Whom")
same(p.wire.body, "rest")
same(again("tcp", p).wire.to_whom, "me")
same(pcall(function() p.wire.pay_by = " card" end), false)
same(pcall(function() p.wire.notes:append { key = ".\nx" } end), false)
p = pkl.dissect("wire", "OK 012\nkey=\t value  \nk= \n\nbody")   -- what stands around a value stays
same(p.wire.code, 12)
same(p.wire.key, "value")
p.wire.key = "v"
p.wire.code = 345
p.wire.reason = "fine"
same(p:bytes(), "OK 345 fine\r\nkey=\t v  \nk= \n\nbody")
same(pcall(function() p.wire.code = 1000 end), false)
same(pkl.wire { code = 3 }:bytes(), "OK 003 \r\n.\n")
same(pkl.dissect("wire", "BUY x\na=1\nb").wire.notes.rest, "b")

---------------------------------------------------------------------------
-- Code, for what no word says. It is the only Lua that runs while packets are
-- dissected.
pkl.protocol {
  name = "clerk",
  over = { ["udp.dport"] = 7106 },
  fields = { { "file", 16 }, { "digits", 8 } },
  hook = function(layer)
    if layer.file == 13 then error("no file has the number 13") end
  end,
  hook_update = function(layer) layer.digits = #tostring(layer.file) end,
}
local p = pkl.ip() + pkl.udp() + pkl.clerk { file = 12345 }
p:update()
same(p.clerk.digits, 5)
p.clerk.file = 6
same(again("ip", p).clerk.digits, 1)
p = pkl.dissect("udp", (pkl.udp { dport = 7106 } + "\0\13\2"):bytes())
same(p.clerk, nil)
same(p.udp.body, "\0\13\2")
same(p.err:match("no file.*"), "no file has the number 13")

---------------------------------------------------------------------------
-- Who has a key that two want is said by pkl.bind.
pkl.protocol { name = "squatter", over = { ["udp.port"] = 7101 }, fields = { { "claim", 16 } } }
pkl.protocol { name = "tenant", fields = { { "claim", 8 } } }
pkl.bind("squatter", "udp.port", 7101)             -- although lamp has it too
pkl.bind("tenant", "eth.type", "0x8f20-0x8f2f")
local p = pkl.udp { sport = 1, dport = 7101 } + "\32\0"
same(p.squatter.claim, 0x2000)
same(p.lamp, nil)
same(pkl.dissect("eth", ("\0"):rep(12) .. "\143\42\7").tenant.claim, 7)
