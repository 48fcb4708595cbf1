package oracle

import (
	"bytes"
	"fmt"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"pkl/core"
	"pkl/pcapio"
	"pkl/protocols"
)

// A sample is a packet of the corpus.
type sample struct {
	file   string // base name
	number int    // in its file, from 1
	time   int64
	link   int
	wire   int // bytes on the wire
	data   []byte

	// clean says that pkl and tshark see the same of it: both know all layers
	// that one of them knows, and nothing is quoted, cut or excepted.
	clean  bool
	broken bool // tshark finds it malformed, or cut
	// remarks are the names of what tshark remarks on in layers that pkl knows.
	remarks []string
	before  []string // of an edited packet: the remarks on what it was
}

func (s *sample) String() string { return fmt.Sprintf("%s packet %d", s.file, s.number) }

// meta says about the packet what its file says.
func (s *sample) meta() core.Meta {
	return core.Meta{Time: s.time, Len: s.wire, LinkType: s.link, Number: s.number}
}

// corpus reads all captures. In short mode, it is a tenth of them. The project's
// own have what those from outside lack.
func corpus(t *testing.T) []sample {
	t.Helper()
	const dir = "../../shared/corpus"
	files, err := filepath.Glob(filepath.Join(dir, "*", "*.pcap*"))
	if err != nil || len(files) == 0 {
		t.Skipf("there are no captures in %s", dir)
	}
	needTshark(t)
	var all []sample
	for i, file := range files {
		if !testing.Short() || i%10 == 0 {
			all = appendFile(t, all, file)
		}
	}
	own, err := filepath.Glob(filepath.Join("..", "testdata", "*.pcap"))
	if err != nil || len(own) == 0 {
		t.Fatal("no captures in ../testdata", err)
	}
	for _, file := range own {
		all = appendFile(t, all, file)
	}
	return all
}

// appendFile appends the packets of one file, up to where it is damaged.
func appendFile(t *testing.T, all []sample, file string) []sample {
	r, err := pcapio.Open(file)
	if err != nil {
		return all
	}
	defer r.Close()
	var p pcapio.Packet
	for n := 1; r.Read(&p) == nil; n++ {
		all = append(all, sample{
			file: filepath.Base(file), number: n, time: p.Time, link: p.LinkType,
			wire: max(p.Len, len(p.Data)), data: bytes.Clone(p.Data),
		})
	}
	return all
}

// write puts samples into one capture file, so that tshark starts only once.
func write(t *testing.T, all []sample) string {
	t.Helper()
	name := filepath.Join(t.TempDir(), "all.pcapng")
	w, err := pcapio.Create(name, pcapio.Options{Format: pcapio.Pcapng, LinkType: 1})
	if err != nil {
		t.Fatal(err)
	}
	for i := range all {
		s := &all[i]
		if err := w.Write(&pcapio.Packet{Data: s.data, Time: s.time, Len: s.wire, LinkType: s.link}); err != nil {
			t.Fatalf("%s: %v", s, err)
		}
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return name
}

// registry compiles the built-in protocols.
func registry(t *testing.T) *core.Registry {
	t.Helper()
	reg, err := core.Compile(protocols.All(), protocols.Structs(), nil)
	if err != nil {
		t.Fatal(err)
	}
	return reg
}

// links returns the link types under which a protocol is found.
func links(reg *core.Registry) map[int]bool {
	all := map[int]bool{}
	for _, spec := range reg.Specs {
		for _, key := range spec.Over {
			if key.On != "link" {
				continue
			}
			for _, text := range strings.Split(key.Is, ",") {
				if n, err := strconv.Atoi(strings.TrimSpace(text)); err == nil {
					all[n] = true
				}
			}
		}
	}
	return all
}
