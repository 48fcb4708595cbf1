package pcapio

import (
	"bytes"
	"errors"
	"io"
	"path/filepath"
	"strings"
	"testing"
	"testing/iotest"

	"github.com/klauspost/compress/zstd"
	"pgregory.net/rapid"
)

// packed compresses file as Create would for the extension.
func packed(t rapid.TB, file []byte, ext string) []byte {
	t.Helper()
	var out bytes.Buffer
	if ext == "" {
		return file
	}
	z, err := compress(nopCloser{&out}, ext)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := z.Write(file); err != nil {
		t.Fatal(err)
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

type nopCloser struct{ io.Writer }

func (nopCloser) Close() error { return nil }

// numbered makes packets that do not compress to nothing.
func numbered(n int) []Packet {
	all := make([]Packet, n)
	for i := range all {
		b := le.AppendUint64(nil, uint64(i)*0x9e3779b97f4a7c15)
		all[i] = Packet{Data: b, Time: int64(i) * 1000, Len: 8, LinkType: 1}
	}
	return all
}

func TestCompressed(t *testing.T) {
	want := numbered(500)
	for _, f := range []Format{Pcap, Pcapng} {
		plain := write(t, Options{Format: f, LinkType: 1}, want...)
		for _, ext := range []string{".gz", ".zst"} {
			file := packed(t, plain, ext)
			samePackets(t, mustRead(t, file), want)
			for n := 4; n < len(file)-1; n += 1 + len(file)/50 {
				got, err := readPackets(bytes.NewReader(file[:n]))
				if err == nil || !strings.Contains(err.Error(), "data: cut short") && !errors.Is(err, io.ErrUnexpectedEOF) {
					t.Fatalf("%v%s cut at %d: %v", f, ext, n, err)
				}
				samePackets(t, got, want[:len(got)])
			}
		}
	}
}

// Members and frames may follow each other; a skippable zstd frame may lead.
func TestCompressedParts(t *testing.T) {
	want := numbered(20)
	plain := write(t, Options{LinkType: 1}, want...)
	for _, ext := range []string{".gz", ".zst"} {
		file := append(packed(t, plain[:100], ext), packed(t, plain[100:], ext)...)
		samePackets(t, mustRead(t, file), want)
	}
	skippable := []byte{0x50, 0x2a, 0x4d, 0x18, 4, 0, 0, 0, 1, 2, 3, 4}
	samePackets(t, mustRead(t, append(skippable, packed(t, plain, ".zst")...)), want)
}

func TestCompressedDamage(t *testing.T) {
	want := numbered(500)
	plain := write(t, Options{LinkType: 1}, want...)
	for _, ext := range []string{".gz", ".zst"} {
		file := packed(t, plain, ext)
		for i := 4; i < len(file); i += 1 + len(file)/100 {
			bad := bytes.Clone(file)
			bad[i] ^= 0x55
			readPackets(bytes.NewReader(bad)) // ends
		}
		twice := packed(t, file, ext)
		if _, err := readPackets(bytes.NewReader(twice)); !errors.Is(err, ErrFormat) {
			t.Errorf("compressed twice: %v", err)
		}
	}
}

func TestZstdWindow(t *testing.T) {
	var out bytes.Buffer
	z, err := zstd.NewWriter(&out, zstd.WithWindowSize(256<<20), zstd.WithEncoderConcurrency(1),
		zstd.WithSingleSegment(false))
	if err != nil {
		t.Fatal(err)
	}
	z.Write(write(t, Options{LinkType: 1}))
	z.Flush() // before the size is known
	z.Close()
	_, err = readPackets(&out)
	if err == nil || !strings.Contains(err.Error(), "zstd data: needs a window above 32 MiB") {
		t.Errorf("error is %v", err)
	}
}

func TestCreateByName(t *testing.T) {
	want := numbered(10)
	for name, format := range map[string]Format{
		"a.pcap": Pcap, "a.pcapng": Pcapng, "a.PCAPNG": Pcapng, "a": Pcap, "a.cap": Pcap,
		"a.pcap.gz": Pcap, "a.pcapng.gz": Pcapng, "a.pcap.zst": Pcap, "a.pcapng.zst": Pcapng,
	} {
		path := filepath.Join(t.TempDir(), name)
		w, err := Create(path, Options{LinkType: 1})
		if err != nil {
			t.Fatal(err)
		}
		for i := range want {
			if err := w.Write(&want[i]); err != nil {
				t.Fatal(err)
			}
		}
		if err := w.Flush(); err != nil {
			t.Fatal(err)
		}
		checkFile(t, path, format, want) // flushed is readable, but for gzip's and zstd's end
		if err := w.Close(); err != nil {
			t.Fatal(err)
		}
		checkFile(t, path, format, want)
	}
}

func checkFile(t *testing.T, path string, format Format, want []Packet) {
	t.Helper()
	r, err := Open(path)
	if err != nil {
		t.Fatal(err)
	}
	defer r.Close()
	if r.Format().Format != format {
		t.Errorf("%s is %v", path, r.Format())
	}
	var p Packet
	for i := range want {
		if err := r.Read(&p); err != nil || p.String() != want[i].String() {
			t.Fatalf("%s: packet %d is %v, %v", path, i+1, p, err)
		}
	}
	if r.Offset() != r.Size() {
		t.Errorf("%s: read %d of %d bytes", path, r.Offset(), r.Size())
	}
}

// A live stream, such as the output of a capturing program, is not waited for
// longer than the packet in hand needs.
func TestLiveStream(t *testing.T) {
	want := numbered(3)
	for _, f := range []Format{Pcap, Pcapng} {
		for _, ext := range []string{"", ".gz", ".zst"} {
			src, dst := io.Pipe()
			z, err := compress(dst, ext)
			if err != nil {
				t.Fatal(err)
			}
			w, err := NewWriter(z, Options{Format: f, LinkType: 1})
			if err != nil {
				t.Fatal(err)
			}
			step := make(chan int)
			go func() {
				for i := range want {
					w.Write(&want[i])
					w.Flush()
					<-step
				}
				dst.Close()
			}()
			liveRead(t, src, want, step)
		}
	}
}

func liveRead(t *testing.T, src io.Reader, want []Packet, step chan int) {
	t.Helper()
	r, err := NewReader(iotest.OneByteReader(src))
	if err != nil {
		t.Fatal(err)
	}
	defer r.Close()
	var p Packet
	for i := range want {
		if err := r.Read(&p); err != nil || p.String() != want[i].String() {
			t.Fatalf("packet %d is %v, %v", i+1, p, err)
		}
		step <- i
	}
}
