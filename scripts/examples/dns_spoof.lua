-- Answers questions for one name by itself: the question is turned into its
-- answer and sent back, so the server never sees it. The packet has to be caught
-- before the kernel decides where it goes. The server that is asked has to be
-- another host: from an address of its own a host takes no packet.
--
--   pkl run -q 0 -t mangle --iptables 'PREROUTING -p udp --dport 53' scripts/examples/dns_spoof.lua -- www.example.com 192.0.2.80

local name, addr = (arg[1] or "www.example.com"):lower(), arg[2] or "192.0.2.80"

pkl.on("not dns.QR and udp.dport == 53 and any(dns.questions, type == A)", function(pkt)
  local q = pkt.dns.questions[1]
  if q.name:lower() ~= name then return end
  pkt:reverse()
  local d = pkt.dns
  d.QR, d.RA, d.AA = true, true, true
  d.additionals:clear()
  d.answers:append{ name = q.name, type = "A", class = "IN", ttl = 60, addr = addr }
end)
