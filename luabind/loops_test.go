package luabind

import "testing"

// TestLoops: only a rule that could run without end, or that calls what could,
// is run under the budget, which costs it a third.
func TestLoops(t *testing.T) {
	for _, c := range []struct {
		src   string
		loops bool
	}{
		{`pkl.on(function(pkt) local t = pkt.tcp if t and t.SYN then n = t.dport end end)`, false},
		{`pkl.on{on_packet = function(pkt) pkt.ip.ttl = 4 end}`, false},
		{`local function f(pkt) n = n + pkt.ip.ttl end pkl.on(f)`, false},
		{`pkl.on("tcp", function(pkt) c:add((pkt.ip or pkt.ip6).src) end)`, false},
		{`pkl.at_end(function() for k in pairs({}) do print(k) end end)`, false},
		{`pkl.on(function(pkt) for i = 1, pkt.ip.ttl do end end)`, true},
		{`pkl.on{on_packet = function(pkt) while pkt.tcp do end end}`, true},
		{`local function f(pkt) return f(pkt) end pkl.on(f)`, true},
	} {
		g, err := NewGeneration(Config{}, []Script{{Name: "t", Source: []byte(c.src)}})
		if err != nil {
			t.Error(err)
		} else if g.loops.Load() != c.loops {
			t.Errorf("%s: loops is %v", c.src, !c.loops)
		}
	}
}
