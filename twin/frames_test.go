package twin

import (
	"bytes"
	"fmt"
	"io"
	"math/rand/v2"
	"path/filepath"
	"slices"
	"testing"

	"pkl/core"
	"pkl/pcapio"
)

// A frame is bytes to be dissected, and from where they start.
type frame struct {
	from  string // for messages: "web.pcap: packet 7"
	meta  core.Meta
	first string // the protocol they start with; "" means that of the link type
	data  []byte
}

// packet dissects a frame with the protocols of a registry.
func (f *frame) packet(reg *core.Registry) *core.Packet {
	p := &core.Packet{}
	if f.first == "" {
		p.Reset(reg, f.meta, f.data)
	} else {
		p.ResetAs(reg.Proto(f.first), f.data)
	}
	return p
}

// captured returns the packets of the project's own captures and, where they
// are, of those from outside of it; of these a few with -short.
func captured(t testing.TB) []frame {
	t.Helper()
	own, err := filepath.Glob("../testdata/*.pcap*")
	if err != nil || len(own) == 0 {
		t.Fatal("no captures in ../testdata", err)
	}
	other := corpus()
	if testing.Short() {
		other = slices.DeleteFunc(other, func(name string) bool { return len(name)%8 != 0 })
	}
	return read(t, append(own, other...))
}

func corpus() []string {
	names, _ := filepath.Glob("../../shared/corpus/*/*.pcap*")
	return names
}

// read returns the packets of capture files. Of a damaged file, which the
// corpus has many of, those before the damage.
func read(t testing.TB, names []string) (all []frame) {
	t.Helper()
	for _, name := range names {
		r, err := pcapio.Open(name)
		if err != nil {
			continue
		}
		var p pcapio.Packet
		for n := 1; ; n++ {
			if err = r.Read(&p); err != nil {
				break
			}
			all = append(all, frame{
				from: fmt.Sprintf("%s: packet %d", filepath.Base(name), n),
				meta: core.Meta{Time: p.Time, Len: p.Len, LinkType: p.LinkType, Number: n, Iface: p.IfaceName},
				data: bytes.Clone(p.Data),
			})
		}
		if err != io.EOF {
			t.Logf("%v", err)
		}
		r.Close()
	}
	return all
}

// built returns one packet of each protocol, with nothing but defaults, and some
// messages of streams: some protocols are rare in captures.
func built(t testing.TB, reg *core.Registry) (all []frame) {
	t.Helper()
	for _, pr := range reg.Protos() {
		p, err := core.Build(pr, nil)
		if err != nil {
			t.Errorf("%s: defaults: %v", pr.Name, err)
			continue
		}
		p.Update()
		all = append(all, frame{from: pr.Name + " of defaults", first: pr.Name, data: p.Raw()})
	}
	for name, values := range streams() { // which are none without a message
		p, err := core.Build(reg.Proto(name), values)
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		p.Update()
		all = append(all, frame{from: name + " of messages", first: name, data: p.Raw()})
	}
	return all
}

// invented returns n frames for each protocol: random bytes, the same in each
// run. Most of them are broken, and so test what captures seldom do.
func invented(reg *core.Registry, n int) (all []frame) {
	rnd := rand.New(rand.NewPCG(1, 2))
	for _, pr := range reg.Protos() {
		for i := range n {
			data := make([]byte, rnd.IntN(160))
			for j := range data {
				if data[j] = byte(rnd.Uint32()); rnd.IntN(3) == 0 {
					data[j] = byte(rnd.IntN(8)) // small numbers are types, counts and lengths
				}
			}
			all = append(all, frame{from: fmt.Sprintf("%s of random bytes %d", pr.Name, i), first: pr.Name, data: data})
		}
	}
	return all
}

// protosOf returns the names of a packet's layers.
func protosOf(p *core.Packet) (names []string) {
	for id := p.First(); id != core.None; id = p.Upper(id) {
		names = append(names, p.ProtoOf(id).Name)
	}
	return names
}
