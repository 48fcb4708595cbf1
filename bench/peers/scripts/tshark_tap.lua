-- The benchmark's task as a plain Wireshark Lua tap: it sees every frame with TCP and looks itself.
local syn, ack = Field.new("tcp.flags.syn"), Field.new("tcp.flags.ack")
local src4, src6 = Field.new("ip.src"), Field.new("ipv6.src")
local icmp4, icmp6 = Field.new("icmp"), Field.new("icmpv6")
local counts = {}
local tap = Listener.new("frame")

function tap.packet()
  local s = syn()
  if s and s.value and not ack().value and not icmp4() and not icmp6() then
    local a = tostring((src4() or src6()).value)
    counts[a] = (counts[a] or 0) + 1
  end
end

function tap.draw()
  for a, n in pairs(counts) do print(a .. " " .. n) end
end
