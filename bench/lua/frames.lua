-- Counts frames in Lua, having read two fields of each, and says when it has seen so many.
local want = tonumber(arg[1])
local seen, bytes, port = 0, 0, nil

pkl.on(function(pkt)
  seen = seen + 1
  bytes = bytes + pkt.ip.len
  port = pkt.udp.dport
  if seen == want then pkl.log.info("all seen") end
end)
