package core

import (
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"testing"

	"pgregory.net/rapid"

	"pkl/pcapio"
)

// corpus calls f for the packets of every capture of the corpus.
func corpus(t *testing.T, f func(name string, link, wireLen int, b []byte)) {
	t.Helper()
	files, _ := filepath.Glob(corpusFiles)
	if len(files) == 0 {
		t.Skip("../shared/corpus is not there")
	}
	packetsOf(t, files, f)
}

const corpusFiles = "../../shared/corpus/*/*.pcap*"

// packetsOf calls f for the packets of capture files.
func packetsOf(t *testing.T, files []string, f func(name string, link, wireLen int, b []byte)) {
	t.Helper()
	for _, name := range files {
		r, err := pcapio.Open(name)
		if err != nil {
			continue // captures that are none are pcapio's to test
		}
		for n := 1; ; n++ {
			var p pcapio.Packet
			if err := r.Read(&p); err != nil {
				if err != io.EOF && os.IsNotExist(err) {
					t.Error(err)
				}
				break
			}
			f(fmt.Sprintf("%s: packet %d", filepath.Base(name), n), p.LinkType, p.Len, p.Data)
		}
		if err := r.Close(); err != nil {
			t.Error(err)
		}
	}
}

// builtinOf returns pkl's own protocols.
func builtinOf(t testing.TB) *Registry {
	if Builtin == nil {
		t.Skip("no built-in protocols")
	}
	r, err := Builtin()
	if err != nil {
		t.Fatal(err)
	}
	return r
}

// TestCorpusRead: every packet of every capture is found the same upwards and
// downwards, and is as it came after everything was read.
func TestCorpusRead(t *testing.T) {
	r := builtinOf(t)
	n, layers := 0, 0
	corpus(t, func(name string, link, wireLen int, b []byte) {
		if n++; raceOn && n%5 != 0 {
			return
		}
		own := slices.Clone(b)
		var p, q Packet
		p.Reset(r, Meta{LinkType: link, Len: wireLen}, own)
		q.Reset(r, Meta{LinkType: link, Len: wireLen}, own)
		_ = q.Err()
		for id := q.Last(); id != None; id = q.Lower(id) {
			layers++
			for _, s := range slices.Backward(q.LayoutOf(id).Slots) {
				q.List(id, s)
				q.Data(id, s)
			}
		}
		if a, z := text(&p), text(&q); a != z {
			t.Errorf("%s: upwards\n%s\ndownwards\n%s", name, a, z)
		}
		if err := sound(&p); err != nil {
			t.Errorf("%s: %v", name, err)
		}
		p.Update()
		if string(own) != string(b) || string(p.Raw()) != string(b) {
			t.Errorf("%s: reading changed it", name)
		}
	})
	t.Logf("%d packets, %d layers", n, layers)
}

// A named is a test whose failures say which packet they are about.
type named struct {
	*testing.T
	name string
}

func (n named) Fatalf(format string, args ...any) {
	n.T.Helper()
	n.T.Errorf("%s: %s", n.name, fmt.Sprintf(format, args...))
}

// TestCorpusOwn: a packet whose sums are right stays as it is when any of its
// fields is set to the value it has.
func TestCorpusOwn(t *testing.T) {
	r := builtinOf(t)
	n, tried := 0, 0
	corpus(t, func(name string, link, wireLen int, b []byte) {
		if n++; raceOn && n%5 != 0 || len(b) > 1600 {
			return
		}
		var p Packet
		p.Reset(r, Meta{LinkType: link, Len: wireLen}, b)
		if !sumsRight(&p) {
			return
		}
		tried++
		writeOwn(named{t, name}, &p)
	})
	t.Logf("%d of %d packets", tried, n)
}

// sumsRight reports whether every sum that can be computed is right.
func sumsRight(p *Packet) bool {
	for id := p.First(); id != None; id = p.Upper(id) {
		for _, s := range p.ProtoOf(id).sums {
			rec := p.recordOf(id, s)
			if rec == none || p.partial(id, s) || p.omitted(id, s) {
				continue
			}
			if have, ok := p.num(rec, s); ok && !sameSum(s, have, p.wantSum(id, s)) {
				return false
			}
		}
	}
	return true
}

// TestCorpusEdit is TestLawLazy on real packets.
func TestCorpusEdit(t *testing.T) {
	r := builtinOf(t)
	var all []sampleWire
	n := 0
	corpus(t, func(_ string, link, _ int, b []byte) {
		if n++; n%7 != 0 || len(b) > 300 {
			return
		}
		var p Packet
		p.Reset(r, Meta{LinkType: link}, b)
		if id := p.First(); id != None {
			all = append(all, sampleWire{p.ProtoOf(id), slices.Clone(b)})
		}
	})
	rapid.Check(t, func(t *rapid.T) {
		s := all[rapid.IntRange(0, len(all)-1).Draw(t, "packet")]
		lazyOn(&drawer{t: t}, s.first, s.wire)
	})
}
