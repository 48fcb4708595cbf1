package pcapio

import (
	"strings"
	"testing"
)

func TestLinkTypeWords(t *testing.T) {
	for word, n := range map[string]int{
		"loop": 0, "eth": 1, "ppp": 9, "raw": 101, "ieee80211": 105, "openbsd_loop": 108, "sll": 113,
		"radiotap": 127, "ipv4": 228, "ipv6": 229, "btle": 251, "btle_rf": 256, "sll2": 276, "USER0": 147, "300": 300,
	} {
		if got := LinkTypeName(n); got != word {
			t.Errorf("%d is %q, want %q", n, got, word)
		}
		if got, ok := LinkTypeByName(word); got != n || !ok {
			t.Errorf("%q is %d, %v, want %d", word, got, ok, n)
		}
	}
	for name, n := range map[string]int{"EN10MB": 1, "en10mb": 1, "NULL": 0, "Eth": 1, "LINUX_SLL2": 276, "1": 1} {
		if got, ok := LinkTypeByName(name); got != n || !ok {
			t.Errorf("%q is %d, %v, want %d", name, got, ok, n)
		}
	}
	for _, name := range []string{"", "ethernet2", "-1", "99999999999", "1x"} {
		if n, ok := LinkTypeByName(name); ok {
			t.Errorf("%q is %d", name, n)
		}
	}
}

// The table is in order, and every name leads back to its number.
func TestLinkTypeTable(t *testing.T) {
	last := -1
	for _, l := range linkTypes {
		if l.number <= last {
			t.Errorf("%d comes after %d", l.number, last)
		}
		last = l.number
		if n, ok := LinkTypeByName(LinkTypeName(l.number)); !ok || n != l.number {
			t.Errorf("%d is shown as %q, which is %d", l.number, LinkTypeName(l.number), n)
		}
		if n, _ := LinkTypeByName(l.libpcap); n != l.number && l.libpcap != "LOOP" {
			t.Errorf("%s is %d, want %d", l.libpcap, n, l.number)
		}
		if l.word != strings.ToLower(l.word) {
			t.Errorf("word %q is not in lower case", l.word)
		}
	}
}
