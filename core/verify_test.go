package core

import (
	"fmt"
	"testing"
)

func TestVerify(t *testing.T) {
	const ip = "c0000201 c0000202 "
	for _, c := range []struct{ name, wire, want string }{
		{"right", showPing, "[]"},
		{"right, with options and padding", showAlert, "[]"},
		{"wrong sums", showHead + "4500001f 00010000 4001dead" + ip + "0800beef 00010002 010203", "[{ip 1 sum 57005 63193} {icmp 1 sum 48879 62458}]"},
		{"udp without a sum", showHead + "4500001c 00010000 4011f6cc" + ip + "00350035 00080000", "[]"},
		{"length beyond the packet", showHead + "45000040 00010000 4063f656" + ip, "[{ip 1 len 64 20}]"},
		{"length 0", showHead + "45000000 00010000 4063f696" + ip, "[]"},
		{"first fragment", showHead + "4500001c 00012000 4011d6cc" + ip + "00350035 00100001", "[]"},
	} {
		if got := fmt.Sprint(showWire(t, c.wire).Verify()); got != c.want {
			t.Errorf("%s: %s, want %s", c.name, got, c.want)
		}
	}
}

// What a script pins wrong is found, in items too; what is pending, cut or left out is not looked at.
func TestVerifyPinned(t *testing.T) {
	p := showWire(t, showAlert)
	ip := p.Find(p.reg.Proto("ip"), 1)
	opts := p.List(ip, p.reg.Proto("ip").head.Slot("opts"))
	item := p.Items(opts)[0]
	set := func(id ID, name string, v any) {
		t.Helper()
		if err := p.Set(id, p.LayoutOf(id).Slot(name), v); err != nil {
			t.Fatal(err)
		}
	}
	set(ip, "len", 99)
	set(ip, "ihl", 7)
	set(item, "len", 9)
	set(p.Last(), "sum", 1)
	if got := fmt.Sprint(p.Verify()); got != "[{ip 1 ihl 7 6} {ip 1 len 99 35} {ip 1 opts[1].len 9 4} {udp 1 sum 1 46855}]" {
		t.Error(got)
	}
}

func TestVerifyLeavesAlone(t *testing.T) {
	p := showWire(t, showHead+"4500001c 00010000 4011f6cc c0000201 c0000202 00350035 00080001")
	p.SumsPending = true
	if got := p.Verify(); len(got) != 0 {
		t.Errorf("sums left to hardware: %v", got)
	}
	p.Reset(p.reg, Meta{LinkType: 1, Len: 500}, showWire(t, showHead+"45000140 00010000 4063f556 c0000201 c0000202 00").buf)
	if got := p.Verify(); len(got) != 0 {
		t.Errorf("cut: %v", got)
	}
}
