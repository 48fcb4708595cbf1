package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"pkl/bench/truth"
)

func TestMedian(t *testing.T) {
	ss := []sample{{wall: 5}, {wall: 1}, {wall: 3}}
	if got := median(ss, wall); got != 3 {
		t.Errorf("median of 5 1 3 is %d", got)
	}
	if got := median(append(ss, sample{wall: 4}), wall); got != 3 {
		t.Errorf("median of 5 1 3 4 is %d, want 3 (3.5 cut)", got)
	}
	if lo, hi := span(ss); lo != 1 || hi != 5 {
		t.Errorf("span %d %d", lo, hi)
	}
}

func TestRate(t *testing.T) {
	p := &program{in: &capture{truth: &truth.Truth{Packets: 300}}, runs: []sample{{wall: 2 * time.Second}}, empty: []sample{{wall: time.Second}}}
	if got := p.rate(); got != 150 {
		t.Errorf("rate %v, want 150", got)
	}
	p.slow = true
	if got := p.rate(); got != 300 {
		t.Errorf("rate without the start %v, want 300", got)
	}
}

func TestRename(t *testing.T) {
	for in, want := range map[string]string{
		`pkl.protocol { name = "eth", over = { link = 1 } }`:         `pkl.protocol { name = "t_eth", over = {  } }`,
		`over = { ["ip.p"] = 6, ["eth.type"] = { 0x800 } }`:          `over = { ["t_ip.p"] = 6, ["t_eth.type"] = { 0x800 } }`,
		`{ "nxt", 8, key = "ip.p" }, size = "ip6_frag.off + ip.len"`: `{ "nxt", 8, key = "t_ip.p" }, size = "t_ip6_frag.off + t_ip.len"`,
		`{ "ip", 8, names = { [6] = "tcp" } }`:                       `{ "ip", 8, names = { [6] = "tcp" } }`,
		`x_ip.len`:                                                   `x_ip.len`,
	} {
		if got := rename(in); got != want {
			t.Errorf("%s\n got %s\nwant %s", in, got, want)
		}
	}
}

func TestCheckers(t *testing.T) {
	known := &truth.Truth{SYNs: 3, Sources: map[string]int{"10.0.0.1": 2, "2001:db8::1": 1}}
	for _, c := range []struct {
		check  checker
		output string
		bad    string
	}{
		{table, "2001:db8::1 1\n10.0.0.1 2\n", ""},
		{table, "2001:db8:0:0::1 1\n10.0.0.1 2\n", ""},
		{table, "10.0.0.1 2\n", "0 connection requests from 2001:db8::1, want 1"},
		{table, "10.0.0.1 2\n2001:db8::1 1\n10.0.0.9 1\n", "from 10.0.0.9, want none"},
		{table, "10.0.0.1\n", "want an address and a count"},
		{table, "nobody 2\n", "unable to parse IP"},
		{list, "10.0.0.1\t\n\t2001:db8::1\n10.0.0.1\t\n", ""},
		{list, "10.0.0.1\t\n", "from"},
		{total, "total 3\n", ""},
		{total, "total 4\n", `want "total 3"`},
	} {
		file := filepath.Join(t.TempDir(), "stdout")
		if err := os.WriteFile(file, []byte(c.output), 0o644); err != nil {
			t.Fatal(err)
		}
		err := c.check(known, file, "")
		if c.bad == "" && err != nil || c.bad != "" && (err == nil || !strings.Contains(err.Error(), c.bad)) {
			t.Errorf("%q: %v, want %q", c.output, err, c.bad)
		}
	}
}

func TestRatios(t *testing.T) {
	known := &capture{truth: &truth.Truth{Packets: 1e6}}
	at := func(name string, s int) *program {
		return &program{name: name, in: known, runs: []sample{{wall: time.Duration(s) * time.Second}}}
	}
	ps := []*program{at("pkl filter", 2), at("gopacket dlp to file, mmap", 4), at("gopacket dlp to file, pcapgo", 3), at("tcpdump", 1)}
	var b strings.Builder
	printRatios(&b, ps)
	for _, want := range []string{"1.50", "gopacket dlp to file, pcapgo", "1: reached", "0.50", "0.8: missed"} {
		if !strings.Contains(b.String(), want) {
			t.Errorf("no %q in\n%s", want, &b)
		}
	}
}

// TestPeers runs every installed peer once on a small capture; the checks compare what they find.
func TestPeers(t *testing.T) {
	if testing.Short() {
		t.Skip("builds and runs programs")
	}
	t.Chdir("..")
	o := &options{packets: 5000, slow: 5000, rounds: 1, seed: 1, pkl: "unused"}
	b, err := build(o)
	if err != nil {
		t.Fatal(err)
	}
	caps, err := makeCaptures(o)
	if err != nil {
		t.Fatal(err)
	}
	b.noPkl = "measured elsewhere"
	ps := programs(b, caps)
	newRunner(o).rounds(ps, caps.empty, 1)
	for _, p := range ps {
		if p.err != nil {
			t.Errorf("%s: %v", p.name, p.err)
		}
		if p.skip != "" {
			t.Logf("%s: %s", p.name, p.skip)
		}
	}
}
