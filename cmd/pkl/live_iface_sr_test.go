//go:build linux

package main

import (
	"encoding/binary"
	"net"
	"strings"
	"testing"
	"time"

	"pkl/internal/netns"
)

// listenUDP answers datagrams at an address of a namespace as reply says; nil is no answer.
func listenUDP(t *testing.T, ns *netns.Namespace, addr string, reply func([]byte) []byte) {
	t.Helper()
	var c net.PacketConn
	err := ns.Do(func() (err error) { c, err = net.ListenPacket("udp", addr); return err })
	if err != nil {
		t.Fatal(err)
	}
	c.(*net.UDPConn).SetReadBuffer(8 << 20)
	t.Cleanup(func() { c.Close() })
	go func() {
		b := make([]byte, 2048)
		for {
			n, from, err := c.ReadFrom(b)
			if err != nil {
				return
			}
			if out := reply(b[:n]); out != nil {
				c.WriteTo(out, from)
			}
		}
	}()
}

// listenTCP opens a port.
func listenTCP(t *testing.T, ns *netns.Namespace, addr string) {
	t.Helper()
	var l net.Listener
	err := ns.Do(func() (err error) { l, err = net.Listen("tcp", addr); return err })
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { l.Close() })
}

// printed compares what a program prints.
func printed(t *testing.T, got, want string) {
	t.Helper()
	if want = strings.TrimLeft(want, "\n"); got != want {
		t.Errorf("printed\n%swant\n%s", got, want)
	}
}

// What the kernel of the other host answers is found: replies of ICMP and ICMPv6,
// segments, errors that quote, by the routes and as frames.
func TestLiveSR(t *testing.T) {
	w := newWire(t)
	listenTCP(t, w.b, "10.9.0.2:80")
	listenTCP(t, w.b, "[fd09::2]:80")
	const asks = `
		local function ask(p, o)
		  local a, why = pkl.sr1(p, o or {timeout = 5})
		  if not a then print(why) return end
		  if a.arp then print("arp", a.arp.op, a.arp.spa, a.arp.sha == a.eth.src)
		  elseif a.icmp then print("icmp", a.ip.src, a.icmp.type, a.icmp.quote and a.icmp.quote.udp.dport or a.icmp.body)
		  elseif a.tcp then print("tcp", (a.ip or a.ip6).src, a.tcp.flags, a.tcp.ack)
		  elseif a.icmp6 then print("icmp6", a.ip6.src, a.icmp6.type, a.icmp6.target or a.icmp6.quote and a.icmp6.quote.udp.dport or a.icmp6.body) end
		  if a.outgoing then print("that is one's own") end
		end
		local v4, v6 = ...`
	const ip = asks + `
		local p4, p6 = pkl.ip{dst = v4}, pkl.ip6{dst = v6}
		ask(p4 + pkl.icmp{type = "echo_request", id = 7, seq = 3} + "four")
		ask(p6 + pkl.icmp6{type = "echo_request", id = 8, seq = 4} + "six")
		ask(p4 + pkl.tcp{sport = 1025, dport = 80, seq = 1000, flags = "SYN"})
		ask(p4 + pkl.tcp{sport = 1025, dport = 81, seq = 2000, flags = "SYN"})
		ask(p6 + pkl.tcp{sport = 1025, dport = 80, seq = 3000, flags = "SYN"})
		ask(p6 + pkl.tcp{sport = 1025, dport = 81, seq = 4000, flags = "SYN"})
		ask(p4 + pkl.udp{sport = 1025, dport = 82} + "closed")
		ask(p6 + pkl.udp{sport = 1025, dport = 83} + "closed")
		ask(p4 + pkl.udp{sport = 84, dport = 84} + "the same ports")
		ask(p6 + pkl.udp{sport = 85, dport = 85} + "the same ports")`
	printed(t, w.program(w.a, ip, "--", "10.9.0.2", "fd09::2"), `
icmp	10.9.0.2	0	four
icmp6	fd09::2	129	six
tcp	10.9.0.2	18	1001
tcp	10.9.0.2	20	2001
tcp	fd09::2	18	3001
tcp	fd09::2	20	4001
icmp	10.9.0.2	3	82
icmp6	fd09::2	1	83
icmp	10.9.0.2	3	84
icmp6	fd09::2	1	85
`)
	listenTCP(t, w.a, "127.0.0.1:80")
	listenTCP(t, w.a, "[::1]:80")
	printed(t, w.program(w.a, ip, "--", "127.0.0.1", "::1"), `
icmp	127.0.0.1	0	four
icmp6	::1	129	six
tcp	127.0.0.1	18	1001
tcp	127.0.0.1	20	2001
tcp	::1	18	3001
tcp	::1	20	4001
icmp	127.0.0.1	3	82
icmp6	::1	1	83
icmp	127.0.0.1	3	84
icmp6	::1	1	85
`)
	printed(t, w.program(w.a, asks+`
		local o = {iface = "v0", timeout = 5}
		local all, mac = pkl.eth{dst = "ff:ff:ff:ff:ff:ff"}, nil
		for _, i in ipairs(pkl.interfaces()) do if i.name == "v0" then mac = i.mac end end
		local who = all + pkl.arp{sha = mac, spa = "10.9.0.1", tpa = v4}
		ask(who, o)
		local there = pkl.sr1(who, o).arp.sha
		ask(pkl.eth{dst = there} + pkl.ip{src = "10.9.0.1", dst = v4} + pkl.icmp{type = "echo_request", id = 7, seq = 3} + "frame", o)
		ask(pkl.eth{dst = there} + pkl.ip{src = "10.9.0.1", dst = v4} + pkl.udp{sport = 84, dport = 84}, o)
		ask(pkl.eth{dst = "33:33:ff:00:00:02"} + pkl.ip6{src = "fd09::1", dst = "ff02::1:ff00:2", hlim = 255}
		  + pkl.icmp6{type = "neighbor_solicit", target = v6, opts = {{type = 1, body = pkl.unhex((mac:gsub(":", "")))}}}, o)`, "--", "10.9.0.2", "fd09::2"), `
arp	2	10.9.0.2	true
icmp	10.9.0.2	0	frame
icmp	10.9.0.2	3	84
icmp6	fd09::2	136	fd09::2
`)
}

