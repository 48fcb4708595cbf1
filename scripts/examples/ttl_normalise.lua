-- Hides how far away hosts are: every packet leaves with the same time to live.
-- But 255 stays, which proves to the next host that a packet has passed no router:
-- neighbours in IPv6 and in BGP insist on it (RFC 4861, RFC 5082).
--
--   pkl run -q 0-3 -t mangle --iptables POSTROUTING scripts/examples/ttl_normalise.lua -- 64

local ttl = assert(tonumber(arg[1] or 64), "the TTL is no number")

pkl.on("ip.ttl != 255 and ip.ttl != " .. ttl, function(pkt) pkt.ip.ttl = ttl end)
pkl.on("ip6.hlim != 255 and ip6.hlim != " .. ttl, function(pkt) pkt.ip6.hlim = ttl end)
