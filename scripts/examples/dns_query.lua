-- Asks a name server and prints what it answers.
--
--   sudo pkl run scripts/examples/dns_query.lua -- 192.0.2.53 www.example.com
--   sudo pkl run scripts/examples/dns_query.lua -- 2001:db8::53 example.com MX

local server, name, type = arg[1], arg[2], arg[3] or "A"
if not name then
  io.stderr:write("usage: dns_query.lua -- SERVER NAME [TYPE]\n")
  os.exit(2)
end

local ip = server:find(":") and pkl.ip6{ dst = server } or pkl.ip{ dst = server }
local ask = ip + pkl.udp{ sport = math.random(0xc000, 0xffff) }
  + pkl.dns{ id = math.random(0, 0xffff), RD = true, questions = { { name = name, type = type } } }

local answer = assert(pkl.sr1(ask, { timeout = 2, retry = 2 }))
local dns = assert(answer.dns, "instead of an answer:\n" .. tostring(answer)) -- an ICMP error

print(("%s, %d answers"):format(pkl.dns.rcode[dns.rcode], #dns.answers))
for _, record in dns.answers:each() do print(record) end
