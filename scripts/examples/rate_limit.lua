-- Lets each source open so many TCP connections a second, and no more. The counts
-- are one for all workers and survive a reload; they forget by themselves.
--
--   pkl run -q 0-3 --iptables 'INPUT -p tcp --syn' scripts/examples/rate_limit.lua -- 20

local limit = assert(tonumber(arg[1] or 10), "the limit is no number")
local opened = pkl.shared("opened", { max = 100000 })

pkl.on{ name = "rate-limit", filter = "tcp.SYN and not tcp.ACK", on_packet = function(pkt)
  -- A key for each source and second: an entry lives for two of them.
  local key = (pkt.ip or pkt.ip6).src .. " " .. math.floor(pkl.now())
  if opened:incr(key, 1, 2) > limit then return pkl.drop end
end }
