-- GRE, with key and sequence number, and version 1 as PPTP has it. Whatever is
-- found over eth.type is found over gre too; so is a whole Ethernet frame.
pkl.protocol {
  name = "gre", doc = "Generic Routing Encapsulation", ref = "RFC 2784, RFC 2890, RFC 2637",
  over = { ["ip.p"] = 47 },
  fields = {
    { "C", 1, doc = "there is a checksum" },
    { "R", 1, doc = "routing (RFC 1701): what follows is left as bytes" },
    { "K", 1, auto = "present(key)", doc = "there is a key" },
    { "S", 1, auto = "present(seq)", doc = "there is a sequence number" },
    { "STRICT", 1 },
    { "recur", 3 },
    { "A", 1, auto = "present(ack)", doc = "there is an acknowledgment; version 1" },
    { "reserved", 4 },
    { "v", 3, doc = "version; 1 is PPTP's" },
    { "type", 16, auto = "next", key = "eth.type", hex = true, doc = "what is above, as eth.type" },
    { "sum", 16, when = "C", auto = "sum", hex = true },
    { "offset", 16, when = "C" },
    { "key", 32, when = "K", hex = true },
    { "payload_len", 16, part = "key", doc = "version 1" },
    { "call_id", 16, part = "key", doc = "version 1" },
    { "seq", 32, when = "S" },
    { "ack", 32, when = "A" },
  },
  stop = "R or v > 1",
}
pkl.bind("eth", "eth.type", 0x6558)
