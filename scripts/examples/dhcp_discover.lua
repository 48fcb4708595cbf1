-- Which DHCP servers are on the link, and what do they offer? Nothing is taken.
--
--   sudo pkl run scripts/examples/dhcp_discover.lua -- eth0

local s = assert(pkl.socket{ iface = arg[1] or "eth0", filter = "dhcp" })

local discover = pkl.eth{ dst = "ff:ff:ff:ff:ff:ff" }
  + pkl.ip{ src = "0.0.0.0", dst = "255.255.255.255" }
  + pkl.udp{ sport = 68, dport = 67 }
  + pkl.dhcp{ xid = math.random(0, 0xffffff), B = true, chaddr = s.mac, opts = { { type = "message_type", message_type = "discover" } } }

local answers = assert(s:sr(discover, { timeout = 5, idle = 1, multi = true }))
for _, a in ipairs(answers) do
  print(("%s offers %s"):format(a.answer.ip.src, a.answer.dhcp.yiaddr))
  for _, option in a.answer.dhcp.opts:each() do print("  " .. tostring(option)) end
end
if #answers == 0 then print("no answer") end
