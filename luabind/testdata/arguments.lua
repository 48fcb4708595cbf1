-- what is missing is told by the function that needs it, also where its call is the last of a function
local function tells(call, want)
  local ok, err = pcall(function() return call() end)
  assert(not ok and err:find(want, 1, true), err)
end
tells(function() return pkl.open() end, "pkl.open: need the name of a file, have nil")
tells(function() return pkl.load({}) end, "pkl.load: need the name of a file, have a table")
tells(function() return pkl.packets() end, "pkl.packets: need the name of a file, have nil")
tells(function() return pkl.create() end, "pkl.create: need the name of a file, have nil")
tells(function() return pkl.filter() end, "pkl.filter: need a filter, have nil")
tells(function() return pkl.at_end(1) end, "pkl.at_end: need a function, have a number")
tells(function() return pkl.sleep("1") end, "pkl.sleep: need a number of seconds, have text")
tells(function() return pkl.shared() end, "bad argument #1 to shared (string expected, got nil)")
tells(function() return pkl.counter{} end, "bad argument #1 to counter (string expected, got table)")
tells(function() return pkl.hex() end, "bad argument #1 to hex (string expected, got nil)")
tells(function() return pkl.unhex() end, "bad argument #1 to unhex (string expected, got nil)")
local p = pkl.tcp()
tells(function() return p:layer() end, "layer: need the name of a protocol, have nil")
tells(function() return p:path() end, 'path: need a text such as "eth/ip/tcp", have nil')
tells(function() return p:flow(1) end, "the options are a table, such as {inner = true}, not a number")
tells(function() return p:reverse{inner = true} end, "reverse takes no options, have a table")
tells(function() return p.tcp.opts:insert("1") end, "list tcp.opts: insert needs a place and an item, have text")
---
print(pkl.udp().nope) --! no protocol "nope"
