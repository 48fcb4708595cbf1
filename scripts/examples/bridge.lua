-- A firewall without addresses, between two interfaces: connections to some TCP ports
-- do not pass, and those that do agree on segments of at most so many bytes.
--
--   sudo pkl run -i eth0 --bridge eth1 scripts/examples/bridge.lua -- 1200 23 2323

local most = assert(tonumber(arg[1] or 1200), "the size is no number")
local blocked = {}
for i = 2, #arg do blocked[assert(tonumber(arg[i]), arg[i] .. " is no port")] = true end
local tried = pkl.counter("tried")

pkl.on("tcp.SYN", function(pkt)
  local tcp = pkt.tcp
  if blocked[tcp.dport] then
    tried:add(pkt:flow())
    return pkl.drop
  end
  local mss = tcp.opts:find{ type = "mss" }
  if mss and mss.mss > most then mss.mss = most end
end)

-- Counters are shared by all workers, so one of them prints it.
pkl.at_end(function(why)
  if why == "reload" or pkl.worker ~= pkl.workers then return end
  for _, e in ipairs(tried:top(10)) do print(e.n, e.key) end
end)
