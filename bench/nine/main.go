// Command nine does the work of pypacker's own table over package core, as lua/nine.lua does it in Lua:
//
//	nine SECONDS HEX-OF-IP-AND-ICMP HEX-OF-ETHERNET-TO-HTTP
//
// It prints a line for each measurement: its name, how often a second it can be done by processor time, and what came out,
// which is the same in every language.
package main

import (
	"encoding/hex"
	"fmt"
	"os"
	"strconv"
	"syscall"
	"time"

	"pkl/core"
	"pkl/protocols"
)

// measurement is one row. What do does may depend on whether i is even, so that every edit changes something.
type measurement struct {
	name string
	do   func(i int) error
	show func() string // what the last do has made
}

func main() {
	if err := run(os.Args[1:]); err != nil {
		fmt.Fprintln(os.Stderr, "nine:", err)
		os.Exit(1)
	}
}

// run measures everything once.
func run(args []string) error {
	if len(args) != 3 {
		return fmt.Errorf("want three arguments: seconds, two packets in hex")
	}
	seconds, err := strconv.ParseFloat(args[0], 64)
	if err != nil {
		return err
	}
	icmp, err := hex.DecodeString(args[1])
	if err != nil {
		return fmt.Errorf("first packet: %w", err)
	}
	http, err := hex.DecodeString(args[2])
	if err != nil {
		return fmt.Errorf("second packet: %w", err)
	}
	reg, err := core.Compile(protocols.All(), protocols.Structs(), nil)
	if err != nil {
		return err
	}
	for _, m := range measurements(reg, icmp, http) {
		rate, err := m.rate(time.Duration(seconds * float64(time.Second)))
		if err != nil {
			return fmt.Errorf("%s: %w", m.name, err)
		}
		fmt.Printf("%s\t%.0f\t%s\n", m.name, rate, m.show())
	}
	return nil
}

// rate repeats do, twice as often each time, until that takes long enough. The last i is 0.
func (m *measurement) rate(enough time.Duration) (float64, error) {
	for n := 1; ; n *= 2 {
		start := processorTime()
		for i := n - 1; i >= 0; i-- {
			if err := m.do(i); err != nil {
				return 0, err
			}
		}
		if took := processorTime() - start; took >= enough {
			return float64(n) / max(took, time.Nanosecond).Seconds(), nil
		}
	}
}

// processorTime is what the process has used, the garbage collector included.
func processorTime() time.Duration {
	var u syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &u); err != nil {
		panic(err)
	}
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}

// measurements lists the nine, in the order of the table.
func measurements(reg *core.Registry, icmp, http []byte) []*measurement {
	return append(reading(reg, icmp, http), writing(reg, icmp, http)...)
}

// num names a number in a packet.
type num struct {
	proto *core.Proto
	slot  *core.Slot
}

func number(reg *core.Registry, proto, field string) num {
	pr := reg.Proto(proto)
	return num{pr, pr.Head().Slot(field)}
}

// of reads it in the lowest layer that has it.
func (n num) of(p *core.Packet) uint64 {
	v, _ := p.Num(p.Find(n.proto, 1), n.slot)
	return v
}

