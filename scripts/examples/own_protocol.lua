-- Defines a protocol and uses it, both ways.
--
--   pkl run -r testdata/sensor.pcap -w out.pcap scripts/examples/own_protocol.lua

pkl.protocol {
  name = "sensor", doc = "readings of a made-up sensor", over = { ["udp.port"] = 7777 },
  fields = {
    { "version", 4, default = 1 },
    { "flags", 4, bits = { "", "", "", "ALARM" } },
    { "kind", 8, names = { [1] = "measured", [2] = "status" }, default = 1 },
    { "number", 8 },
    { "readings", "list", count = "number", of = {
      { "sensor", 8 },
      { "unit", 8, names = { [0] = "celsius", [1] = "percent" } },
      { "tenths", 16, signed = true },
    } },
    { "place", "text" },
  },
}

-- Its fields are in filters and scripts …
local units = { [0] = "degrees", [1] = "percent" }

pkl.on("sensor.kind == measured", function(pkt)
  for _, r in pkt.sensor.readings:each() do
    print(("%s: %.1f %s"):format(pkt.sensor.place, r.tenths / 10, units[r.unit]))
  end
end)

-- … and can be changed: the number of readings, lengths and checksums follow.
pkl.on("sensor.ALARM", function(pkt)
  pkt.sensor.readings:append{ sensor = 9, unit = "percent", tenths = 1000 }
  pkt.sensor.ALARM = false
end)
