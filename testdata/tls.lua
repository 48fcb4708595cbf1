-- Makes tls.pcap: handshakes of TLS 1.2, with certificates on both sides, and of
-- 1.3, with one retry; then data and alerts. What would be random, a key, or
-- encrypted, is bytes in order. All addresses are for documentation (RFC 5737, RFC 7042 §2.1.2).
--
--   pkl run testdata/tls.lua -- testdata/tls.pcap

local client = { mac = "00:00:5e:00:53:0a", ip = "192.0.2.10", port = 50000 }
local server = { mac = "00:00:5e:00:53:01", ip = "198.51.100.80", port = 443 }

local out = assert(pkl.create(arg[1] or "tls.pcap", { linktype = "eth" }))
local now = pkl.u64("1700000000000000000") -- nanoseconds

-- noise returns n bytes in order from a.
local function noise(n, a)
  local t = {}
  for i = 1, n do t[i] = string.char((a + i * 7) % 256) end
  return table.concat(t)
end

local seq = { [client] = 1, [server] = 1 }
local function send(a, b, flags, above)
  now = now + 1000000
  local segment = pkl.tcp{ sport = a.port, dport = b.port, flags = flags, seq = seq[a], ack = seq[b] }
  local size = 0
  if above then
    above:update()
    size = #above
    segment = segment + above
  end
  local frame = pkl.eth{ src = a.mac, dst = b.mac } + pkl.ip{ src = a.ip, dst = b.ip, DF = true } + segment
  frame.ts_ns = now
  seq[a] = seq[a] + size
  out:write(frame)
end

local function records(a, b, list) send(a, b, "PSH|ACK", pkl.tls{ records = list }) end
local function handshake(messages, version)
  return { type = "handshake", version = version or "tls1_2", messages = messages }
end
local function sealed(kind, n) return { type = kind, body = "\255" .. noise(n, 3) } end
local change = { type = "change_cipher_spec" }

-- Made with: openssl req -x509 -newkey ed25519 -nodes -subj /CN=www.example.com -days 36500
local certificate = pkl.unhex[[
  3082014a3081fda00302010202144f87aacdc6d42a78ba12166095ba237183afbd54300506032b6570301a3118301606035504030c0f77
  77772e6578616d706c652e636f6d3020170d3236313132393030353832325a180f32313236313130353030353832325a301a3118301606
  035504030c0f7777772e6578616d706c652e636f6d302a300506032b6570032100d9a69e509321d2830bb0bb0335224cd1ac535cee76d1
  108ec56bb714bcfd3bbba3533051301d0603551d0e04160414d060a1f261cae9be737eba0e454218ace0c0dd52301f0603551d23041830
  168014d060a1f261cae9be737eba0e454218ace0c0dd52300f0603551d130101ff040530030101ff300506032b65700341007fd5f5ba2a
  cb2189e9248aa360f0e50c7cccf18d5485d267889b5ba37715005e4b221f97407504c15ac2ab96c1039d0d364f3f472df6ec31cfb44316
  b8a8f609]]
local name = { type = "server_name", names = { { name = "www.example.com" } } }
local groups = { type = "supported_groups", groups = { "x25519", "secp256r1", "x25519mlkem768" } }
local algorithms = { "ecdsa_secp256r1_sha256", "rsa_pss_rsae_sha256", "ed25519" }
local signatures = { type = "signature_algorithms", algorithms = algorithms }

-- TLS 1.2.
records(client, server, { handshake({ { type = "client_hello", random = noise(32, 1),
  ciphersuites = { "TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256", "TLS_RSA_WITH_AES_256_CBC_SHA", "TLS_EMPTY_RENEGOTIATION_INFO_SCSV" },
  compressions = { "null" },
  extensions = {
    name, groups, signatures,
    { type = "max_fragment_length", max_fragment = 4 },
    { type = "status_request" },
    { type = "ec_point_formats", formats = { "uncompressed", "compressed_prime" } },
    { type = "alpn", protocols = { { name = "h2" }, { name = "http/1.1" } } },
    { type = "session_ticket" },
    { type = "extended_master_secret" },
    { type = "renegotiation_info" },
  } } }, "tls1_0") })
