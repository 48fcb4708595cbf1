package luabind_test

import (
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"

	"pkl/core"
	"pkl/luabind"
)

// TestGuards runs handlers that begin with conditions, with and without guards,
// and wants the same verdicts and the same errors.
func TestGuards(t *testing.T) {
	rng := rand.New(rand.NewPCG(3, 4))
	packets := guardPackets(t)
	const rules = 1000
	src := []string{"local limit, name, none, band, n, M = 80, 'x', nil, bit.band, 0, {}\nlocal function call(x) return x end\nfakes = {band = call}\n"}
	for i := range rules {
		src = append(src, fmt.Sprintf(spellings[i%len(spellings)], i+1, guardBody(rng, 0)))
	}
	with, without := quiet(), quiet()
	without.NoGuards = true
	a, b := start(t, with, strings.Join(src, "")), start(t, without, strings.Join(src, ""))
	for i := range rules {
		for n, data := range packets {
			if x, y := outcome(a, data, i+1), outcome(b, data, i+1); x != y {
				t.Errorf("%spacket %d:\nwith    %s\nwithout %s", src[i+1], n, x, y)
			}
		}
	}
}

// spellings are ways to pass a handler to pkl.on.
var spellings = []string{
	"pkl.on('frame.number == %d', function(pkt, extra)\n%[2]send)\n",
	"function h%[1]d(pkt, extra)\n%[2]send\npkl.on('frame.number == %[1]d', h%[1]d)\n",
	"function M.h%[1]d(pkt, extra)\n%[2]send\npkl.on{filter = 'frame.number == %[1]d', on_packet = M.h%[1]d}\n",
	"M.h%[1]d = function(pkt, extra)\n%[2]send\npkl.on('frame.number == %[1]d', M.h%[1]d)\n",
}

// outcome judges the packet by all rules and tells what came of it.
func outcome(s *luabind.State, data []byte, number int) string {
	var p core.Packet
	before := len(s.Errors())
	p.Reset(s.Registry(), core.Meta{LinkType: 1, Number: number}, data)
	v := s.Handle(&p)
	text := fmt.Sprintf("%+v", v)
	for _, e := range s.Errors()[before:] {
		text += " " + e.Text
	}
	return text
}

func guardPackets(t *testing.T) (all [][]byte) {
	for _, text := range []string{
		syn, syn[:80], syn[:24] + "0806" + syn[28:], strings.Replace(syn, "40004006", "40004011", 1), "00",
		strings.Replace(syn, "80022000", "80122000", 1), strings.Replace(syn, "00500000", "0bb80000", 1),
	} {
		all = append(all, wire(t, text[:len(text)/2*2]))
	}
	return all
}

// guardBody is the body of a handler.
func guardBody(rng *rand.Rand, depth int) string {
	one := func(all ...string) string { return all[rng.IntN(len(all))] }
	body := ""
	if depth == 0 {
		body = one("local t = pkt.tcp\n", "local t, i = pkt.tcp, pkt.ip\n", "local t = pkt.udp\nlocal i = pkt.ip\n", "local pkt2, t = pkt, pkt.ip\n", "")
		if rng.IntN(3) == 0 { // what a guard cannot do, so that there is one behind it
			body = one("n = n + 1\n", "call(pkt)\n", "if pkt.ip then pkt.ip.ttl = 5 end\n", "pkt = call(pkt)\n", "local limit = call(7)\n", "local function t() end\n",
				"for i = 1, 2 do n = n + i end\n", "if n < 0 then return pkl.drop end\n", "local pkt = pkt:copy()\n", "if pkt.tcp then pkt.tcp.opts:clear() end\n") + body
		}
	}
	for range 1 + rng.IntN(2) {
		c := guardCond(rng, 3)
		switch rng.IntN(5) {
		case 0:
			body += "if " + c + " then return end\n"
		case 1:
			body += "if " + c + " then return pkl.drop end\n"
		case 2:
			body += "local v" + one("1", "2") + " = " + c + "\n"
		case 3:
			if depth < 2 {
				body += "if " + c + " then\n" + guardBody(rng, depth+1) + " else\n" + guardBody(rng, depth+1) + "end\n"
			}
		default:
			body += "if " + c + " then return pkl.drop elseif " + guardCond(rng, 2) + " then return pkl.stop end\n"
		}
		if strings.HasSuffix(body, "return end\n") && rng.IntN(2) == 0 {
			body += "if " + guardCond(rng, 1) + " then return pkl.again end\n"
		}
	}
	return body
}

func guardCond(rng *rand.Rand, depth int) string {
	one := func(all ...string) string { return all[rng.IntN(len(all))] }
	if depth > 0 {
		switch rng.IntN(4) {
		case 0:
			return guardCond(rng, depth-1) + " and " + guardCond(rng, depth-1)
		case 1:
			return "(" + guardCond(rng, depth-1) + " or " + guardCond(rng, depth-1) + ")"
		case 2:
			return "not (" + guardCond(rng, depth-1) + ")"
		}
	}
	value := func() string {
		return one("80", "0x50", "6", "limit", "name", "nil", "true", "'10.0.0.1'", "'10.0.0.2'", "pkt.tcp.dport", "pkt.ip.src", "pkt.ip.dst", "pkt.ip.ttl",
			"t.dport", "i.p", "pkt.eth.src", "'02:00:00:00:00:02'", "t", "pkt.tcp.SYN", "1.5", "extra", "pkt.ip.opts", "call(pkt.tcp)", "v1", "pkt.len", "pkt",
			"bit.band(pkt.tcp.flags, 0x12)", "band(t.flags, 2)", "bit.rshift(pkt.ip.ttl, 2)", "fakes.band(3, 1)", "bit.band(t, 1)", "pkt.tcp.dport % 7", "limit + 1", "name + 1", "pkt.ip.ttl * 2 - 1", "bit")
	}
	switch rng.IntN(5) {
	case 4:
		return one("bit.band(t.flags, 0x12)", "band(pkt.tcp.flags, 18)", "fakes.band(2, 1)", "pkt.tcp.dport % 13", "limit * 2 - 158", "bit.rshift(pkt.ip.ttl, 5)", "bit.bor(pkt.ip.p, 2) - 4") + one(" == ", " ~= ") + one("2", "2", "0x10")
	case 0:
		return value() + one(" == ", " ~= ") + value()
	case 1:
		return one("pkt.ip.ttl", "pkt.tcp.dport", "t.dport", value()) + one(" < ", " <= ", " > ", " >= ") + one("80", "64", "pkt.ip.p", value())
	case 2:
		return one("t", "pkt.tcp", "pkt.ip", "pkt.udp", "pkt.arp", "limit", "none", "pkt.icmp", "extra", "i", "pkt:layer('tcp')", "pkt:layer('udp')", "pkt:layer('nothing')")
	}
	return one("pkt.tcp.SYN", "t.SYN", "t.ACK", "pkt.ip.DF", "call(t)", "i and i.MF", "t and t.SYN", "pkt.udp.sport", "v2")
}
