-- PPPoE, discovery and session, and PPP above it. Discovery is built on
-- pkl.eth{ type = 0x8863 }. Whoever has loaded the library's
-- mpls too may say pkl.bind("mpls", "ppp.p", 0x281).
pkl.protocol {
  name = "pppoe", doc = "PPP over Ethernet", ref = "RFC 2516, RFC 4638",
  over = { ["eth.type"] = { 0x8864, 0x8863 } },
  fields = {
    { "v", 4, default = 1 }, { "type", 4, default = 1 },
    { "code", 8, hex = true, names = { [0] = "session", [7] = "PADO", [9] = "PADI", [0x19] = "PADR", [0x65] = "PADS", [0xa7] = "PADT" } },
    { "session", 16, hex = true },
    { "len", 16, when = "code == 0", auto = "body_len" },
    { "len", 16, when = "code != 0", auto = "len(tags)" },
    { "tags", "list", when = "code != 0", size = "len", by = "type",
      of = {
        { "type", 16, hex = true, names = {
          [0] = "end_of_list", [0x101] = "service_name", [0x102] = "ac_name", [0x103] = "host_uniq", [0x104] = "ac_cookie",
          [0x105] = "vendor", [0x110] = "relay_session_id", [0x120] = "max_payload", [0x201] = "service_name_error",
          [0x202] = "ac_system_error", [0x203] = "generic_error" } },
        { "len", 16, auto = "body_len" },
      },
      kinds = {
        service_name = { { "service_name", "text" } },
        ac_name = { { "ac_name", "text" } },
        host_uniq = { { "host_uniq", "bytes" } },
        ac_cookie = { { "ac_cookie", "bytes" } },
        vendor = { { "vendor", 32, hex = true }, { "data", "bytes" } },
        relay_session_id = { { "relay_session_id", "bytes" } },
        max_payload = { { "max_payload", 16 } },
        ["0x201-0x203"] = { { "error", "text" } },
      },
      other = { { "value", "bytes" } },
    },
  },
}

pkl.protocol {
  name = "ppp", doc = "Point-to-Point Protocol", ref = "RFC 1661, RFC 1662",
  over = { ["pppoe.code"] = 0, ["eth.type"] = 0x880b, link = { 9, 50 } },
  fields = {
    { "hdlc", 16, when = "hdlc == 0xff03", hex = true, doc = "address and control, where they are not left out" },
    { "pc", 8, when = "pc & 1 == 1", auto = "next", hex = true, doc = "p in a byte (RFC 1661 §6.5)" },
    { "p", 16, when = "not present(pc)", auto = "next", key = "ppp.p", hex = true, default = 0x21,
      names = { [0x21] = "ip", [0x57] = "ip6", [0x281] = "mpls", ["0x8021"] = "ipcp", ["0x8057"] = "ip6cp", ["0x80fd"] = "ccp",
        ["0xc021"] = "lcp", ["0xc023"] = "pap", ["0xc223"] = "chap" } },
  },
}
pkl.bind("ip", "ppp.p", 0x21)
pkl.bind("ip6", "ppp.p", 0x57)
pkl.bind("ip", "ppp.pc", "0x21/0xff") -- a mask fills nothing: p is what is built
pkl.bind("ip6", "ppp.pc", "0x57/0xff")
