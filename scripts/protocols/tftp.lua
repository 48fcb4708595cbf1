-- TFTP. Only the first packet goes to port 69; for the rest of a transfer bind
-- the port that the server has answered from: pkl.bind("tftp", "udp.port", 41234).
pkl.protocol {
  name = "tftp", doc = "Trivial File Transfer Protocol", ref = "RFC 1350, RFC 2347",
  over = { ["udp.dport"] = 69 },
  fields = {
    { "opcode", 16, default = 1, names = { [1] = "RRQ", [2] = "WRQ", [3] = "DATA", [4] = "ACK", [5] = "ERROR", [6] = "OACK" } },
    { "file", "text", stop = "\0", when = "opcode in {1, 2}" },
    { "ttype", "text", stop = "\0", when = "opcode in {1, 2}", default = "octet", doc = "netascii or octet" },
    { "block", 16, when = "opcode in {3, 4}" },
    { "code", 16, when = "opcode == 5", names = { [0] = "other", [1] = "not_found", [2] = "access", [3] = "full", [4] = "illegal", [5] = "unknown_id", [6] = "exists", [7] = "no_user", [8] = "option" } },
    { "message", "text", stop = "\0", when = "opcode == 5" },
    { "opts", "list", when = "opcode in {1, 2, 6}", of = { { "name", "text", stop = "\0" }, { "value", "text", stop = "\0" } } },
  },
}
