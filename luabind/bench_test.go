package luabind_test

import (
	"encoding/hex"
	"os"
	"testing"
	"time"

	"pkl/core"
	"pkl/luabind"
	"pkl/protocols"
)

// syn is a TCP SYN over IPv4 over Ethernet, with options.
const syn = "020000000002020000000001080045000034000100004006" + "b7bc" + "0a0000010a000002" +
	"d43100500000000100000000800220" + "00" + "00000000" + "020405b40103030801010402"

func wire(t testing.TB, text string) []byte {
	b, err := hex.DecodeString(text)
	if err != nil {
		t.Fatal(err)
	}
	return b
}

func config() luabind.Config {
	return luabind.Config{Specs: protocols.All(), Structs: protocols.Structs(), Out: os.Stdout, Log: os.Stderr}
}

func start(t testing.TB, cfg luabind.Config, src string) *luabind.State {
	t.Helper()
	g, err := luabind.NewGeneration(cfg, []luabind.Script{{Name: "test.lua", Source: []byte(src)}})
	if err != nil {
		t.Fatal(err)
	}
	s, err := g.NewState(1)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { s.Close() })
	if err := s.Run(); err != nil {
		t.Fatal(err)
	}
	return s
}

func bench(b *testing.B, src string) {
	s := start(b, config(), src)
	data := wire(b, syn)
	var p core.Packet
	b.ReportAllocs()
	for i := 0; b.Loop(); i++ {
		p.Reset(s.Registry(), core.Meta{LinkType: 1, Number: i + 1}, data)
		s.Handle(&p)
	}
	if errs := s.Errors(); len(errs) > 0 {
		b.Fatal(errs[0].String())
	}
}

func BenchmarkNothing(b *testing.B) { bench(b, `pkl.on(function(pkt) end)`) }

func BenchmarkSYNs(b *testing.B) {
	bench(b, `
local c = pkl.counter()
pkl.on(function(pkt)
  local t = pkt.tcp
  if t and t.SYN and not t.ACK then c:add(pkt.ip.src) end
end)`)
}

func BenchmarkFilteredSYNs(b *testing.B) {
	bench(b, `
local c = pkl.counter()
pkl.on("tcp.SYN and not tcp.ACK", function(pkt) c:add(pkt.ip.src) end)`)
}

func BenchmarkPort(b *testing.B) { bench(b, `pkl.on(function(pkt) local p = pkt.tcp.dport end)`) }

func BenchmarkAdd(b *testing.B) {
	bench(b, `local c = pkl.counter() pkl.on(function(pkt) c:add("x") end)`)
}
func BenchmarkTCP(b *testing.B)  { bench(b, `pkl.on(function(pkt) local p = pkt.tcp end)`) }
func BenchmarkTCP2(b *testing.B) { bench(b, `pkl.on(function(pkt) local p = pkt.tcp p = pkt.tcp end)`) }
func BenchmarkFind(b *testing.B) {
	s := start(b, config(), "")
	data := wire(b, syn)
	tcp := s.Registry().Proto("tcp")
	var p core.Packet
	for i := 0; b.Loop(); i++ {
		p.Reset(s.Registry(), core.Meta{LinkType: 1, Number: i + 1}, data)
		p.Find(tcp, 1)
	}
}

func synBytes() []byte {
	b, _ := hex.DecodeString(syn)
	return b
}

// A datagram is 64 bytes over UDP and IPv4, as a queue gives it: without a link layer.
const datagram = "4500005c00010000401100000a0900010a0902020009000900480000" +
	"6162636465666768696a6b6c6d6e6f707172737475767778797a6162636465666768696a6b6c6d6e6f707172737475767778797a6162636465666768696a6b6c"

// benchQueue is bench with the bounds of pkl run -q.
func benchQueue(b *testing.B, src string) {
	cfg := config()
	cfg.Budget, cfg.LoadBudget = 100*time.Millisecond, time.Second
	s := start(b, cfg, src)
	data := wire(b, datagram)
	var p core.Packet
	b.ReportAllocs()
	for i := 0; b.Loop(); i++ {
		p.Reset(s.Registry(), core.Meta{LinkType: 101, Number: i + 1}, data)
		s.Handle(&p)
	}
	if errs := s.Errors(); len(errs) > 0 {
		b.Fatal(errs[0].String())
	}
}

func BenchmarkQueueAccept(b *testing.B)  { benchQueue(b, queueAccept) }
func BenchmarkQueueRewrite(b *testing.B) { benchQueue(b, queueRewrite) }

// What bench/lua does with the packets of a queue.
const (
	queueAccept = `local seen, bytes, port = 0, 0, nil pkl.on(function(pkt)
  seen = seen + 1
  bytes = bytes + pkt.ip.len
  port = pkt.udp.dport
  return pkl.accept
end)`
	queueRewrite = `local seen = 0 pkl.on(function(pkt)
  seen = seen + 1
  local u = pkt.udp
  u.body = "PKL!" .. u.body:sub(5)
end)`
)
