-- Connection requests by source address, by a rule that does something with every packet: Lua cannot be spared.
local counts, packets = {}, 0

pkl.on(function(pkt)
  packets = packets + 1
  local t = pkt.tcp
  if t and t.SYN and not t.ACK then
    local src = (pkt.ip or pkt.ip6).src
    counts[src] = (counts[src] or 0) + 1
  end
end)

pkl.at_end(function()
  for src, n in pairs(counts) do print(src .. " " .. n) end
end)
