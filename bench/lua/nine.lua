-- The work of pypacker's own table in Lua; nine/main.go does the same and explains the arguments and the output.
local seconds, icmp, http = tonumber(arg[1]), pkl.unhex(arg[2]), pkl.unhex(arg[3])

-- Repeats f, twice as often each time, until that takes long enough; i is 0 at last. What f then returns is printed.
local function measure(name, f, show)
  local n, took, made = 1, nil, nil
  while true do
    local start = os.clock()
    for i = n - 1, 0, -1 do made = f(i) end
    took = os.clock() - start
    if took >= seconds then break end
    n = n * 2
  end
  print(("%s\t%.0f\t%s"):format(name, n / math.max(took, 1e-9), show(made)))
end

local a, b, c, d

measure("parse IP+ICMP", function()
  local p = pkl.ip(icmp)
  a, b = p.ip.p, p.icmp.type
end, function() return a .. " " .. b end)

measure("parse first layer", function()
  a = pkl.eth(http).eth.type
end, function() return a end)

measure("parse all layers", function()
  local p = pkl.eth(http)
  a, b, c, d = p.eth.type, p.ip.p, p.tcp.dport, p.http.method
end, function() return a .. " " .. b .. " " .. c .. " " .. d end)

local whole = pkl.ip(icmp)
measure("serialise unchanged", function() return whole:bytes() end, pkl.hex)

measure("create IP", function()
  return pkl.ip{src = "192.0.2.1", dst = "192.0.2.2", id = 7, ttl = 33, p = 17}:bytes()
end, pkl.hex)

measure("assign and concatenate four layers", function()
  local p = pkl.eth{src = "02:00:00:00:00:01", dst = "02:00:00:00:00:02"}
    + pkl.ip{src = "192.0.2.1", dst = "192.0.2.2", id = 7, ttl = 33, p = 6}
    + pkl.tcp{sport = 1234, dport = 80, seq = 100, ack = 200, flags = "PSH|ACK"}
    + pkl.http{method = "GET", uri = "/a", headers = {{name = "Host", value = "example.org"}}}
  return p:bytes()
end, pkl.hex)

local addresses = {[0] = "192.0.2.77", "198.51.100.1"}
measure("change and recompute checksum", function(i)
  whole.ip.src = addresses[i % 2]
  return whole:bytes()
end, pkl.hex)

local web = pkl.eth(http)
local hosts = {[0] = "www.example.net", "example.com"}
measure("change list element", function(i)
  web.http.headers[2].value = hosts[i % 2]
  return web:bytes()
end, pkl.hex)

web = pkl.eth(http)
local uris = {[0] = "/other", "/longer/than/that.html"}
measure("change HTTP start line", function(i)
  web.http.uri = uris[i % 2]
  return web:bytes()
end, pkl.hex)
