-- Gives every packet of UDP another payload of the same length.
local seen = 0

pkl.on(function(pkt)
  seen = seen + 1
  local u = pkt.udp
  u.body = "PKL!" .. u.body:sub(5)
end)

pkl.at_end(function() print("seen " .. seen) end)
