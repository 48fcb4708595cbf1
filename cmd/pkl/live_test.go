//go:build linux

package main

import (
	"bytes"
	"context"
	"crypto/rand"
	"crypto/sha256"
	"encoding/binary"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"golang.org/x/net/dns/dnsmessage"

	"pkl/internal/netns"
	"pkl/internal/netns/netlab"
)

// livePatience bounds whatever a test waits for.
const livePatience = 30 * time.Second

// staticPkl builds the program as users have it: without C, so that it can give
// up its rights.
var staticPkl = sync.OnceValues(func() (string, error) {
	dir, err := os.MkdirTemp("", "pkl-live-")
	if err != nil {
		return "", err
	}
	name := filepath.Join(dir, "pkl")
	cmd := exec.Command("go", "build", "-o", name, ".")
	cmd.Env = append(os.Environ(), "CGO_ENABLED=0")
	if out, err := cmd.CombinedOutput(); err != nil {
		return "", fmt.Errorf("%w: %s", err, out)
	}
	return name, nil
})

// A livePkl is a pkl that runs in a namespace.
type livePkl struct {
	t    *testing.T
	cmd  *exec.Cmd
	out  *lineWatcher
	err  *lineWatcher
	done chan struct{}
}

// startPkl starts pkl run in a namespace, and waits until it judges.
func startPkl(t *testing.T, ns *netns.Namespace, args ...string) *livePkl {
	t.Helper()
	p := launchPkl(t, ns, args...)
	p.wait("generation 1 in force")
	return p
}

// launchPkl starts pkl run without waiting.
func launchPkl(t *testing.T, ns *netns.Namespace, args ...string) *livePkl {
	t.Helper()
	netlab.Need(t, "iptables", "ip6tables")
	name, err := staticPkl()
	if err != nil {
		t.Fatal(err)
	}
	p := &livePkl{t: t, done: make(chan struct{}), out: newLineWatcher(), err: newLineWatcher()}
	p.cmd = ns.Command(context.Background(), name, append([]string{"run"}, args...)...)
	p.cmd.Stdout, p.cmd.Stderr = p.out, p.err
	if err := p.cmd.Start(); err != nil {
		t.Fatal(err)
	}
	go func() {
		p.cmd.Wait()
		close(p.done)
	}()
	t.Cleanup(func() {
		p.cmd.Process.Kill()
		<-p.done
		if t.Failed() {
			t.Logf("pkl run %s said:\n%s%s", strings.Join(args, " "), p.out, p.err)
		}
	})
	return p
}

// wait waits for a line on stderr.
func (p *livePkl) wait(text string) string {
	p.t.Helper()
	limit := time.After(livePatience)
	for {
		if line := p.err.find(text); line != "" {
			return line
		}
		select {
		case <-p.err.arrived:
		case <-p.done:
			if line := p.err.find(text); line != "" {
				return line
			}
			p.t.Fatalf("pkl ended without saying %q", text)
		case <-limit:
			p.t.Fatalf("pkl did not say %q", text)
		}
	}
}

// reset forgets what was written.
func (l *lineWatcher) reset() {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.text.Reset()
}

func (p *livePkl) signal(s os.Signal) {
	p.t.Helper()
	if err := p.cmd.Process.Signal(s); err != nil {
		p.t.Fatal(err)
	}
}

// stop ends pkl by a signal, and returns its exit status.
func (p *livePkl) stop(s os.Signal) int {
	p.t.Helper()
	p.signal(s)
	return p.status()
}

// status waits for the end of pkl.
func (p *livePkl) status() int {
	p.t.Helper()
	select {
	case <-p.done:
	case <-time.After(livePatience):
		p.t.Fatal("pkl does not end")
	}
	return p.cmd.ProcessState.ExitCode()
}

// script writes a script and returns its name.
func script(t *testing.T, code string) string {
	t.Helper()
	name := filepath.Join(t.TempDir(), "rules.lua")
	if err := os.WriteFile(name, []byte(code), 0o644); err != nil {
		t.Fatal(err)
	}
	return name
}

// queueRules are the rules with NFQUEUE of both families.
func queueRules(t *testing.T, ns *netns.Namespace) (lines []string) {
	t.Helper()
	for _, save := range []string{"iptables-save", "ip6tables-save"} {
		for line := range strings.Lines(netlab.Run(t, ns, save)) {
			if strings.Contains(line, "NFQUEUE") {
				lines = append(lines, strings.TrimSpace(line))
			}
		}
	}
	return lines
}

func example(name string) string {
	return filepath.Join("..", "..", "scripts", "examples", name+".lua")
}

