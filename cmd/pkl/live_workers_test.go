//go:build linux

package main

import (
	"encoding/binary"
	"fmt"
	"net"
	"os"
	"strings"
	"testing"
	"time"

	"pkl/internal/netns"
	"pkl/internal/netns/netlab"
)

// Several workers: the packets of each pair of addresses stay in order, whatever
// worker has them; all workers have some; what they share is whole at the end.
func TestLiveWorkers(t *testing.T) {
	const flows, each = 32, 500
	c := netlab.Chain(t)
	p := startPkl(t, c.DUT, "-q", "10-13", "--iptables", "FORWARD -p udp", "-e", `
		local mine, queue = 0, -1
		local from, shared = pkl.counter("from"), pkl.shared("all")
		pkl.on("udp.dport == 7777", function(p)
		  mine, queue = mine + 1, p.queue
		  from:add(p.ip.src)
		  shared:incr("n")
		  p.udp.body = p.udp.body:sub(1, 5) .. string.char(pkl.worker)
		end)
		pkl.at_end(function() print(pkl.worker, pkl.workers, queue, mine, from:total(), shared:get("n"), from["10.9.1.100"]) end)`)
	var recv net.PacketConn
	err := c.Server.Do(func() (err error) {
		recv, err = net.ListenPacket("udp4", netns.Server4+":7777")
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	defer recv.Close()
	recv.(*net.UDPConn).SetReadBuffer(4 << 20)
	var send [flows]net.Conn
	for i := range send {
		addr := fmt.Sprintf("10.9.1.%d", 100+i)
		netlab.Run(t, c.Client, "ip", "addr", "add", addr+"/24", "dev", "eth0")
		err := c.Client.Do(func() (err error) {
			send[i], err = (&net.Dialer{LocalAddr: &net.UDPAddr{IP: net.ParseIP(addr)}}).Dial("udp4", netns.Server4+":7777")
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
		defer send[i].Close()
	}
	go func() {
		for n := range each {
			for i := range send {
				send[i].Write(append(binary.BigEndian.AppendUint32(nil, uint32(n)), byte(i), 0))
			}
			time.Sleep(time.Millisecond)
		}
	}()
	var next [flows]uint32
	var worker [flows]byte
	b := make([]byte, 2048)
	for range flows * each {
		recv.SetReadDeadline(time.Now().Add(livePatience))
		if _, _, err := recv.ReadFrom(b); err != nil {
			t.Fatalf("after %v: %v", next, err)
		}
		n, flow := binary.BigEndian.Uint32(b), b[4]
		if n != next[flow] || n > 0 && worker[flow] != b[5] {
			t.Fatalf("flow %d: number %d by worker %d after %d by worker %d", flow, n, b[5], int(next[flow])-1, worker[flow])
		}
		next[flow]++
		worker[flow] = b[5]
	}
	p.stop(os.Interrupt)
	p.wait(", 0 failed")
	var sum, used int
	for n, line := range strings.Split(strings.TrimSpace(p.out.String()), "\n") {
		var w, all, queue, mine, total, shared, one int
		if _, err := fmt.Sscan(line, &w, &all, &queue, &mine, &total, &shared, &one); err != nil {
			t.Fatalf("%q: %v", line, err)
		}
		if w != n+1 || all != 4 || total != flows*each || shared != total || one != each || mine > 0 && queue != 9+w {
			t.Errorf("worker, workers, queue, its packets, counter, shared, one flow: %s", line)
		}
		sum += mine
		if mine > 0 {
			used++
		}
		t.Logf("worker %d of %d, queue %d: %d packets of %d", w, all, queue, mine, total)
	}
	if sum != flows*each || used < 2 {
		t.Errorf("%d packets in %d workers, want %d", sum, used, flows*each)
	}
}
