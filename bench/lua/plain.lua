-- Connection requests by source address, as a plain rule, without a filter.
local counts = {}

pkl.on{ on_packet = function(pkt)
  local t = pkt.tcp
  if t and t.SYN and not t.ACK then
    local src = pkt.ip and pkt.ip.src or pkt.ip6.src
    counts[src] = (counts[src] or 0) + 1
  end
end }

pkl.at_end(function()
  for src, n in pairs(counts) do print(src .. " " .. n) end
end)
