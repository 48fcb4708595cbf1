-- RTP. Its port is agreed upon elsewhere (pkl.bind("rtp", "udp.port", 40000)).
-- Padding is found in packets that came. To build some, make it part of the body:
-- pkl.rtp{ P = true, body = "voice\0\0\3" }.
pkl.protocol {
  name = "rtp", doc = "Real-time Transport Protocol", ref = "RFC 3550",
  over = { ["udp.port"] = { 5004, 5005 } },
  check = "version == 2",
  fields = {
    { "version", 2, default = 2 },
    { "P", 1, doc = "padding follows the payload" },
    { "X", 1, auto = "present(profile)", doc = "there is a header extension" },
    { "cc", 4, auto = "count(csrc)" },
    { "M", 1, doc = "marker" },
    { "pt", 7, doc = "payload type", names = { [0] = "PCMU", [3] = "GSM", [4] = "G723", [8] = "PCMA", [9] = "G722", [18] = "G729", [26] = "JPEG", [31] = "H261", [33] = "MP2T", [34] = "H263" } },
    { "seq", 16 },
    { "ts", 32, doc = "timestamp, in the clock of the payload" },
    { "ssrc", 32, hex = true, doc = "the source" },
    { "csrc", "list", of = { { "id", 32, hex = true } }, count = "cc", doc = "the sources that a mixer has put together" },
    { "profile", 16, when = "X", hex = true, doc = "of the extension" },
    { "ext_len", 16, when = "X", auto = "len(ext) / 4", doc = "in words" },
    { "ext", "bytes", when = "X", size = "ext_len * 4" },
  },
  footer = {
    { "padding", "bytes", when = "P", size = "udp.body[-1]", doc = "its last byte counts all of it" },
  },
}
