-- Makes web.pcap: a host looks up a web server, fetches a page, and a few
-- other things happen on its network. All addresses are for documentation
-- (RFC 5737, RFC 3849, RFC 7042 §2.1.2).
--
--   pkl run testdata/web.lua -- testdata/web.pcap

local host   = { mac = "00:00:5e:00:53:0a", ip = "192.0.2.10", ip6 = "2001:db8::a" }
local router = { mac = "00:00:5e:00:53:01", ip = "192.0.2.1",  ip6 = "2001:db8::1" }
local server = { mac = router.mac, ip = "198.51.100.80", ip6 = "2001:db8:80::80" }
local name   = "www.example.com"

local out = assert(pkl.create(arg[1] or "web.pcap", { linktype = "eth" }))
local now = pkl.u64("1700000000000000000") -- nanoseconds

-- send writes a frame from a to b, some milliseconds after the last.
local function send(a, b, packet, after)
  now = now + (after or 1) * 1000000
  local frame = pkl.eth{ src = a.mac, dst = b.mac } + packet
  frame.ts_ns = now
  out:write(frame)
end

-- v4 and v6 are packets of the two network layers.
local id = 100
local function v4(a, b, above)
  id = id + 1
  return pkl.ip{ src = a.ip, dst = b.ip, id = id, DF = true } + above
end
local function v6(a, b, above)
  return pkl.ip6{ src = a.ip6, dst = b.ip6 } + above
end

-- Who is the router? Frames are padded to 60 bytes on the wire.
local everyone = { mac = "ff:ff:ff:ff:ff:ff" }
local padding = ("\0"):rep(18)
send(host, everyone, pkl.arp{ op = "request", sha = host.mac, spa = host.ip, tpa = router.ip } + padding)
send(router, host, pkl.arp{ op = "reply", sha = router.mac, spa = router.ip, tha = host.mac, tpa = host.ip } + padding)

-- The name, over IPv4 and over IPv6.
local function ask(wrap, number, kind, port, answers)
  local question = { { name = name, type = kind } }
  send(host, router, wrap(host, router, pkl.udp{ sport = port, dport = 53 } +
    pkl.dns{ id = number, RD = true, questions = question }))
  send(router, host, wrap(router, host, pkl.udp{ sport = 53, dport = port } +
    pkl.dns{ id = number, QR = true, RD = true, RA = true, questions = question, answers = answers }), 20)
end
ask(v4, 0x1a2b, "A", 40001, {
  { name = name, type = "CNAME", ttl = 300, target = "web.example.com" },
  { name = "web.example.com", type = "A", ttl = 60, addr = server.ip } })
ask(v6, 0x1a2c, "AAAA", 40002, { { name = name, type = "AAAA", ttl = 60, addr = server.ip6 } })

-- The page: handshake, request, answer, end.
local client = { a = host, b = server, port = 40003, to = 80, seq = 1000000 }
local web = { a = server, b = host, port = 80, to = 40003, seq = 5000000 }
local function tcp(from, other, flags, body, opts)
  send(from.a, from.b, v4(from.a, from.b, pkl.tcp{ sport = from.port, dport = from.to, seq = from.seq,
    ack = flags == "SYN" and 0 or other.seq, flags = flags, win = 64240, opts = opts, body = body }), 10)
  from.seq = from.seq + #(body or "") + ((flags:find("SYN") or flags:find("FIN")) and 1 or 0)
end
local function syn_opts(ts)
  return { { type = "mss", mss = 1460 }, { type = "sackok" }, { type = "timestamp", tsval = ts, tsecr = 0 },
           { type = "nop" }, { type = "wscale", shift = 7 } }
end
tcp(client, web, "SYN", nil, syn_opts(1))
tcp(web, client, "SYN|ACK", nil, syn_opts(2))
tcp(client, web, "ACK")
tcp(client, web, "PSH|ACK", "GET / HTTP/1.1\r\nHost: " .. name .. "\r\nUser-Agent: pkl\r\n\r\n")
tcp(web, client, "ACK")
tcp(web, client, "PSH|ACK", "HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nContent-Length: 6\r\n\r\nhello\n")
tcp(client, web, "ACK")
tcp(client, web, "FIN|ACK")
tcp(web, client, "FIN|ACK")
tcp(client, web, "ACK")

-- A connection over IPv6 that is refused.
send(host, router, v6(host, server, pkl.tcp{ sport = 40004, dport = 443, seq = 7000000, flags = "SYN", win = 64800,
  opts = { { type = "mss", mss = 1440 } } }), 500)
send(router, host, v6(server, host, pkl.tcp{ sport = 443, dport = 40004, seq = 0, ack = 7000001, flags = "RST|ACK", win = 0 }))

-- Ping.
for seq = 1, 2 do
  local data = "abcdefghijklmnopqrstuvwabcdefghi"
  send(host, router, v4(host, router, pkl.icmp{ type = "echo_request", id = 7, seq = seq, body = data }), 1000)
  send(router, host, v4(router, host, pkl.icmp{ type = "echo_reply", id = 7, seq = seq, body = data }))
end

-- A tagged frame, and one with two tags.
local log = pkl.udp{ sport = 514, dport = 514 } + "<14>host: link up"
send(host, router, pkl.vlan{ vid = 100 } + v4(host, router, log))
send(host, router, pkl.vlan{ vid = 5 } + (pkl.vlan{ vid = 99 } + v4(host, router, log)))

-- A port that nobody listens on: the answer quotes the question.
local lost = v4(host, router, pkl.udp{ sport = 40005, dport = 9 } + "lost")
send(host, router, lost)
send(router, host, v4(router, host, pkl.icmp{ type = "dest_unreach", code = 3, body = lost:bytes() }))

out:close()
