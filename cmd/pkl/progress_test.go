package main

import (
	"strings"
	"testing"
)

func TestStatusLine(t *testing.T) {
	var out strings.Builder
	s := &statusLine{w: &out}
	s.Write([]byte("a\n"))
	s.show("1 %")
	s.show("2 %")
	s.Write([]byte("b\n"))
	s.Write([]byte("c\n"))
	s.show("3 %")
	s.end()
	s.show("4 %")
	s.Write([]byte("d\n"))
	const erase = "\r\x1b[K"
	if want := "a\n" + erase + "1 %" + erase + "2 %" + erase + "b\nc\n" + erase + "3 %" + erase + "d\n"; out.String() != want {
		t.Errorf("have %q, want %q", out.String(), want)
	}
}

func TestProgressText(t *testing.T) {
	for want, c := range map[string]struct{ read, size int64 }{
		"a.pcap: 0 % of 2.0 MB read":   {0, 2e6},
		"a.pcap: 33 % of 3.0 MB read":  {1e6, 3e6},
		"a.pcap: 100 % of 3.0 MB read": {4e6, 3e6}, // it grew
		"a.pcap: 1.5 MB read":          {15e5, -1},
	} {
		if got := progressText("a.pcap", c.read, c.size); got != want {
			t.Errorf("have %q, want %q", got, want)
		}
	}
}
