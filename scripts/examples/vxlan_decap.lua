-- Takes the frames out of a VXLAN tunnel and writes them to a capture file of
-- their own, as if they had been captured inside.
--
--   pkl run scripts/examples/vxlan_decap.lua -- tunnel.pcap inner.pcap 5000
--
-- The last argument, if given, chooses one virtual network.

require "protocols.vxlan"

local from, to, vni = arg[1], arg[2], tonumber(arg[3])
if not to then
  io.stderr:write("usage: vxlan_decap.lua -- IN OUT [VNI]\n")
  os.exit(2)
end

local out = assert(pkl.create(to, { linktype = "eth" }))
local networks = pkl.counter()
for pkt in pkl.packets(from, vni and "vxlan.vni == " .. vni or "vxlan") do
  networks:add(pkt.vxlan.vni)
  local ts = pkt.ts_ns
  pkt:replace(pkt:layer("eth", 2))
  pkt.ts_ns = ts
  out:write(pkt)
end
out:close()
for _, n in ipairs(networks:top(10)) do print(("network %s: %d frames"):format(n.key, n.n)) end
