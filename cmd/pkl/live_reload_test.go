//go:build linux

package main

import (
	"encoding/binary"
	"fmt"
	"os"
	"path/filepath"
	"pkl/internal/netns"
	"pkl/internal/netns/netlab"
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
