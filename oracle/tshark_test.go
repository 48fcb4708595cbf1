package oracle

import (
	"bytes"
	"io"
	"os"
	"os/exec"
	"strings"
	"testing"
)

// tsharkOptions switch off what pkl does not do (names, reassembly, relative
// numbers, guesses by content) and on what it does (checksums).
var tsharkOptions = []string{
	"-n",
	"-o", "ip.defragment:FALSE",
	"-o", "ipv6.defragment:FALSE",
	"-o", "ipv6.tso_support:TRUE",
	"-o", "ipv6.exthdr_under_root_protocol_tree:TRUE",
	"-o", "tcp.desegment_tcp_streams:FALSE",
	"-o", "tcp.relative_sequence_numbers:FALSE",
	"-o", "tcp.analyze_sequence_numbers:FALSE",
	"-o", "tcp.no_subdissector_on_error:FALSE",
	"-o", "dns.desegment_dns_messages:FALSE",
	"-o", "sctp.reassembly:FALSE",
	"-o", "sctp.relative_tsns:FALSE",
	"-o", "wlan.defragment:FALSE",
	"-o", "wlan.check_checksum:TRUE",
	"-o", "ip.check_checksum:TRUE",
	"-o", "tcp.check_checksum:TRUE",
	"-o", "udp.check_checksum:TRUE",
	"-o", "sctp.checksum:CRC 32c",
	"--disable-heuristic", "dns_udp",
	"--disable-protocol", "f5ethtrailer",
	"--disable-protocol", "vssmonitoring",
	"--disable-protocol", "ixiatrailer",
	"--disable-protocol", "gmtrailer",
	"--disable-protocol", "gmhdr",
}

// tsharkVersion is the one whose field names the tables have.
const tsharkVersion = " 4.0."

// needTshark skips the test where tshark is missing, or another one.
func needTshark(t *testing.T) {
	t.Helper()
	out, err := exec.Command("tshark", "--version").Output()
	if err != nil {
		t.Skipf("no tshark to compare ../../shared/corpus with: %v", err)
	}
	if first, _, _ := strings.Cut(string(out), "\n"); !strings.Contains(first, tsharkVersion) {
		t.Skipf("the tables to compare ../../shared/corpus with are for tshark%sx, this is %s", tsharkVersion, first)
	}
}

// tshark runs tshark on a capture file, with no settings but those given, and
// has read read its output to the end.
func tshark(t *testing.T, file string, read func(io.Reader) error, args ...string) {
	t.Helper()
	runTshark(t, read, append(append([]string{"-r", file}, tsharkOptions...), args...)...)
}

// tsharkPrint has read read one of the tables that tshark prints of itself.
func tsharkPrint(t *testing.T, table string, read func(io.Reader) error) {
	t.Helper()
	runTshark(t, read, "-G", table)
}

func runTshark(t *testing.T, read func(io.Reader) error, args ...string) {
	t.Helper()
	cmd := exec.Command("tshark", args...)
	cmd.Env = append(os.Environ(), "WIRESHARK_CONFIG_DIR="+t.TempDir(), "TZ=UTC")
	var complaints bytes.Buffer
	cmd.Stderr = &complaints
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	readErr := read(out)
	_, _ = io.Copy(io.Discard, out)
	if err := cmd.Wait(); err != nil {
		t.Fatalf("tshark: %v\n%s", err, complaints.String())
	}
	if readErr != nil {
		t.Fatalf("tshark's output: %v", readErr)
	}
}
