-- Which MQTT topics are there, how often is something published, and what last?
--
--   pkl run -r things.pcap scripts/examples/mqtt_topics.lua

require "protocols.mqtt"

local topics = {}

pkl.on("mqtt.messages.type == publish", function(pkt)
  for _, m in pkt.mqtt.messages:each() do
    if m.topic and m.payload then
      local t = topics[m.topic] or { n = 0 }
      topics[m.topic], t.n, t.last = t, t.n + 1, m.payload
    end
  end
end)

pkl.at_end(function()
  local names = {}
  for name in pairs(topics) do names[#names + 1] = name end
  table.sort(names)
  for _, name in ipairs(names) do
    print(("%5d %s, last %q"):format(topics[name].n, name, topics[name].last))
  end
end)
