-- Who talks to whom, and how much? Prints the ten that sent the most bytes, every
-- some seconds and at the end.
--
--   sudo pkl run -i eth0 -f 'ip or ip6' scripts/examples/sniffer.lua -- 10

local packets, bytes = pkl.counter("packets"), pkl.counter("bytes")

pkl.on(function(pkt)
  local flow = pkt:flow()
  packets:add(flow)
  bytes:add(flow, pkt.len)
end)

local function report()
  print(("%d packets, %d bytes"):format(packets:total(), bytes:total()))
  for _, e in ipairs(bytes:top(10)) do
    print(("%10d bytes %7d packets  %s"):format(e.n, packets[e.key], e.key))
  end
end

-- Counters are shared by all workers, so one of them prints.
if pkl.worker == pkl.workers then
  if arg[1] then pkl.every(tonumber(arg[1]), report) end
  pkl.at_end(function(why) if why ~= "reload" then report() end end)
end
