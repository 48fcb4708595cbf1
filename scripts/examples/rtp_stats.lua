-- What was lost on the way of each RTP stream, and how evenly it came: the
-- jitter of RFC 3550, 6.4.1, for a clock of 8000 Hz or the one given.
--
--   pkl run -r call.pcap scripts/examples/rtp_stats.lua -- 8000

require "protocols.rtp"

local clock = assert(tonumber(arg[1] or 8000), "the clock is no number")
local streams, order = {}, {}

pkl.on("rtp", function(pkt)
  local rtp, arrival = pkt.rtp, pkt.ts * clock
  local s = streams[rtp.ssrc]
  if not s then
    s = { ssrc = rtp.ssrc, flow = pkt:flow(), n = 0, first = rtp.seq, high = rtp.seq, jitter = 0 }
    streams[rtp.ssrc], order[#order + 1] = s, s
  end
  s.n = s.n + 1
  local step = (rtp.seq - s.high) % 65536 -- numbers begin anew after 65535
  if step < 32768 then s.high = s.high + step end
  local transit = arrival - rtp.ts
  if s.transit then
    s.jitter = s.jitter + (math.abs(transit - s.transit) - s.jitter) / 16
  end
  s.transit = transit
end)

pkl.at_end(function()
  for _, s in ipairs(order) do
    local expected = s.high - s.first + 1
    print(("%08x %s: %d packets, %d lost, jitter %.1f ms"):format(s.ssrc, s.flow, s.n, expected - s.n, s.jitter / clock * 1000))
  end
end)
