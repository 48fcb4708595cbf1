package protocols

import (
	"encoding/hex"
	"strings"
	"testing"

	"pkl/core"
)

// TestBrokenNames: a name that leads nowhere has no text, and the packet says
// where it is, whatever was read before.
func TestBrokenNames(t *testing.T) {
	reg, err := core.Compile(All(), Structs(), nil)
	if err != nil {
		t.Fatal(err)
	}
	const header, tail = "0001 8180 0001 0001 0000 0000", " 0001 0001"
	answer := func(name, rest string) string { return header + "0161 00" + tail + name + rest }
	const a = " 0001 0001 00000000 0004 01020304"
	long := strings.Repeat("3f"+strings.Repeat("61", 63), 3)
	for _, c := range []struct{ name, wire, want string }{
		{"right", answer("c00c", a), ""},
		{"to itself", header + "c00c" + tail, "dns at byte 12: dns.questions.name: its pointer does not lead to a name before it"},
		{"forward", header + "c020" + tail, "dns at byte 12: dns.questions.name: its pointer does not lead to a name before it"},
		{"in a circle", answer("0162 c013", a), "dns at byte 19: dns.answers.name: its pointer does not lead to a name before it"},
		{"to what is no label", answer("c002", a), "dns at byte 19: dns.answers.name: it leads to what is no label"},
		{"too long", header + long + "00" + tail + "3f" + strings.Repeat("62", 63) + "c00c" + a, "dns at byte 209: dns.answers.name: it has more than 255 bytes"},
		{"in the data", answer("c00c", " 0005 0001 00000000 0002 c0ff"), "dns at byte 31: dns.answers.target: its pointer does not lead to a name before it"},
		{"cut", header + "0161", ""}, // the question is not all there
	} {
		b, err := hex.DecodeString(strings.ReplaceAll(c.wire, " ", ""))
		if err != nil {
			t.Fatal(err)
		}
		for _, first := range []string{"", "text"} {
			var p core.Packet
			p.ResetAs(reg.Proto("dns"), b)
			if first == "text" {
				p.AppendJSON(nil)
			}
			got := ""
			if err := p.Err(); err != nil {
				got = err.Error()
			}
			if got != c.want {
				t.Errorf("%s: %q, want %q", c.name, got, c.want)
			}
			if text := string(p.AppendJSON(nil)); strings.Contains(text, `"err"`) != (c.want != "") {
				t.Errorf("%s: %s", c.name, text)
			}
		}
	}
}
