-- Who opens TCP connections, and how many?
--
--   pkl run -r testdata/web.pcap scripts/examples/syn_count.lua

local counts = {}

-- The filter runs in Go; Lua is entered only for connection requests.
pkl.on("tcp.SYN and not tcp.ACK", function(pkt)
  local network = pkt.ip or pkt.ip6
  counts[network.src] = (counts[network.src] or 0) + 1
end)

pkl.at_end(function()
  local sources = {}
  for src in pairs(counts) do sources[#sources + 1] = src end
  table.sort(sources, function(a, b)
    if counts[a] ~= counts[b] then return counts[a] > counts[b] end
    return a < b
  end)
  for _, src in ipairs(sources) do print(counts[src], src) end
end)
