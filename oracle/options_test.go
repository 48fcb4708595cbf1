package oracle

import (
	"os/exec"
	"path/filepath"
	"testing"
)

// TestOptions has Scapy write packets with all kinds of options. tshark and pkl
// see the same in them, and tshark finds edits of them right.
func TestOptions(t *testing.T) {
	needTshark(t)
	const python = "/usr/bin/python3" // Debian's, which has python3-scapy
	if err := exec.Command(python, "-c", "import scapy").Run(); err != nil {
		t.Skipf("no scapy to write options with: %v", err)
	}
	file := filepath.Join(t.TempDir(), "options.pcap")
	if text, err := exec.Command(python, "testdata/gen.py", file).CombinedOutput(); err != nil {
		t.Fatalf("gen.py: %v\n%s", err, text)
	}
	reg := registry(t)
	c, err := newComparer(reg)
	if err != nil {
		t.Fatal(err)
	}
	r := &run{appendFile(t, nil, file), reg, c}
	tshark(t, write(t, r.samples), r.read, "-T", "pdml")
	r.report(t)
	if len(r.samples) < 80 || c.counts.clean < 60 {
		t.Errorf("%d packets, %d of which are clean", len(r.samples), c.counts.clean)
	}
	if done := r.judgeEdits(t); len(done) < 10 {
		t.Errorf("only edits of %d kinds could be made", len(done))
	}
}
