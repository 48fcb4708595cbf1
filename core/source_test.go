package core

import (
	"testing"
)

func TestLuaSource(t *testing.T) {
	for _, c := range []struct{ name, wire, want string }{
		{"short", showPing, `pkl.eth{dst = "02:00:00:00:00:02", src = "02:00:00:00:00:01"} +
  pkl.ip{id = 1, src = "192.0.2.1", dst = "192.0.2.2"} +
  pkl.icmp{id = 1, seq = 2} +
  "\1\2\3"`},
		{"options, trailer", showAlert, `pkl.eth{dst = "02:00:00:00:00:02", src = "02:00:00:00:00:01", trailer = "\0\0"} +
  pkl.ip{id = 1, flags = "DF", src = "192.0.2.1", dst = "192.0.2.2", opts = {{type = 148, body = "\0\0"}}} +
  pkl.udp{sport = 53, dport = 53} +
  "abc"`},
		{"wrong sum, pinned length, unnamed protocol", showHead + "45000019 00010000 4063dead c0000201 c0000202 313233",
			`pkl.eth{dst = "02:00:00:00:00:02", src = "02:00:00:00:00:01"} +
  pkl.ip{len = 25, id = 1, p = 99, sum = 0xdead, src = "192.0.2.1", dst = "192.0.2.2"} +
  "123"`},
		{"damaged list", showHead + "46000018 00010000 4063b5c7 c0000201 c0000202 01010709",
			`pkl.eth{dst = "02:00:00:00:00:02", src = "02:00:00:00:00:01"} +
  pkl.ip{id = 1, p = 99, sum = 0xb5c7, src = "192.0.2.1", dst = "192.0.2.2", opts_raw = "\1\1\7\9"}`},
		{"no layer", "0102", `pkl.dissect(1, "\1\2")`},
	} {
		if got := showWire(t, c.wire).LuaSource(); got != c.want {
			t.Errorf("%s:\n%s\nwant\n%s", c.name, got, c.want)
		}
	}
}

func TestLuaSourceKinds(t *testing.T) {
	want := `pkl.demo{wide = pkl.u64("9223372036854775813"), temp = -5, addrs = {"10.0.0.1", "10.0.0.2"}, ` +
		`title = "a \"b\"\1\255", host = "www.example.com", groups = {{vs = {{a = 1, name = "x.y"}, {a = 2}}}, {}}}`
	if got := showDemoPacket(t).LuaSource(); got != want {
		t.Errorf("\n%s\nwant\n%s", got, want)
	}
}

// A name that points back cannot be told by its text alone.
func TestLuaSourcePointer(t *testing.T) {
	p := showDemoPacket(t)
	p.Update()
	b := append([]byte(nil), p.buf...)
	at := len(b) - 4 - 1 - 2 - 1 - 5 // name x.y of the first item
	b = append(append(b[:at:at], 0xc0, 0x1c), b[at+5:]...)
	q := &Packet{}
	q.ResetAs(p.reg.Proto("demo"), b)
	tree := q.Tree()
	for _, e := range tree.Layers[0].Fields {
		if e.Name == "groups" && e.Raw == nil {
			t.Errorf("%v", e.Value)
		}
	}
	if src := q.LuaSource(); src == "" || len(src) < 10 {
		t.Error(src)
	}
}

func TestLuaQuote(t *testing.T) {
	for in, want := range map[string]string{
		"":              `""`,
		"a\"\\b":        `"a\"\\b"`,
		"\x00\x001\n\r": `"\0\0001\n\r"`,
		"ü~\x7f":        `"\195\188~\127"`,
	} {
		if got := luaQuote([]byte(in)); got != want {
			t.Errorf("%q: %s, want %s", in, got, want)
		}
	}
}
