package core

import (
	"encoding/binary"
	"fmt"
	"slices"
	"testing"
	"time"

	"golang.org/x/net/bpf"
	"golang.org/x/sys/unix"

	"pkl/internal/netns"
	"pkl/internal/netns/netlab"
)

// liveFilters are asked of the frames that liveFrames makes.
var liveFilters = []string{
	"vlan", "not vlan", "vlan.vid == 5", "vlan#2", "vlan#2.vid == 7", "vlan.pcp == 1 and ip", "eth.type == 0x8100", "eth.type == 0x88a8",
	"eth.type == 0x0800", "ip", "ip.ttl == 9", "tcp", "udp.port == 53", "not udp", "udp.dport == 4000 and vlan.vid in {5, 6}",
	"frame.len == 64", "frame.len > 64", "ip.src == 10.0.0.9 or vlan.vid == 6", "ip6", "eth.src == 02:00:00:00:00:0a",
	"udp.body[0] == 0x61", "eth.header[12:2] == 81:00", "vlan.DEI or tcp.SYN", "arp.op == 1", "llc",
}

// liveFrames are frames with and without tags, each with its number as the last byte.
func liveFrames() (all [][]byte) {
	udp := func(port uint16, ttl byte) []byte {
		b := []byte{0x45, 0, 0, 32, 0, 0, 0, 0, ttl, 17, 0, 0, 10, 0, 0, 9, 10, 0, 0, 2, 0x0f, 0xa0}
		return append(binary.BigEndian.AppendUint16(b, port), 0, 12, 0, 0, 'a', 'b', 'c', 'd')
	}
	syn := append([]byte{0x46, 0, 0, 44, 0, 0, 0, 0, 9, 6, 0, 0, 10, 0, 0, 1, 10, 0, 0, 2, 1, 1, 1, 0}, 0, 80, 1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 0x50, 2, 1, 0, 0, 0, 0, 0)
	bodies := []struct {
		kind uint16
		b    []byte
	}{
		{0x0800, udp(4000, 64)}, {0x0800, udp(53, 9)}, {0x0800, syn}, {0x0806, []byte{0, 1, 8, 0, 6, 4, 0, 1}}, {0x86dd, slices.Concat([]byte{0x60, 0, 0, 0, 0, 0, 59, 9}, make([]byte, 32))},
		{0x88b5, nil}, {40, []byte{0x42, 0x42, 3}},
	}
	tags := [][]uint16{nil, {0x8100, 5}, {0x8100, 0x2006}, {0x88a8, 5}, {0x88a8, 6, 0x8100, 7}, {0x8100, 5, 0x8100, 7}, {0x8100, 0x1005}}
	for _, body := range bodies {
		for _, tag := range tags {
			f := []byte{2, 0, 0, 0, 0, 0x0b, 2, 0, 0, 0, 0, 0x0a}
			for _, v := range append(slices.Clone(tag), body.kind) {
				f = binary.BigEndian.AppendUint16(f, v)
			}
			f = append(f, body.b...)
			f = append(f, make([]byte, max(63-len(f), 0))...)
			all = append(all, append(f, byte(len(all))))
		}
	}
	return all
}

