-- Who is found where several claim a key, and conditions as computed fields.
pkl.protocol { name = "checked", over = { ["tcp.port"] = 8080 }, check = 'm == "GET"', fields = { { "m", "text", size = 3 } } }
pkl.protocol { name = "low", over = { ["tcp.port"] = 100 }, fields = { { "m", 8 } } }
pkl.protocol { name = "high", over = { ["tcp.port"] = 200 }, fields = { { "m", 8 } } }
pkl.protocol { name = "anywhere", over = { tcp = true }, check = "m == 0x7e", fields = { { "m", 8 } } }

local function found(sport, dport, body)
  local wire = (pkl.tcp{sport = sport, dport = dport} + body):bytes()
  local last = pkl.dissect("tcp", wire).last.proto
  for _, name in ipairs{"checked", "low", "high", "anywhere"} do   -- each searched for alone says the same
    assert((pkl.dissect("tcp", wire)[name] ~= nil) == (name == last), name)
    assert(pkl.filter(name)(pkl.dissect("tcp", wire)) == (name == last), name)
  end
  return last
end
assert(found(8080, 100, "GET x") == "checked")     -- a check goes before the lower port
assert(found(100, 8080, "GET x") == "checked")
assert(found(8080, 100, "PUT x") == "low")
assert(found(200, 100, "x") == "low")              -- the lower port, among equals
assert(found(200, 8080, "x") == "high")
assert(found(200, 300, "\126") == "high")          -- what is tried on every payload comes last
assert(found(400, 300, "\126") == "anywhere")

pkl.protocol { name = "comp", fields = {
  { "w", 8 }, { "big", get = "w > 10" }, { "F", 1 }, { "z", 7 }, { "alias", get = "F" }, { "twice", get = "w * 2" } } }
local p = pkl.comp{w = 3}
assert(p.comp.big == false and not pkl.filter("comp.big")(p))
p.comp.w = 11
assert(p.comp.big == true and pkl.filter("comp.big")(p) and p.comp.twice == 22)
assert(p:json():find('"big":true', 1, true))
p.comp.alias = true
assert(p.comp.F == true)
assert(not pcall(function() p.comp.big = false end))
