package core

import (
	"encoding/json"
	"testing"
	"unicode/utf8"
)

func TestJSON(t *testing.T) {
	p := showWire(t, showAlert)
	p.Iface, p.Mark = "eth0", 5
	want := `{"frame":{"number":7,"ts":1700000000.000000001,"len":51,"caplen":51,"linktype":1,"iface":"eth0","mark":5},"layers":[` +
		`{"proto":"eth","dst":"02:00:00:00:00:02","src":"02:00:00:00:00:01","type":2048,"trailer":"0000"},` +
		`{"proto":"ip","v":4,"ihl":6,"tos":0,"dscp":0,"ecn":0,"len":35,"id":1,"flags":2,"RF":false,"DF":true,"MF":false,"off":0,` +
		`"ttl":64,"p":17,"p_name":"udp","sum":8641,"src":"192.0.2.1","dst":"192.0.2.2",` +
		`"opts":[{"type":148,"len":4,"body":"0000"}]},` +
		`{"proto":"udp","sport":53,"dport":53,"len":11,"sum":46855}],"body":"616263"}`
	if got := p.JSON(); got != want {
		t.Errorf("%s\nwant\n%s", got, want)
	}
}

func TestJSONKinds(t *testing.T) {
	want := `{"frame":{"ts":0.000000000,"len":59,"caplen":59},"layers":[{"proto":"demo","wide":"9223372036854775813","temp":-5,"n":2,` +
		`"addrs":["10.0.0.1","10.0.0.2"],"tlen":7,"title":"a \"b\"\u0001` + "\ufffd" + `","host":"www.example.com","q":2,` +
		`"groups":[{"k":2,"vs":[{"a":1,"name":"x.y"},{"a":2,"name":"."}]},{"k":0,"vs":[]}],"first":3,"crc":3249956294}]}`
	if got := showDemoPacket(t).JSON(); got != want {
		t.Errorf("%s\nwant\n%s", got, want)
	}
}

func TestJSONBroken(t *testing.T) {
	want := `{"frame":{"number":7,"ts":1700000000.000000001,"len":2,"caplen":2,"linktype":1},"layers":[],"body":"0102",` +
		`"err":"eth at byte 0: need 14 bytes, have 2"}`
	if got := showWire(t, "0102").JSON(); got != want {
		t.Errorf("%s\nwant\n%s", got, want)
	}
}

func TestJSONText(t *testing.T) {
	for _, in := range []string{"", "\x00\t\r\n\x1f\x7f\"\\/", "grün €", "\xff\xc3", "\u2028"} {
		got := appendJSONText(nil, []byte(in))
		var back string
		if err := json.Unmarshal(got, &back); err != nil || !utf8.Valid(got) {
			t.Errorf("%q: %s: %v", in, got, err)
		}
		if utf8.ValidString(in) && back != in {
			t.Errorf("%q came back as %q", in, back)
		}
	}
}

func TestAppendSeconds(t *testing.T) {
	for ns, want := range map[int64]string{
		0: "0.000000000", 1: "0.000000001", 1e9: "1.000000000", -1: "-0.000000001", -15e8: "-1.500000000",
		-1 << 63: "-9223372036.854775808",
	} {
		if got := string(appendSeconds(nil, ns)); got != want {
			t.Errorf("%d: %s, want %s", ns, got, want)
		}
	}
}
