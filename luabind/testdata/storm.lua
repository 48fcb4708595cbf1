-- Whatever a script does, pkl answers with a value or an error of its own, never
-- with one of Go's. Two thousand operations at random on packets of every kind.
math.randomseed(7)
local pick = function(t) return t[math.random(#t)] end
local values = {0, 1, 255, 65535, -1, 1.5, 2 ^ 40, true, false, "", "x", "10.0.0.1", "02:00:00:00:00:01", "2001:db8::1", "a.example",
  ("y"):rep(300), {}, {{}}, {{type = 1}}, {1, 2}, {"10.0.0.1"}, pkl.u64("0xffffffffffffffff"), pkl.udp{dport = 53}, pkl.ip()}
local frames = {}
for pkt in pkl.packets("three") do frames[#frames + 1] = pkt:bytes() end
local function mutate(b)
  local i = math.random(#b)
  return b:sub(1, i - 1) .. string.char(math.random(0, 255)) .. b:sub(i + 1, math.random(1, 3) == 1 and math.random(#b) or #b)
end
local function newPacket()
  local n = math.random(4)
  if n == 1 then return (pkl.dissect("eth", mutate(pick(frames)))) or pkl.eth() end
  if n == 2 then return pkl.eth() + pkl.ip() + pkl.udp{dport = 53} + pkl.dns{questions = {{name = "a.b"}}, answers = {{name = "a.b", addr = "1.2.3.4"}}} end
  if n == 3 then return pkl.eth() + pkl.ip6() + pkl.icmp6{type = 135, target = "fe80::1"} end
  return pkl.eth() + pkl.vlan{vid = 3} + pkl.ip{opts = {{type = 7, body = "abc"}}} + pkl.tcp{opts = {{type = "mss", mss = 9}}} + "body"
end
local ops = {
  function(p) p[pick{"eth", "ip", "udp", "tcp", "dns", "nosuch"}] = pick(values) end,
  function(p, l, f) l[f] = pick(values) end,
  function(p, l, f) l[f] = nil end,
  function(p, l, f) l[f .. "_raw"] = pick(values) end,
  function(p, l, f) return l[f], l[f .. "_raw"] end,
  function(p, l, f) l[f] = l[f] end,
  function(p, l, f) l[f]:append(pick(values)) end,
  function(p, l, f) l[f]:insert(math.random(0, 3), pick(values)) end,
  function(p, l, f) l[f]:remove(math.random(0, 3)) end,
  function(p, l, f) l[f]:clear() end,
  function(p, l, f) l[f][math.random(0, 3)] = pick(values) end,
  function(p, l, f) for i, o in l[f]:each() do if math.random(2) == 1 then o:remove() else o.body = "zz" end end end,
  function(p, l, f) for i, o in l[f]:each() do for n, v in o:fields() do o[n] = v end end end,
  function(p, l) l.body = pick(values) end,
  function(p, l) l.trailer = pick(values) end,
  function(p, l) l:insert(pick(values)) end,
  function(p, l) l:remove() end,
  function(p, l) p:replace(pick{l, pick(values)}) end,
  function(p) p:redissect() end,
  function(p) p:update(pick{"all", "all", "x"}) end,
  function(p) p:reverse() end,
  function(p) return tostring(p), p:json(), p:lua(), p:totable(), p:verify(), p:flow(), p:hexdump(), p.err end,
  function(p, l) return tostring(l), l.upper, l.lower, #l, l.header, l.proto end,
  function(p) return p:diff(newPacket()), p:direction(newPacket()) end,
  function(p, l) return p + l, l + pick(values) end,
}
local p = newPacket()
for n = 1, 2000 do
  if n % 15 == 0 then p = newPacket() end
  local layers = {}
  for l in p:layers() do layers[#layers + 1] = l end
  local l = layers[1] and pick(layers) or p
  local fields = {"type", "opts", "nosuch"}
  if l ~= p then for name in l:fields() do fields[#fields + 1] = name end end
  local i = math.random(#ops)
  local ok, err = pcall(ops[i], p, l, pick(fields))
  assert(ok or not tostring(err):find("runtime error"), tostring(err) .. " in operation " .. i)
  assert(#p:bytes() == #p)
end
