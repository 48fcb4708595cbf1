-- Connection requests, in a counter that all workers share; only the total is printed.
local c = pkl.counter("syn")

pkl.on("tcp.SYN and not tcp.ACK", function(pkt)
  c:add(pkt.ip and pkt.ip.src or pkt.ip6.src)
end)

pkl.at_end(function()
  if pkl.worker == pkl.workers then print("total " .. c:total()) end
end)
