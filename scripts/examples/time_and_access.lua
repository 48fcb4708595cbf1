-- What a network's servers say: how far clocks are from that of an NTP server,
-- and whom RADIUS lets in.
--
--   pkl run -r servers.pcap scripts/examples/time_and_access.lua

local ntp = require "protocols.ntp"
require "protocols.radius"

-- An answer holds three times; the fourth is when it came.
pkl.on("ntp.mode == server", function(pkt)
  local n = pkt.ntp
  local asked = ntp.unix(n.originate_s, n.originate_frac)
  local received, sent = ntp.unix(n.receive_s, n.receive_frac), ntp.unix(n.transmit_s, n.transmit_frac)
  print(("%s, stratum %d: offset of %s %+.3f s"):format(pkt.ip.src, n.stratum, pkt.ip.dst, ((received - asked) + (sent - pkt.ts)) / 2))
end)

local users = {} -- of requests, by who asks whom and their number

pkl.on("radius.code in {access_request, access_accept, access_reject}", function(pkt)
  local r, key = pkt.radius, pkt:flow() .. pkt.radius.id
  if r.code == pkl.radius.code.access_request then
    local name = r.attrs:find{ type = "user_name" }
    users[key] = name and name.user_name or "?"
  else
    print(("%s: %s %s"):format(pkt.ip.src, users[key] or "?", pkl.radius.code[r.code]))
  end
end)
