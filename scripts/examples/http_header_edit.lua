-- Hides which browser asks: the User-Agent of HTTP requests becomes a run of x.
-- It stays as long as it was, so TCP's sequence numbers stay right, and large
-- packets need not be cut.
--
--   pkl run -q 0-3 --iptables 'OUTPUT -p tcp --dport 80' scripts/examples/http_header_edit.lua

pkl.on("http.method", function(pkt)
  for _, h in pkt.http.headers:each() do
    if h.name:lower() == "user-agent" then h.value = ("x"):rep(#h.value) end
  end
end)
