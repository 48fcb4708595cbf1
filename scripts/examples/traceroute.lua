-- Which routers lie on the way to a host? Probes are sent that live for one hop, for
-- two, and so on; who throws one away says so. They are pings, or with udp or tcp
-- packets to a port.
--
--   sudo pkl run scripts/examples/traceroute.lua -- 192.0.2.80
--   sudo pkl run scripts/examples/traceroute.lua -- 2001:db8::80 tcp 443

local target, mode, port = arg[1], arg[2] or "icmp", tonumber(arg[3])
local v6 = target and target:find(":")
local id = math.random(0xc000, 0xffff)

local probes = {
  icmp = function(hop) return pkl[v6 and "icmp6" or "icmp"]{ type = "echo_request", id = id, seq = hop } end,
  udp = function(hop) return pkl.udp{ sport = id, dport = port or 33433 + hop } end,
  tcp = function(hop) return pkl.tcp{ sport = id, dport = port or 80, seq = hop, flags = "SYN" } end,
}
if not probes[mode] or not target then
  io.stderr:write("usage: traceroute.lua -- ADDRESS [icmp|udp|tcp [PORT]]\n")
  os.exit(2)
end

local passing = pkl.filter("icmp.type == time_exceeded or icmp6.type == time_exceeded")
local function source(pkt) return (pkt.ip or pkt.ip6).src end

for hop = 1, 30 do
  local ip = v6 and pkl.ip6{ dst = target, hlim = hop } or pkl.ip{ dst = target, ttl = hop }
  local answers, missing = pkl.sr(ip + probes[mode](hop), { timeout = 1, max = 1, retry = 1 })
  assert(answers, missing)
  if #answers == 0 then
    print(hop, "*")
  else
    local sent, answer = answers[1].sent, answers[1].answer
    print(hop, source(answer), ("%.3f ms"):format((answer.ts - sent.ts) * 1000))
    if not passing(answer) then break end -- it is there, or there is no way
  end
end
