-- A line for each DNS question, and one for each address that an answer gives.
--
--   pkl run -r testdata/web.pcap scripts/examples/dns_log.lua

local A, AAAA = 1, 28

pkl.on("dns", function(pkt)
  local src, dns = (pkt.ip or pkt.ip6).src, pkt.dns
  if not dns.QR then
    for _, q in dns.questions:each() do print(src .. " asks for " .. q.name) end
  end
  for _, r in dns.answers:each() do
    if r.type == A or r.type == AAAA then
      print(("%s says %s is %s for %d s"):format(src, r.name, r.addr, r.ttl))
    end
  end
end)
