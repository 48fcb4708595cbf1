-- Sends the first packet of a capture file so many times, by v0: with each call so many, as the third argument says.
local file, count, each = arg[1], tonumber(arg[2]), tonumber(arg[3])

local s = assert(pkl.socket{iface = "v0", layer = 2})
local pkt = pkl.load(file)[1]
if each == 1 then
  for _ = 1, count do assert(s:send(pkt)) end
else
  while count > 0 do
    count = count - assert(s:send(pkt, {count = math.min(count, each)}))
  end
end
