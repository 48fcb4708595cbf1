-- Which TCP ports of a host are open? Each is asked for a connection that is never
-- made. A port that says nothing, or whose packets are refused on the way, is
-- filtered.
--
--   sudo pkl run scripts/examples/port_scan.lua -- 192.0.2.80 1-1000
--   sudo pkl run scripts/examples/port_scan.lua -- 2001:db8::80 20-25 500

local target, ports, rate = arg[1], arg[2] or "1-1000", tonumber(arg[3] or 1000)
local first, last = ports:match("^(%d+)%-?(%d*)$")
first, last = tonumber(first), tonumber(last) or tonumber(first)
if not target or not rate or not first or first > last or last > 0xffff then
  io.stderr:write("usage: port_scan.lua -- ADDRESS [PORT[-PORT] [PACKETS A SECOND]]\n")
  os.exit(2)
end

local ip = target:find(":") and pkl.ip6{ dst = target } or pkl.ip{ dst = target }
local sport = math.random(0xc000, 0xffff)

local open, closed, filtered = {}, 0, 0

local function scan(first, last)
  local asks = {}
  for port = first, last do
    asks[#asks + 1] = ip + pkl.tcp{ sport = sport, dport = port, flags = "SYN", opts = { { type = "mss", mss = 1460 } } }
  end
  local answers, silent = pkl.sr(asks, { inter = 1 / rate, timeout = 1, retry = 1 })
  assert(answers, silent)
  filtered = filtered + #silent
  for _, a in ipairs(answers) do
    local tcp = a.answer.tcp
    if not tcp then -- an ICMP error
      filtered = filtered + 1
    elseif tcp.SYN and tcp.ACK then
      open[#open + 1] = tcp.sport
    else
      closed = closed + 1
    end
  end
end

for from = first, last, 8192 do scan(from, math.min(from + 8191, last)) end   -- all at once take much memory

table.sort(open)
for _, port in ipairs(open) do print(port, "open") end
print(("%d open, %d closed, %d filtered"):format(#open, closed, filtered))
