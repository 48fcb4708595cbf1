-- Builds pings and their answers and writes them to a capture file. Lengths,
-- checksums and what lies above what follow by themselves.
--
--   pkl run scripts/examples/craft_ping.lua -- ping.pcap 3

local file, count = arg[1] or "ping.pcap", tonumber(arg[2] or 3)
local out = assert(pkl.create(file, { linktype = "eth" }))

local frame = pkl.eth{ src = "00:00:5e:00:53:0a", dst = "00:00:5e:00:53:01" }
local ip = pkl.ip{ src = "192.0.2.10", dst = "192.0.2.1" }

for seq = 1, count do
  local ping = frame + (ip + pkl.icmp{ type = "echo_request", id = 7, seq = seq, body = "hello" })
  ping.ts = 1700000000 + seq
  out:write(ping)

  local answer = ping:copy():reverse()
  answer.icmp.type = "echo_reply"
  out:write(answer)
  print(ping:flow(), #ping)
end

out:close()
