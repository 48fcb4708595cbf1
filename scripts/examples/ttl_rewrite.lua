-- Gives every packet the same time to live, as a router that hides how far away
-- its hosts are. Only the byte and the header's checksum change.
--
--   pkl run -r testdata/web.pcap -w out.pcap scripts/examples/ttl_rewrite.lua -- 42

local ttl = assert(tonumber(arg[1] or 64), "the TTL is no number")
local changed = 0

pkl.on("ip or ip6", function(pkt)
  if pkt.ip then pkt.ip.ttl = ttl else pkt.ip6.hlim = ttl end
  changed = changed + 1
end)

pkl.at_end(function() print(changed .. " packets now have TTL " .. ttl) end)