// pings sends n pings with the letter a as payload, and returns what ping says.
func pings(t *testing.T, ns *netns.Namespace, to string, n int, more ...string) string {
	t.Helper()
	netlab.Need(t, "ping")
	out, _ := ns.Run(t.Context(), "ping", append([]string{"-n", "-c", strconv.Itoa(n), "-i", "0.05", "-W", "5", "-p", "61", to}, more...)...)
	return out
}

// The kernel's own ping, through every hook and both families: looked at, edited,
// dropped.
func TestLivePing(t *testing.T) {
	c := netlab.Chain(t)
	edit := example("icmp_edit")
	for _, at := range []struct {
		rule, table, to string
		ns              *netns.Namespace
	}{
		{"INPUT -p icmp", "", netns.Near4, c.DUT}, {"INPUT -p icmpv6 --icmpv6-type echo-request", "", netns.Near6, c.DUT},
		{"FORWARD -p icmp", "", netns.Server4, c.DUT}, {"FORWARD -p icmpv6", "", netns.Server6, c.DUT},
		{"OUTPUT -p icmp", "", netns.Server4, c.Client}, {"OUTPUT -p icmpv6 --icmpv6-type echo-request", "", netns.Server6, c.Client},
		{"PREROUTING -p icmp", "mangle", netns.Server4, c.DUT}, {"POSTROUTING -p icmp", "mangle", netns.Server4, c.DUT},
	} {
		args := []string{"-q", "3", "--iptables", at.rule}
		if at.table != "" {
			args = append(args, "-t", at.table)
		}
		p := startPkl(t, at.ns, append(args, edit)...)
		out := pings(t, c.Client, at.to, 3)
		if !strings.Contains(out, "3 received") || !strings.Contains(out, "61 50 4b 4c") {
			t.Errorf("%s: the edited ping:\n%s", at.rule, out)
		}
		if code := p.stop(os.Interrupt); code != exitInterrupted {
			t.Errorf("%s: exit status %d", at.rule, code)
		}
		if rules := queueRules(t, at.ns); rules != nil {
			t.Errorf("%s: left behind: %q", at.rule, rules)
		}
	}
	p := startPkl(t, c.DUT, "-q", "3", "--iptables", "FORWARD -p icmp", "-e", `pkl.on("icmp", function() return pkl.drop end)`)
	if out, err := c.Client.Run(t.Context(), "ping", "-n", "-c", "2", "-i", "0.05", "-W", "1", netns.Server4); err == nil {
		t.Errorf("a dropped ping is answered:\n%s", out)
	}
	p.stop(syscall.SIGTERM)
	if out := pings(t, c.Client, netns.Server4, 1); !strings.Contains(out, "1 received") {
		t.Errorf("after the end:\n%s", out)
	}
}

// serve gives the bytes that a client asks for, and takes those that it sends.
func serve(t *testing.T, ns *netns.Namespace, addr string, content []byte) *httpServer {
	t.Helper()
	s := &httpServer{}
	err := ns.Do(func() (err error) {
		s.ln, err = net.Listen("tcp", addr)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	srv := &http.Server{Handler: http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		sum := sha256.New()
		io.Copy(sum, r.Body)
		s.mu.Lock()
		s.agent, s.sum = r.Header.Get("User-Agent"), fmt.Sprintf("%x", sum.Sum(nil))
		s.mu.Unlock()
		w.Write(content)
	})}
	go srv.Serve(s.ln)
	t.Cleanup(func() { srv.Close() })
	return s
}

type httpServer struct {
	ln         net.Listener
	mu         sync.Mutex
	agent, sum string
}

// said is what the last request had: user agent and hash of its body.
func (s *httpServer) said() (agent, sum string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.agent, s.sum
}

