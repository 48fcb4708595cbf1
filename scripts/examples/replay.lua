-- Sends a capture file again, with other addresses: each, of whatever kind, becomes the
-- one that is given for it.
--
--   sudo pkl run scripts/examples/replay.lua -- testdata/web.pcap eth0 2 192.0.2.10=10.0.0.1 00:00:5e:00:53:0a=02:00:00:00:00:01

local file, iface, speed = arg[1], arg[2], tonumber(arg[3])
if not speed then
  io.stderr:write("usage: replay.lua -- FILE INTERFACE SPEED [OLD=NEW]...\n")
  os.exit(2)
end
local new = {}
for i = 4, #arg do
  local from, to = arg[i]:match("^(.+)=(.+)$")
  new[assert(from, arg[i] .. " is not OLD=NEW")] = to
end

local packets = pkl.packets(file)

local function renamed()
  local pkt = packets()
  if not pkt then return nil end
  for layer in pkt:layers() do
    for name, value in layer:fields() do
      if new[value] then layer[name] = new[value] end
    end
  end
  return pkt
end

print(assert(pkl.replay(renamed, { iface = iface, speed = speed })) .. " packets")
