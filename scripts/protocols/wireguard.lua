-- WireGuard's four messages. What is encrypted stays bytes.
pkl.protocol {
  name = "wireguard", doc = "WireGuard", ref = "wireguard.com/protocol",
  over = { ["udp.port"] = 51820 },
  check = "reserved == 0 and (type in {1-3} or type == 4 and len(encrypted_packet) >= 16)",
  fields = {
    { "type", 8, default = 4, names = { [1] = "handshake_initiation", [2] = "handshake_response", [3] = "cookie_reply", [4] = "transport_data" } },
    { "reserved", 24 },
    { "sender", 32, le = true, hex = true, when = "type in {1, 2}" },
    { "receiver", 32, le = true, hex = true, when = "type > 1" },
    { "ephemeral", "bytes", size = 32, when = "type in {1, 2}", doc = "public key of this handshake" },
    { "encrypted_static", "bytes", size = 48, when = "type == 1" },
    { "encrypted_timestamp", "bytes", size = 28, when = "type == 1" },
    { "encrypted_empty", "bytes", size = 16, when = "type == 2" },
    { "mac1", "bytes", size = 16, when = "type in {1, 2}" },
    { "mac2", "bytes", size = 16, when = "type in {1, 2}" },
    { "nonce", "bytes", size = 24, when = "type == 3" },
    { "encrypted_cookie", "bytes", size = 32, when = "type == 3" },
    { "counter", 64, le = true, when = "type == 4" },
    { "encrypted_packet", "bytes", when = "type == 4", doc = "empty but for its sum: a keepalive" },
  },
}
