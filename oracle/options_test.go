package oracle

import (
	"os/exec"
	"path/filepath"
	"testing"
)

// scapy has a program of testdata write captures into a folder, and reads them.
func scapy(t *testing.T, program string) (all []sample) {
	t.Helper()
	needTshark(t)
	const python = "/usr/bin/python3" // Debian's, which has python3-scapy
	if err := exec.Command(python, "-c", "import scapy").Run(); err != nil {
		t.Skipf("no scapy to write packets with: %v", err)
	}
	dir := t.TempDir()
	if text, err := exec.Command(python, "testdata/"+program, dir).CombinedOutput(); err != nil {
		t.Fatalf("%s: %v\n%s", program, err, text)
	}
	files, err := filepath.Glob(filepath.Join(dir, "*.pcap"))
	if err != nil || len(files) == 0 {
		t.Fatalf("%s has written nothing: %v", program, err)
	}
	for _, file := range files {
		all = appendFile(t, all, file)
	}
	return all
}

// compareAll compares samples.
func compareAll(t *testing.T, samples []sample) *run {
	t.Helper()
	reg := registry(t)
	c, err := newComparer(reg)
	if err != nil {
		t.Fatal(err)
	}
	r := &run{samples, reg, c}
	tshark(t, write(t, r.samples), r.read, "-T", "pdml")
	r.report(t)
	return r
}

// TestOptions has Scapy write packets with all kinds of options. tshark and pkl
// see the same in them, and tshark finds edits of them right.
func TestOptions(t *testing.T) {
	r := compareAll(t, scapy(t, "gen.py"))
	if len(r.samples) < 80 || r.counts.clean < 60 {
		t.Errorf("%d packets, %d of which are clean", len(r.samples), r.counts.clean)
	}
	if done := r.judgeEdits(t); len(done) < 10 {
		t.Errorf("only edits of %d kinds could be made", len(done))
	}
}

// TestScattered does the same with random values in DNS, DHCP, SCTP and radiotap;
// then one byte in fifty of them is another.
func TestScattered(t *testing.T) {
	r := compareAll(t, scapy(t, "scatter.py"))
	if len(r.samples) < 1000 || r.counts.clean < 500 {
		t.Errorf("%d packets, %d of which are clean", len(r.samples), r.counts.clean)
	}
	if done := r.judgeEdits(t); len(done) < 10 {
		t.Errorf("only edits of %d kinds could be made", len(done))
	}
	for seed := range 2 {
		r := withDamage(t, r.reg, r.samples, seed)
		tshark(t, write(t, r.samples), r.read, "-T", "pdml")
		r.report(t)
	}
}
