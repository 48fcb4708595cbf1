-- More protocols of standards, and of nobody, written as a user would from the documentation.
local function hexof(p, want)
  p:update()
  local have, wanted = pkl.hex(p:raw()), (want:gsub("%s", ""))
  if have ~= wanted then error(("have %s\nwant %s"):format(have, wanted), 2) end
  return assert(pkl.dissect(p.first.proto, p:raw()))
end
local function same(a, b) if a ~= b then error(("have %s, want %s"):format(tostring(a), tostring(b)), 2) end end

pkl.protocol { name = "xsmtp", over = { tcp = true }, check = "count(lines) > 0 and lines.verb in {\"HELO\", \"EHLO\", \"QUIT\"}",
  fields = { { "lines", "list", of = { { "verb", "text", size = 4 }, { "arg", "text", stop = "\r\n" } } } } }
local p = pkl.dissect("tcp", (pkl.tcp{sport = 1, dport = 2} + "HELO me\r\nQUIT\r\nHE"):bytes())
same(#p.xsmtp.lines, 2) same(p.xsmtp.lines[1].arg, " me") same(p.xsmtp.lines.rest, "HE") same(p.err, nil)
same(pkl.dissect("tcp", (pkl.tcp{sport = 1, dport = 2} + "NOPE me\r\n"):bytes()).xsmtp, nil)
assert(pkl.filter('any(xsmtp.lines, verb == "QUIT" and arg == "")')(p))

pkl.protocol { name = "xlines", over = { ["udp.port"] = 55140 }, fields = {
  { "pri", "text", stop = ">" }, { "headers", "list", of = { { "name", "text", stop = ": " }, { "value", "text", stop = "\r\n" } }, stop = 'name == "" and value == ""' }, { "msg", "text" } } }
p = pkl.xlines{pri = "<13", headers = { { name = "A", value = "b" } }, msg = "end"}
hexof(p, pkl.hex("<13>A: b\r\n: \r\nend"))
p.xlines.headers:insert(1, { name = "First", value = "1" }) hexof(p, pkl.hex("<13>First: 1\r\nA: b\r\n: \r\nend"))

pkl.protocol { name = "xnet", over = { ["eth.type"] = 0x88b7 }, pseudo = { "src", "dst" }, pairs = { { "src", "dst" } }, len = "len",
  fields = { { "ver", 4, default = 1 }, { "hops", 4, default = 7 }, { "nxt", 8, key = "ip.p", auto = "next" }, { "len", 16, auto = "total_len" }, { "src", "ip4" }, { "dst", "ip4" } } }
p = pkl.eth() + pkl.xnet{src = "10.0.0.1", dst = "10.0.0.2"} + pkl.udp{sport = 1, dport = 2} + "abc"
local q = pkl.ip{src = "10.0.0.1", dst = "10.0.0.2"} + pkl.udp{sport = 1, dport = 2} + "abc"
p:update() q:update()
same(p.udp.sum, q.udp.sum) same(p.xnet.nxt, 17) same(p.eth.type, 0x88b7) same(#p:verify(), 0)
same(p:flow(), "udp 10.0.0.1:1 10.0.0.2:2")
p:reverse() same(p.xnet.src, "10.0.0.2") same(p.udp.dport, 1)

pkl.protocol { name = "xtrans", over = { ["ip.p"] = 246 }, fields = { { "sport", 16 }, { "dport", 16 }, { "sum", 16, auto = "pseudo_sum", hex = true }, { "len", 16, auto = "total_len" } }, pairs = { { "sport", "dport" } } }
p = pkl.xnet{src = "1.2.3.4", dst = "5.6.7.8"} + pkl.xtrans{sport = 5, dport = 6} + "odd"
p:update() same(p.xnet.nxt, 246) same(#p:verify(), 0)
p.xtrans.body = "even" p:update() same(p.xtrans.len, 12) same(#p:verify(), 0)
p.xnet.dst = "5.6.7.9" p:update() same(#p:verify(), 0)

pkl.protocol { name = "xwide", over = { link = 150 }, fields = {
  { "s64", 64, signed = true }, { "u64", 64 }, { "s33", 33, signed = true }, { "u31", 31 }, { "le48", 48, le = true }, { "s16", 16, signed = true, le = true, default = -3 } } }
p = hexof(pkl.xwide{s64 = -5, u64 = pkl.u64("0x8000000000000001"), s33 = -1, u31 = 5, le48 = 0x010203040506},
  "fffffffffffffffb 8000000000000001 ffffffff80000005 060504030201 fdff")
same(p.xwide.s64, -5) same(p.xwide.s33, -1) same(p.xwide.u31, 5) same(p.xwide.le48, 0x010203040506) same(p.xwide.s16, -3)
assert(pkl.filter("xwide.s64 == -5 and xwide.s33 < 0 and xwide.u64 > 0x8000000000000000 and xwide.s16 == -3")(p))
for _, v in ipairs{-1, 0, 1, 2 ^ 53 - 1, -(2 ^ 53 - 1)} do p.xwide.s64 = v same(p.xwide.s64, v) end
p.xwide.s64 = p.xwide.s64

pkl.protocol { name = "xmdns", over = { ["udp.port"] = 55353 }, fields = { { "id", 16 }, { "n", 16 }, { "qs", "list", count = "n", of = { { "name", "name" }, { "type", 16, default = 1 }, { "class", 16, default = 1 } } } } }
p = pkl.xmdns{qs = { { name = "a.example.org" }, { name = "b.example.org", type = 28 } }} p:update()
same(p.xmdns.n, 2) same(p.xmdns.qs[2].name, "b.example.org")
q = pkl.dissect("xmdns", p:bytes()) same(q.xmdns.qs[2].name, "b.example.org")
q.xmdns.qs[1].name = "long.name.example.net" q:update() same(q.xmdns.qs[2].name, "b.example.org") same(q.xmdns.qs[1].name, "long.name.example.net")

local seen = 0
pkl.protocol { name = "xhook", over = { ["udp.port"] = 57001 }, fields = { { "n", 8 }, { "parity", 8 } },
  hook = function(l) seen = seen + 1 if l.n == 255 then error("bad n") end end,
  hook_update = function(l) l.parity = l.n % 2 end }
p = pkl.udp() + pkl.xhook{n = 7} + "z" p:update() same(p.xhook.parity, 1)
p.xhook.n = 8 p:update() same(p.xhook.parity, 0)
assert(pkl.dissect("udp", p:bytes()).xhook.n == 8 and seen > 0)
p.xhook.n = 255 q = pkl.dissect("udp", p:bytes()) same(q.xhook, nil) assert(tostring(q.err):find("bad n"))

pkl.protocol { name = "xigmp", over = { ["ip.p"] = 245 }, fields = { { "type", 8, default = 0x22 }, { "res", 8 }, { "sum", 16, auto = "sum", hex = true }, { "res2", 16 }, { "n", 16 },
  { "records", "list", count = "n", of = { { "type", 8, default = 4 }, { "auxlen", 8, auto = "len(aux) / 4" }, { "nsrc", 16 }, { "group", "ip4" }, { "sources", "list", of = "ip4", count = "nsrc" }, { "aux", "bytes", size = "auxlen * 4" } } } } }
p = hexof(pkl.xigmp{records = { { group = "224.0.0.1", sources = { "1.1.1.1", "2.2.2.2" } }, { group = "224.0.0.2" } }},
  "2200 0ff1 0000 0002 04000002 e0000001 01010101 02020202 04000000 e0000002")
p.xigmp.records[1].sources:remove(1) p:update() same(p.xigmp.records[1].nsrc, 1) same(#p:verify(), 0) same(p.xigmp.records[2].group, "224.0.0.2")

pkl.protocol { name = "xframe", over = { ["tcp.port"] = 57002 }, check = "count(msgs) > 0", fields = { { "msgs", "list", of = {
  { "magic", 32, hex = true, default = 0xcafebabe }, { "len", 32, auto = "total_len" }, { "kind", 8, names = { [1] = "data", [2] = "ack" } },
  { "seq", 32, when = "kind == 2" }, { "data", "bytes", when = "kind == 1" }, { "other", "bytes", when = "kind > 2 or kind == 0" } } } } }
p = pkl.tcp() + pkl.xframe{msgs = { { kind = "data", data = "abc" }, { kind = "ack", seq = 9 } }} p:update()
same(p.xframe.msgs[1].len, 12) same(p.xframe.msgs[2].len, 13)
q = pkl.dissect("tcp", p:bytes():sub(1, -3)) same(#q.xframe.msgs, 1) same(#q.xframe.msgs.rest, 11) same(q.err, nil)
assert(not pcall(function() p.xframe.msgs[1].seq = 1 end))

pkl.protocol { name = "xpad", over = { ["ip.p"] = 244 }, header = "hl * 4", fields = {
  { "hl", 8, auto = "header_len", unit = 4 }, { "tag", "text", size = 3 }, { "a", 8 }, { "b", 32, align = 4 }, { "n", 8 }, { "blob", "bytes", size = "n" }, { "", "pad", align = 4 } } }
p = hexof(pkl.xpad{tag = "ab", a = 1, b = 2, blob = "xyz"} + "up", "04 616200 01 000000 00000002 03 78797a 7570")
p.xpad.blob = "xy" hexof(p, "04 616200 01 000000 00000002 02 7879 00 7570")
p.xpad.blob = "12345" hexof(p, "05 616200 01 000000 00000002 05 3132333435 0000 7570")

pkl.protocol { name = "xsctp", over = { ["ip.p"] = 243 }, fields = { { "sport", 16 }, { "dport", 16 }, { "vtag", 32 }, { "sum", 32, auto = "crc32c", hex = true },
  { "chunks", "list", align = 4, by = "type", of = { { "type", 8, names = { [0] = "data", [1] = "init" } }, { "flags", 8, bits = { "U", "B", "E" } }, { "len", 16, auto = "total_len" } },
    kinds = { data = { { "tsn", 32 }, { "sid", 16 }, { "ssn", 16 }, { "ppid", 32 }, { "data", "bytes" } } }, other = { { "v", "bytes" } } } } }
p = pkl.ip() + pkl.xsctp{sport = 1, dport = 2, chunks = { { tsn = 1, data = "hi", flags = "B|E" }, { type = 14 } }} p:update()
same(#p.xsctp, 12 + 20 + 4) same(#p:verify(), 0) same(p.xsctp.chunks[1].E, true)
q = pkl.sctp{sport = 1, dport = 2, chunks = { { type = "data", tsn = 1, data = "hi", flags = 3 }, { type = 14 } }} q:update()
same(pkl.hex(q.sctp.chunks_raw), pkl.hex(p.xsctp.chunks_raw)) same(q.sctp.sum, p.xsctp.sum)

pkl.protocol { name = "xquic", over = { ["udp.port"] = 57003 }, fields = {
  { "FORM", 1, default = true }, { "FIXED", 1, default = true }, { "type", 2 }, { "res", 2 }, { "pnl", 2 }, { "ver", 32, when = "FORM", default = 1 },
  { "dlen", 8, when = "FORM" }, { "dcid", "bytes", when = "FORM", size = "dlen" }, { "slen", 8, when = "FORM" }, { "scid", "bytes", when = "FORM", size = "slen" } } }
p = hexof(pkl.xquic{dcid = "abcd", scid = "z"} + "rest", "c0 00000001 04 61626364 01 7a 72657374")
p.xquic.dcid = "" hexof(p, "c0 00000001 00 01 7a 72657374")
p = hexof(pkl.xquic{FORM = false} + "r", "40 72") same(p.xquic.dcid, nil)

pkl.protocol { name = "xgtp", over = { ["udp.port"] = 57004 }, len = "len + 8", fields = {
  { "ver", 3, default = 1 }, { "PT", 1, default = true }, { "r", 1 }, { "E", 1 }, { "S", 1, auto = "present(seq)" }, { "PN", 1 }, { "type", 8, default = 255 }, { "len", 16, auto = "total_len", bias = -8 }, { "teid", 32, hex = true },
  { "seq", 16, when = "E or S or PN" }, { "npdu", 8, when = "E or S or PN" }, { "next", 8, when = "E or S or PN" } } }
p = hexof(pkl.xgtp{teid = 1} + "ip", "30 ff 0002 00000001 6970")
p = hexof(pkl.xgtp{teid = 1, seq = 3} + "ip", "32 ff 0006 00000001 0003 00 00 6970")

pkl.protocol { name = "xpppoe", over = { ["eth.type"] = 0x9863 }, fields = { { "ver", 4, default = 1 }, { "type", 4, default = 1 }, { "code", 8, names = { [9] = "padi" } }, { "sid", 16, hex = true }, { "len", 16, auto = "body_len" } } }
p = pkl.eth() + pkl.xpppoe{code = 9} + "abc" p = pkl.dissect("eth", p:bytes() .. ("\0"):rep(30)) same(p.xpppoe.len, 3) same(p.xpppoe.body, "abc") same(#p.eth.trailer, 30)
pkl.protocol { name = "xtags", fields = { { "l", "list", of = { { "type", 16 }, { "len", 16, auto = "len(v)" }, { "v", "bytes", size = "len" } }, stop = "type == 0" } } }
hexof(pkl.xtags{l = { { type = 0x101, v = "" } }}, "01010000 00000000")

pkl.protocol { name = "xasn", fields = { { "tag", 8, default = 0x30, hex = true }, { "L", 1 }, { "n", 7 }, { "long", 16, when = "L and n == 2" }, { "size", get = "n" }, { "v", "bytes", size = "n", when = "not L" } } }
p = hexof(pkl.xasn{v = "abc", n = 3}, "30 03 616263")

pkl.protocol { name = "xbgp", over = { ["tcp.port"] = 57005 }, check = "count(m) > 0 and m.marker == 0xffffffffffffffff", fields = { { "m", "list", by = "type", of = {
  { "marker", 64, default = pkl.u64("0xffffffffffffffff"), hex = true }, { "marker2", 64, default = pkl.u64("0xffffffffffffffff"), hex = true }, { "len", 16, auto = "total_len" }, { "type", 8, names = { [1] = "open", [2] = "update", [4] = "keepalive" } } },
  kinds = { open = { { "v", 8, default = 4 }, { "as", 16 }, { "hold", 16 }, { "id", "ip4" }, { "optlen", 8 }, { "opts", "bytes", size = "optlen" } }, [4] = {},
    update = { { "wlen", 16 }, { "wd", "list", size = "wlen", of = { { "plen", 8 }, { "pfx", "bytes", size = "(plen + 7) / 8" } } }, { "alen", 16 }, { "attrs", "list", size = "alen", of = {
      { "O", 1 }, { "T", 1 }, { "P", 1 }, { "X", 1 }, { "z", 4 }, { "code", 8 }, { "len", 8, when = "not X", auto = "len(v)" }, { "len", 16, when = "X", auto = "len(v)" }, { "v", "bytes", size = "len" } } },
      { "nlri", "list", of = { { "plen", 8 }, { "pfx", "bytes", size = "(plen + 7) / 8" } } } } }, other = { { "b", "bytes" } } } } }
p = pkl.tcp() + pkl.xbgp{m = { { type = "open", as = 65000, id = "1.1.1.1" }, { type = "keepalive" }, { type = "update", attrs = { { T = true, code = 1, v = "\0" }, { X = true, code = 2, v = "ab" } }, nlri = { { plen = 17, pfx = "\10\1\128" } } } }}
p:update() same(p.xbgp.m[1].len, 29) same(p.xbgp.m[2].len, 19) same(p.xbgp.m[3].alen, 10) same(p.xbgp.m[3].attrs[2].len, 2)
q = pkl.dissect("tcp", p:bytes()) same(#q.xbgp.m, 3) same(q.xbgp.m[3].nlri[1].plen, 17)
q.xbgp.m[3].attrs[1].v = "abc" q:update() same(q.xbgp.m[3].alen, 12) same(q.xbgp.m[3].len, 19 + 2 + 2 + 12 + 4)