// reading are the measurements that change nothing. A packet is used again, as programs do that read many.
func reading(reg *core.Registry, icmp, http []byte) []*measurement {
	eth, ip := reg.Proto("eth"), reg.Proto("ip")
	proto, icmpType := number(reg, "ip", "p"), number(reg, "icmp", "type")
	ethType, dport := number(reg, "eth", "type"), number(reg, "tcp", "dport")
	web, method := reg.Proto("http"), reg.Proto("http").Head().Slot("method")
	var p core.Packet
	var a, b, c uint64
	var text, raw []byte
	whole := new(core.Packet)
	whole.ResetAs(ip, icmp)
	return []*measurement{
		{"parse IP+ICMP", func(int) error {
			p.ResetAs(ip, icmp)
			a, b = proto.of(&p), icmpType.of(&p)
			return nil
		}, func() string { return fmt.Sprint(a, b) }},
		{"parse first layer", func(int) error {
			p.ResetAs(eth, http)
			a = ethType.of(&p)
			return nil
		}, func() string { return fmt.Sprint(a) }},
		{"parse all layers", func(int) error {
			p.ResetAs(eth, http)
			a, b, c = ethType.of(&p), proto.of(&p), dport.of(&p)
			text, _ = p.Text(p.Find(web, 1), method)
			return nil
		}, func() string { return fmt.Sprintf("%d %d %d %s", a, b, c, text) }},
		{"serialise unchanged", func(int) error {
			whole.Update()
			raw = append(raw[:0], whole.Raw()...)
			return nil
		}, func() string { return hex.EncodeToString(raw) }},
	}
}

// writing are the measurements that make bytes. Each brings them up to date, lengths and sums too.
func writing(reg *core.Registry, icmp, http []byte) []*measurement {
	eth, ip, web := reg.Proto("eth"), reg.Proto("ip"), reg.Proto("http")
	var made *core.Packet
	show := func() string { return hex.EncodeToString(made.Raw()) }
	address := func(p *core.Packet, v any) error { return p.Set(p.Find(ip, 1), ip.Head().Slot("src"), v) }
	header := func(p *core.Packet, v any) error {
		item := p.Items(p.List(p.Find(web, 1), web.Head().Slot("headers")))[1]
		return p.Set(item, p.LayoutOf(item).Slot("value"), v)
	}
	uri := func(p *core.Packet, v any) error { return p.Set(p.Find(web, 1), web.Head().Slot("uri"), v) }
	edit := func(name string, first *core.Proto, b []byte, set func(*core.Packet, any) error, values ...any) *measurement {
		p := new(core.Packet)
		p.ResetAs(first, b)
		return &measurement{name, func(i int) error {
			made = p
			err := set(p, values[i%len(values)])
			p.Update()
			return err
		}, show}
	}
	build := func(name string, make func() (*core.Packet, error)) *measurement {
		return &measurement{name, func(int) (err error) {
			if made, err = make(); err == nil {
				made.Update()
			}
			return err
		}, show}
	}
	return []*measurement{
		build("create IP", func() (*core.Packet, error) { return core.Build(ip, ipValues(17)) }),
		build("assign and concatenate four layers", func() (*core.Packet, error) { return four(reg) }),
		edit("change and recompute checksum", ip, icmp, address, "192.0.2.77", "198.51.100.1"),
		edit("change list element", eth, http, header, "www.example.net", "example.com"),
		edit("change HTTP start line", eth, http, uri, "/other", "/longer/than/that.html"),
	}
}

// ipValues are those of a new header.
func ipValues(p int) map[string]any {
	return map[string]any{"src": "192.0.2.1", "dst": "192.0.2.2", "id": 7, "ttl": 33, "p": p}
}

// four makes Ethernet, IP, TCP and HTTP and puts them together.
func four(reg *core.Registry) (*core.Packet, error) {
	var all *core.Packet
	for _, l := range []struct {
		proto  string
		values map[string]any
	}{
		{"eth", map[string]any{"src": "02:00:00:00:00:01", "dst": "02:00:00:00:00:02"}},
		{"ip", ipValues(6)},
		{"tcp", map[string]any{"sport": 1234, "dport": 80, "seq": 100, "ack": 200, "flags": "PSH|ACK"}},
		{"http", map[string]any{"method": "GET", "uri": "/a", "headers": []any{map[string]any{"name": "Host", "value": "example.org"}}}},
	} {
		p, err := core.Build(reg.Proto(l.proto), l.values)
		if err != nil {
			return nil, err
		}
		if all == nil {
			all = p
		} else if all, err = core.Concat(all, p); err != nil {
			return nil, err
		}
	}
	return all, nil
}