records(server, client, {
  handshake{ { type = "server_hello", random = noise(32, 2), sid = noise(32, 4), ciphersuite = "TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256",
    extensions = { { type = "server_name", body = "" }, { type = "alpn", protocols = { { name = "h2" } } }, { type = "renegotiation_info" } } } },
  handshake{
    { type = "certificate", certificates = { { certificate = certificate }, { certificate = certificate } } },
    { type = "certificate_status", response = pkl.unhex("30 03 0a 01 06") },
    { type = "server_key_exchange", exchange = "\3\0\29\32" .. noise(32, 6) .. "\4\1\1\0" .. noise(256, 7) },
    { type = "certificate_request", cert_types = { "rsa_sign", "ecdsa_sign" }, algorithms = algorithms },
    { type = "server_hello_done" },
  },
})
records(client, server, {
  handshake{
    { type = "certificate", certificates = { { certificate = certificate } } },
    { type = "client_key_exchange", exchange = "\32" .. noise(32, 8) },
    { type = "certificate_verify", algorithm = "rsa_pss_rsae_sha256", signature = noise(256, 10) },
  },
  change, sealed("handshake", 39),
})
records(server, client, {
  handshake{ { type = "new_session_ticket", lifetime = 7200, ticket = noise(80, 11) } }, change, sealed("handshake", 39),
})
records(client, server, { { type = "application_data", data = noise(100, 12) }, { type = "application_data", data = noise(40, 13) } })
records(client, server, { sealed("alert", 25) })

-- TLS 1.3, with another connection. The server wants another group than was offered.
client.port = 50001
local versions = { type = "supported_versions", versions = { "tls1_3", "tls1_2" } }
local function hello(shares, extra)
  return { type = "client_hello", random = noise(32, 14), sid = noise(32, 15),
    ciphersuites = { "TLS_AES_128_GCM_SHA256", "TLS_CHACHA20_POLY1305_SHA256" }, compressions = { "null" },
    extensions = { name, groups, signatures, versions,
      { type = "psk_key_exchange_modes", modes = { "psk_dhe_ke" } },
      { type = "compress_certificate", compressions = { "brotli", "zlib" } },
      { type = "record_size_limit", limit = 16385 },
      { type = "key_share", shares = shares }, extra } }
end
local retry = pkl.unhex("cf21ad74e59a6111be1d8c021e65b891c2a211167abb8c5e079e09e2c8a8339c")
records(client, server, { handshake({ hello({ { group = "x25519", key = noise(32, 16) } }, { type = "padding", body = ("\0"):rep(60) }) }, "tls1_0") })
records(server, client, {
  handshake{ { type = "server_hello", random = retry, sid = noise(32, 15), ciphersuite = "TLS_AES_128_GCM_SHA256", extensions = {
    { type = "supported_versions", version = "tls1_3" }, { type = "cookie", cookie = noise(16, 17) }, { type = "key_share", body = "\0\23" } } } },
  change,
})
records(client, server, { change, handshake{ hello({ { group = "secp256r1", key = "\4" .. noise(64, 18) } },
  { type = "pre_shared_key", identities = { { identity = noise(24, 19), age = 77 } }, binders = { { binder = noise(32, 20) } } }) } })
records(server, client, {
  handshake{ { type = "server_hello", random = noise(32, 21), sid = noise(32, 15), ciphersuite = "TLS_AES_128_GCM_SHA256", extensions = {
    { type = "supported_versions", version = "tls1_3" }, { type = "pre_shared_key", selected = 0 },
    { type = "key_share", group = "secp256r1", key = "\4" .. noise(64, 22) } } } },
  { type = "application_data", data = noise(60, 23) }, { type = "application_data", data = noise(53, 24) },
})
records(client, server, { { type = "alert", level = "fatal", description = "bad_certificate" } })

-- A record that goes on in another segment, and where it does.
local long = pkl.tls{ records = { { type = "application_data", data = noise(3000, 25) } } }
long:update()
send(server, client, "ACK", pkl.dissect("tls", long:bytes():sub(1, 1460)))

out:close()
