package protocols

import (
	"encoding/hex"
	"slices"
	"strconv"
	"strings"
	"testing"

	"pkl/core"
)

// A pendingCase is a packet as Linux hands it out while its transport sum is
// left to the card: in the place of the sum is that of the pseudo header, not
// complemented (skbuff.h, CHECKSUM_PARTIAL).
type pendingCase struct {
	name, network, head string
	addrs, length, sum  int // where the addresses, the length and the sum lie
	next                byte
}

const (
	pendingIP4  = "45000000 00010000 40000000 c0000201 c0000202"
	pendingIP6  = "60000000 00000040 20010db8000000000000000000000001 20010db8000000000000000000000002"
	pendingTCP  = "04d20050 00000001 00000002 50180100 00000000"
	pendingUDP  = "04d20fa0 00000000"
	pendingBody = "hello, offload!"
)

var pendingCases = []pendingCase{
	{"ip/tcp", pendingIP4, pendingTCP, 12, 2, 16, 6},
	{"ip/udp", pendingIP4, pendingUDP, 12, 2, 6, 17},
	{"ip6/tcp", pendingIP6, pendingTCP, 8, 4, 16, 6},
	{"ip6/udp", pendingIP6, pendingUDP, 8, 4, 6, 17},
}

func fromHex(t *testing.T, text string) []byte {
	t.Helper()
	b, err := hex.DecodeString(strings.ReplaceAll(text, " ", ""))
	if err != nil {
		t.Fatal(err)
	}
	return b
}

// addUp is the sum of RFC 1071, not complemented.
func addUp(parts ...[]byte) uint16 {
	sum := 0
	for _, b := range parts {
		for i, x := range b {
			sum += int(x) << (8 * (1 - i&1))
		}
	}
	for sum > 0xffff {
		sum = sum>>16 + sum&0xffff
	}
	return uint16(sum)
}

func put16(b []byte, at int, v uint16) { b[at], b[at+1] = byte(v>>8), byte(v) }

// build returns the packet.
func (c *pendingCase) build(t *testing.T, body string) []byte {
	network := fromHex(t, c.network)
	upper := append(fromHex(t, c.head), body...)
	if c.next == 17 {
		put16(upper, 4, uint16(len(upper)))
	}
	if c.length == 4 { // RFC 8200: the payload length
		put16(network, 4, uint16(len(upper)))
		network[6] = c.next
	} else {
		put16(network, 2, uint16(len(network)+len(upper)))
		network[9] = c.next
		put16(network, 10, ^addUp(network))
	}
	put16(upper, c.sum, c.pseudo(network, upper))
	return append(network, upper...)
}

// pseudo is the sum of the pseudo header.
func (c *pendingCase) pseudo(network, upper []byte) uint16 {
	return addUp(network[c.addrs:], []byte{0, c.next}, []byte{byte(len(upper) >> 8), byte(len(upper))})
}

// full is the packet with the sums that belong there.
func (c *pendingCase) full(b []byte) []byte {
	b = slices.Clone(b)
	n := len(c.network) - strings.Count(c.network, " ")
	network, upper := b[:n/2], b[n/2:]
	if c.length == 2 {
		put16(network, 10, 0)
		put16(network, 10, ^addUp(network))
	}
	put16(upper, c.sum, 0)
	pseudo := c.pseudo(network, upper)
	sum := ^addUp(upper, []byte{byte(pseudo >> 8), byte(pseudo)})
	if sum == 0 && c.next == 17 {
		sum = 0xffff
	}
	put16(upper, c.sum, sum)
	return b
}

// TestPending: a sum left to the card is not wrong and stays as it is, until
// anything changes; then it is computed from zero, also in a packet whose length
// is fixed.
func TestPending(t *testing.T) {
	reg, err := core.Compile(All(), Structs(), nil)
	if err != nil {
		t.Fatal(err)
	}
	big := strings.Repeat("super-packet ", 4000)
	for _, c := range pendingCases {
		for _, body := range []string{pendingBody, "", big} {
			b := c.build(t, body)
			var p core.Packet
			reset := func() {
				p.ResetAs(reg.Proto(strings.Split(c.name, "/")[0]), b)
				p.SumsPending, p.FixedLen = true, "it is a test"
			}
			reset()
			if wrong := p.Verify(); len(wrong) != 0 || string(p.Raw()) != string(b) {
				t.Errorf("%s: verify: %v", c.name, wrong)
			}
			if p.Update(); string(p.Raw()) != string(b) {
				t.Errorf("%s: changed without an edit", c.name)
			}
			for name, edit := range pendingEdits(&p) {
				reset()
				if err := edit(); err != nil {
					t.Errorf("%s: %s: %v", c.name, name, err)
				}
				if p.Update(); string(p.Raw()) != string(c.full(p.Raw())) || p.SumsPending {
					t.Errorf("%s: %s: %x, want %x", c.name, name, p.Raw()[:min(48, len(b))], c.full(p.Raw())[:min(48, len(b))])
				}
				if wrong := p.Verify(); len(wrong) != 0 {
					t.Errorf("%s: %s: %v", c.name, name, wrong)
				}
			}
			reset()
			longer := append(slices.Clone(p.Body(p.Last())), 1)
			if err := p.SetBody(p.Last(), longer); err == nil || !strings.HasSuffix(err.Error(), "its length cannot change from "+strconv.Itoa(len(b))+": it is a test") {
				t.Errorf("%s: longer: %v", c.name, err)
			}
			if p.Update(); string(p.Raw()) != string(b) || !p.SumsPending {
				t.Errorf("%s: a refused edit changed the packet", c.name)
			}
		}
	}
}

// pendingEdits are edits that leave the length as it is.
func pendingEdits(p *core.Packet) map[string]func() error {
	set := func(id core.ID, field string, v any) error { return p.Set(id, p.LayoutOf(id).Slot(field), v) }
	hops := func() string {
		if p.ProtoOf(p.First()).Name == "ip" {
			return "ttl"
		}
		return "hlim"
	}
	return map[string]func() error{
		"hops": func() error { return set(p.First(), hops(), 9) },
		"port": func() error { return set(p.Upper(p.First()), "sport", 99) },
		"addr": func() error {
			src := map[string]string{"ip": "192.0.2.77", "ip6": "2001:db8::77"}
			return set(p.First(), "src", src[p.ProtoOf(p.First()).Name])
		},
		"body": func() error {
			b := slices.Clone(p.Body(p.Upper(p.First())))
			slices.Reverse(b)
			return p.SetBody(p.Upper(p.First()), b)
		},
	}
}
