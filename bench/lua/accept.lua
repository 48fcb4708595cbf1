-- Accepts every packet of UDP, having read two fields of it: Lua is entered for each.
local seen, bytes, port = 0, 0, nil

pkl.on(function(pkt)
  seen = seen + 1
  bytes = bytes + pkt.ip.len
  port = pkt.udp.dport
  return pkl.accept
end)

pkl.at_end(function() print("seen " .. seen) end)
