package luabind_test

import (
	"bytes"
	"strings"
	"testing"

	"pkl/core"
	"pkl/luabind"
)

func TestFacts(t *testing.T) {
	s := start(t, quiet(), `
local kept
pkl.on(function(pkt)
  if kept then
    assert(kept.hwaddr == "02:00:00:00:00:05" and kept.uid == 1000)
    assert(pkt.hook == nil and pkt.queue == nil and pkt.gso == false and pkt.ctmark == nil and pkt.out_iface == nil)
    assert(pkt.uid == nil and pkt.gid == nil and pkt.hwaddr == nil)
    return pkl.drop
  end
  assert(pkt.hook == "forward" and pkt.queue == 3 and pkt.gso == true and pkt.ctmark == 5 and pkt.mark == 7)
  assert(pkt.iface == "in0" and pkt.out_iface == "out0")
  assert(pkt.uid == 1000 and pkt.gid == 0 and pkt.hwaddr == "02:00:00:00:00:05")
  pkt.ctmark, pkt.mark = 6, 8
  kept = pkt:copy()
  assert(kept.hook == "forward" and kept.ctmark == nil)
end)`)
	mark, addr := uint32(5), []byte{2, 0, 0, 0, 0, 5}
	s.Facts = luabind.Facts{CTMark: &mark, Hook: "forward", Queue: 3, GSO: true, OutIface: "out0", HWAddr: addr, Local: true, UID: 1000}
	var p core.Packet
	p.Reset(s.Registry(), core.Meta{LinkType: 1, Mark: 7, Iface: "in0"}, synBytes())
	if s.Handle(&p); mark != 6 || p.Mark != 8 || len(s.Errors()) != 0 {
		t.Errorf("%d %d %+v", mark, p.Mark, s.Errors())
	}
	clear(addr)
	s.Facts = luabind.Facts{}
	if v, _ := judge(t, s, 1); v.Action != luabind.Drop {
		t.Errorf("%+v", s.Errors())
	}
}

// An edit that would change the length of a super-packet is an error of the
// rule, there and then, and the packet is as it was before that edit.
func TestGSO(t *testing.T) {
	for src, edited := range map[string]bool{
		"pkt.ip.ttl = 9": true,
		"pkt.tcp.opts = {{type = 1}, {type = 1}}":                      false,
		"pkt.tcp.body = 'x'":                                           false,
		"pkt.tcp.body = ''":                                            true,
		"pkt.tcp.opts[1].mss = 99":                                     true,
		"pkt.tcp.opts:clear()":                                         false,
		"pkt.eth:insert(pkl.vlan{vid = 5})":                            false,
		"pkt.ip:remove()":                                              false,
		"pkt:replace(pkt:copy())":                                      true,
		"pkt:replace(pkl.ip{} + pkl.udp{})":                            false,
		"local c = pkt:copy() c.tcp.body = 'longer' assert(#c > #pkt)": true,
	} {
		s := start(t, quiet(), `
pkl.on(function(pkt)
  local before = pkt:bytes()
  local ok, why = pcall(function() `+src+` end)
  if not ok then assert(pkt:bytes() == before) error(why, 0) end
  pkt.tcp.win = 77
end)`)
		s.Facts.GSO = true
		v, b := judge(t, s, 1)
		if v.Failed == edited || len(b) != len(synBytes()) || bytes.Equal(b, synBytes()) == edited {
			t.Errorf("%s: %+v %x", src, v, b)
		}
		if e := s.Errors(); !edited && (len(e) != 1 || !strings.Contains(e[0].Text, "and its length cannot change from 66: it is a GSO super-packet, which the kernel cuts into segments behind pkl; start pkl with --no-gso")) {
			t.Errorf("%s: %+v", src, e)
		}
	}
}
