//go:build linux

package sock_test

import (
	"os"
	"path/filepath"
	"regexp"
	"strconv"
	"testing"
	"time"

	"pkl/internal/netns"
	"pkl/internal/netns/netlab"
	"pkl/sock"
)

func benchVeth(b *testing.B) (from, to *netns.Namespace) {
	lab := netlab.New(b)
	from, to = netlab.Namespace(b, lab, "a"), netlab.Namespace(b, lab, "b")
	if err := lab.Veth(netns.End{NS: from, Dev: "v0"}, netns.End{NS: to, Dev: "v1"}); err != nil {
		b.Fatal(err)
	}
	return from, to
}

const benchFrames = 1_000_000

// 64-byte frames over a veth, as trafgen sends them on one processor.
func BenchmarkSend(b *testing.B) {
	frame := []sock.Frame{{Data: append([]byte{2, 0, 0, 0, 0, 2, 2, 0, 0, 0, 0, 1, 0x88, 0xb5}, make([]byte, 50)...)}}
	for name, c := range map[string]sock.SenderConfig{"plain": {Iface: "v0"}, "bypass": {Iface: "v0", QdiscBypass: true}, "offload": {Iface: "v0", Offload: true}} {
		b.Run(name, func(b *testing.B) {
			from, _ := benchVeth(b)
			var s *sock.Sender
			if err := from.Do(func() (err error) { s, err = sock.OpenSender(c); return err }); err != nil {
				b.Fatal(err)
			}
			defer s.Close()
			for b.Loop() {
				if n, err := s.Repeat(b.Context(), frame, sock.Plan{Count: benchFrames}); n != benchFrames || err != nil {
					b.Fatal(n, err)
				}
			}
			b.ReportMetric(float64(b.N)*benchFrames/b.Elapsed().Seconds(), "frames/s")
		})
	}
	b.Run("trafgen", func(b *testing.B) {
		netlab.Need(b, "trafgen")
		from, _ := benchVeth(b)
		conf := filepath.Join(b.TempDir(), "trafgen.cfg")
		if err := os.WriteFile(conf, []byte("{ 2,0,0,0,0,2, 2,0,0,0,0,1, 0x88,0xb5, fill(0,50) }"), 0o600); err != nil {
			b.Fatal(err)
		}
		said := regexp.MustCompile(`(\d+) sec, (\d+) usec on CPU`)
		var spent time.Duration
		for b.Loop() {
			out := netlab.Run(b, from, "trafgen", "--dev", "v0", "--conf", conf, "--num", strconv.Itoa(benchFrames), "--cpus", "1")
			m := said.FindStringSubmatch(out)
			if m == nil {
				b.Fatal(out)
			}
			sec, _ := strconv.Atoi(m[1])
			usec, _ := strconv.Atoi(m[2])
			spent += time.Duration(sec)*time.Second + time.Duration(usec)*time.Microsecond
		}
		b.ReportMetric(float64(b.N)*benchFrames/spent.Seconds(), "frames/s")
	})
}

// How fast a ring is read that trafgen fills.
func BenchmarkRead(b *testing.B) {
	from, to := benchVeth(b)
	var c *sock.Capture
	if err := to.Do(func() (err error) {
		c, err = sock.OpenCapture(sock.CaptureConfig{Iface: "v1", Promisc: true, RingKiB: 256 << 10})
		return err
	}); err != nil {
		b.Fatal(err)
	}
	defer c.Close()
	var s *sock.Sender
	if err := from.Do(func() (err error) { s, err = sock.OpenSender(sock.SenderConfig{Iface: "v0"}); return err }); err != nil {
		b.Fatal(err)
	}
	defer s.Close()
	frame := []sock.Frame{{Data: append([]byte{2, 0, 0, 0, 0, 2, 2, 0, 0, 0, 0, 1, 0x88, 0xb5}, make([]byte, 50)...)}}
	const n = 500_000
	b.ReportAllocs()
	for b.Loop() {
		b.StopTimer()
		if _, err := s.Repeat(b.Context(), frame, sock.Plan{Count: n}); err != nil {
			b.Fatal(err)
		}
		time.Sleep(100 * time.Millisecond) // the last block is handed over
		b.StartTimer()
		for got := 0; got < n; {
			frames, err := c.Read(time.Now().Add(time.Second))
			if err != nil || len(frames) == 0 {
				b.Fatal(got, err, c.Counts())
			}
			got += len(frames)
		}
	}
	b.ReportMetric(float64(b.N)*n/b.Elapsed().Seconds(), "frames/s")
}
