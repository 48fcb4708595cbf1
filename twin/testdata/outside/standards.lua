-- Protocols of standards, written as a user would from the documentation.
local function hexof(p, want)
  p:update()
  local have, wanted = pkl.hex(p:raw()), (want:gsub("%s", ""))
  if have ~= wanted then error(("have %s\nwant %s"):format(have, wanted), 2) end
  return assert(pkl.dissect(p.first.proto, p:raw()))
end
local function same(a, b) if a ~= b then error(("have %s, want %s"):format(tostring(a), tostring(b)), 2) end end

pkl.protocol { name = "xntp", doc = "Network Time Protocol", ref = "RFC 5905", over = { ["udp.port"] = 50123 },
  fields = {
    { "li", 2, names = { [0] = "none", [3] = "unsync" } }, { "vn", 3, default = 4 }, { "mode", 3, default = 3, names = { [3] = "client", [4] = "server" } },
    { "stratum", 8 }, { "poll", 8, signed = true }, { "precision", 8, signed = true },
    { "delay", 32 }, { "dispersion", 32 }, { "refid", "ip4" },
    { "ref", 64 }, { "orig", 64 }, { "recv", 64 }, { "xmit", 64 },
    { "exts", "list", of = { { "type", 16, hex = true }, { "len", 16, auto = "total_len" }, { "v", "bytes" } }, align = 4 },
  } }
local p = pkl.udp() + pkl.xntp{mode = "server", precision = -20, xmit = pkl.u64("0xdeadbeef01020304"), exts = { { type = 0x104, v = "12345678" } }}
p:update()
same(p.udp.dport, 50123) same(p.xntp.precision, -20) same(p.xntp.exts[1].len, 12)
same(tostring(p.xntp.xmit), "16045690981114315524")
assert(pkl.filter("xntp.xmit > 0xdead000000000000 and xntp.mode == server")(p))

pkl.protocol { name = "xradius", over = { ["udp.port"] = { 51812, 51813 } },
  fields = {
    { "code", 8, names = { [1] = "access_request", [2] = "access_accept" } }, { "id", 8 }, { "len", 16, auto = "total_len" }, { "auth", "bytes", size = 16 },
    { "attrs", "list", by = "type", of = { { "type", 8, names = { [1] = "user_name", [4] = "nas_ip", [5] = "nas_port", [26] = "vendor" } }, { "len", 8, auto = "total_len" } },
      kinds = {
        user_name = { { "user", "text" } }, nas_ip = { { "nas", "ip4" } }, nas_port = { { "nasport", 32 } },
        vendor = { { "vid", 32 }, { "subs", "list", of = { { "type", 8 }, { "len", 8, auto = "total_len" }, { "v", "bytes" } } } },
      }, other = { { "v", "bytes" } } } } }
p = hexof(pkl.xradius{code = 1, id = 7, attrs = { { user = "bob" }, { nas = "10.0.0.1" }, { vid = 9, subs = { { type = 1, v = "x" } } }, { type = 80, v = "zz" } }},
  "01 07 002c" .. ("00"):rep(16) .. "01 05 626f62 04 06 0a000001 1a 09 00000009 01 03 78 50 04 7a7a")
same(p.xradius.attrs:find{type = "user_name"}.user, "bob")
p.xradius.attrs[1].user = "alice" p:update() same(p.xradius.len, 46) same(p.xradius.attrs[1].len, 7)

pkl.protocol { name = "xcoap", over = { ["udp.port"] = 55683 },
  fields = {
    { "ver", 2, default = 1 }, { "type", 2, names = { [0] = "con", [1] = "non", [2] = "ack", [3] = "rst" } }, { "tkl", 4, auto = "len(token)" },
    { "class", 3 }, { "detail", 5 }, { "mid", 16 }, { "token", "bytes", size = "tkl" },
    { "opts", "list", stop = "delta == 15 and len == 15", of = {
      { "delta", 4 }, { "len", 4 },
      { "delta1", 8, when = "delta == 13" }, { "delta2", 16, when = "delta == 14" },
      { "len1", 8, when = "len == 13" }, { "len2", 16, when = "len == 14" },
      { "v", "bytes", size = "len", when = "len < 13" }, { "v", "bytes", size = "len1 + 13", when = "len == 13" }, { "v", "bytes", size = "len2 + 269", when = "len == 14" },
    } },
    { "payload", "bytes" },
  } }