// A frame of one's own that comes back over loopback is no answer, whatever its
// ports; what is answered there is.
func TestLiveSRLoopback(t *testing.T) {
	w := newWire(t)
	listenUDP(t, w.a, "127.0.0.1:7001", func(b []byte) []byte { return nil })
	listenUDP(t, w.a, "[::1]:7002", func(b []byte) []byte { return append([]byte("re: "), b...) })
	listenUDP(t, w.a, "127.0.0.1:7002", func(b []byte) []byte { return append([]byte("re: "), b...) })
	printed(t, w.program(w.a, `
		local function ask(p, o) local a, why = pkl.sr1(p, o) print(a and a.udp.body, why) end
		local ip = pkl.ip{src = "127.0.0.1", dst = "127.0.0.1"}
		ask(ip + pkl.udp{sport = 7001, dport = 7001} + "x", {timeout = 0.3})                             -- nobody answers
		ask(pkl.eth{} + ip + pkl.udp{sport = 7001, dport = 7001} + "x", {timeout = 0.3, iface = "lo"})
		ask(ip + pkl.udp{sport = 7001, dport = 7001} + "x", {timeout = 0.2, retry = 2})
		ask(ip + pkl.udp{sport = 7003, dport = 7002} + "y", {timeout = 5})
		ask(pkl.eth{} + pkl.ip6{src = "::1", dst = "::1"} + pkl.udp{sport = 7003, dport = 7002} + "z", {timeout = 5, iface = "lo"})
		local many = {}
		for i = 1, 100 do many[i] = ip + pkl.udp{sport = 7001, dport = 7001} + ("number " .. i) end
		local answers, missing = pkl.sr(many, {timeout = 0.3})
		print(#answers, #missing)
		`), `
nil	no answer: timeout
nil	no answer: timeout
nil	no answer: timeout
re: y	nil
re: z	nil
0	100
`)
}

