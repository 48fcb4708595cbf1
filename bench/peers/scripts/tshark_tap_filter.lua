-- The benchmark's task as a Wireshark Lua tap with a display filter: Lua sees only what matches.
local src4, src6 = Field.new("ip.src"), Field.new("ipv6.src")
local counts = {}
local tap = Listener.new("frame", "tcp.flags.syn == 1 && tcp.flags.ack == 0 && !icmp && !icmpv6")

function tap.packet()
  local a = tostring((src4() or src6()).value)
  counts[a] = (counts[a] or 0) + 1
end

function tap.draw()
  for a, n in pairs(counts) do print(a .. " " .. n) end
end
