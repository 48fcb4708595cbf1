package main

import (
	"bufio"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"io"
	"net/netip"
	"os"
	"strconv"
	"strings"

	"pkl/bench/truth"
)

// checker compares what a program printed (stdout) or wrote (wrote, "" if that went to /dev/null) with the truth.
type checker func(t *truth.Truth, stdout, wrote string) error

// table checks lines of an address and a count.
func table(t *truth.Truth, stdout, _ string) error {
	return sources(t, stdout, func(line string) (string, int, error) {
		addr, count, _ := strings.Cut(line, " ")
		n, err := strconv.Atoi(count)
		return addr, n, err
	})
}

// list checks one line for each match, with the address of either family between tabs.
func list(t *truth.Truth, stdout, _ string) error {
	return sources(t, stdout, func(line string) (string, int, error) { return strings.Trim(line, "\t"), 1, nil })
}

// sources adds up the lines of a file and compares.
func sources(t *truth.Truth, file string, parse func(string) (string, int, error)) error {
	f, err := os.Open(file)
	if err != nil {
		return err
	}
	defer f.Close()
	got := map[string]int{}
	lines := bufio.NewScanner(f)
	for lines.Scan() {
		addr, n, err := parse(lines.Text())
		if err != nil {
			return fmt.Errorf("output %q: want an address and a count", lines.Text())
		}
		a, err := netip.ParseAddr(addr)
		if err != nil {
			return fmt.Errorf("output %q: %w", lines.Text(), err)
		}
		got[a.String()] += n
	}
	if err := lines.Err(); err != nil {
		return err
	}
	return compare(t.Sources, got)
}

// compare names the first difference.
func compare(want, got map[string]int) error {
	for a, n := range want {
		if got[a] != n {
			return fmt.Errorf("%d connection requests from %s, want %d", got[a], a, n)
		}
	}
	for a, n := range got {
		if want[a] == 0 {
			return fmt.Errorf("%d connection requests from %s, want none", n, a)
		}
	}
	return nil
}

// total checks a line with the sum.
func total(t *truth.Truth, stdout, _ string) error {
	b, err := os.ReadFile(stdout)
	if err != nil {
		return err
	}
	if got, want := strings.TrimSpace(string(b)), fmt.Sprintf("total %d", t.SYNs); got != want {
		return fmt.Errorf("output %q, want %q", got, want)
	}
	return nil
}

// records checks a written capture.
func records(t *truth.Truth, _, wrote string) error { return sameRecords(t.Records, wrote) }

// plainRecords checks a written capture of untagged IPv4 only.
func plainRecords(t *truth.Truth, _, wrote string) error { return sameRecords(t.PlainRecords, wrote) }

// sameRecords compares all behind the header of a pcap file with a SHA-256.
func sameRecords(want, file string) error {
	if file == "" {
		return nil
	}
	f, err := os.Open(file)
	if err != nil {
		return err
	}
	defer f.Close()
	h := sha256.New()
	if _, err := f.Seek(24, io.SeekStart); err != nil {
		return err
	}
	if _, err := io.Copy(h, f); err != nil {
		return err
	}
	if hex.EncodeToString(h.Sum(nil)) != want {
		return fmt.Errorf("%s: not the packets that match", file)
	}
	return nil
}
