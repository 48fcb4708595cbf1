-- VXLAN: Ethernet frames in UDP, each in a virtual network.
pkl.protocol {
  name = "vxlan", doc = "Virtual eXtensible Local Area Network", ref = "RFC 7348",
  over = { ["udp.dport"] = 4789 },
  fields = {
    { "flags", 16, hex = true, default = 0x0800, bits = {
      "GBP", "", "", "", "I", "", "", "", "", "DONT_LEARN", "", "", "POLICY_APPLIED", "", "", "" },
      doc = "I: the vni is valid; the others are those of the group policy extension" },
    { "group", 16, doc = "group policy id" },
    { "vni", 24, doc = "the virtual network" },
    { "reserved", 8 },
  },
}
pkl.bind("eth", "vxlan.flags", "0x0800/0x0800")
