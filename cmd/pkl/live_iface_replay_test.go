//go:build linux

package main

import (
	"bytes"
	"fmt"
	"net"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"pkl/internal/netns/netlab"
	"pkl/pcapio"
)

// capture makes a capture file of frames, spaced by a time.
func captureOf(t *testing.T, spacing time.Duration, frames ...[]byte) string {
	t.Helper()
	name := filepath.Join(t.TempDir(), "in.pcap")
	f, err := os.Create(name)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	w, err := pcapio.NewWriter(f, pcapio.Options{LinkType: linkEthernet, Nano: true})
	if err != nil {
		t.Fatal(err)
	}
	for i, b := range frames {
		if err := w.Write(&pcapio.Packet{Data: b, Len: len(b), Time: 1e18 + int64(i)*int64(spacing), LinkType: linkEthernet}); err != nil {
			t.Fatal(err)
		}
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return name
}

// numberedFrames are UDP datagrams with numbers as payload.
func numberedFrames(n int) (frames [][]byte) {
	for i := range n {
		b := make([]byte, 60)
		copy(b, "\x02\x00\x00\x00\x00\x02\x02\x00\x00\x00\x00\x01\x08\x00\x45\x00\x00\x2e\x00\x00\x40\x00\x40\x11\x26\xab\x0a\x09\x00\x01\x0a\x09\x00\x02\x0f\xa0\x00\x09\x00\x1a\x00\x00")
		b[42] = byte(i)
		frames = append(frames, b)
	}
	return frames
}

// cutCapture is a capture of three frames, of which the first was a byte longer.
func cutCapture(t *testing.T) string {
	t.Helper()
	name := captureOf(t, 0, numberedFrames(3)...)
	b, err := os.ReadFile(name)
	if err == nil {
		b[24+12]++
		err = os.WriteFile(name, b, 0o600)
	}
	if err != nil {
		t.Fatal(err)
	}
	return name
}

// replayed runs pkl replay, and returns its exit status and what it says.
func (w *wire) replayed(args ...string) (int, string) {
	w.Helper()
	p := launch(w.T, w.a, nil, append([]string{"replay"}, args...)...)
	return p.status(), p.err.String()
}

// Frames leave whole, in order, with the spacing that they have in the file, or as
// it is asked for.
func TestLiveReplay(t *testing.T) {
	w := newQuietWire(t)
	frames := numberedFrames(20)
	file := captureOf(t, 50*time.Millisecond, frames...)
	for _, r := range []struct {
		args    []string
		want    [][]byte
		spacing time.Duration // 0: none
	}{
		{nil, frames, 50 * time.Millisecond},
		{[]string{"--speed", "5"}, frames, 10 * time.Millisecond},
		{[]string{"--speed", "0.5", "-c", "4"}, frames[:4], 100 * time.Millisecond},
		{[]string{"--rate", "50"}, frames, 20 * time.Millisecond},
		{[]string{"--fast", "--loop", "3"}, slices.Concat(frames, frames, frames), 0},
		{[]string{"--fast", "-f", "udp.body[0] in {3, 7-9}"}, [][]byte{frames[3], frames[7], frames[8], frames[9]}, 0},
		{[]string{"--fast", "-f", "udp.body[0] >= 5", "-c", "2", "--loop", "2"}, [][]byte{frames[5], frames[6], frames[5], frames[6]}, 0},
	} {
		end := w.tcpdump(w.b, "-i", "v1", "-Q", "in")
		code, said := w.replayed(append([]string{file, "-i", "v0"}, r.args...)...)
		if want := fmt.Sprintf("v0: %d packets, %d bytes sent\n", len(r.want), 60*len(r.want)); code != 0 || said != want {
			t.Errorf("%v: exit status %d, says %q, want %q", r.args, code, said, want)
		}
		got := end(len(r.want))
		if len(got) != len(r.want) {
			t.Errorf("%v: %d frames arrive, want %d", r.args, len(got), len(r.want))
			continue
		}
		var gaps []time.Duration
		for i := range got {
			if !bytes.Equal(got[i].Data, r.want[i]) {
				t.Fatalf("%v: frame %d is %x, want %x", r.args, i, got[i].Data, r.want[i])
			}
			if i > 0 {
				gaps = append(gaps, time.Duration(got[i].Time-got[i-1].Time))
			}
		}
		slices.Sort(gaps)
		median := gaps[len(gaps)/2]
		t.Logf("%v: median spacing %v, %v to %v", r.args, median, gaps[0], gaps[len(gaps)-1])
		// A stalled machine makes single gaps longer, and those after them shorter:
		// a tenth of the file's own 50 ms, which is half of the least.
		if off := median - r.spacing; r.spacing > 0 && max(off, -off) > 5*time.Millisecond {
			t.Errorf("%v: median spacing %v, want %v", r.args, median, r.spacing)
		}
	}
}

// TCP packets of many segments, as hosts that leave segmenting to the card have
// in their captures, are cut when they are sent again: each segment has a right sum.
func TestLiveReplaySegments(t *testing.T) {
	w := newWire(t)
	name := filepath.Join(t.TempDir(), "stream.pcap")
	run := startPkl(t, w.a, "-i", "v0", "-w", name, "-f", "tcp.dport == 8080", "-e", "pkl.on(function() end)")
	data := bytes.Repeat([]byte("0123456789abcdef"), 1<<15)
	for _, to := range []string{"10.9.0.2:8080", "[fd09::2]:8080"} {
		s := serve(t, w.b, to, data)
		netlab.Need(t, "curl")
		up := filepath.Join(t.TempDir(), "up")
		w.must(os.WriteFile(up, data, 0o600))
		netlab.Run(t, w.a, "curl", "-sS", "-T", up, "-o", os.DevNull, "http://"+s.ln.Addr().String()+"/")
		s.ln.Close()
	}
	run.stop(os.Interrupt)
	large := 0
	for _, p := range records(t, name) {
		if len(p.Data) > 20000 {
			large++
		}
	}
	if large == 0 {
		t.Fatal("the stream has no large packets")
	}
	noOffload(t, w.a, "v0")
	var want []byte
	segments := 0
	for _, p := range records(t, name) {
		if b := tcpBody(p.Data); len(b) > 1500 {
			want = append(want, b...)
			size := 1514 - (len(p.Data) - len(b))
			segments += (len(b) + size - 1) / size
		}
	}
	for _, replay := range []func(){
		func() {
			if code, said := w.replayed(name, "-i", "v0", "--fast", "-f", "len(tcp.body) > 1500"); code != 0 {
				t.Errorf("exit status %d: %s", code, said)
			}
		},
		func() {
			w.program(w.a, `
				local large = pkl.open(arg[1]):packets("len(tcp.body) > 1500")
				assert(pkl.replay(function() return large() end, {iface = "v0", fast = true}))`, "--", name)
		},
		func() {
			w.program(w.a, `
				local out = assert(pkl.create(arg[2]))
				for p in pkl.packets(arg[1], "len(tcp.body) > 1500") do out:write(p) end
				out:close()
				assert(pkl.replay(arg[2], {iface = "v0", fast = true}))`, "--", name, name+".large.pcap")
		},
		func() { // with a tag
			w.program(w.a, `
				local large = pkl.open(arg[1]):packets("len(tcp.body) > 1500")
				assert(pkl.replay(function()
					local p = large()
					if p then p.eth:insert(pkl.vlan{vid = 5}) end
					return p
				end, {iface = "v0", fast = true}))`, "--", name)
		},
	} {
		end := w.tcpdump(w.b, "-i", "v1", "-Q", "in", "tcp dst port 8080 or vlan")
		replay()
		var got []byte
		for _, p := range end(segments) {
			if p.Data[12] == 0x81 {
				p.Data = slices.Delete(p.Data, 12, 16)
			}
			if len(p.Data) > 1514 {
				t.Fatalf("a frame of %d bytes arrives", len(p.Data))
			}
			got = append(got, tcpBody(p.Data)...)
			if !tcpSumRight(p.Data) {
				t.Fatalf("a segment with a wrong sum arrives: %x", p.Data[:80])
			}
		}
		if !bytes.Equal(got, want) {
			t.Errorf("%d bytes of payload are sent, %d arrive, or others", len(want), len(got))
		}
	}
	t.Logf("%d packets of more than 20000 bytes; %d segments arrive", large, segments)
}

// tcpAt returns where the addresses of the network layer and the TCP header of a
// frame begin, and the end of the segment (RFC 791, 8200).
func tcpAt(b []byte) (addrs, tcp, end int) {
	if b[14]>>4 == 4 {
		return 26, 14 + int(b[14]&15)*4, min(len(b), 14+int(b[16])<<8+int(b[17]))
	}
	return 22, 54, min(len(b), 54+int(b[18])<<8+int(b[19]))
}

func tcpBody(b []byte) []byte {
	_, tcp, end := tcpAt(b)
	return b[tcp+int(b[tcp+12]>>4)*4 : end]
}

// tcpSumRight adds a segment and its pseudo header up (RFC 9293 §3.1).
func tcpSumRight(b []byte) bool {
	addrs, tcp, end := tcpAt(b)
	words := slices.Concat(b[addrs:tcp], []byte{0, 6, byte((end - tcp) >> 8), byte(end - tcp)}, b[tcp:end], []byte{0})
	if addrs == 26 {
		words = slices.Concat(b[26:34], words[tcp-addrs:])
	}
	sum := 0
	for i := 0; i+1 < len(words); i += 2 {
		sum += int(words[i])<<8 | int(words[i+1])
	}
	for sum>>16 != 0 {
		sum = sum>>16 + sum&0xffff
	}
	return sum == 0xffff
}

// What cannot be sent is told, once, and counted; the rest is sent, and the status
// is 1.
func TestLiveReplayRefused(t *testing.T) {
	w := newQuietWire(t)
	frames := numberedFrames(3)
	long := append(bytes.Clone(frames[0][:34]), make([]byte, 3000)...)
	long[16], long[17] = byte((len(long)-14)>>8), byte(len(long)-14)
	file := func(code string) string {
		name := filepath.Join(t.TempDir(), "made.pcap")
		w.program(w.a, code, "--", name)
		return name
	}
	cut := cutCapture(t)
	for _, r := range []struct {
		name, want string
		arrive     int
	}{
		{captureOf(t, 0, frames[0], long, long, frames[1]), "packet 2: 3034 bytes are too long for v0, whose MTU is 1500\nv0: 2 packets, 120 bytes sent, 2 could not be sent", 2},
		{captureOf(t, 0, frames[0], frames[1][:10], frames[2]), "packet 2: the kernel refuses a frame of 10 bytes", 2},
		{cut, "packet 1: only 60 of 61 bytes were captured\nv0: 2 packets, 120 bytes sent, 1 could not be sent", 2},
		{file(`local w = assert(pkl.create(arg[1], {linktype = "raw"})) w:write(pkl.ip{dst = "10.9.0.2"}) w:close()`), "packet 1 has link type raw, v0 takes eth", 0},
		{filepath.Join(t.TempDir(), "nothing.pcap"), "no such file", 0},
	} {
		end := w.tcpdump(w.b, "-i", "v1", "-Q", "in")
		code, said := w.replayed(r.name, "-i", "v0", "--fast")
		if code != exitFailure || !strings.Contains(said, r.want) {
			t.Errorf("exit status %d, says %q, want %q", code, said, r.want)
		}
		if got := end(r.arrive); len(got) != r.arrive {
			t.Errorf("%q: %d frames arrive, want %d", r.want, len(got), r.arrive)
		}
	}
	if code, said := w.replayed(cut, "-i", "v9"); code != exitFailure || !strings.Contains(said, `there is no interface "v9"`) {
		t.Errorf("exit status %d, says %q", code, said)
	}
}

// A script replays what it has kept, and captures, with the same meaning.
func TestLiveReplayScript(t *testing.T) {
	w := newQuietWire(t)
	var got [][]byte
	done := make(chan struct{})
	var c net.PacketConn
	w.must(w.b.Do(func() (err error) { c, err = net.ListenPacket("udp", "10.9.0.2:9"); return err }))
	go func() {
		defer close(done)
		for len(got) < 40 {
			b := make([]byte, 100)
			n, _, err := c.ReadFrom(b)
			if err != nil {
				return
			}
			got = append(got, b[:n])
		}
	}()
	frames, cut := numberedFrames(20), cutCapture(t)
	netlab.Run(t, w.b, "ip", "link", "set", "v1", "address", "02:00:00:00:00:02")
	printed(t, w.program(w.a, `
		local name = arg[1]
		local t = pkl.now()
		print(pkl.replay(name, {iface = "v0", speed = 5}))
		local took = pkl.now() - t
		print(took >= 0.19 or took)
		local s = assert(pkl.socket{iface = "v0"})
		print(s:replay(pkl.load(name), {rate = 1000}))
		print(pkl.replay(name, {iface = "v9"}))
		print(pkl.replay("nowhere.pcap", {iface = "v0"}))
		print(pkl.replay(arg[2], {iface = "v0"}))`, "--", captureOf(t, 50*time.Millisecond, frames...), cut), `
20
true
20
nil	sending by v9: there is no interface "v9" (ip link shows them)
nil	open nowhere.pcap: no such file or directory
nil	`+cut+`: packet 1: only 60 of 61 bytes were captured	0
`)
	c.SetReadDeadline(time.Now().Add(livePatience))
	<-done
	c.Close()
	for i, b := range got {
		if b[0] != byte(i%20) {
			t.Errorf("datagram %d has number %d", i, b[0])
		}
	}
	if len(got) != 40 {
		t.Errorf("%d datagrams arrive, want 40", len(got))
	}
}
