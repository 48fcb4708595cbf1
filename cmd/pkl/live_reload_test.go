//go:build linux

package main

import (
	"encoding/binary"
	"fmt"
	"os"
	"path/filepath"
	"pkl/internal/netns"
	"pkl/internal/netns/netlab"
	"strings"
	"sync/atomic"
	"syscall"
	"testing"
	"time"
)

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
	var early usage
	for n := 1; n <= rounds; n++ {
		if n == rounds/4 {
			early = p.usage()
		}
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
	late := p.usage()
	if late.files > early.files || late.memory > early.memory*3/2+32<<10 {
		t.Errorf("after %d reloads %+v, after all %+v", rounds/4, early, late)
	}
	// More requests than can be followed: the last one counts.
	write(rounds + 3 - rounds%3)
	for range 300 {
		p.signal(syscall.SIGHUP)
	}
	seen.wait(t, rounds+3-rounds%3)
	sent, got := f.whole()
	if mixed, generations := seen.end(); mixed != 0 || generations < good/2 {
		t.Errorf("%d packets judged by two generations; %d generations seen", mixed, generations)
	}
	t.Logf("rows 19, 20: %d reloads by SIGHUP, %d of them broken: %d datagrams, %d lost; after %d reloads %+v, after all %+v",
		rounds, rounds-good+1, sent, sent-len(got), rounds/4, early, late)
	p.stop(os.Interrupt)
}

// A usage is what a process holds.
type usage struct {
	files  int // descriptors
	memory int // KiB
}

func (p *livePkl) usage() (u usage) {
	p.t.Helper()
	pid := p.cmd.Process.Pid
	files, err := os.ReadDir(fmt.Sprintf("/proc/%d/fd", pid))
	if err != nil {
		p.t.Fatal(err)
	}
	status, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", pid))
	if err != nil {
		p.t.Fatal(err)
	}
	u.files = len(files)
	fmt.Sscan(strings.TrimPrefix(lineWith(string(status), "VmRSS:"), "VmRSS:"), &u.memory)
	return u
}

// A generationWatch looks at the datagrams that reach the server: the number of
// the generation is in ip.id, by one rule, and in the payload, by another.
type generationWatch struct {
	fd         int
	last       atomic.Int64 // number seen last
	mixed      int
	numbers    map[uint16]bool
	stop, done chan struct{}
}

func watchGenerations(t *testing.T, c *netns.Chain) *generationWatch {
	t.Helper()
	w := &generationWatch{numbers: map[uint16]bool{}, stop: make(chan struct{}), done: make(chan struct{})}
	err := c.Server.Do(func() (err error) {
		w.fd, err = syscall.Socket(syscall.AF_INET, syscall.SOCK_RAW, syscall.IPPROTO_UDP)
		if err == nil {
			err = syscall.SetsockoptInt(w.fd, syscall.SOL_SOCKET, syscall.SO_RCVBUF, 4<<20)
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	syscall.SetsockoptTimeval(w.fd, syscall.SOL_SOCKET, syscall.SO_RCVTIMEO, &syscall.Timeval{Usec: 200_000})
	go w.run()
	return w
}

func (w *generationWatch) run() {
	defer close(w.done)
	b := make([]byte, 2048)
	for {
		n, _, err := syscall.Recvfrom(w.fd, b, 0)
		if err != nil {
			select {
			case <-w.stop:
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
			w.mixed++
		}
		w.numbers[body] = true
		w.last.Store(int64(body))
	}
}

// wait waits for a packet of a generation.
func (w *generationWatch) wait(t *testing.T, number int) {
	t.Helper()
	for limit := time.Now().Add(livePatience); w.last.Load() != int64(number); time.Sleep(time.Millisecond) {
		if time.Now().After(limit) {
			t.Fatalf("no packet of generation %d arrives; the last one is of %d", number, w.last.Load())
		}
	}
}

// end returns how many packets were judged by two generations, and how many
// generations were seen.
func (w *generationWatch) end() (mixed, generations int) {
	close(w.stop)
	<-w.done
	syscall.Close(w.fd)
	return w.mixed, len(w.numbers)
}
