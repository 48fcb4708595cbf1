package main

import (
	"strings"
	"testing"
)

func TestStatusLine(t *testing.T) {
	var out strings.Builder
	s := &statusLine{w: &out, width: func() int { return 0 }}
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

// What is printed on the same terminal takes the line away: for good, or until it is
// shown again, below a whole line.
func TestStatusLineBeside(t *testing.T) {
	const erase = "\r\x1b[K"
	for lasting, want := range map[bool]string{
		false: erase + "one" + erase + "a\nb\n",
		true:  erase + "one" + erase + "a\n" + erase + "two" + erase + "b\n" + erase + "four",
	} {
		var out strings.Builder
		s := &statusLine{w: &out, width: func() int { return 5 }}
		if lasting {
			s.last()
		}
		s.show("one")
		s.beside([]byte("a\n"), out.Write)
		s.show("two")
		s.beside([]byte("b"), out.Write)
		s.show("three")
		s.beside([]byte("\n"), out.Write)
		s.show("four")
		if out.String() != want {
			t.Errorf("lasting %v: have %q, want %q", lasting, out.String(), want)
		}
	}
}

// The line is cut, so that it can be erased.
func TestStatusLineWidth(t *testing.T) {
	for width, want := range map[int]int{0: usualWidth - 1, 5: 4, 1: 0, 100: 99, 101: 100, 200: 100} {
		var out strings.Builder
		s := &statusLine{w: &out, width: func() int { return width }}
		s.show(strings.Repeat("ä", 100))
		if have := strings.Count(out.String(), "ä"); have != want {
			t.Errorf("%d columns: %d letters, want %d", width, have, want)
		}
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
