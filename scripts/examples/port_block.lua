-- Drops what goes to some TCP and UDP ports, and counts who tried.
--
--   pkl run -q 0-3 --iptables INPUT scripts/examples/port_block.lua -- 23 2323

local blocked = {}
for i = 1, #arg do blocked[assert(tonumber(arg[i]), arg[i] .. " is no port")] = true end
local tried = pkl.counter("tried")

pkl.on{ name = "block", filter = "tcp or udp", priority = -10, on_packet = function(pkt)
  local l = pkt.tcp or pkt.udp
  if blocked[l.dport] then
    tried:add((pkt.ip or pkt.ip6).src)
    return pkl.drop
  end
end }

-- Counters are shared by all workers, so one of them prints it.
pkl.at_end(function(why)
  if why == "reload" or pkl.worker ~= pkl.workers then return end
  for _, e in ipairs(tried:top(10)) do print(e.n, e.key) end
end)
