-- STUN. In XOR-MAPPED-ADDRESS, xport and xaddr are as on the wire; port and addr4
-- are what they stand for, and stun.address says it as text.
local xor = "(%s | %s) - (%s & %s)"
local function unmasked(field, mask) return xor:format(field, mask, field, mask) end

local address = {
  { "reserved", 8 }, { "family", 8, default = 1, names = { [1] = "ip4", [2] = "ip6" } },
  { "port", 16 },
  { "addr", "ip4", when = "family == 1" },
  { "addr", "ip6", when = "family == 2" },
}
local masked = {
  { "reserved", 8 }, { "family", 8, default = 1, names = { [1] = "ip4", [2] = "ip6" } },
  { "xport", 16, hex = true },
  { "xaddr", 32, hex = true, when = "family == 1" },
  { "xaddr6", "bytes", size = 16, when = "family == 2" },
  { "port", get = unmasked("xport", "0x2112") },
  { "addr4", get = unmasked("xaddr", "0x2112a442"), doc = "an IPv4 address as a number" },
}

pkl.protocol {
  name = "stun", doc = "Session Traversal Utilities for NAT, and TURN", ref = "RFC 8489, RFC 8656",
  over = { ["udp.port"] = 3478, ["tcp.port"] = 3478 },
  check = "type < 0x4000 and cookie == 0x2112a442",
  fields = {
    { "type", 16, default = 1, hex = true, names = {
      [0x001] = "binding_request", [0x011] = "binding_indication", [0x101] = "binding_response", [0x111] = "binding_error",
      [0x003] = "allocate_request", [0x103] = "allocate_response", [0x113] = "allocate_error",
      [0x004] = "refresh_request", [0x104] = "refresh_response", [0x114] = "refresh_error",
      [0x016] = "send_indication", [0x017] = "data_indication",
      [0x008] = "create_permission_request", [0x108] = "create_permission_response", [0x118] = "create_permission_error",
      [0x009] = "channel_bind_request", [0x109] = "channel_bind_response", [0x119] = "channel_bind_error" } },
    { "len", 16, auto = "len(attrs)", doc = "bytes of the attributes" },
    { "cookie", 32, default = 0x2112a442, hex = true },
    { "xid", "bytes", size = 12, doc = "transaction" },
    { "attrs", "list", size = "len", by = "type", align = 4,
      of = {
        { "type", 16, hex = true, names = {
          ["0x0001"] = "mapped_address", ["0x0006"] = "username", ["0x0008"] = "message_integrity", ["0x0009"] = "error_code",
          ["0x000a"] = "unknown_attributes", ["0x000c"] = "channel_number", ["0x000d"] = "lifetime", ["0x0012"] = "xor_peer_address",
          ["0x0013"] = "data", ["0x0014"] = "realm", ["0x0015"] = "nonce", ["0x0016"] = "xor_relayed_address",
          ["0x0019"] = "requested_transport", ["0x001c"] = "message_integrity_sha256", ["0x0020"] = "xor_mapped_address",
          ["0x0024"] = "priority", ["0x0025"] = "use_candidate", ["0x8022"] = "software", ["0x8023"] = "alternate_server",
          ["0x8028"] = "fingerprint", ["0x8029"] = "ice_controlled", ["0x802a"] = "ice_controlling", ["0x802b"] = "response_origin",
          ["0x802c"] = "other_address" } },
        { "len", 16, auto = "body_len" },
      },
      kinds = {
        mapped_address = address, alternate_server = address, response_origin = address, other_address = address,
        xor_mapped_address = masked, xor_peer_address = masked, xor_relayed_address = masked,
        username = { { "username", "text" } },
        realm = { { "realm", "text" } },
        nonce = { { "nonce", "text" } },
        software = { { "software", "text" } },
        message_integrity = { { "hmac", "bytes" } },
        message_integrity_sha256 = { { "hmac", "bytes" } },
        error_code = { { "zero", 21 }, { "class", 3 }, { "number", 8 }, { "reason", "text" },
          { "code", get = "class * 100 + number" } },
        unknown_attributes = { { "types", "list", of = { { "type", 16, hex = true } } } },
        channel_number = { { "channel", 16, hex = true }, { "reserved", 16 } },
        lifetime = { { "lifetime", 32 } },
        requested_transport = { { "protocol", 8, default = 17 }, { "reserved", 24 } },
        priority = { { "priority", 32 } },
        fingerprint = { { "crc", 32, hex = true } },
        ice_controlled = { { "tie_breaker", 64, hex = true } },
        ice_controlling = { { "tie_breaker", 64, hex = true } },
      },
      other = { { "value", "bytes" } },
    },
  },
  replies = {
    { when = "type & 0x110 in {0x100, 0x110}", to = "type & 0x110 == 0", same = { "xid", { "type & 0x3eef", "type" } } },
  },
}

local stun = {}

-- stun.address(msg, attr) is the address and the port that an attribute of msg,
-- a layer, tells, masked or not.
function stun.address(msg, attr)
  if not attr.xport then return attr.addr, attr.port end
  local mask, b = string.pack(">I4", msg.cookie) .. msg.xid, {}
  local wire = attr.family == 1 and attr.xaddr_raw or attr.xaddr6
  for i = 1, #wire do b[i] = bit.bxor(wire:byte(i), mask:byte(i)) end
  if attr.family == 1 then return table.concat(b, "."), attr.port end
  local ip6 = pkl.ip6().ip6
  ip6.src_raw = string.char(unpack(b))
  return ip6.src, attr.port
end

return stun
