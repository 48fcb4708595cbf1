package pcapio

import (
	"bytes"
	"io"
	"os"
	"path/filepath"
	"testing"
)

const benchPackets = 100_000

// benchFile makes a capture of packets of mixed sizes, about 130 bytes each.
func benchFile(tb testing.TB, o Options) []byte {
	tb.Helper()
	var out bytes.Buffer
	w, err := NewWriter(&out, o)
	if err != nil {
		tb.Fatal(err)
	}
	data := make([]byte, 1500)
	for i := range benchPackets {
		p := Packet{Data: data[:54+i*31%150], Time: 1_700_000_000*second + int64(i), LinkType: o.LinkType}
		if err := w.Write(&p); err != nil {
			tb.Fatal(err)
		}
	}
	if err := w.Close(); err != nil {
		tb.Fatal(err)
	}
	return out.Bytes()
}

// readAll counts the packets and touches each of them.
func readAll(tb testing.TB, src io.Reader) (n int) {
	r, err := NewReader(src)
	if err != nil {
		tb.Fatal(err)
	}
	defer r.Close()
	var p Packet
	for {
		err := r.Read(&p)
		if err == io.EOF {
			return n
		}
		if err != nil {
			tb.Fatal(err)
		}
		if len(p.Data) > 12 && p.Data[12] == 0 {
			n++
		}
	}
}

func benchRead(b *testing.B, o Options) {
	name := filepath.Join(b.TempDir(), "bench")
	if err := os.WriteFile(name, benchFile(b, o), 0o644); err != nil {
		b.Fatal(err)
	}
	for b.Loop() {
		f, err := os.Open(name)
		if err != nil {
			b.Fatal(err)
		}
		readAll(b, f)
		f.Close()
	}
	b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N)/benchPackets, "ns/packet")
}

func BenchmarkReadPcap(b *testing.B)   { benchRead(b, Options{LinkType: 1}) }
func BenchmarkReadPcapng(b *testing.B) { benchRead(b, Options{LinkType: 1, Format: Pcapng}) }

// BenchmarkReadBuffered leaves out what the system takes for reading a file.
func BenchmarkReadBuffered(b *testing.B) {
	for _, format := range []Format{Pcap, Pcapng} {
		b.Run(format.String(), func(b *testing.B) {
			file := benchFile(b, Options{LinkType: 1, Format: format})
			for b.Loop() {
				readAll(b, bytes.NewReader(file))
			}
			b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N)/benchPackets, "ns/packet")
		})
	}
}

func BenchmarkWrite(b *testing.B) {
	for _, format := range []Format{Pcap, Pcapng} {
		b.Run(format.String(), func(b *testing.B) {
			w, err := NewWriter(io.Discard, Options{LinkType: 1, Format: format})
			if err != nil {
				b.Fatal(err)
			}
			p := Packet{Data: make([]byte, 130), Time: 1_700_000_000 * second, LinkType: 1}
			for b.Loop() {
				if err := w.Write(&p); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}