p = hexof(pkl.xcoap{token = "ab", mid = 0x1234, class = 0, detail = 1, opts = { { delta = 11, len = 3, v = "abc" } }, payload = "hi"}, "42 01 1234 6162 b3 616263 ff 6869")
same(#p.xcoap.opts, 1) same(p.xcoap.payload, "hi") same(p.xcoap.tkl, 2)

pkl.protocol { name = "xgre", over = { ["ip.p"] = 247 },
  fields = {
    { "C", 1, auto = "present(sum)" }, { "R", 1 }, { "K", 1, auto = "present(key)" }, { "S", 1, auto = "present(seq)" }, { "res", 9 }, { "ver", 3 },
    { "type", 16, key = "eth.type", auto = "next", hex = true },
    { "sum", 16, when = "C", auto = "sum", hex = true }, { "off", 16, when = "C" },
    { "key", 32, when = "K" }, { "seq", 32, when = "S" },
  } }
p = pkl.ip() + pkl.xgre{key = 5, seq = 9} + pkl.ip() + pkl.udp()
p:update() same(p.xgre.type, 0x800) same(p.xgre.K, true) same(p.xgre.C, false) same(#p, 20 + 12 + 20 + 8)
p.xgre.key = nil p:update() same(p.xgre.K, false) same(p.xgre.seq, 9)
p.xgre.sum = 0 p.xgre.sum = nil p:update()
p = pkl.xgre{off = 0, sum = 0}

pkl.protocol { name = "xmpls", over = { ["eth.type"] = 0x8850 },
  fields = { { "stack", "list", last = "S", of = { { "label", 20 }, { "tc", 3 }, { "S", 1 }, { "ttl", 8, default = 64 } } } } }
p = hexof(pkl.xmpls{stack = { { label = 16 }, { label = 17 } }} + "x", "00010040 00011140 78")
p.xmpls.stack:append{label = 18} hexof(p, "00010040 00011040 00012140 78")
same(pkl.xmpls().xmpls.stack and #pkl.xmpls().xmpls.stack, 0)

pkl.protocol { name = "xstun", over = { ["udp.port"] = 53478 }, check = "cookie == 0x2112a442 and z == 0",
  fields = {
    { "z", 2 }, { "type", 14, names = { [1] = "binding_request", [0x101] = "binding_response" } }, { "len", 16, auto = "len(attrs)" },
    { "cookie", 32, default = 0x2112a442, hex = true }, { "tid", "bytes", size = 12 },
    { "attrs", "list", align = 4, by = "type", of = { { "type", 16 }, { "len", 16, auto = "body_len" } }, size = "len",
      kinds = { [1] = { { "zero", 8 }, { "family", 8, default = 1 }, { "port", 16 }, { "addr", "ip4", when = "family == 1" }, { "addr", "ip6", when = "family == 2" } } },
      other = { { "v", "bytes" } } },
  } }
p = hexof(pkl.xstun{type = 1, attrs = { { type = 0x8022, v = "pkl" }, { type = 1, port = 80, addr = "1.2.3.4" } }},
  "0001 0014 2112a442" .. ("00"):rep(12) .. "8022 0003 706b6c 00 0001 0008 00 01 0050 01020304")
same(p.xstun.attrs[2].addr, "1.2.3.4")
p.xstun.attrs[1].v = "hello" p:update() same(p.xstun.len, 24)

pkl.protocol { name = "xrtp", over = { ["udp.port"] = "56000-56100" }, check = "v == 2",
  fields = {
    { "v", 2, default = 2 }, { "P", 1 }, { "X", 1, auto = "present(ext)" }, { "cc", 4, auto = "count(csrc)" }, { "M", 1 }, { "pt", 7 }, { "seq", 16 }, { "ts", 32 }, { "ssrc", 32, hex = true },
    { "csrc", "list", of = 32, count = "cc" },
    { "profile", 16, when = "X" }, { "words", 16, when = "X", auto = "len(ext) / 4" }, { "ext", "bytes", when = "X", size = "words * 4" },
  } }
p = hexof(pkl.xrtp{csrc = { 1, 2 }, pt = 96, seq = 3} + "media", "82 60 0003 00000000 00000000 00000001 00000002 6d65646961")
p.xrtp.ext = "abcd" p:update() same(p.xrtp.X, true) same(p.xrtp.words, 1) same(p.xrtp.profile, 0)
p.xrtp.csrc:remove(1) hexof(p, "91 60 0003 00000000 00000000 00000002 0000 0001 61626364 6d65646961")

pkl.protocol { name = "xgeneve", over = { ["udp.port"] = 56081 },
  fields = { { "ver", 2 }, { "optlen", 6, auto = "len(opts) / 4" }, { "O", 1 }, { "C", 1 }, { "rsv", 6 }, { "type", 16, key = "eth.type", auto = "next", hex = true }, { "vni", 24 }, { "rsv2", 8 },
    { "opts", "list", size = "optlen * 4", of = { { "class", 16 }, { "type", 8 }, { "r", 3 }, { "len", 5, auto = "len(v) / 4" }, { "v", "bytes", size = "len * 4" } } } } }
p = hexof(pkl.xgeneve{vni = 7, opts = { { class = 1, type = 2, v = "abcd" } }}, "02 00 0000 000007 00 0001 02 01 61626364")
p = pkl.xgeneve{opts = {}} + pkl.ip() + pkl.udp() p:update() same(p.xgeneve.type, 0x800)
p = pkl.xcoap(pkl.unhex("40010000 d300 616263 ff 70"):sub(1,4) .. pkl.unhex("bd 00") .. ("x"):rep(13) .. "\255p")
same(p.xcoap.opts[1].v, ("x"):rep(13)) same(p.xcoap.payload, "p")
p.xcoap.opts[1].v = ("y"):rep(13) p:update() same(p.xcoap.opts[1].v, ("y"):rep(13))
assert(not pcall(function() p.xcoap.opts[1].v = "abc" end))     -- which v is there hangs on len

pkl.protocol { name = "xusb", over = { link = 249 },
  fields = { { "id", 64, le = true, hex = true }, { "len", 32, le = true, auto = "body_len" }, { "status", 32, le = true, signed = true }, { "ep", 4, lsb = true }, { "r", 3, lsb = true }, { "IN", 1, lsb = true }, { "vid", 16, le = true, hex = true } } }
p = hexof(pkl.xusb{id = 1, status = -2, ep = 3, IN = true, vid = 0x1d6b} + "xy", "0100000000000000 02000000 feffffff 83 6b1d 7879")
same(p.xusb.status, -2) same(p.xusb.IN, true)

pkl.protocol { name = "xble", fields = {
    { "aa", 32, le = true, hex = true, default = 0x8e89bed6 },
    { "type", 4, lsb = true }, { "rfu", 2, lsb = true }, { "TX", 1, lsb = true }, { "RX", 1, lsb = true },
    { "len", 8, auto = "body_len" } },
  footer = { { "crc", 24, auto = "crc24", hex = true } } }
p = pkl.xble{type = 0, TX = true} + "\1\2\3\4\5\6" p:update() same(#p, 4 + 2 + 6 + 3) same(#p:verify(), 0)

pkl.protocol { name = "xeth4", fields = { { "n", 8 } }, footer = { { "fcs", 32, auto = "crc32" } } }
p = pkl.xeth4{n = 0x31} + "23456789" hexof(p, "31 3233343536373839 2639f4cb")

pkl.protocol { name = "xnf5", over = { ["udp.port"] = 52055 }, fields = {
    { "version", 16, default = 5 }, { "n", 16 }, { "uptime", 32 }, { "secs", 32 }, { "nsecs", 32 }, { "seq", 32 }, { "etype", 8 }, { "eid", 8 }, { "mode", 2 }, { "rate", 14 },
    { "flows", "list", count = "n", of = { { "src", "ip4" }, { "dst", "ip4" }, { "nexthop", "ip4" }, { "input", 16 }, { "output", 16 }, { "pkts", 32 }, { "octets", 32 }, { "first", 32 }, { "last", 32 },
      { "sport", 16 }, { "dport", 16 }, { "pad1", 8 }, { "flags", 8, bits = { "URG", "ACK", "PSH", "RST", "SYN", "FIN" } }, { "p", 8, names = { [6] = "tcp", [17] = "udp" } }, { "tos", 8 }, { "sas", 16 }, { "das", 16 }, { "smask", 8 }, { "dmask", 8 }, { "pad2", 16 } } },
  } }
p = pkl.xnf5{flows = { { src = "1.2.3.4", p = "tcp", flags = "SYN|ACK" }, { dst = "5.6.7.8" } }} p:update() same(p.xnf5.n, 2) same(#p, 24 + 96)
p.xnf5.flows:append{p = 17} p:update() same(p.xnf5.n, 3) same(p.xnf5.flows[1].SYN, true)
assert(pkl.filter("xnf5.flows.p == udp and xnf5.flows.SYN")(p))

pkl.struct { name = "xd6opt", fields = { { "code", 16, names = { [1] = "clientid", [3] = "ia_na", [5] = "iaaddr" } }, { "len", 16, auto = "body_len" },
    { "iaid", 32, when = "code == 3" }, { "t1", 32, when = "code == 3" }, { "t2", 32, when = "code == 3" },
    { "addr", "ip6", when = "code == 5" }, { "pref", 32, when = "code == 5" }, { "valid", 32, when = "code == 5" },
    { "opts", "list", of = "xd6opt", when = "code in {3, 5}" }, { "v", "bytes", when = "code not in {3, 5}" } } }
pkl.protocol { name = "xdhcp6", over = { ["udp.port"] = { 50546, 50547 } }, fields = { { "type", 8 }, { "xid", 24, hex = true }, { "opts", "list", of = "xd6opt" } } }
p = hexof(pkl.xdhcp6{type = 1, xid = 0x112233, opts = { { code = 1, v = "ab" }, { code = "ia_na", iaid = 7, opts = { { code = "iaaddr", addr = "2001:db8::1", valid = 9 } } } }},
  "01 112233 0001 0002 6162 0003 0028 00000007 00000000 00000000 0005 0018 20010db8000000000000000000000001 00000000 00000009")
p.xdhcp6.opts[2].opts[1].opts:append{code = 13, v = "\0\0"} p:update() same(p.xdhcp6.opts[2].len, 46)
assert(pkl.filter("xdhcp6.opts.opts.addr == 2001:db8::1")(p))

pkl.protocol { name = "xospf", over = { ["ip.p"] = 248 }, fields = {
    { "v", 8, default = 2 }, { "type", 8, default = 1, names = { [1] = "hello", [4] = "update" } }, { "len", 16, auto = "total_len" }, { "router", "ip4" }, { "area", "ip4" },
    { "sum", 16, auto = "sum", hex = true }, { "autype", 16 }, { "auth", 64 },
    { "mask", "ip4", when = "type == 1" }, { "hello", 16, when = "type == 1", default = 10 }, { "options", 8, when = "type == 1" }, { "prio", 8, when = "type == 1" }, { "dead", 32, when = "type == 1" }, { "dr", "ip4", when = "type == 1" }, { "bdr", "ip4", when = "type == 1" },
    { "nbrs", "list", of = "ip4", when = "type == 1" },
    { "nlsa", 32, when = "type == 4", auto = "count(lsas)" },
    { "lsas", "list", when = "type == 4", count = "nlsa", of = { { "age", 16 }, { "opt", 8 }, { "type", 8 }, { "id", "ip4" }, { "adv", "ip4" }, { "seq", 32 }, { "sum", 16 }, { "len", 16, auto = "total_len" }, { "v", "bytes" } } },
  } }
p = pkl.ip() + pkl.xospf{nbrs = { "1.1.1.1" }} p:update() same(p.xospf.len, 48) same(#p:verify(), 0)
p.xospf.nbrs:append("2.2.2.2") p:update() same(p.xospf.len, 52) same(#p:verify(), 0)
p = pkl.ip() + pkl.xospf{type = "update", lsas = { { v = "abcd" } }} p:update() same(p.xospf.nlsa, 1) same(p.xospf.lsas[1].len, 24)
