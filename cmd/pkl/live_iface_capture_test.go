//go:build linux

package main

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"pkl/internal/netns/netlab"
)

// stampede is a configuration of trafgen: frames with numbers in the IP id, every
// second one with a VLAN tag.
const stampede = `
{ eth(da=02:00:00:00:00:02, sa=02:00:00:00:00:01), ipv4(saddr=10.9.0.1, daddr=10.9.0.9, id=dinc(0, 65535, 2)), udp(sport=4000, dport=9), fill(0x61, 20) }
{ eth(da=02:00:00:00:00:02, sa=02:00:00:00:00:01), vlan(id=7), ipv4(saddr=10.9.0.1, daddr=10.9.0.9, id=dinc(1, 65535, 2)), udp(sport=4000, dport=9), fill(0x61, 20) }
`

func (w *wire) trafgen(frames int, config string) {
	w.Helper()
	netlab.Need(w, "trafgen")
	name := filepath.Join(w.TempDir(), "trafgen.cfg")
	w.must(os.WriteFile(name, []byte(config), 0o644))
	netlab.Run(w, w.a, "trafgen", "--dev", "v0", "--conf", name, "--num", strconv.Itoa(frames), "--cpus", "1")
}

// 50,000 frames as fast as they go, every second one with a VLAN tag, which the
// kernel takes out of the frame and hands over beside it: run -i, dump -i and
// tcpdump have all of them, in order, the tags in their place.
func TestLiveIfaceCapture(t *testing.T) {
	const frames = 50000
	w := newQuietWire(t)
	file := filepath.Join(t.TempDir(), "run.pcap")
	run := startPkl(t, w.b, "-i", "v1", "-B", "65536", "-w", file, "-e", `local n = 0 pkl.on("vlan", function(p) n = n + 1 end) pkl.at_end(function() print(n) end)`)
	dump := w.dump(w.b, "-i", "v1", "-B", "65536", "-c", strconv.Itoa(frames), "-T", "fields", "-e", "ip.id", "-e", "vlan.vid", "-e", "frame.len")
	tcpdump := w.tcpdump(w.b, "-i", "v1")
	w.trafgen(frames, stampede)
	if code := dump.status(); code != 0 {
		t.Errorf("dump: exit status %d", code)
	}
	theirs := tcpdump(frames)
	if code := run.stop(os.Interrupt); code != exitInterrupted || run.out.String() != strconv.Itoa(frames/2)+"\n" {
		t.Errorf("run: exit status %d, %s frames with a tag", code, run.out)
	}
	ours := records(t, file)
	if len(ours) != frames || len(theirs) != frames {
		t.Fatalf("%d frames sent: run has %d, tcpdump %d", frames, len(ours), len(theirs))
	}
	var want strings.Builder
	for i := range ours {
		if !bytes.Equal(ours[i].Data, theirs[i].Data) || ours[i].Len != theirs[i].Len {
			t.Fatalf("frame %d: run has %x, tcpdump %x", i, ours[i].Data, theirs[i].Data)
		}
		at, vid := 18, ""
		if i%2 == 1 {
			at, vid = 22, "7"
		}
		if id := binary.BigEndian.Uint16(ours[i].Data[at:]); int(id) != i {
			t.Fatalf("frame %d is number %d: %x", i, id, ours[i].Data)
		}
		fmt.Fprintf(&want, "%#x\t%s\t%d\n", i, vid, len(ours[i].Data))
	}
	if dump.out.String() != want.String() {
		t.Errorf("dump shows others; it begins with\n%.300s", dump.out)
	}
	t.Log(strings.TrimSpace(dump.err.String()))
}
