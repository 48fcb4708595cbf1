-- Answers ARP requests for some addresses with the hardware address of the interface
-- that they come by, so that their packets come here.
--
--   sudo pkl run -i eth0 -Q in --allow net scripts/examples/arp_responder.lua -- 192.0.2.80 192.0.2.81

local ours, macs = {}, {}
for i = 1, #arg do ours[arg[i]] = true end
for _, interface in ipairs(assert(pkl.interfaces())) do macs[interface.name] = interface.mac end

pkl.on("arp.op == request", function(pkt)
  local ask, mac = pkt.arp, macs[pkt.iface]
  if not ours[ask.tpa] then return end
  local answer = pkl.eth{ src = mac, dst = ask.sha }
    + pkl.arp{ op = "reply", sha = mac, spa = ask.tpa, tha = ask.sha, tpa = ask.spa }
  assert(pkl.send(answer, { iface = pkt.iface }))
  print(ask.spa, ask.tpa)
end)
