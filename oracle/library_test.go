package oracle

import (
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"pkl/core"
	"pkl/luabind"
	"pkl/protocols"
	"pkl/scripts"
)

// library compiles the built-in protocols and those of the library in Lua.
func library(t *testing.T) *core.Registry {
	t.Helper()
	files, err := fs.Glob(scripts.Library, "protocols/*.lua")
	if err != nil || len(files) < 13 {
		t.Fatal(files, err)
	}
	var src strings.Builder
	for _, file := range files {
		src.WriteString("require \"protocols." + strings.TrimSuffix(filepath.Base(file), ".lua") + "\"\n")
	}
	src.WriteString("pkl.bind('mpls', 'ppp.p', 0x281)\n")
	gen, err := luabind.NewGeneration(luabind.Config{Specs: protocols.All(), Structs: protocols.Structs(), Library: scripts.Library},
		[]luabind.Script{{Name: "all.lua", Source: []byte(src.String())}})
	if err != nil {
		t.Fatal(err)
	}
	st, err := gen.NewState(1)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { st.Close() })
	if err := st.Run(); err != nil {
		t.Fatal(err)
	}
	return st.Registry()
}

// libraryArgs tell tshark what the library knows by itself.
var libraryArgs = []string{"-T", "pdml", "-d", "udp.port==5004,rtp"}

// compareLibrary compares samples, and wants no difference.
func compareLibrary(t *testing.T, samples []sample) *run {
	t.Helper()
	reg := library(t)
	c, err := newComparer(reg, libraryTables())
	if err != nil {
		t.Fatal(err)
	}
	c.exceptions = append(c.exceptions, libraryExceptions()...)
	c.used = make([]int, len(c.exceptions))
	r := &run{samples, reg, c}
	tshark(t, write(t, samples), r.read, libraryArgs...)
	r.report(t)
	return r
}

// TestLibraryBuilt has pkl build packets of the library's protocols. tshark must
// read in them what was meant, and find nothing wrong.
func TestLibraryBuilt(t *testing.T) {
	needTshark(t)
	reg := library(t)
	var samples []sample
	for i, r := range libraryRecipes() {
		data, err := r.build(reg)
		if err != nil {
			t.Errorf("recipe %d (%s): %v", i, r, err)
			continue
		}
		samples = append(samples, sample{file: r.String(), number: i, link: linkOf(r[0].proto), wire: len(data), data: data})
	}
	r := compareLibrary(t, samples)
	for i := range r.samples {
		if s := &r.samples[i]; s.broken {
			t.Errorf("%s: tshark finds it malformed", s)
		}
	}
	if r.counts.badSums > 0 {
		t.Errorf("%d sums are wrong", r.counts.badSums)
	}
	r.unseenOf(t, libraryTables())
}

// unseenOf reports rows of these tables that no packet had anything for.
func (c *comparer) unseenOf(t *testing.T, tables map[string]table) {
	all := c.tables
	c.tables = map[string]*compiled{}
	for name := range tables {
		c.tables[name] = all[name]
	}
	c.unseen(t)
	c.tables = all
}

// TestLibraryCorpus reads captures as tshark does.
func TestLibraryCorpus(t *testing.T) {
	var samples []sample
	for _, name := range libraryCaptures() {
		files, err := filepath.Glob("../../shared/corpus/*/" + name)
		if err != nil {
			t.Fatal(err)
		}
		for _, file := range files {
			samples = appendFile(t, samples, file)
		}
	}
	if len(samples) == 0 {
		t.Skip("there are no captures in ../../shared/corpus")
	}
	needTshark(t)
	r := compareLibrary(t, samples)
	found := map[string]bool{}
	for name := range libraryTables() {
		for _, row := range r.tables[name].rows {
			found[name] = found[name] || row.seen > 0
		}
	}
	for _, name := range []string{"vxlan", "gre", "mpls", "pppoe", "ppp", "tftp", "ntp", "radius"} {
		if !found[name] {
			t.Errorf("the captures have no %s", name)
		}
	}
}

// TestLibraryScapy reads packets that scapy has made.
func TestLibraryScapy(t *testing.T) {
	if out, err := exec.Command("/usr/bin/python3", "-c", "import scapy").CombinedOutput(); err != nil {
		t.Skipf("no scapy: %v %s", err, out)
	}
	needTshark(t)
	file := filepath.Join(t.TempDir(), "scapy.pcap")
	cmd := exec.Command("/usr/bin/python3", "testdata/library.py", file)
	cmd.Env = append(os.Environ(), "HOME="+t.TempDir())
	if out, err := cmd.CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	r := compareLibrary(t, appendFile(t, nil, file))
	for i := range r.samples {
		if s := &r.samples[i]; s.broken {
			t.Errorf("%s: tshark finds it malformed", s)
		}
	}
	if r.counts.layers < 3*len(r.samples) {
		t.Errorf("compared only %d layers of %d packets", r.counts.layers, len(r.samples))
	}
}