// 100 MB by curl in both directions through FORWARD and OUTPUT, with rules that
// look, edit a header, edit a payload, mark; with large packets and without.
func TestLiveCurl(t *testing.T) {
	netlab.Need(t, "curl")
	size := 100 << 20
	if testing.Short() {
		size = 10 << 20
	}
	content := make([]byte, size)
	rand.Read(content)
	want := fmt.Sprintf("%x", sha256.Sum256(content))
	file := filepath.Join(t.TempDir(), "up")
	if err := os.WriteFile(file, content, 0o600); err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		name, code string
		args       []string
	}{
		{"look", `pkl.on("tcp", function(p) local a, b = p.tcp.sport, p.tcp.SYN end)`, nil},
		{"header", `pkl.on("tcp", function(p) if p.ip then p.ip.ttl = 33 else p.ip6.hlim = 33 end p.tcp.urp = 7 p.tcp.urp = 0 end)`, nil},
		{"payload", `pkl.on("tcp.payload_first == 0 or tcp", function(p) local b = p.tcp.body if #b > 0 then p.tcp.body = b end end)`, nil},
		{"mark", `pkl.on("tcp", function(p) p.mark = 0x55 end)`, nil},
		{"no gso", `pkl.on("tcp", function(p) p.ip.tos = 8 end)`, []string{"--no-gso"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			chain := netlab.Chain(t)
			s := serve(t, chain.Server, net.JoinHostPort(netns.Server4, "8080"), content)
			code := strings.Replace(c.code, "tcp.payload_first == 0 or ", "", 1)
			p := startPkl(t, chain.DUT, append([]string{"-q", "0-1", "--iptables", "FORWARD -p tcp", "--queue-len", "16384", "-e", code}, c.args...)...)
			down := filepath.Join(t.TempDir(), "down")
			netlab.Run(t, chain.Client, "curl", "-sS", "--max-time", "120", "-T", file, "-o", down, "http://"+netns.Server4+":8080/")
			got, err := os.ReadFile(down)
			if err != nil {
				t.Fatal(err)
			}
			if sum := fmt.Sprintf("%x", sha256.Sum256(got)); sum != want {
				t.Errorf("down: %d bytes, another hash", len(got))
			}
			if _, sum := s.said(); sum != want {
				t.Error("up: another hash")
			}
			p.stop(os.Interrupt)
			p.wait(", 0 failed")
			p.wait("queue 0: 0 waiting, 0 dropped")
		})
	}
}

// The examples, each on live traffic.
func TestLiveExamples(t *testing.T) {
	netlab.Need(t, "curl")
	c := netlab.Chain(t)
	t.Run("port_block", func(t *testing.T) {
		s := serve(t, c.Server, net.JoinHostPort(netns.Server4, "8081"), []byte("open"))
		serve(t, c.Server, net.JoinHostPort(netns.Server4, "2323"), []byte("closed"))
		p := startPkl(t, c.DUT, "-q", "0-1", "--iptables", "FORWARD", example("port_block"), "--", "23", "2323")
		if out := netlab.Run(t, c.Client, "curl", "-sS", "--max-time", "20", "http://"+netns.Server4+":8081/"); out != "open" {
			t.Errorf("the open port says %q", out)
		}
		if out, err := c.Client.Run(t.Context(), "curl", "-sS", "--max-time", "1", "http://"+netns.Server4+":2323/"); err == nil {
			t.Errorf("the blocked port says %q", out)
		}
		p.stop(os.Interrupt)
		if !regexp.MustCompile(`^\d+\t10\.9\.1\.2\n$`).MatchString(p.out.String()) {
			t.Errorf("who tried: %q", p.out)
		}
		_ = s
	})
	t.Run("ttl_normalise", func(t *testing.T) {
		p := startPkl(t, c.DUT, "-q", "0", "-t", "mangle", "--iptables", "POSTROUTING -p icmp", example("ttl_normalise"), "--", "17")
		if out := pings(t, c.Client, netns.Server4, 1); !strings.Contains(out, "ttl=17") {
			t.Errorf("ping:\n%s", out)
		}
		p.stop(os.Interrupt)
	})
	t.Run("http_header_edit", func(t *testing.T) {
		s := serve(t, c.Server, net.JoinHostPort(netns.Server4, "80"), []byte("hello"))
		p := startPkl(t, c.Client, "-q", "0", "--iptables", "OUTPUT -p tcp --dport 80", example("http_header_edit"))
		if out := netlab.Run(t, c.Client, "curl", "-sS", "--max-time", "20", "-A", "secret/1.0", "http://"+netns.Server4+"/"); out != "hello" {
			t.Errorf("the page: %q", out)
		}
		if agent, _ := s.said(); agent != "xxxxxxxxxx" {
			t.Errorf("the server saw %q", agent)
		}
		p.stop(os.Interrupt)
	})
	t.Run("rate_limit", func(t *testing.T) {
		serve(t, c.Server, net.JoinHostPort(netns.Server4, "8082"), []byte("x"))
		p := startPkl(t, c.DUT, "-q", "0-1", "--iptables", "FORWARD -p tcp --syn", example("rate_limit"), "--", "3")
		opened := 0
		err := c.Client.Do(func() error {
			d := net.Dialer{Timeout: 300 * time.Millisecond}
			for range 12 {
				if conn, err := d.Dial("tcp", netns.Server4+":8082"); err == nil {
					opened++
					conn.Close()
				}
			}
			return nil
		})
		if err != nil || opened < 3 || opened == 12 {
			t.Errorf("%d of 12 connections at 3 a second: %v", opened, err)
		}
		p.stop(os.Interrupt)
	})
	t.Run("dns_spoof", func(t *testing.T) {
		p := startPkl(t, c.DUT, "-q", "0", "-t", "mangle", "--iptables", "PREROUTING -p udp --dport 53", example("dns_spoof"), "--", "www.example.com", "192.0.2.80")
		var answer dnsmessage.Message
		err := c.Client.Do(func() error {
			conn, err := net.Dial("udp4", netns.Server4+":53")
			if err != nil {
				return err
			}
			defer conn.Close()
			q := dnsmessage.Message{Header: dnsmessage.Header{ID: 99, RecursionDesired: true}, Questions: []dnsmessage.Question{
				{Name: dnsmessage.MustNewName("www.example.com."), Type: dnsmessage.TypeA, Class: dnsmessage.ClassINET}}}
			b, err := q.Pack()
			if err != nil {
				return err
			}
			conn.SetDeadline(time.Now().Add(livePatience))
			if _, err := conn.Write(b); err != nil {
				return err
			}
			b = make([]byte, 2048)
			n, err := conn.Read(b)
			if err != nil {
				return err
			}
			return answer.Unpack(b[:n])
		})
		if err != nil || answer.ID != 99 || len(answer.Answers) != 1 || answer.Answers[0].Body.(*dnsmessage.AResource).A != [4]byte{192, 0, 2, 80} {
			t.Errorf("the answer: %v %v", answer, err)
		}
		p.stop(os.Interrupt)
	})
}