// Where nobody answers, that is said in time; what is not answered is sent again,
// and listed.
func TestLiveSRUnanswered(t *testing.T) {
	w := newQuietWire(t)
	w.ip(w.a, "neigh add 10.9.0.7 lladdr 02:00:00:00:00:07 dev v0")
	end := w.tcpdump(w.b, "-i", "v1", "dst host 10.9.0.7 or dst port 7001")
	seen := map[uint32]int{}
	listenUDP(t, w.b, "10.9.0.2:7001", func(b []byte) []byte { // answers when it is asked for the third time
		n := binary.BigEndian.Uint32(b)
		if seen[n]++; seen[n] < 3 {
			return nil
		}
		return b
	})
	began := time.Now()
	printed(t, w.program(w.a, `
		local away = pkl.ip{dst = "10.9.0.7"} + pkl.icmp{type = "echo_request", id = 1, seq = 1}
		print(pkl.sr1(away, {timeout = 0.3}))
		local answers, missing = pkl.sr({away, away:copy()}, {timeout = 0.2, retry = 1})
		print(#answers, #missing, missing[1].icmp.seq)
		local there = pkl.ip{dst = "10.9.0.2"} + pkl.udp{sport = 7000, dport = 7001} + string.char(0, 0, 0, 1)
		print(pkl.sr1(there, {timeout = 0.2, retry = 1}))
		there.udp.body = string.char(0, 0, 0, 2)
		answers, missing = pkl.sr({away, there}, {timeout = 0.2, retry = 3})
		print(#answers, #missing, answers[1].sent.udp.dport, answers[1].answer.udp.sport, missing[1].icmp.type)
		print(pkl.sr1(pkl.ip{dst = "192.0.2.1"} + pkl.icmp{}, {timeout = 0.2}))
		`), `
nil	no answer: timeout
0	2	1
nil	no answer: timeout
1	1	7001	7001	8
nil	no route to 192.0.2.1: network is unreachable
`)
	t.Logf("took %v, of which 2.1 s waiting", time.Since(began).Round(time.Millisecond))
	// 1 of the first, 2 times 2 of the second, 2 of the third; of the last 4 and 3.
	if all := end(14); len(all) != 14 {
		t.Errorf("%d packets were sent, want 14", len(all))
	}
}

// That an interface was down, some time ago, is no reason to get no answer.
func TestLiveSRAfterOutage(t *testing.T) {
	w := newQuietWire(t)
	printed(t, w.program(w.a, `
		local s = assert(pkl.socket{iface = "v0"})
		os.execute("ip link set v0 down")
		pkl.sleep(0.3)
		os.execute("ip link set v0 up")
		local who = pkl.eth{dst = "ff:ff:ff:ff:ff:ff"} + pkl.arp{sha = s.mac, spa = "10.9.0.1", tpa = "10.9.0.2"}
		print(assert(s:sr1(who, {timeout = 0.5, retry = 20})).arp.spa)`), `
10.9.0.2
`)
}

// A protocol of a script says itself what answers what: of many packets to one
// port each finds the answer that has its number.
func TestLiveSRMany(t *testing.T) {
	w := newQuietWire(t)
	listenUDP(t, w.b, "10.9.0.2:7171", func(b []byte) []byte { // every tenth
		if binary.BigEndian.Uint16(b[1:])%10 != 0 {
			return nil
		}
		return []byte{1, b[1], b[2], b[3] + 1}
	})
	printed(t, w.program(w.a, `
		pkl.protocol {
		  name = "quiz", over = { ["udp.port"] = 7171 },
		  fields = { { "kind", 8, names = { [0] = "ask", [1] = "tell" } }, { "id", 16 }, { "turn", 8 } },
		  replies = { { when = "kind == tell", to = "kind == ask", same = { "id", { "turn - 1", "turn" } } } },
		}
		local asks = {}
		for i = 1, 1000 do asks[i] = pkl.ip{dst = "10.9.0.2"} + pkl.udp{sport = 4000, dport = 7171} + pkl.quiz{id = i, turn = i % 100} end
		local answers, missing = pkl.sr(asks, {timeout = 1})
		local right = 0
		for _, a in ipairs(answers) do
		  if a.sent.quiz.id == a.answer.quiz.id and a.answer.quiz.id % 10 == 0 and a.answer.quiz.turn == a.sent.quiz.turn + 1 then right = right + 1 end
		end
		print(#answers, right, #missing, missing[1].quiz.id, missing[900].quiz.id)
		`), "100\t100\t900\t1\t999\n")
	printed(t, w.program(w.a, `
		local asks = {}
		for i = 1, 1000 do asks[i] = pkl.ip{dst = "10.9.0.2"} + pkl.icmp{type = "echo_request", id = i % 7, seq = i} + ("ping " .. i) end
		local s = assert(pkl.socket{layer = 3})
		local answers, missing = s:sr(asks, {timeout = 5})
		local right, seen = 0, {}
		for _, a in ipairs(answers) do
		  if a.sent.icmp.body == a.answer.icmp.body and not seen[a.sent] then right = right + 1 end
		  seen[a.sent] = true
		end
		print(#answers, right, #missing, s:stats().dropped)
		`), "1000\t1000\t0\t0\n")
}