// TestBPFLive: a packet socket with the program of a filter gets the frames that
// the filter chooses, tags that the kernel takes out included.
func TestBPFLive(t *testing.T) {
	lab := netlab.New(t)
	a, b := netlab.Namespace(t, lab, "a"), netlab.Namespace(t, lab, "b")
	must := func(err error) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
	}
	for _, ns := range []*netns.Namespace{a, b} {
		must(ns.Sysctl("net/ipv6/conf/default/disable_ipv6", "1"))
	}
	must(lab.Veth(netns.End{NS: a, Dev: "v0"}, netns.End{NS: b, Dev: "v1"}))
	var out, in int
	must(a.Do(func() (err error) { out, err = packetSocket("v0"); return err }))
	defer unix.Close(out)
	must(b.Do(func() (err error) { in, err = packetSocket("v1"); return err }))
	defer unix.Close(in)
	must(unix.SetsockoptInt(in, unix.SOL_PACKET, unix.PACKET_AUXDATA, 1))

	r := builtinOf(t)
	frames := liveFrames()
	end := slices.Concat([]byte{2, 0, 0, 0, 0, 0x0b, 2, 0, 0, 0, 0, 0x0a, 0x88, 0xb6}, make([]byte, 50))
	for _, src := range liveFilters {
		f := filterOf(t, r, src)
		p := f.BPF(BPFOptions{LinkType: 1, TagAside: true})
		last := filterOf(t, r, "("+src+") or eth.type == 0x88b6").BPF(BPFOptions{LinkType: 1, TagAside: true})
		raw, err := bpf.Assemble(last.Program)
		must(err)
		code := make([]unix.SockFilter, len(raw))
		for i, ins := range raw {
			code[i] = unix.SockFilter{Code: ins.Op, Jt: ins.Jt, Jf: ins.Jf, K: ins.K}
		}
		must(unix.SetsockoptSockFprog(in, unix.SOL_SOCKET, unix.SO_ATTACH_FILTER, &unix.SockFprog{Len: uint16(len(code)), Filter: &code[0]}))
		for _, frame := range append(slices.Clone(frames), end) {
			_, err := unix.Write(out, frame)
			must(err)
		}
		var got, want []int
		var pkt Packet
		for i, frame := range frames {
			pkt.Reset(r, Meta{LinkType: 1}, frame)
			if f.Match(&pkt) {
				want = append(want, i)
			}
		}
		kept := 0
		for {
			frame, err := receive(in)
			must(err)
			if len(frame) == len(end) && string(frame[12:14]) == "\x88\xb6" {
				break
			}
			n := int(frame[len(frame)-1])
			if n >= len(frames) || string(frame) != string(frames[n]) {
				t.Fatalf("%x came, no frame that was sent", frame)
			}
			kept++
			pkt.Reset(r, Meta{LinkType: 1}, frame)
			if p.Rest == nil || p.Rest.Match(&pkt) {
				got = append(got, n)
			}
		}
		if !slices.Equal(got, want) || len(want) == 0 {
			t.Errorf("%s: got frames %v, want %v", src, got, want)
		}
		t.Logf("%-44s %2d of %d frames, %2d kept by the kernel", src, len(want), len(frames), kept)
	}
}

// packetSocket opens a packet socket on a device.
func packetSocket(dev string) (int, error) {
	proto := uint16(unix.ETH_P_ALL)<<8 | unix.ETH_P_ALL>>8
	fd, err := unix.Socket(unix.AF_PACKET, unix.SOCK_RAW|unix.SOCK_CLOEXEC, int(proto))
	if err != nil {
		return 0, err
	}
	ifi, err := unix.NewIfreq(dev)
	if err != nil {
		return 0, err
	}
	if err := unix.IoctlIfreq(fd, unix.SIOCGIFINDEX, ifi); err != nil {
		return 0, err
	}
	if err := unix.SetsockoptTimeval(fd, unix.SOL_SOCKET, unix.SO_RCVTIMEO, &unix.Timeval{Sec: int64(10 * time.Second / time.Second)}); err != nil {
		return 0, err
	}
	return fd, unix.Bind(fd, &unix.SockaddrLinklayer{Protocol: proto, Ifindex: int(ifi.Uint32())})
}

// receive reads a frame and puts its tag back.
func receive(fd int) ([]byte, error) {
	b, oob := make([]byte, 2048), make([]byte, 256)
	n, m, _, _, err := unix.Recvmsg(fd, b, oob, 0)
	if err != nil {
		return nil, fmt.Errorf("no frame: %w", err)
	}
	list, err := unix.ParseSocketControlMessage(oob[:m])
	if err != nil {
		return nil, err
	}
	for _, c := range list {
		if c.Header.Level != unix.SOL_PACKET || c.Header.Type != unix.PACKET_AUXDATA || len(c.Data) < 20 {
			continue
		}
		status, tci, tpid := binary.NativeEndian.Uint32(c.Data), binary.NativeEndian.Uint16(c.Data[16:]), binary.NativeEndian.Uint16(c.Data[18:])
		if status&unix.TP_STATUS_VLAN_VALID != 0 {
			tag := binary.BigEndian.AppendUint16(binary.BigEndian.AppendUint16(nil, tpid), tci)
			return slices.Concat(b[:12], tag, b[12:n]), nil
		}
	}
	return b[:n], nil
}
