package core

import (
	"fmt"
	"maps"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"golang.org/x/net/bpf"
	"pgregory.net/rapid"
)

// vm makes a program of a filter ready to run.
func vm(t rapid.TB, f *Filter, link int) (*BPF, *bpf.VM) {
	t.Helper()
	b := f.BPF(BPFOptions{LinkType: link})
	raw, err := bpf.Assemble(b.Program)
	if err == nil {
		err = checkMemory(raw)
	}
	if err != nil {
		t.Fatalf("%s: %v\n%s", f, err, b)
	}
	if len(b.Program) > MaxBPF {
		t.Fatalf("%s: %d instructions", f, len(b.Program))
	}
	m, err := bpf.NewVM(b.Program)
	if err != nil {
		t.Fatalf("%s: %v\n%s", f, err, b)
	}
	return b, m
}

// checkBPF compares what the program and the rest make of a packet with what
// the filter does, and returns what the program said.
func checkBPF(f *Filter, b *BPF, m *bpf.VM, link int, wire []byte) (verdict int, err error) {
	var p Packet
	p.Reset(f.reg, Meta{LinkType: link}, wire)
	want := f.Match(&p)
	v, err := m.Run(wire)
	if err != nil {
		return 0, err
	}
	kept := v != 0
	both := kept && (b.Rest == nil || b.Rest.Match(&p))
	switch {
	case want && !kept:
		return v, fmt.Errorf("the program drops what the filter keeps")
	case v == BPFKeep && !want:
		return v, fmt.Errorf("the program is sure of what the filter drops")
	case both != want:
		return v, fmt.Errorf("program and rest %v, the filter %v", both, want)
	}
	return v, nil
}

// A captured packet of the corpus.
type captured struct {
	name string
	link int
	wire []byte
}

// captures returns the first packets of each file of the project's own captures,
// and of the corpus, if that is there.
func captures(t *testing.T, perFile int) (all []captured) {
	n := map[string]int{}
	for _, pattern := range []string{"../testdata/*.pcap", corpusFiles} {
		files, _ := filepath.Glob(pattern)
		if len(files) == 0 {
			t.Logf("no %s", pattern)
		}
		packetsOf(t, files, func(name string, link, _ int, b []byte) {
			file, _, _ := strings.Cut(name, ":")
			if n[file]++; n[file] <= perFile {
				all = append(all, captured{name, link, slices.Clone(b)})
			}
		})
	}
	return all
}

// A dice draws whole numbers.
type dice struct{ t *rapid.T }

func (d dice) IntN(n int) int { return rapid.IntRange(0, n-1).Draw(d.t, "n") }

func (d dice) Uint64() uint64 { return rapid.Uint64().Draw(d.t, "v") }

func (d dice) Uint32() uint32 { return rapid.Uint32().Draw(d.t, "v") }

// damaged changes or cuts a packet.
func damaged(rnd dice, b []byte) []byte {
	b = slices.Clone(b)
	for range 1 + rnd.IntN(3) {
		if len(b) == 0 {
			break
		}
		switch rnd.IntN(3) {
		case 0:
			b = b[:rnd.IntN(len(b)+1)]
		case 1:
			b[rnd.IntN(min(len(b), 70))] = byte(rnd.Uint32())
		default:
			b[rnd.IntN(min(len(b), 70))] ^= 1 << rnd.IntN(8)
		}
	}
	return b
}

// randomFilter draws a filter over the fields of the registry, with values that packets have.
func randomFilter(rnd dice, r *Registry, pick func(*Proto) bool, depth int) string {
	if depth > 0 && rnd.IntN(3) > 0 {
		a := randomFilter(rnd, r, pick, depth-1)
		b := randomFilter(rnd, r, pick, depth-1)
		return []string{"(" + a + " and " + b + ")", "(" + a + " or " + b + ")", "not " + a, "not (" + a + " and " + b + ")"}[rnd.IntN(4)]
	}
	for {
		p := r.protos[rnd.IntN(len(r.protos))]
		if !pick(p) {
			continue
		}
		src := p.Name
		if rnd.IntN(6) == 0 {
			src += fmt.Sprintf("#%d", 1+rnd.IntN(3))
		}
		if rnd.IntN(5) > 0 && len(p.head.Slots) > 0 {
			src = randomTest(rnd, src, p)
		}
		if _, err := r.Filter(src); err == nil {
			return src
		}
	}
}

