package main

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"io"
	"net/netip"
	"testing"

	"github.com/gopacket/gopacket"
	"github.com/gopacket/gopacket/layers"
	"github.com/gopacket/gopacket/pcapgo"
)

// made returns a capture of n packets and what is known of it.
func made(t *testing.T, o *options) ([]byte, *tally, *known) {
	t.Helper()
	var b bytes.Buffer
	ta, k, n, err := write(&b, o)
	if err != nil {
		t.Fatal(err)
	}
	if n != int64(b.Len()) {
		t.Fatalf("wrote %d bytes, says %d", b.Len(), n)
	}
	return b.Bytes(), ta, k
}

// each calls f for every packet of a capture.
func each(t *testing.T, b []byte, f func(n int, p []byte)) {
	t.Helper()
	r, err := pcapgo.NewReader(bytes.NewReader(b))
	if err != nil {
		t.Fatal(err)
	}
	for n := 1; ; n++ {
		p, _, err := r.ReadPacketData()
		if err == io.EOF {
			return
		}
		if err != nil {
			t.Fatal(err)
		}
		f(n, p)
	}
}

// TestSame states that figures from different machines are about the same bytes. A change of the generator changes this sum.
func TestSame(t *testing.T) {
	b, _, _ := made(t, &options{packets: 10000, seed: 1})
	const want = "63958b99a24a0eeb2565b66bbe21d3e9cb74b5a95c502f0d48b7bd2d5e318b39"
	sum := sha256.Sum256(b)
	if got := hex.EncodeToString(sum[:]); got != want {
		t.Errorf("sum of 10000 packets is %s, was %s", got, want)
	}
}

func TestPrefix(t *testing.T) {
	long, _, _ := made(t, &options{packets: 3000, seed: 7})
	short, _, _ := made(t, &options{packets: 1000, seed: 7})
	if !bytes.HasPrefix(long, short) {
		t.Error("a short capture is no prefix of a long one")
	}
	other, _, _ := made(t, &options{packets: 1000, seed: 8})
	if bytes.Equal(short, other) {
		t.Error("the seed makes no difference")
	}
}

func TestBytes(t *testing.T) {
	b, _, _ := made(t, &options{packets: 1 << 62, bytes: 1 << 20, seed: 1})
	if len(b) > 1<<20 || len(b) < 1<<20-2048 {
		t.Errorf("%d bytes, want just below 1 MiB", len(b))
	}
}

func TestMixture(t *testing.T) {
	_, ta, _ := made(t, &options{packets: 20000, seed: 1})
	for k, n := range ta.kinds {
		if n == 0 {
			t.Errorf("no %s", kindNames[k])
		}
	}
	if ta.vlan == 0 || ta.qinq == 0 || ta.padded == 0 {
		t.Errorf("vlan %d, qinq %d, padded %d: want some of each", ta.vlan, ta.qinq, ta.padded)
	}
}

// TestWhole checks headers, lengths and checksums with another implementation.
func TestWhole(t *testing.T) {
	b, _, _ := made(t, &options{packets: 20000, seed: 1})
	each(t, b, func(n int, p []byte) {
		pkt := gopacket.NewPacket(p, layers.LayerTypeEthernet, gopacket.Default)
		if pkt.Layer(gopacket.LayerTypeFragment) != nil || pkt.Layer(layers.LayerTypeIPv6Fragment) != nil {
			return // the checksum covers all pieces: TestFragments
		}
		if e := pkt.ErrorLayer(); e != nil && pkt.TransportLayer() == nil {
			t.Fatalf("packet %d: %v", n, e.Error())
		}
		for _, l := range pkt.Layers() {
			if l, ok := l.(interface {
				SetNetworkLayerForChecksum(gopacket.NetworkLayer) error
			}); ok {
				l.SetNetworkLayerForChecksum(pkt.NetworkLayer())
			}
		}
		err, bad := pkt.VerifyChecksums()
		if err != nil || len(bad) > 0 {
			t.Fatalf("packet %d: checksums %v %v\n%v", n, err, bad, pkt)
		}
	})
}

// TestFragments puts datagrams together again and checks them.
func TestFragments(t *testing.T) {
	for _, v6 := range []bool{false, true} {
		g := newGen(3)
		g.fragments(v6)
		p := *g.path
		whole := payload(g, v6)
		for len(g.queue) > 0 {
			g.pending()
			whole = append(whole, payload(g, v6)...)
		}
		s := sum16(p.a.ip[:]) + sum16(p.b.ip[:]) + protoUDP + uint64(len(whole)) + sum16(whole)
		if fold(s) != 0 {
			t.Errorf("IPv6 %v: checksum over %d bytes is wrong", v6, len(whole))
		}
	}
}

// payload is what a fragment carries.
func payload(g *gen, v6 bool) []byte {
	b := g.f.bytes()[14+4*g.path.tags:]
	if v6 {
		n := int(b[4])<<8 | int(b[5])
		return bytes.Clone(b[48 : 40+n])
	}
	n := int(b[2])<<8 | int(b[3])
	return bytes.Clone(b[20:n])
}

// TestKnown counts the connection requests with another implementation.
func TestKnown(t *testing.T) {
	b, _, k := made(t, &options{packets: 20000, seed: 1})
	got, plain := map[netip.Addr]int{}, 0
	each(t, b, func(_ int, p []byte) {
		pkt := gopacket.NewPacket(p, layers.LayerTypeEthernet, gopacket.Lazy)
		tcp, ok := pkt.Layer(layers.LayerTypeTCP).(*layers.TCP)
		if !ok || !tcp.SYN || tcp.ACK {
			return
		}
		a, _ := netip.AddrFromSlice(pkt.NetworkLayer().NetworkFlow().Src().Raw())
		got[a]++
		if a.Is4() && pkt.Layer(layers.LayerTypeDot1Q) == nil {
			plain++
		}
	})
	if plain != k.plain {
		t.Errorf("%d over plain IPv4, says %d", plain, k.plain)
	}
	if len(got) != len(k.sources) {
		t.Errorf("%d sources, says %d", len(got), len(k.sources))
	}
	for a, n := range got {
		if k.sources[a] != n {
			t.Errorf("%d from %s, says %d", n, a, k.sources[a])
		}
	}
}

func TestParseSize(t *testing.T) {
	for s, want := range map[string]int64{"": 0, "12": 12, "3k": 3 << 10, "500M": 500 << 20, "2G": 2 << 30} {
		if got, err := parseSize(s); got != want || err != nil {
			t.Errorf("%q: %d, %v; want %d", s, got, err, want)
		}
	}
	for _, s := range []string{"x", "-1", "0", "2T", "G"} {
		if got, err := parseSize(s); err == nil {
			t.Errorf("%q: %d, want an error", s, got)
		}
	}
}
