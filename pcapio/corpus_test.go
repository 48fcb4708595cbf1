package pcapio

import (
	"bytes"
	"cmp"
	"errors"
	"fmt"
	"math"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"slices"
	"strconv"
	"strings"
	"testing"
)

// corpus lists capture files from outside of the project, among them many that
// were made to break programs.
func corpus(t *testing.T) []string {
	t.Helper()
	const dir = "../../shared/corpus"
	names, err := filepath.Glob(filepath.Join(dir, "*", "*.pcap*"))
	if err != nil || len(names) == 0 {
		t.Skipf("there are no captures in %s", dir)
	}
	return names
}

// Every file is read to its end, in bounded memory, and what a well-formed pcap
// file holds comes back byte for byte.
func TestCorpus(t *testing.T) {
	same := 0
	for _, name := range corpus(t) {
		file, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		var before, after runtime.MemStats
		runtime.ReadMemStats(&before)
		n, err := countFile(name)
		runtime.ReadMemStats(&after)
		if got := after.TotalAlloc - before.TotalAlloc; got > 4<<20 {
			t.Errorf("%s: %d bytes allocated", name, got)
		}
		var e *Error
		if err != nil && !errors.As(err, &e) {
			t.Errorf("%s: after %d packets: %v", name, n, err)
		}
		if err == nil && wellFormed(file) {
			samePcap(t, file)
			same++
		}
	}
	t.Logf("%d files were written again byte for byte", same)
}

// countFile reads a file by name.
func countFile(name string) (n int, err error) {
	r, err := Open(name)
	if err != nil {
		return 0, err
	}
	defer r.Close()
	var p Packet
	for r.Read(&p) == nil {
		n++
	}
	if r.err.Error() != "EOF" {
		err = r.err
	}
	return n, err
}

// wellFormed tells whether a pcap file is as a Writer would make it: little-
// endian, version 2.4, nothing in the fields that nobody uses, and no packet
// that is longer than it was, than the limit, or has a fraction above a second.
func wellFormed(file []byte) bool {
	r, err := NewReader(bytes.NewReader(file))
	o := Options{}
	if err == nil {
		o = r.Format()
	}
	if err != nil || o.Format != Pcap || r.big || r.pcap.head != recordHeader || o.SnapLen == 0 || o.check() != nil {
		return false
	}
	if !bytes.Equal(file[4:16], rawPcap(le, 0, 4, 0, 0)[4:16]) || le.Uint32(file[20:]) != uint32(o.LinkType) {
		return false
	}
	var p Packet
	for at := fileHeader; r.Read(&p) == nil; at += recordHeader + len(p.Data) {
		if len(p.Data) > o.limit() || p.Len < len(p.Data) || int64(le.Uint32(file[at+4:]))*r.pcap.unit >= second {
			return false
		}
	}
	return true
}

// Where Wireshark reads a file without complaint, so do we: as many packets,
// the same number of bytes on the wire, the same first and last times.
func TestCorpusAgainstCapinfos(t *testing.T) {
	capinfos := program(t, "capinfos")
	names := corpus(t)
	args := append([]string{"-T", "-r", "-M", "-S", "-c", "-d", "-a", "-e"}, names...)
	out, _ := exec.Command(capinfos, args...).Output() // fails if one file is bad
	rows := strings.Split(strings.TrimSpace(string(out)), "\n")
	if len(rows) < len(names)/2 {
		t.Fatalf("capinfos tells of %d files only", len(rows))
	}
	for _, row := range rows {
		want := strings.Split(row, "\t")
		got := infos(want[0])
		if n := comparable(want[0]); n < len(want) {
			got, want = got[:n], want[:n]
		} else {
			want[3], want[4] = nineDigits(want[3]), nineDigits(want[4])
		}
		if !slices.Equal(got, want) {
			t.Errorf("file is\n%s, capinfos has\n%s", got, want)
		}
	}
	t.Logf("%d files compared", len(rows))
}

func program(t *testing.T, name string) string {
	t.Helper()
	path, err := exec.LookPath(name)
	if err != nil {
		t.Skipf("%s is not installed", name)
	}
	return path
}

// comparable tells how many columns can be compared: Wireshark has ideas of its
// own about fractions above a second and about headers of ATM, and capinfos
// about which is first and last when the clock goes back.
func comparable(name string) int {
	file, err := os.ReadFile(name)
	ng := err == nil && le.Uint32(file) == blockSection
	const sunATM = 123
	if !ng && (!wellFormed(file) || le.Uint32(file[20:]) == sunATM) {
		return 2
	}
	all, _ := readPackets(bytes.NewReader(file))
	if !slices.IsSortedFunc(all, func(a, b Packet) int { return cmp.Compare(a.Time, b.Time) }) {
		return 3
	}
	return 5
}

// infos is a row as capinfos writes it: name, packets, bytes on the wire, first
// and last time.
func infos(name string) []string {
	all, err := readFile(name)
	if err != nil {
		return []string{name, err.Error()}
	}
	wire, first, last := 0, int64(math.MaxInt64), int64(math.MinInt64)
	for _, p := range all {
		wire += p.Len
		first, last = min(first, p.Time), max(last, p.Time)
	}
	row := []string{name, strconv.Itoa(len(all)), strconv.Itoa(wire), seconds(first), seconds(last)}
	if len(all) == 0 {
		row[3], row[4] = "n/a", "n/a"
	}
	return row
}

// nineDigits fills up the digits that capinfos leaves out.
func nineDigits(s string) string {
	_, frac, ok := strings.Cut(s, ".")
	if !ok {
		return s
	}
	return s + strings.Repeat("0", 9-len(frac))
}

func readFile(name string) ([]Packet, error) {
	f, err := os.Open(name)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	return readPackets(f)
}

func seconds(t int64) string { return fmt.Sprintf("%d.%09d", t/second, t%second) }

// What we write, Wireshark reads: times, lengths, link types, interfaces,
// comments and options.
func TestWriteAgainstTshark(t *testing.T) {
	tshark := program(t, "tshark")
	flags := rawOption(le, optFlags, u32s(le, nil, 2))
	packets := []Packet{
		{Data: make([]byte, 61), Time: 1_700_000_000_123_456_789, Len: 1500, LinkType: 1, IfaceName: "eth0", Comment: "first"},
		{Data: make([]byte, 62), Time: 1_700_000_001_000_000_000, Len: 62, LinkType: 127, Iface: 1, IfaceName: "wlan0", Options: flags},
		{Data: make([]byte, 63), Time: 1_700_000_002_000_000_001, Len: 63, LinkType: 1, IfaceName: "eth0"},
	}
	const want = "1700000000.123456789|61|1500|1|eth0|first|\n" +
		"1700000001.000000000|62|62|23|wlan0||0x00000002\n" +
		"1700000002.000000001|63|63|1|eth0||\n"
	for _, ext := range []string{"", ".gz", ".zst"} {
		name := filepath.Join(t.TempDir(), "out.pcapng"+ext)
		file := packed(t, write(t, Options{Format: Pcapng}, packets...), ext)
		if err := os.WriteFile(name, file, 0o600); err != nil {
			t.Fatal(err)
		}
		out, err := exec.Command(tshark, "-r", name, "-T", "fields", "-E", "separator=|", "-e", "frame.time_epoch",
			"-e", "frame.cap_len", "-e", "frame.len", "-e", "frame.encap_type", "-e", "frame.interface_name",
			"-e", "frame.comment", "-e", "frame.packet_flags").Output()
		if err != nil || string(out) != want {
			t.Errorf("tshark reads %s, %v\n%swant\n%s", name, err, out, want)
		}
	}
}
