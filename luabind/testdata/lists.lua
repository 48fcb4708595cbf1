-- Lists and their items.
local p = pkl.ip() + pkl.tcp{opts = {{type = "mss", mss = 1460}, {type = "nop"}, {type = "wscale", shift = 7}}}
p:update()
local t = p.tcp
assert(#t.opts == 3 and t.opts[1].mss == 1460 and t.opts[2].type == 1 and t.opts[3].shift == 7)
assert(t.opts[4] == nil and t.opts[0] == nil and t.opts == t.opts and t.opts[1] == t.opts[1])
assert(t.opts[2].mss == nil)
assert(t.opts[1].body == "\5\180" and t.opts[1].len == 4)
local seen = {}
for i, o in t.opts:each() do seen[i] = o.type end
assert(table.concat(seen, ",") == "2,1,3")
for i, o in ipairs(t.opts) do assert(seen[i] == o.type) end
---
local t = (pkl.ip() + pkl.tcp{opts = {{type = "mss", mss = 1460}}}).tcp
print(t.opts[1].msss) --! item of tcp.opts has no field "msss" (did you mean "mss"?)
---
local t = (pkl.ip() + pkl.tcp{opts = {{type = "mss", mss = 1460}}}).tcp
print(t.opts.foo) --! list tcp.opts has no "foo"
---
local o = (pkl.ip() + pkl.tcp{opts = {{type = "mss", mss = 1460}, {type = "nop"}}}).tcp.opts
local item, i = o:find{type = 2}
assert(item.mss == 1460 and i == 1)
assert(o:find{type = "nop"} == o[2] and o:find{type = 77} == nil)
local second, j = o:find(function(it, n) return n == 2 end)
assert(second == o[2] and j == 2)
---
local o = (pkl.ip() + pkl.tcp{opts = {{type = "mss", mss = 1460}}}).tcp.opts
o:find{typ = 2} --! item of tcp.opts has no field "typ" (did you mean "type"?)
---
-- append, insert, remove, clear, replace
local p = pkl.ip() + pkl.tcp()
local o = p.tcp.opts
o:append{type = "mss", mss = 1000}
o:insert(1, {type = "nop"})
assert(#o == 2 and o[1].type == 1 and o[2].mss == 1000)
o[2].mss = 1200
assert(p.tcp.opts[2].mss == 1200)
o[1] = {type = "wscale", shift = 3}
assert(#o == 2 and o[1].shift == 3 and o[2].mss == 1200)
o[3] = {type = "nop"}
assert(#o == 3)
o:remove(1)
assert(#o == 2 and o[1].mss == 1200)
o[1]:remove()
assert(#o == 1 and o[1].type == 1)
o:clear()
assert(#o == 0)
p:update()
assert(p.tcp.off == 5)
p.tcp.opts = {{type = "mss", mss = 5}}
assert(#p.tcp.opts == 1)
p:update()
assert(p.tcp.off == 6)
---
local o = (pkl.ip() + pkl.tcp{opts = {{type = "mss", mss = 1460}}}).tcp.opts
local first = o[1]
o:remove(1)
print(first.mss) --! tcp option was removed
---
local p = pkl.ip() + pkl.tcp{opts = {{type = "mss", mss = 1460}}}
local o = p.tcp.opts
p.tcp:remove()
print(#o) --! list tcp.opts was removed
---
-- each allows editing and removing the item in hand
local o = (pkl.ip() + pkl.tcp{opts = {{type = "nop"}, {type = "nop"}, {type = "mss", mss = 9}, {type = "nop"}}}).tcp.opts
local n = 0
for _, it in o:each() do
  n = n + 1
  if it.type == 1 then it:remove() else it.mss = 10 end
end
assert(n == 4 and #o == 1 and o[1].mss == 10)
---
local o = (pkl.ip() + pkl.tcp{}).tcp.opts
o[3] = {type = "nop"} --! list tcp.opts: there is no place 3 (1 to 1)
---
local o = (pkl.ip() + pkl.tcp{opts = {{type = "nop"}}}).tcp.opts
o[1] = nil --! l:remove(1)
---
local o = (pkl.ip() + pkl.tcp{}).tcp.opts
o:append{type = "mss", mss = 70000} --! tcp.opts.mss: 70000 does not fit in 16 bits
---
local o = (pkl.ip() + pkl.tcp{}).tcp.opts
for i = 1, 20 do o:append{type = "wscale", shift = 1} end --! tcp.opts
---
-- raw bytes of a list
local p = pkl.ip() + pkl.tcp{opts = {{type = "mss", mss = 1460}}}
p:update()
local t = p.tcp
assert(t.opts_raw == "\2\4\5\180")
t.opts_raw = "\1\1\1\0"
assert(#t.opts == 3)
---
-- items are assigned, removed and compared by handle too
local p = pkl.ip() + pkl.tcp{opts = {{type = "mss", mss = 1}, {type = "nop"}, {type = "wscale", shift = 2}}}
local q = pkl.ip() + pkl.tcp()
q.tcp.opts = p.tcp.opts
assert(#q.tcp.opts == 3 and q.tcp.opts[1].mss == 1)
q.tcp.opts:append(p.tcp.opts[3])
assert(q.tcp.opts[4].shift == 2)
q.tcp.opts:remove(q.tcp.opts[2])
assert(#q.tcp.opts == 3 and q.tcp.opts[2].shift == 2)
for i, o in pairs(q.tcp.opts) do assert(o == q.tcp.opts[i]) end
q.tcp.opts:remove(p.tcp.opts[1]) --! list tcp.opts: this is no item of it
---
local o = (pkl.ip() + pkl.tcp()).tcp.opts
o:append() --! an item is missing
---
local o = (pkl.ip() + pkl.tcp()).tcp.opts
o:append{1, x = 2} --! a table is either an array or named fields: "x" stands in an array
---
local o = (pkl.ip() + pkl.tcp()).tcp.opts
o.foo = 1 --! list tcp.opts: items are numbered from 1; text cannot be set
---
local o = (pkl.ip() + pkl.tcp()).tcp.opts
o.append({type = 1}) --! list expected as argument 1, got a table; call methods with a colon
---
local o = (pkl.ip() + pkl.tcp()).tcp.opts
o:find(5) --! list tcp.opts: find needs a table of fields or a function
---
-- each goes on where it was when items come and go before it
local o = (pkl.ip() + pkl.tcp{opts = {{type = "nop"}, {type = "mss", mss = 5}, {type = "nop"}}}).tcp.opts
local seen = {}
for i, it in o:each() do
  seen[#seen + 1] = it.type
  if it.type == 2 and #o < 5 then o:insert(1, {type = "nop"}) end
end
assert(table.concat(seen, ",") == "1,2,1", table.concat(seen, ","))
---
-- a new item may get the room of a removed one, but is not taken for it
local p = pkl.ip() + pkl.tcp{opts = {{mss = 1}, {type = 1}, {type = 1}, {type = 1}, {type = 1}}}
local opts, old = p.tcp.opts, p.tcp.opts[1]
local seen = 0
for i, o in opts:each() do
  seen = seen + 1
  if o.type == 2 then opts:remove(i); opts:append{mss = 7} end
  if seen == 20 then break end
end
assert(#opts == 5 and seen == 20)
for i = 1, 1000 do opts:remove(1); opts:append{type = 254, body = "xy"} end
assert(#opts == 5 and opts[5].body == "xy" and #p == 60)
print(old.mss) --! tcp option was removed
---
-- the mark of the last item follows the edits of a list
local specs = {s1 = "S", s2 = "not S", s3 = "S == 1", s4 = "S != 0", s5 = "S == 0", s6 = "S != 1"}
for name, last in pairs(specs) do
  pkl.protocol{name = name, fields = {{"labels", "list", of = {{"label", 7}, {"S", 1}}, last = last}, {"after", 8, default = 0xee}}}
end
for name, on in pairs{s1 = 1, s2 = 0, s3 = 1, s4 = 1, s5 = 0, s6 = 0} do
  local function want(p, ...)
    local s, all = "", {...}
    for i, v in ipairs(all) do
      local mark = i == #all and on or 1 - on
      s = s .. string.char(v * 2 + mark)
    end
    assert(p:bytes() == s .. "\238", name .. " " .. pkl.hex(p:bytes()))
    local q = pkl[name](p:bytes())
    assert(#q[name].labels == #all and q[name].after == 0xee)
  end
  local p = pkl[name]{labels = {{label = 1}, {label = 2}, {label = 3, S = on == 1}}}
  local l = p[name].labels
  want(p, 1, 2, 3)
  l:append{label = 4};                 want(p, 1, 2, 3, 4)
  l:insert(1, {label = 9});            want(p, 9, 1, 2, 3, 4)
  l:remove(5);                         want(p, 9, 1, 2, 3)
  l[3] = {label = 7};                  want(p, 9, 1, 7, 3)
  l:remove(1); l:remove(3);            want(p, 1, 7)
  p[name].labels = {{label = 5}};      want(p, 5)
  assert(not pcall(l.clear, l));       want(p, 5)  -- no items could not be told
  l[1] = {label = 6};                  want(p, 6)
  p = pkl[name](p:bytes())             -- found in bytes, too
  l = p[name].labels
  l:append{label = 8, S = on == 1};    want(p, 6, 8)
  l:remove(2);                         want(p, 6)
  l:append{label = 2}; l[1].S = on == 1 -- what a script sets stays set
  l:append{label = 3}
  assert(l[1].S == (on == 1) and l[2].S == (on == 0) and l[3].S == (on == 1))
  l[1].S = nil;                        want(p, 6, 2, 3)
end
---
-- so does a bit of a larger number, and a flag that tells whether there is a list
pkl.protocol{name = "chained", fields = {
  {"first", 16, le = true}, {"MORE", 1, part = "first", auto = "present(words)"},
  {"words", "list", when = "MORE", of = {{"bits", 16, le = true}}, last = "bits & 0x8000 == 0"}, {"after", 8, default = 0xee}}}
local p = pkl.chained(pkl.unhex("0180 0280 0300 ee"))
local c = p.chained
assert(#c.words == 2 and c.MORE and c.after == 0xee)
c.words:append{bits = 4};     assert(pkl.hex(p:bytes()) == "0180028003800400ee")
c.words:remove(3)
c.words:remove(2);            assert(pkl.hex(p:bytes()) == "01800200ee")
c.words:remove(1);            assert(pkl.hex(p:bytes()) == "0100ee")
c.words:append{bits = 0x8009}; assert(pkl.hex(p:bytes()) == "01800900ee")
c.words = nil;                assert(pkl.hex(p:bytes()) == "0100ee" and not c.MORE and c.words == nil)
c.words = {{bits = 0x8001}, {bits = 2}}
assert(pkl.hex(p:bytes()) == "018001800200ee" and #pkl.chained(p:bytes()).chained.words == 2)
local q = pkl.chained{words = {{bits = 0x8005}, {bits = 6}}}
assert(pkl.hex(q:bytes()) == "008005800600ee")
---
-- radiotap's presence words are such a chain
local p = pkl.radiotap(pkl.unhex("0000 1100 04000080 01000080 02000000 16"))
local r = p.radiotap
assert(#r.presences == 2 and r.rate == 22)
r.presences:remove(2);         assert(pkl.hex(p:bytes()) == "00000d00040000800100000016")
r.presences:remove(1);         assert(pkl.hex(p:bytes()) == "000009000400000016")
local q = pkl.radiotap(p:bytes())
assert(q.radiotap.presences == nil and q.radiotap.rate == 22 and not q.radiotap.EXT)
q.radiotap.presences = {{bits = 1}}
assert(pkl.hex(q:bytes()) == "00000d00040000800100000016")
---
-- an item or a list given as a value leaves the packet it is of as it is, also where that fails
local p = pkl.ip{src = "10.0.0.1", dst = "10.0.0.2"} + pkl.tcp{dport = 80, opts = {{type = "nop"}, {type = "nop"}}}
p:update()
p.ip.ttl = 9
local raw = pkl.hex(p:raw())
assert(not pcall(function() p.ip.opts = {p.tcp.opts[1], 5} end) and pkl.hex(p:raw()) == raw)
local q = pkl.tcp{}
q.tcp.opts = p.tcp.opts
q.tcp.opts:append(p.tcp.opts[1])
assert(#q.tcp.opts == 3 and pkl.hex(p:raw()) == raw and pkl.hex(p:bytes()) ~= raw)
---
-- bytes of a list are taken as they are, also what they have for padding
for _, raw in ipairs{"\0\0\0\0", "\1\0\0\0\0\0\0\0", "\2\4\0\1\0\9\9\9"} do
  local p = pkl.ip() + pkl.tcp{opts = {{type = "mss"}}}
  p.tcp.opts_raw = raw
  assert(p.tcp.opts_raw == raw)
  assert(p:bytes():sub(-#raw) == raw and p.tcp.off == 5 + #raw / 4 and #p:verify() == 0)
  p.tcp.dport = 9
  assert(p:bytes() == pkl.ip(p:bytes()):bytes() and p.tcp.opts_raw == raw)
  p.tcp.opts:append{type = "sackok"}
  p:update()
  assert(p.tcp.opts.rest == "" and #p.tcp.opts_raw % 4 == 0 and p.tcp.opts_raw:find("^.-\4\2\0*$"))
end
---
local p = pkl.tcp()
p.tcp.opts_raw = "\1"  --! tcp.opts: header of 21 bytes, not a multiple of 4
---
local p = pkl.ip6_hopopts()
p.ip6_hopopts.opts_raw = "\1\0"  --! not a multiple of 8
---
-- find takes values as a field does, and refuses those that no field of the name has
local p = pkl.dns{answers = {{name = "a.b", type = "AAAA", addr = "2001:db8::1"}, {name = "c.d", type = "A", addr = "192.0.2.1"}}}
local l = p.dns.answers
for at, want in ipairs{{addr = "2001:DB8:0::1"}, {name = "c.d."}} do
  assert(select(2, l:find(want)) == at)
end
assert(l:find{addr = "192.0.2.9"} == nil and l:find{type = "MX"} == nil)
assert(not pcall(l.find, l, {addr = "192.0.2"}) and not pcall(l.find, l, {type = 65536}) and not pcall(l.find, l, {name = 5}))
pkl.protocol{name = "fl", fields = {{"l", "list", of = {{"f", 8, bits = {"A", "B", "C"}}}}}}
assert(select(2, pkl.fl{l = {{f = "A"}, {f = "C|B"}}}.fl.l:find{f = "B|C"}) == 2)
pkl.protocol{name = "vs", fields = {{"l", "list", of = {{"t", 8}, {"v", 8, names = {[1] = "x"}, when = "t == 1"}, {"v", 8, names = {[2] = "x"}, when = "t == 2"}}}}}
local l = pkl.dissect("vs", "\2\1\2\2\1\2\1\1").vs.l
assert(select(2, l:find{v = "x"}) == 2 and select(2, l:find{v = 1}) == 1 and select(2, l:find{t = 1, v = "x"}) == 4)
local o = pkl.dhcp{opts = {{type = "param_list", param_list = {1, 3}}}}
assert(select(2, o.dhcp.opts[1].param_list:find("routers")) == 2)
o.dhcp.opts[1].param_list:find("routes")  --! dhcp.opts.param_list: no value is named "routes"
---
local p = pkl.tcp()
p.tcp.opts:find{type = "timestmap"}  --! tcp.opts.type: no value is named "timestmap" (did you mean "timestamp"?)
