-- Hides how far away hosts are: every packet leaves with the same time to live.
--
--   pkl run -q 0-3 -t mangle --iptables POSTROUTING scripts/examples/ttl_normalise.lua -- 64

local ttl = assert(tonumber(arg[1] or 64), "the TTL is no number")

pkl.on("ip.ttl != " .. ttl, function(pkt) pkt.ip.ttl = ttl end)
pkl.on("ip6.hlim != " .. ttl, function(pkt) pkt.ip6.hlim = ttl end)
