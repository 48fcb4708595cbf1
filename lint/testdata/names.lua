-- Every line that is wrong ends with what is to be said about it.
local kept = {}
pkl.on("tcp.dprt == 80", function(pkt) end)            --! tcp has no field "dprt"
pkl.on("tcp", function(pkt)
  print(pkt.tcp.dprt)                                  --! tcp has no field "dprt" (did you mean "dport"?)
  print(pkt.tpc)                                       --! no protocol "tpc" (did you mean "tcp"?)
  print(pkt.tcp.dport, pkt.ts, pkt.first.whatever, pkt.ip.tcp.SYN, pkt.ip.src_raw, pkt.tcp.body)
  local t = pkt.tcp
  t.dprot = 3                                          --! tcp has no field "dprot"
  t.dport = 3
  if t and t.SNY then return pkl.drop end              --! tcp has no field "SNY" (did you mean "SYN"?)
  for i, o in t.opts:each() do
    print(i, o.type, o.mss, o.typ)                     --! item of tcp.opts has no field "typ"
  end
  print(t.opts[1].lenn, t.opts.rst)                    --! item of tcp.opts has no field "lenn"
  t.opts:apend{type = 1}                               --! list tcp.opts has no "apend"
  t.opts:append{typ = 1}                               --! item of tcp.opts has no field "typ"
  local found = t.opts:find{type = 2}
  print(found.msss)                                    --! item of tcp.opts has no field "msss"
  print(pkt:path("eth/ip/tcp").dport, pkt:path("eth/ip").dport) --! ip has no field "dport"
  print(pkt:payload(), pkt.tcp.payload)                --! tcp has no field "payload" (here: body)
  print(pkt:path("eth/ipp"))                           --! no protocol "ipp" (did you mean "ip"?)
  print(pkt:layer("tpc"), pkt:layer("tcp").sprot)      --! no protocol "tpc"
  print(pkt:copy().ip.tll, pkt:hexdmp())               --! ip has no field "tll"
  undefined_function(pkt)                              --! undefined global "undefined_function"
  kept[#kept + 1] = pkt:copy()
end)

local function handler(p, more)
  return p.ip.tll                                      --! ip has no field "tll"
end
pkl.on{filter = "ip.tll == 1", on_packet = handler}    --! filter: column 4: ip has no field "tll"

local function tcp_of(p) return p.tcp end
local function through(p) return tcp_of(p).sprt end    --! tcp has no field "sprt"
pkl.on("tcp", function(p) through(p) end)

local p = pkl.ip{dst = "192.0.2.1"} + pkl.tcp{dprot = 1}  --! tcp has no field "dprot"
p.ip.tll = 1                                           --! ip has no field "tll"
p.ip.ttl = 300                                         --! ip.ttl: 300 does not fit in 8 bits
p.ip.ttl, p.ip.id = 1.5, 7                             --! ip.ttl: need a whole number, have 1.5
p.ip.src = "10.0.0.300"                                --! ip.src: "10.0.0.300" is no IPv4 address
p.ip.p = "tpc"                                         --! ip.p: no value is named "tpc" (did you mean "tcp"?)
p.tcp.SYN = 1                                          --! tcp.SYN: a flag is true or false, not 1
p.tcp.opts[1].mss = 70000                              --! tcp.opts.mss: 70000 does not fit in 16 bits
p.eth.src = 12                                         --! eth.src: need text, have a number
p.ip.len = -1                                          --! ip.len: -1 is negative
print(p.icmp.type == "echo_request")                   --! icmp.type reads as a number, never as "echo_request": that is 8
print("SYN|ACK" ~= p.tcp.flags)                        --! tcp.flags reads as a number, never as "SYN|ACK": that is 18
print(p.tcp.SYN == 1)                                  --! tcp.SYN: a flag is true or false, not 1
print(p.tcp.dport == "80", p.tcp.sport == 80)          --! tcp.dport
print(p.tcp.dport == 70000)                            --! tcp.dport: 70000 does not fit in 16 bits
print(p.ip.src == 5, p.ip.dst == "192.0.2.1")          --! ip.src: need text, have a number
print(p.ip.src == "192.0.2")                           --! ip.src: "192.0.2" is no IPv4 address
print(p.eth.src == "02-00-00-00-00-0A")                --! eth.src reads as "02:00:00:00:00:0a", never as "02-00-00-00-00-0A"
print(p.ip6.src == "2001:DB8::1")                      --! ip6.src reads as "2001:db8::1", never as
print(p.tcp.opts[1].type == "mss")                     --! tcp.opts.type reads as a number, never as "mss": that is 2
print(p.dns.questions[1].name == "example.org.")       --! dns.questions.name reads as "example.org", never as
print(p.tcp.body == "x", p.http.host == "x", p.ip.opts == 5, p.icmp.quote == 5, p.dns.answers[1].addr == "2001:db8::1")
print(p.tcp.SYN == true, p.ip.ttl < 300, p.icmp.type == 8, p.eth.type == nil, p.ip.p == 0x11, p.ip.id == p.ip.len)
p.ip.ttl, p.ip.src, p.tcp.SYN, p.tcp.flags, p.ip.sum = 1e2, "192.0.2.1", true, "SYN|ACK", nil
p.eth.len, p.dns.answers[1].addr, p.dns.answers[2].addr = 4, "192.0.2.1", "2001:db8::1"
p.dns.answers[1].addr = "here"                         --! dns.answers.addr: "here" is no
p.http.metod = "GET"                                   --! http has no field "metod" (did you mean "method"?)
print(p.http.host, p.http.User_Agent, p.http.x_status, p.http.satus) --! http has no field "satus" (did you mean "status"?)
pkl.filter "http.metod == 'GET'"                       --! http has no field "metod" (did you mean "method"?)
pkl.filter "http.host contains 'x' and http.method == 'GET'"
print(pkl.http{metod = "GET", host = "x"})             --! http has no field "metod" (did you mean "method"?)
p.ip = nil
p = p / pkl.udp{dport = 70000}                         --! udp.dport: 70000 does not fit in 16 bits
print(p.nothing)                                       --! no protocol "nothing"
print(pkl.icmp{type = "echo_reqest"})                  --! icmp.type: no value is named "echo_reqest"
print(pkl.icmp.type.echo_reqest, pkl.icmp.typ)         --! icmp.type: no value is named "echo_reqest"
print(pkl.tcp{opts = {{type = 2, mss = 5}, {typ = 2}}}) --! item of tcp.opts has no field "typ"
pkl.pakets("x")                                        --! pkl has no "pakets" (did you mean "packets"?)
pkl.proto.tpc()                                        --! no protocol "tpc"
for q in pkl.packets("in.pcap", "ip.tll == 1") do      --! filter: column 4
  print(q.udp.sprot)                                   --! udp has no field "sprot"
end
local r = assert(pkl.open("in.pcap"))
for q in r:packets("ip.tll == 1") do end               --! filter: column 4
print(r:next().udp.sprot, r.linktype)                  --! udp has no field "sprot"
for _, q in ipairs(pkl.load("in.pcap")) do print(q.udp.sprot) end --! udp has no field "sprot"
local later
later = pkl.udp()
print(later.udp.sprot)                                 --! udp has no field "sprot"
print(string.formt("x"), table.unpack or unpack)       --! string has no "formt" (did you mean "format"?)
pkl.log.wran("x")                                      --! a log has no "wran" (did you mean "warn"?)
pkl.counter("x"):add(1)
local rule = pkl.on("ip", function() end)
rule:stpo()                                            --! a rule has no "stpo" (did you mean "stop"?)

-- what cannot be known is not said
local any = kept[1]
print(any.nothing, any.tcp.nothing, jit and jit.version, _G.print)
local either = p.tcp or p.udp
print(either.nothing)
string.trim = function(s) return s end
print(string.trim("x"))
made = 1
print(made, arg[1], os.time(), io.read, bit.band(1, 2), utf8)
local ok, why = pcall(function() return p.nothing, pkl.nothing end)
function global_helper(x) return x.anything end
global_helper{anything = 1}
local own = {pkt = {tcp = {mine = 1}}}
print(own.pkt.tcp.mine)
local function sum(pkt) return pkt.total end
print(sum{total = 1})
local shadow = function(pkl, string) return pkl.nothing, string.nothing end
shadow({}, {})
-- a function that is kept anywhere may be called with other things than packets
local function cb(pkt) return pkt.total, pkt:lenght() end
local obj = {cb = cb}
obj.cb{total = 3}
-- a local that is named as what makes globals is none of these
local function plainly(load, module) return load, module, undefined_here end --! undefined global "undefined_here"
print(plainly(1, 2))

local Counter = {}
Counter.__index = Counter
function Counter:add(pkt)
  self.n = self.n + #pkt
  function self:show() print(self.n, slef) end         --! undefined global "slef"
  return function() return self end
end
function Counter.new() return setmetatable({n = self}, Counter) end --! undefined global "self"

-- what is not known in the first pass
pkl.on("dns", function(p)
  for _, q in p.dns.questions:each() do print(q.nam) end --! item of dns.questions has no field "nam"
  for _, q in ipairs(p.dns.questions) do print(q.nam) end --! item of dns.questions has no field "nam"
  local first = p.dns.questions[1]
  local sum = p + pkl.dns()
  print(first.nam, sum.ip.tll)                         --! item of dns.questions has no field "nam"
  local option = p.tcp.opts:find{type = 2}
  print(option and option.mmss)                        --! item of tcp.opts has no field "mmss"
  print(p.icmp.quote.tpc, p.icmp.quote.ip.src)         --! no protocol "tpc"
end)

local sock = assert(pkl.socket{iface = "lo", filter = "tcp.dprt == 1"}) --! filter: column 5: tcp has no field "dprt"
print(sock:recv().tcp.dprt, sock.iface)                --! tcp has no field "dprt"
for pkt in sock:packets{filter = "tcp.dprt == 1"} do   --! filter: column 5
  print(pkt.ip.tll, sock:recvv())                      --! ip has no field "tll"
end
print(pkl.sr1(p).ip.tll)                               --! ip has no field "tll"
local hits, flows = pkl.counter("hits"), pkl.shared("flows")
hits:ad("x")                                           --! a counter has no "ad" (did you mean "add"?)
print(hits.anything, hits:total(), flows:gett("x"))    --! a shared has no "gett"

-- globals that are made too late
total = 0
local function init() ready = true end
init()
pkl.on("ip", function(p)
  totla = total + 1                                    --! a handler cannot make the new global "totla" (did you mean "total"?)
  total, ready, latest = 1, false, 2                   --! a handler cannot make the new global "latest"
  function helper() end                                --! a handler cannot make the new global "helper"
  pcall(function() perhaps = 1 end)
end)
pkl.at_end(function() ended = true end)                --! a handler cannot make the new global "ended"
local function also(p) also_made = p.number end
also{number = 1}
pkl.on("ip", also)
local function only(p) only_made = p.number end        --! a handler cannot make the new global "only_made"
pkl.on{filter = "ip", on_packet = only}
