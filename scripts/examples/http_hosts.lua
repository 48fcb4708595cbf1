-- How many HTTP requests each host was sent.
--
--   pkl run -r testdata/web.pcap scripts/examples/http_hosts.lua

local requests = pkl.counter()

pkl.on("http.method", function(pkt)
  requests:add(pkt.http.host or "(no host)")
end)

pkl.at_end(function()
  for _, r in ipairs(requests:top(20)) do print(r.n, r.key) end
end)
