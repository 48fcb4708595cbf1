package pcapio

import (
	"strconv"
	"strings"
)

// LinkTypeName gives the short name of a LINKTYPE_ number: pkl's word for it if
// there is one ("eth"), else libpcap's name ("USER0"), else the number.
func LinkTypeName(n int) string {
	for i := range linkTypes {
		if linkTypes[i].number == n {
			return linkTypes[i].shown()
		}
	}
	return strconv.Itoa(n)
}

// LinkTypeByName finds the number of a link type by pkl's word ("eth"),
// libpcap's name ("EN10MB") or the number itself ("1"), in any case. It knows
// every text that LinkTypeName gives.
func LinkTypeByName(name string) (int, bool) {
	for i := range linkTypes {
		t := &linkTypes[i]
		if strings.EqualFold(name, t.shown()) || strings.EqualFold(name, t.libpcap) {
			return t.number, true
		}
	}
	n, err := strconv.ParseUint(name, 10, 26) // as wide as in a pcap header
	return int(n), err == nil
}

// A linkType is a kind of first header: its LINKTYPE_ number, libpcap's name of
// the DLT_ that goes with it, and pkl's word.
type linkType struct {
	number  int
	libpcap string
	word    string // empty if libpcap's name serves
}

func (t *linkType) shown() string {
	if t.word != "" {
		return t.word
	}
	return t.libpcap
}
