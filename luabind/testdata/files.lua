-- Capture files: three SYNs; a file named damaged breaks after them.
local n = 0
for pkt in pkl.packets("three") do n = n + 1 assert(pkt.tcp.dport == 80 and pkt.number == n and pkt.ts == n) end
assert(n == 3)
---
local n = 0
for pkt in pkl.packets("three", "frame.number > 1") do n = n + 1 end
assert(n == 2)
---
for pkt in pkl.packets("damaged") do end --! unexpected EOF
---
for pkt in pkl.packets("none") do end --! file does not exist
---
for pkt in pkl.packets("three", "tcp.dprot == 1") do end --! dprot
---
local r, why = pkl.open("none")
assert(r == nil and why == "file does not exist")
---
local r = assert(pkl.open("three"))
assert(r.linktype == "eth")
local a = r:next()
assert(a.number == 1)
local b = r:next()
assert(b.number == 2)
assert(r:next() and r:next() == nil and r:next() == nil)
assert(r:close())
print(a.number) --! packet expired; use pkt:copy() to keep it
---
local r = assert(pkl.open("damaged"))
r:next() r:next() r:next()
local p, why = r:next()
assert(p == nil and why == "unexpected EOF")
---
local kept
for pkt in pkl.packets("three") do
  if kept then print(kept.tcp) end --! packet expired
  kept = pkt
end
---
local kept
for pkt in pkl.packets("three") do
  if kept then print(kept.dport) end --! packet expired
  kept = pkt.tcp
end
---
local kept
for pkt in pkl.packets("three") do
  if kept then print(#kept) end --! packet expired
  kept = pkt.tcp.opts
end
---
local kept = {}
for pkt in pkl.packets("three") do kept[#kept + 1] = pkt:copy() end
assert(kept[1].number == 1 and kept[3].number == 3 and kept[1].tcp.dport == 80)
---
local all = pkl.load("three")
assert(#all == 3 and all[1].number == 1 and all[3].number == 3)
---
local all, why = pkl.load("damaged")
assert(all == nil and why == "unexpected EOF")
---
local w = assert(pkl.create("out", {linktype = "eth"}))
for pkt in pkl.packets("three") do assert(w:write(pkt)) end
assert(w:close())
w:write(pkl.eth()) --! out: the writer is closed
---
local w = assert(pkl.create("out", {linktype = "eth"}))
assert(w:write(pkl.eth() + pkl.ip()))
w:write(pkl.ip()) --! out: invalid argument
---
local w = assert(pkl.create("out"))
w:write(pkl.tcp()) --! out: a packet that starts with tcp has no link type; put a link layer below it
---
local w = pkl.create("out", {linktpye = "eth"}) --! pkl.create: unknown word "linktpye" (did you mean "linktype"?)
---
local r = pkl.open("three")
r:nxt() --! a reader has no "nxt" (did you mean "next"?)
---
local f = pkl.filter("tcp.SYN and not tcp.ACK")
local n = 0
for pkt in pkl.packets("three") do if f(pkt) then n = n + 1 end end
assert(n == 3 and not f(pkl.ip() + pkl.tcp{ACK = true}))
---
local f = pkl.filter("tcp.SNY") --! SNY
---
local r = assert(pkl.open("three"))
local n = 0
for pkt in r:packets("tcp.SYN") do n = n + 1 end
assert(n == 3 and not r:next())
assert(r:close() and r:close())
for pkt in r:packets() do error "none left" end