// A flood is numbered datagrams from the client to the server, as fast as wanted.
type flood struct {
	t    *testing.T
	recv net.PacketConn
	stop chan struct{}
	sent chan int
	got  chan []uint32
}

func startFlood(t *testing.T, c *netns.Chain, every time.Duration) *flood {
	t.Helper()
	f := &flood{t: t, stop: make(chan struct{}), sent: make(chan int, 1), got: make(chan []uint32, 1)}
	var send net.Conn
	err := c.Server.Do(func() (err error) {
		f.recv, err = net.ListenPacket("udp4", netns.Server4+":7777")
		return err
	})
	if err == nil {
		f.recv.(*net.UDPConn).SetReadBuffer(8 << 20)
		err = c.Client.Do(func() (err error) {
			send, err = net.Dial("udp4", netns.Server4+":7777")
			return err
		})
	}
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { f.recv.Close(); send.Close() })
	go func() {
		n := 0
		tick := time.NewTicker(every)
		defer tick.Stop()
		for {
			select {
			case <-f.stop:
				f.sent <- n
				return
			case <-tick.C:
				send.Write(binary.BigEndian.AppendUint32(nil, uint32(n)))
				n++
			}
		}
	}()
	go func() {
		var all []uint32
		b := make([]byte, 2048)
		for {
			n, _, err := f.recv.ReadFrom(b)
			if err != nil {
				f.got <- all
				return
			}
			if n >= 4 {
				all = append(all, binary.BigEndian.Uint32(b))
			}
		}
	}()
	return f
}

// end stops the flood, and returns how many were sent and what arrived.
func (f *flood) end() (sent int, got []uint32) {
	close(f.stop)
	sent = <-f.sent
	f.recv.SetReadDeadline(time.Now().Add(2 * time.Second))
	got = <-f.got
	f.recv.Close()
	return sent, got
}

// inOrder expects each of n once, in order.
func inOrder(t *testing.T, n int, got []uint32) {
	t.Helper()
	if len(got) != n {
		t.Errorf("%d sent, %d arrived", n, len(got))
	}
	for i, v := range got {
		if int(v) != i {
			t.Fatalf("datagram %d is number %d", i, v)
		}
	}
}