func randomTest(rnd dice, layer string, p *Proto) string {
	s := p.head.Slots[rnd.IntN(len(p.head.Slots))]
	name := layer + "." + s.Name
	number := func() uint64 {
		v := rnd.Uint64() >> rnd.IntN(64)
		if s.Bits > 0 && s.Bits < 64 {
			v &= ones(s.Bits)
		}
		if rnd.IntN(2) == 0 {
			v %= 9
		}
		if len(s.Field.Names) > 0 && rnd.IntN(2) == 0 {
			v = uint64(s.Field.Names[rnd.IntN(len(s.Field.Names))].V)
		}
		return v
	}
	op := []string{"==", "!=", "<", "<=", ">", ">="}[rnd.IntN(6)]
	addr := func() string {
		return fmt.Sprintf("%d.%d.%d.%d", []int{10, 192, 127, 1}[rnd.IntN(4)], rnd.IntN(2)*168, rnd.IntN(3), rnd.IntN(9))
	}
	switch rnd.IntN(12) {
	case 0:
		return name
	case 1:
		return fmt.Sprintf("%s[%d:%d] == %s", layer+"."+[]string{"header", "body", s.Name}[rnd.IntN(3)], rnd.IntN(8), 2, []string{"00:00", "00:01", "16:03", "45:00"}[rnd.IntN(4)])
	case 2:
		return fmt.Sprintf("%s[%d] %s %d", layer+"."+[]string{"header", "body", s.Name}[rnd.IntN(3)], rnd.IntN(8), op, rnd.IntN(70))
	case 3:
		return fmt.Sprintf("frame.len %s %d", op, rnd.IntN(120))
	case 4:
		if len(p.pairs) > 0 {
			pr := p.pairs[rnd.IntN(len(p.pairs))]
			s = pr[0]
			name = layer + "." + pairName(pr[0].Name, pr[1].Name)
		}
	}
	switch s.Kind {
	case Number:
		switch rnd.IntN(4) {
		case 0:
			a, b := number(), number()
			return fmt.Sprintf("%s in {%d, %d-%d}", name, number(), min(a, b), max(a, b))
		case 1:
			return fmt.Sprintf("%s & %d %s %d", name, number(), op, number())
		}
		return fmt.Sprintf("%s %s %d", name, op, number())
	case IP4:
		return []string{name + " " + op + " " + addr(), name + " in " + addr() + fmt.Sprintf("/%d", rnd.IntN(33)), name + " in {" + addr() + ", 0.0.0.0-9.9.9.9}"}[rnd.IntN(3)]
	case IP6:
		return []string{name + " " + op + " fe80::1", name + " in ff00::/8", name + " in {2001::-3000::, ::1}", name + " == fe80::/10"}[rnd.IntN(4)]
	case MAC:
		return []string{name + " " + op + " 01:00:5e:00:00:00", name + " in {ff:ff:ff:ff:ff:ff, 02:00:00:00:00:01}", name + "[0] & 1 == 1"}[rnd.IntN(3)]
	}
	return []string{name + " == 00:00:00:00", "len(" + name + ") > 3", name + ` contains "a"`}[rnd.IntN(3)]
}

// TestBPFRandom: random filters over packets of captures, whole and damaged.
func TestBPFRandom(t *testing.T) {
	r := builtinOf(t)
	byLink := map[int][]captured{}
	for _, c := range captures(t, 8) {
		byLink[c.link] = append(byLink[c.link], c)
	}
	links := slices.Sorted(maps.Keys(byLink))
	tally := map[int]int{}
	rapid.Check(t, func(t *rapid.T) {
		rnd := dice{t}
		link := 1
		if rnd.IntN(2) == 0 {
			link = links[rnd.IntN(len(links))]
		}
		reach := reachedFrom(r, link)
		f := filterOf(t, r, randomFilter(rnd, r, func(p *Proto) bool { return reach[p] }, rnd.IntN(4)))
		b, m := vm(t, f, link)
		for i := range 40 {
			c := byLink[link][rnd.IntN(len(byLink[link]))]
			if i%2 == 0 {
				c.wire = damaged(rnd, c.wire)
			}
			v, err := checkBPF(f, b, m, link, c.wire)
			if err != nil {
				t.Fatalf("link %d: %s on %s\n%x: %v\n%s", link, f, c.name, c.wire, err, b)
			}
			tally[v]++
		}
	})
	t.Logf("kept %d, left to the filter %d, dropped %d", tally[BPFKeep], tally[BPFAsk], tally[0])
	if tally[BPFKeep] == 0 || tally[BPFAsk] == 0 || tally[0] == 0 {
		t.Error("not every verdict came up")
	}
}

// TestBPFOfScripts: the same for protocols that nobody compiled in.
func TestBPFOfScripts(t *testing.T) {
	r := fixRegistry(t)
	var wires [][]byte
	for _, name := range slices.Sorted(maps.Keys(fixPackets())) {
		wires = append(wires, wire(t, fixPackets()[name]))
	}
	for _, c := range filterCases {
		f := filterOf(t, r, c.src)
		b, m := vm(t, f, 1)
		for _, w := range wires {
			if _, err := checkBPF(f, b, m, 1, w); err != nil && !strings.Contains(c.src, "caplen") {
				t.Fatalf("%s on %x: %v\n%s", f, w, err, b)
			}
		}
	}
	rapid.Check(t, func(t *rapid.T) {
		rnd := dice{t}
		f := filterOf(t, r, randomFilter(rnd, r, func(*Proto) bool { return true }, rnd.IntN(4)))
		b, m := vm(t, f, 1)
		for range 20 {
			w := damaged(rnd, wires[rnd.IntN(len(wires))])
			if _, err := checkBPF(f, b, m, 1, w); err != nil {
				t.Fatalf("%s on %x: %v\n%s", f, w, err, b)
			}
		}
	})
}

func filterOf(t rapid.TB, r *Registry, src string) *Filter {
	t.Helper()
	f, err := r.Filter(src)
	if err != nil {
		t.Fatal(err)
	}
	return f
}

// reachedFrom returns the protocols that may be found in packets of a link type.
func reachedFrom(r *Registry, link int) map[*Proto]bool {
	all := map[*Proto]bool{}
	for _, c := range r.link.find(uint64(link)) {
		all[c.Proto] = true
		for _, p := range r.protos {
			all[p] = all[p] || c.reach.has(p.id)
		}
	}
	if len(all) == 0 {
		for _, p := range r.protos {
			all[p] = true
		}
	}
	return all
}
