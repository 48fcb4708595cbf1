-- MPLS: a layer for each label, the outermost first. What is above the last one
-- no field tells: IP shows by its version.
pkl.protocol {
  name = "mpls", doc = "A label of an MPLS stack", ref = "RFC 3032, RFC 5462",
  over = { ["eth.type"] = { 0x8847, 0x8848 }, ["mpls.S"] = 0, ["udp.dport"] = 6635 },
  fields = {
    { "label", 20, names = { [0] = "ip4_null", [1] = "router_alert", [2] = "ip6_null", [3] = "implicit_null" } },
    { "tc", 3, doc = "traffic class" },
    { "S", 1, auto = "next", default = true, doc = "the last label" },
    { "ttl", 8, default = 64 },
  },
}
pkl.bind("ip", "mpls.S", { 1, check = "v == 4" })
pkl.bind("ip6", "mpls.S", { 1, check = "v == 6" })
