-- Connection requests by source address, with a filter: Lua is entered only for these.
local counts = {}

pkl.on("tcp.SYN and not tcp.ACK", function(pkt)
  local src = pkt.ip and pkt.ip.src or pkt.ip6.src
  counts[src] = (counts[src] or 0) + 1
end)

pkl.at_end(function()
  for src, n in pairs(counts) do print(src .. " " .. n) end
end)
