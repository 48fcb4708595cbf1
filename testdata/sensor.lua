-- Makes sensor.pcap: a made-up protocol, byte by byte, which the example
-- own_protocol.lua defines.
--
--   pkl run testdata/sensor.lua -- testdata/sensor.pcap

local out = assert(pkl.create(arg[1] or "sensor.pcap", { linktype = "eth" }))

for i, message in ipairs{
  "\016\001\002" .. "\001\000\000\215" .. "\002\001\001\194" .. "attic",    -- 21.5 degrees, 45.0 percent
  "\017\001\001" .. "\001\000\255\206" .. "garden",                         -- -5.0 degrees; alarm
  "\016\002\000" .. "restarted",
} do
  local frame = pkl.eth{ src = "00:00:5e:00:53:0b", dst = "00:00:5e:00:53:01" } +
    (pkl.ip{ src = "192.0.2.11", dst = "192.0.2.1", id = i } + (pkl.udp{ sport = 7777, dport = 7777 } + message))
  frame.ts = 1700000000 + i
  out:write(frame)
end

out:close()
