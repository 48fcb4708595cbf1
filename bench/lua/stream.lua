-- Accepts packets of any protocol over IPv4, having read two fields of each.
local seen, bytes, proto = 0, 0, nil

pkl.on(function(pkt)
  seen = seen + 1
  bytes = bytes + pkt.ip.len
  proto = pkt.ip.p
  return pkl.accept
end)

pkl.at_end(function() print("seen " .. seen) end)
