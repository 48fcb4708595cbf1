package core

import (
	"fmt"
	"testing"
)

func TestDiff(t *testing.T) {
	for _, c := range []struct{ name, a, b, want string }{
		{"equal", showPing, showPing, "[]"},
		{"fields", showQuery, showAnswer, "[{ip 1 id 1 9} {ip 1 sum 63182 63174} {ip 1 src 192.0.2.1 192.0.2.2} " +
			"{ip 1 dst 192.0.2.2 192.0.2.1} {udp 1 sport 1025 53} {udp 1 dport 53 1025}]"},
		{"flags, lists, trailers, bodies", showAlert, showHead + "46000023 00014000 401121c1 c0000201 c0000202 01000000 00350035 000bb707 616264",
			"[{eth 1 trailer [0 0] []} {ip 1 opts [type 148 len 4 body [0 0]] [type 1]} " +
				"{udp 1 body [97 98 99] [97 98 100]}]"},
		{"protocols", showPing, showQuery, "[{ip 1 len 31 28} {ip 1 p 1 17} {ip 1 sum 63193 63182} {icmp 1 proto icmp udp}]"},
		{"a layer more", showPing, showHead, "[{ip 1 proto ip <nil>}]"},
	} {
		got := showWire(t, c.a).Diff(showWire(t, c.b))
		for i := range got {
			got[i].A, got[i].B = withoutSlots(got[i].A), withoutSlots(got[i].B)
		}
		if s := fmt.Sprint(got); s != c.want {
			t.Errorf("%s:\n%s\nwant\n%s", c.name, s, c.want)
		}
	}
}

// withoutSlots leaves of records only names and values.
func withoutSlots(v any) any {
	list, ok := v.([]any)
	if !ok {
		return v
	}
	var out []any
	for _, item := range list {
		for _, e := range item.(Record) {
			out = append(out, e.Name, e.Value)
		}
	}
	return out
}
