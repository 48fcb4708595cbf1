-- Who is on the link? Asks addresses for their hardware address and prints it, with
-- the time that the answer took. A range is of the last number.
--
--   sudo pkl run scripts/examples/arp_ping.lua -- 192.0.2.1-254
--   sudo pkl run scripts/examples/arp_ping.lua -- 192.0.2.1 192.0.2.80

local targets = {}
for _, text in ipairs(arg) do
  local net, first, last = text:match("^(%d+%.%d+%.%d+%.)(%d+)%-(%d+)$")
  for i = tonumber(first) or 1, tonumber(last) or 1 do
    targets[#targets + 1] = net and net .. i or text
  end
end
if #targets == 0 then
  io.stderr:write("usage: arp_ping.lua -- ADDRESS|RANGE...\n")
  os.exit(2)
end

local way
for _, target in ipairs(targets) do
  way = assert(pkl.route(target))
  if way.iface ~= "lo" then break end   -- that is one of our own
end
local s = assert(pkl.socket{ iface = way.iface, filter = "arp" })

local asks = {}
for i, target in ipairs(targets) do
  asks[i] = pkl.eth{ dst = "ff:ff:ff:ff:ff:ff" } + pkl.arp{ sha = s.mac, spa = way.source, tpa = target }
end

local answers = assert(s:sr(asks, { timeout = 1, retry = 1 }))
for _, a in ipairs(answers) do
  print(("%s\t%s\t%.3f ms"):format(a.answer.arp.spa, a.answer.arp.sha, (a.answer.ts - a.sent.ts) * 1000))
end
print(("%d of %d answered"):format(#answers, #asks))
