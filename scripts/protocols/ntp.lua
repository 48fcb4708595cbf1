-- NTP, and its control messages (modes 6 and 7). A time is 64 bits: seconds since
-- 1900 and their fraction; ntp.unix says it as pkt.ts does.
local plain, control, private = "mode < 6", "mode == 6", "mode == 7"

local fields = {
  { "li", 2, doc = "leap second warning; 3: not synchronized" },
  { "v", 3, default = 4 },
  { "mode", 3, default = 3, names = { [1] = "symmetric_active", [2] = "symmetric_passive", [3] = "client", [4] = "server", [5] = "broadcast", [6] = "control", [7] = "private" } },
  { "stratum", 8, when = plain },
  { "interval", 8, when = plain, signed = true, doc = "of polls; exponent of 2 s" },
  { "precision", 8, when = plain, signed = true, doc = "exponent of 2 s" },
  { "delay", 32, when = plain, hex = true, doc = "to the root; 16.16 s" },
  { "dispersion", 32, when = plain, hex = true, doc = "to the root; 16.16 s" },
  { "id", "bytes", size = 4, when = plain, doc = "of the reference: text, or an address" },
}
for _, name in ipairs{ "update", "originate", "receive", "transmit" } do
  for _, f in ipairs{
    { name .. "_time", 64, when = plain, hex = true },
    { name .. "_s", 32, part = name .. "_time", doc = "seconds since 1900" },
    { name .. "_frac", 32, part = name .. "_time", hex = true },
  } do fields[#fields + 1] = f end
end
for _, f in ipairs{
  { "exts", "list", when = "mode < 6 and not (udp.len in {60, 76, 80})", doc = "extension fields (RFC 7822)", of = {
    { "type", 16, hex = true }, { "len", 16, auto = "total_len" }, { "value", "bytes" } } },
  { "key_id", 32, when = "mode < 6 and udp.len in {60, 76, 80}" },
  { "digest", "bytes", when = "mode < 6 and udp.len in {60, 76, 80}" },

  { "R", 1, when = control, doc = "an answer" }, { "E", 1, when = control, doc = "an error" },
  { "M", 1, when = control, doc = "more follows" }, { "opcode", 5, when = control },
  { "seq", 16, when = control }, { "status", 16, when = control, hex = true }, { "association", 16, when = control },
  { "offset", 16, when = control }, { "len", 16, when = control, auto = "len(data)", doc = "bytes of data" },
  { "data", "bytes", size = "len", when = control },

  { "AUTH", 1, when = private }, { "number", 7, when = private }, { "implementation", 8, when = private },
  { "request", 8, when = private }, { "err", 4, when = private }, { "items", 12, when = private },
  { "mbz", 4, when = private }, { "item_size", 12, when = private },
} do fields[#fields + 1] = f end

pkl.protocol {
  name = "ntp", doc = "Network Time Protocol", ref = "RFC 5905, RFC 9327",
  over = { ["udp.port"] = 123 },
  fields = fields,
  replies = {
    { when = "mode == 4", to = "mode == 3", same = { { "originate_time", "transmit_time" } } },
    { when = "R", to = "not R", same = { "seq", "opcode" } },
  },
}

local ntp = {}

-- ntp.unix(seconds [, fraction]) is a time in seconds since 1970.
function ntp.unix(seconds, fraction) return seconds - 2208988800 + (fraction or 0) / 2^32 end

return ntp
