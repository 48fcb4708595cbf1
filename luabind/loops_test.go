package luabind

import "testing"

// TestLoops: only a rule that could run without end, or that calls what could,
// is run under the budget, which costs it a third. Where its time is limited, so
// is one that calls what may take long, or a script with functions that could be
// reached some other way.
func TestLoops(t *testing.T) {
	for _, c := range []struct {
		src         string
		loops, long bool
	}{
		{`pkl.on(function(pkt) local t = pkt.tcp if t and t.SYN then n = t.dport end end)`, false, false},
		{`pkl.on{on_packet = function(pkt) pkt.ip.ttl = 4 end}`, false, false},
		{`pkl.on("udp", function(pkt) pkt.udp.body = "x" .. pkt.udp.body:sub(2) return pkl.queue(1) end)`, false, false},
		{`local function f(pkt) n = n + pkt.ip.ttl end pkl.on(f)`, false, true},
		{`pkl.on("tcp", function(pkt) c:add((pkt.ip or pkt.ip6).src) end)`, false, false},
		{`pkl.at_end(function() for k in pairs({}) do print(("x"):rep(9)) end end)`, false, false},
		{`pkl.every(1, function() n = 0 end) for i = 1, 9 do ("x"):rep(9) end`, false, false},
		{`pkl.every(1, function() f = function() end end)`, false, true},
		{`pkl.on(function(pkt) for i = 1, pkt.ip.ttl do end end)`, true, false},
		{`pkl.on{on_packet = function(pkt) while pkt.tcp do end end}`, true, false},
		{`local function f(pkt) return f(pkt) end pkl.on(f)`, true, true},
		{`pkl.on(function(pkt) n = ("x"):rep(pkt.ip.ttl) end)`, false, true},
		{`pkl.on(function(pkt) n = string.find(pkt.udp.body, ".-b") end)`, false, true},
		{`pkl.on(function(pkt) n = string[pkt.udp.body](pkt.udp.body) end)`, false, true},
		{`pkl.on(function(pkt) table.sort(t) end)`, false, true},
		{`local t = setmetatable({}, {__index = function(t, k) return t[k + 1] end}) pkl.on(function(pkt) n = t[1] end)`, false, true},
		{`function string.sub(s) return s:sub(1) end pkl.on(function(pkt) n = pkt.udp.body:sub(1) end)`, false, true},
		{`pkl.on(function(pkt) local f = function() end end)`, false, true},
	} {
		g, err := NewGeneration(Config{}, []Script{{Name: "t", Source: []byte(c.src)}})
		if err != nil {
			t.Error(err)
		} else if g.loops.Load() != c.loops || g.long.Load() != c.long {
			t.Errorf("%s: loops %v, long %v", c.src, g.loops.Load(), g.long.Load())
		}
	}
}
