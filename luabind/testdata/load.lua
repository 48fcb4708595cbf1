-- what is loaded from text is mended as scripts are
assert(select(2, loadstring("local a, b = 1, 2 a, b = b, a return a, b")()) == 1)
assert(loadstring("local function f(a, b) local c = 3 b = (math.max(a, c)) return a, b, c end return f(1, 2)")() == 1)
local pieces = {"local a, b = 1, 2 ", "a, b = b, ", "a return a"}
assert(load(function() return table.remove(pieces, 1) end)() == 2)
---
-- it has the globals of the script, until it gets others
x = 7
loadstring("y = x + 1")()
assert(y == 8)
local f = loadstring("p.ip.ttl = 9 return p.ip.ttl .. p.ip.proto .. tostring(y)")
assert(setfenv(f, {p = pkl.ip{}, tostring = tostring})() == "9ipnil")
assert(select("#", loadstring("return ...")(1, nil)) == 2 and select("#", loadstring("")()) == 0)
---
-- mistakes are told, not raised, with the name of the chunk
local function wrong(want, f, ...)
  local fn, why = f(...)
  assert(fn == nil and why:find(want, 1, true), why)
end
wrong('[string "x = = 1"]:1: ', loadstring, "x = = 1")
wrong('[string "x = 1..."]:2: ', loadstring, "x = 1\ny = = 2")
wrong('[string "name"]:1: ', loadstring, "x = = 1", "name")
wrong("name:1: ", loadstring, "x = = 1", "=name")
wrong("(load):1: ", load, coroutine.wrap(function() coroutine.yield("x = = 1") coroutine.yield() end))
wrong("must return a string", load, function() return {} end)
wrong("nest", loadstring, "return " .. ("("):rep(100000))
wrong("nothing.lua", loadfile, "testdata/nothing.lua")
assert(not pcall(dofile, "testdata/nothing.lua"))
---
-- files, also those along package.path
local name = os.tmpname()
local function write(text) local f = io.open(name, "w") f:write(text) f:close() end
write("#!/usr/bin/env pkl\nlocal a, b = ..., 2 a, b = b, a made = a return a, b")
assert(select(2, loadfile(name)(1)) == 1 and made == 2)
local a, b = dofile(name)
assert(a == 2 and b == nil)
write("\nx = = 1")
local ok, why = pcall(dofile, name)
assert(not ok and why:find(name .. ":2: ", 1, true) == 1, why)
package.path = name:gsub("[^/]*$", "?")
name = name:match("[^/]*$")
assert(not pcall(require, name))
local f = io.open((package.path:gsub("?", name)), "w")
f:write("local a, b = 1, 2 a, b = b, a other = 1 return {a, b}")
f:close()
assert(require(name)[1] == 2 and other == nil)
os.remove((package.path:gsub("?", name)))
---
-- what is no key is none among the globals
assert(not pcall(function() _G[nil] = 1 end) and not pcall(function() _G[0/0] = 1 end))
