-- Sends the first packet of a capture file so many times, by v0.
local file, count = arg[1], tonumber(arg[2])

local s = assert(pkl.socket{iface = "v0", layer = 2})
local pkt = pkl.load(file)[1]
while count > 0 do
  count = count - assert(s:send(pkt, {count = math.min(count, 100000)}))
end
