package pcapio

import (
	"bytes"
	"testing"
)

// Reading and writing packets does not allocate, also not for a packet with
// options that have to be turned round.
func TestNoAllocs(t *testing.T) {
	const runs = 1000
	big := orders[1]
	withOptions := append(rawSection(big), rawIface(big, 1, 0)...)
	for range runs + 10 {
		withOptions = append(withOptions, rawEnhanced(big, 0, 0, make([]byte, 60), 60,
			rawOption(big, optFlags, u32s(big, nil, 1)))...)
	}
	for name, file := range map[string][]byte{
		"pcap":    benchFile(t, Options{LinkType: 1}),
		"pcapng":  benchFile(t, Options{LinkType: 1, Format: Pcapng}),
		"options": withOptions,
	} {
		r, err := NewReader(bytes.NewReader(file))
		if err != nil {
			t.Fatal(err)
		}
		var p Packet
		if n := testing.AllocsPerRun(runs, func() { err = r.Read(&p) }); n != 0 || err != nil {
			t.Errorf("%s: reading a packet allocates %v times, %v", name, n, err)
		}
	}
}

func TestNoAllocsWriting(t *testing.T) {
	p := Packet{Data: make([]byte, 100), LinkType: 1, IfaceName: "eth0", Comment: "comment"}
	for _, f := range []Format{Pcap, Pcapng} {
		w, err := NewWriter(nowhere{}, Options{LinkType: 1, Format: f})
		if err != nil {
			t.Fatal(err)
		}
		w.buf = append(make([]byte, 0, 2*flushAt), w.buf...)
		if n := testing.AllocsPerRun(5000, func() { err = w.Write(&p) }); n != 0 || err != nil {
			t.Errorf("%v: writing a packet allocates %v times, %v", f, n, err)
		}
	}
}

type nowhere struct{}

func (nowhere) Write(b []byte) (int, error) { return len(b), nil }