// Reloads under traffic: by SIGHUP, a third of them broken. Every probe arrives
// once, in order; no packet is judged by two generations (row 19, 20).
func TestLiveReload(t *testing.T) {
	rounds := 1000
	if testing.Short() {
		rounds = 60
	}
	c := netlab.Chain(t)
	name := filepath.Join(t.TempDir(), "rules.lua")
	write := func(n int) {
		code := fmt.Sprintf(`
			pkl.on("udp.dport == 7777", function(p) p.ip.id = %d end)
			pkl.on("udp.dport == 7777", function(p) p.udp.body = p.udp.body:sub(1, 4) .. string.pack(">I2", %d) end)`, n, n)
		if n%3 == 2 {
			code = "pkl.on('udp', function(p) end"
		}
		if err := os.WriteFile(name, []byte(code), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	write(0)
	p := startPkl(t, c.DUT, "-q", "0", "--iptables", "FORWARD -p udp", name)
	seen := watchGenerations(t, c)
	f := startFlood(t, c, 200*time.Microsecond)
	good := 1
	for n := 1; n <= rounds; n++ {
		write(n)
		p.err.reset()
		p.signal(syscall.SIGHUP)
		if n%3 == 2 {
			p.wait(fmt.Sprintf("generation %d stays", good))
			continue
		}
		good++
		p.wait(fmt.Sprintf("rules: generation %d in force", good))
	}
	sent, got := f.end()
	inOrder(t, sent, got)
	if mixed, generations := seen(); mixed != 0 || generations < good/2 {
		t.Errorf("%d packets judged by two generations; %d generations seen", mixed, generations)
	}
	t.Logf("%d reloads, %d of them broken, %d datagrams", rounds, rounds-good+1, sent)
	p.stop(os.Interrupt)
}

// watchGenerations looks at the datagrams that reach the server: the number of
// the generation is in ip.id, by one rule, and in the payload, by another.
func watchGenerations(t *testing.T, c *netns.Chain) (seen func() (mixed, generations int)) {
	t.Helper()
	var fd int
	err := c.Server.Do(func() (err error) {
		fd, err = syscall.Socket(syscall.AF_INET, syscall.SOCK_RAW, syscall.IPPROTO_UDP)
		if err == nil {
			err = syscall.SetsockoptInt(fd, syscall.SOL_SOCKET, syscall.SO_RCVBUF, 4<<20)
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	syscall.SetsockoptTimeval(fd, syscall.SOL_SOCKET, syscall.SO_RCVTIMEO, &syscall.Timeval{Usec: 200_000})
	stop, done := make(chan struct{}), make(chan struct{})
	mixed, numbers := 0, map[uint16]bool{}
	go func() {
		defer close(done)
		b := make([]byte, 2048)
		for {
			n, _, err := syscall.Recvfrom(fd, b, 0)
			if err != nil {
				select {
				case <-stop:
					return
				default:
					continue
				}
			}
			if n < 34 || binary.BigEndian.Uint16(b[22:]) != 7777 {
				continue
			}
			id, body := binary.BigEndian.Uint16(b[4:]), binary.BigEndian.Uint16(b[32:])
			if id != body {
				mixed++
			}
			numbers[body] = true
		}
	}()
	return func() (int, int) {
		close(stop)
		<-done
		syscall.Close(fd)
		return mixed, len(numbers)
	}
}

// Reloads by changes of files, of every kind (row 21).
func TestLiveWatch(t *testing.T) {
	c := netlab.Chain(t)
	dir := t.TempDir()
	name, module := filepath.Join(dir, "rules.lua"), filepath.Join(dir, "number.lua")
	version := 0
	code := func() []byte {
		version++
		return fmt.Appendf(nil, "local n = require 'number'\npkl.on('icmp', function(p) end)\n-- %d", version)
	}
	must := func(err error) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
	}
	must(os.WriteFile(name, code(), 0o644))
	must(os.WriteFile(module, []byte("return 1"), 0o644))
	p := startPkl(t, c.DUT, "-q", "0", "--iptables", "FORWARD -p udp", "--watch", name)
	f := startFlood(t, c, time.Millisecond)
	generation := 1
	kinds := map[string]func(){
		"in place": func() { must(os.WriteFile(name, code(), 0o644)) },
		"rename": func() {
			must(os.WriteFile(name+".new", code(), 0o644))
			must(os.Rename(name+".new", name))
		},
		"backup as vim": func() {
			must(os.Rename(name, name+"~"))
			must(os.WriteFile(name, code(), 0o644))
			must(os.Remove(name + "~"))
		},
		"missing for a moment": func() {
			must(os.Remove(name))
			time.Sleep(150 * time.Millisecond)
			must(os.WriteFile(name, code(), 0o644))
		},
		"symbolic link": func() {
			target := filepath.Join(dir, fmt.Sprintf("target%d.lua", version))
			must(os.WriteFile(target, code(), 0o644))
			must(os.Symlink(target, name+".link"))
			must(os.Rename(name+".link", name))
		},
		"module": func() { must(os.WriteFile(module, fmt.Appendf(nil, "return %d", version), 0o644)); version++ },
	}
	rounds := 4
	if testing.Short() {
		rounds = 1
	}
	for range rounds {
		for kind, change := range kinds {
			change()
			generation++
			p.wait(fmt.Sprintf("rules: generation %d in force", generation))
			_ = kind
		}
	}
	must(os.WriteFile(name, []byte("x ="), 0o644))
	p.wait(fmt.Sprintf("; generation %d stays", generation))
	must(os.WriteFile(name, code(), 0o644))
	p.wait(fmt.Sprintf("rules: generation %d in force", generation+1))
	sent, got := f.end()
	inOrder(t, sent, got)
	p.stop(os.Interrupt)
}

// Rules that hang, fail, fill memory or return nonsense: their packets get the
// failure verdict, others go on (rows 3, 4, 5, 8, 42).
func TestLiveFaults(t *testing.T) {
	c := netlab.Chain(t)
	f := script(t, `
		pkl.on("icmp and frame.len == 100", function() while true do end end)
		pkl.on("icmp and frame.len == 101", function() error("on purpose") end)
		pkl.on("icmp and frame.len == 102", function() return "nonsense" end)
		pkl.on("icmp and frame.len == 103", function() local t = {} for i = 1, 1e9 do t[i] = ("x"):rep(1000) .. i end end)
		pkl.on("icmp and frame.len == 104", function() local co = coroutine.wrap(function() while true do end end) co() end)
		pkl.on{ filter = "icmp and frame.len == 106", on_error = "accept", on_packet = function(p) p.ip.ttl = 1 error("let it go") end }`)
	p := startPkl(t, c.DUT, "-q", "0", "--iptables", "FORWARD -p icmp", "--memory", "64", f)
	send := func(size int, wait string) bool {
		out := pings(t, c.Client, netns.Server4, 1, "-s", strconv.Itoa(size-28), "-W", wait)
		return strings.Contains(out, "1 received")
	}
	for size := 100; size <= 104; size++ {
		if send(size, "0.3") {
			t.Errorf("the packet of %d bytes, on which a rule fails, is accepted", size)
		}
		if !send(120, "20") {
			t.Errorf("after the packet of %d bytes nothing goes through", size)
		}
	}
	if !send(106, "20") {
		t.Error("on_error accept does not accept")
	}
	for range 20 {
		send(101, "0.05")
	}
	p.stop(os.Interrupt)
	p.wait("on purpose (21 times)")
	p.wait("ran longer than 100ms")
	if n := strings.Count(p.err.String(), "stack traceback"); n > 7 {
		t.Errorf("%d tracebacks", n)
	}
}

// kill -9: packets go on by the bypass, the next start removes the rule that was
// left (rows 1, 35).
func TestLiveKilled(t *testing.T) {
	c := netlab.Chain(t)
	p := startPkl(t, c.DUT, "-q", "0", "--iptables", "FORWARD -p icmp", "-e", `pkl.on("icmp", function(p) p.ip.ttl = 9 end)`)
	if out := pings(t, c.Client, netns.Server4, 1); !strings.Contains(out, "ttl=9") && !strings.Contains(out, "ttl=8") {
		t.Errorf("before:\n%s", out)
	}
	p.stop(syscall.SIGKILL)
	if rules := queueRules(t, c.DUT); len(rules) != 1 {
		t.Errorf("after kill -9: %q", rules)
	}
	if out := pings(t, c.Client, netns.Server4, 3); !strings.Contains(out, "3 received") {
		t.Errorf("after kill -9 the host is gone:\n%s", out)
	}
	again := startPkl(t, c.DUT, "-q", "0", "--iptables", "FORWARD -p icmp", "-e", `pkl.on("icmp", function(p) end)`)
	again.wait("removed a rule whose process is gone")
	if rules := queueRules(t, c.DUT); len(rules) != 1 {
		t.Errorf("after the next start: %q", rules)
	}
	if again.stop(syscall.SIGTERM); len(queueRules(t, c.DUT)) != 0 {
		t.Errorf("after the end: %q", queueRules(t, c.DUT))
	}
}

// Starts that fail leave no rule: the queue is taken, a script is wrong, the
// right is missing, the rule makes no sense (row 13).
func TestLiveFailedStart(t *testing.T) {
	c := netlab.Chain(t)
	first := startPkl(t, c.DUT, "-q", "0", "-e", `pkl.on("icmp", function(p) end)`)
	for _, f := range []struct {
		args []string
		code int
		text string
	}{
		{[]string{"-q", "0", "--iptables", "FORWARD -p icmp", "-e", "pkl.on('icmp', function() end)"}, exitFailure, "queue 0 is already bound by another process"},
		{[]string{"-q", "1", "--iptables", "FORWARD -p icmp", "-e", "pkl.on('icmpx', function() end)"}, exitFailure, "icmpx"},
		{[]string{"-q", "1", "--iptables", "FORWARD -p icmp", "-e", "while true do end"}, exitFailure, "ran longer than"},
		{[]string{"-q", "1", "--iptables", "FORWARD -p icmp -j DROP", "-e", ""}, exitUsage, "-j"},
		{[]string{"-q", "1", "--iptables", "NOWHERE -p icmp", "-e", ""}, exitFailure, "NOWHERE"},
		{[]string{"-q", "1", "--iptables", "FORWARD", "missing.lua"}, exitFailure, "missing.lua: no such file"},
		{[]string{"-q", "1", "--user", "nobody", "--iptables", "FORWARD", script(t, "")}, exitFailure, "permission denied"},
	} {
		if strings.Contains(f.text, "permission") { // the folder of the script is for root alone
			os.Chmod(filepath.Dir(f.args[len(f.args)-1]), 0o700)
		}
		p := launchPkl(t, c.DUT, f.args...)
		if code := p.status(); code != f.code || !strings.Contains(p.err.String(), f.text) {
			t.Errorf("%q: exit status %d, want %d and %q:\n%s", f.args, code, f.code, f.text, p.err)
		}
		if rules := queueRules(t, c.DUT); rules != nil {
			t.Errorf("%q: left behind: %q", f.args, rules)
		}
	}
	first.stop(os.Interrupt)
	name, err := staticPkl()
	if err != nil {
		t.Fatal(err)
	}
	out, err := c.DUT.Run(t.Context(), "setpriv", "--bounding-set=-all", "--inh-caps=-all", name, "run", "-q", "0", "--iptables", "FORWARD", "-e", "pkl.on('icmp', function() end)")
	if err == nil || !strings.Contains(out+err.Error(), "CAP_NET_ADMIN") {
		t.Errorf("without the right: %s %v", out, err)
	}
	if rules := queueRules(t, c.DUT); rules != nil {
		t.Errorf("without the right: left behind: %q", rules)
	}
}

// Rights are cut on all threads before any script runs.
func TestLiveRights(t *testing.T) {
	c := netlab.Chain(t)
	for _, user := range []string{"", "nobody"} {
		args := []string{"-q", "0", "--iptables", "FORWARD -p icmp", "-e", `pkl.on("icmp", function(p) p.ip.ttl = 5 end)`}
		if user != "" {
			args = append(args, "--user", user)
		}
		p := startPkl(t, c.DUT, args...)
		pid := p.cmd.Process.Pid // ip netns exec becomes pkl
		tasks, err := filepath.Glob(fmt.Sprintf("/proc/%d/task/*/status", pid))
		if err != nil || len(tasks) < 2 {
			t.Fatalf("threads of %d: %v %v", pid, tasks, err)
		}
		for _, task := range tasks {
			text, err := os.ReadFile(task)
			if err != nil {
				continue // the thread has ended
			}
			for _, want := range []string{"CapEff:\t0000000000001000", "CapPrm:\t0000000000001000", "CapBnd:\t0000000000001000", "NoNewPrivs:\t1"} {
				if !bytes.Contains(text, []byte(want)) {
					t.Errorf("%s has no %q", task, want)
				}
			}
			if user != "" && bytes.Contains(text, []byte("\nUid:\t0")) {
				t.Errorf("%s is still root's", task)
			}
		}
		if out := pings(t, c.Client, netns.Server4, 1); !strings.Contains(out, "1 received") {
			t.Errorf("a ping:\n%s", out)
		}
		p.stop(os.Interrupt)
		if rules := queueRules(t, c.DUT); rules != nil {
			t.Errorf("user %q: left behind: %q", user, rules)
		}
	}
}

// SIGSTOP: packets wait, and are judged afterwards (row 2). A full queue drops,
// or accepts with --fail-open; both are counted (row 9).
func TestLiveHang(t *testing.T) {
	c := netlab.Chain(t)
	for _, open := range []bool{false, true} {
		args := []string{"-q", "0", "--iptables", "FORWARD -p udp", "--queue-len", "16", "-e", `pkl.on("udp", function(p) end)`}
		if open {
			args = append(args, "--fail-open")
		} else { // who may not open the kernel's figures: they are opened before
			args = append(args, "--user", "nobody")
		}
		p := startPkl(t, c.DUT, args...)
		f := startFlood(t, c, time.Millisecond)
		p.signal(syscall.SIGSTOP)
		time.Sleep(500 * time.Millisecond)
		p.signal(syscall.SIGCONT)
		time.Sleep(100 * time.Millisecond)
		sent, got := f.end()
		p.stop(os.Interrupt)
		line := p.wait("queue 0: ")
		lost := sent - len(got)
		if open && lost != 0 || !open && (lost == 0 || !strings.Contains(line, fmt.Sprintf(" %d dropped as it was full", lost))) {
			t.Errorf("fail-open %v: %d of %d lost; %s", open, lost, sent, line)
		}
	}
}

// The metrics, and the statistics of SIGUSR1.
func TestLiveMetrics(t *testing.T) {
	netlab.Need(t, "curl")
	c := netlab.Chain(t)
	p := startPkl(t, c.DUT, "-q", "0-1", "--iptables", "FORWARD -p icmp", "--metrics", "127.0.0.1:9100", "-e",
		`pkl.on{ name = "the \"rule\"", filter = "icmp", on_packet = function(p) if p.icmp.seq == 2 then return pkl.drop end end }`)
	pings(t, c.Client, netns.Server4, 3, "-W", "1")
	p.signal(syscall.SIGUSR1)
	p.wait(`rule the "rule": 5 packets, 0 errors`)
	out := netlab.Run(t, c.DUT, "curl", "-sS", "http://127.0.0.1:9100/metrics")
	for _, want := range []string{"pkl_packets_total 5\n", `pkl_verdicts_total{verdict="accept"} 4` + "\n", `pkl_verdicts_total{verdict="drop"} 1` + "\n",
		`pkl_rule_hits_total{rule="the \"rule\""} 5` + "\n", `pkl_queue_waiting{queue="1"} 0` + "\n", "pkl_generation 1\n"} {
		if !strings.Contains(out, want) {
			t.Errorf("the metrics lack %q:\n%s", want, out)
		}
	}
	p.stop(os.Interrupt)
}

// Timers run in a worker that waits; -w gets what was accepted; -c and pkl.stop
// end the run with status 0; queues, hooks and interfaces are told.
func TestLiveFacts(t *testing.T) {
	c := netlab.Chain(t)
	out := filepath.Join(t.TempDir(), "out.pcapng")
	p := startPkl(t, c.DUT, "-q", "4", "--iptables", "FORWARD -p icmp", "-w", out, "-e", `
		pkl.on("icmp.type == echo_request", function(p)
		  print(p.hook, p.queue, p.iface, p.out_iface, p.hwaddr and #p.hwaddr, p.linktype, p.first.proto)
		  if p.icmp.seq == 3 then return pkl.stop end
		end)
		pkl.at_end(function() print("end") end)`)
	pings(t, c.Client, netns.Server4, 3)
	if code := p.status(); code != 0 {
		t.Errorf("pkl.stop: exit status %d", code)
	}
	line := "forward\t4\teth0\teth1\t17\traw\tip\n"
	if have, want := p.out.String(), strings.Repeat(line, 3)+"end\n"; have != want {
		t.Errorf("said %q, want %q", have, want)
	}
	name, err := staticPkl()
	if err != nil {
		t.Fatal(err)
	}
	dump, err := exec.Command(name, "dump", "-r", out, "-T", "fields", "-e", "icmp.type", "-e", "frame.iface").CombinedOutput()
	if err != nil || !strings.HasPrefix(string(dump), "8\teth0\n0\teth1\n8\teth0\n") {
		t.Errorf("the capture: %s %v", dump, err)
	}
	timed := startPkl(t, c.DUT, "-q", "4", "-e", `pkl.after(0.05, function() print("time") return pkl.stop end)`)
	if code := timed.status(); code != 0 || timed.out.String() != "time\n" {
		t.Errorf("a timer: status %d, said %q", code, timed.out)
	}
	counted := startPkl(t, c.DUT, "-q", "4", "--iptables", "FORWARD -p icmp", "-c", "2", "-e", `pkl.on("icmp", function(p) print(p.number) end)`)
	pings(t, c.Client, netns.Server4, 3)
	if code := counted.status(); code != 0 || counted.out.String() != "1\n2\n" {
		t.Errorf("-c 2: status %d, said %q", code, counted.out)
	}
}

func TestLiveDemo(t *testing.T) {
	netlab.New(t)
	netlab.Need(t, "iptables", "ping")
	name, err := staticPkl()
	if err != nil {
		t.Fatal(err)
	}
	out, err := exec.Command(name, "demo").CombinedOutput()
	if err != nil || !strings.Contains(string(out), "50 4b 4c") || !strings.Contains(string(out), "4c 75 61") {
		t.Errorf("pkl demo: %v\n%s", err, out)
	}
	if left, _ := filepath.Glob("/run/netns/pkl-demo-*"); left != nil {
		t.Errorf("left behind: %v", left)
	}
}
