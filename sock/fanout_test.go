//go:build linux

package sock_test

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"testing"

	"pkl/sock"
)

// A flow, in both directions, stays with one of several captures.
func TestFanout(t *testing.T) {
	const flows, each = 64, 20
	p := newPair(t)
	all := p.captures(p.b, sock.CaptureConfig{Iface: "v1", Promisc: true, Inbound: true}, 4)
	s := p.sender(p.a, sock.SenderConfig{Iface: "v0"})
	if n, err := p.sender(p.b, sock.SenderConfig{Iface: "v1"}).Send(t.Context(), numberedFrames(100)); n != 100 || err != nil {
		t.Fatal(n, err)
	}
	var frames []sock.Frame
	for range each {
		for i := range flows {
			there := udp("10.9.0.1", "10.9.0.2", "text")
			there[21] = byte(i)
			binary.BigEndian.PutUint16(there[2:], uint16(len(there)))
			back := bytes.Clone(there)
			copy(back[12:], there[16:20])
			copy(back[16:], there[12:16])
			copy(back[20:], there[22:24])
			copy(back[22:], there[20:22])
			for _, ip := range [][]byte{there, back} {
				setIPSum(ip)
				frames = append(frames, sock.Frame{Data: append([]byte{2, 0, 0, 0, 0, 2, 2, 0, 0, 0, 0, 1, 8, 0}, ip...)})
			}
		}
	}
	p.send(s, frames, all...)
	owner := map[byte]int{}
	total, used := 0, 0
	for i, c := range all {
		n := 0
		for _, f := range p.take(c, int(c.Counts().Received)) {
			if f.Direction == sock.Outgoing {
				t.Fatalf("an outgoing frame: %x", f.Data)
			}
			if binary.BigEndian.Uint16(f.Data[12:]) != 0x0800 || f.Data[14+9] != 17 {
				continue
			}
			port := f.Data[14+21]
			if f.Data[14+15] == 2 {
				port = f.Data[14+23]
			}
			if was, ok := owner[port]; ok && was != i {
				t.Errorf("flow %d is with %d and %d: %x", port, was, i, f.Data)
			}
			owner[port] = i
			n++
		}
		total += n
		if n > 0 {
			used++
		}
	}
	if total != 2*flows*each || used < 2 || len(owner) != flows {
		t.Errorf("%d frames of %d, with %d of 4 captures, %d flows", total, 2*flows*each, used, len(owner))
	}
}

// Fragments are captured as they came, those of a datagram by the same one.
func TestFanoutFragments(t *testing.T) {
	p := newPair(t)
	all := p.captures(p.b, sock.CaptureConfig{Iface: "v1", Promisc: true, Inbound: true}, 3)
	s := p.sender(p.a, sock.SenderConfig{Iface: "v0"})
	var frames []sock.Frame
	sent := map[string]byte{}
	for i := range byte(40) {
		for part := range uint16(2) {
			ip := udp(fmt.Sprintf("10.9.1.%d", i), "10.9.0.2", "16 bytes of text")
			binary.BigEndian.PutUint16(ip[2:], uint16(len(ip)))
			binary.BigEndian.PutUint16(ip[4:], uint16(i)+1)
			binary.BigEndian.PutUint16(ip[6:], 0x2000*(1-part)+3*part)
			setIPSum(ip)
			frame := append([]byte{2, 0, 0, 0, 0, 2, 2, 0, 0, 0, 0, 1, 8, 0}, ip...)
			frames = append(frames, sock.Frame{Data: frame})
			sent[string(frame)] = i
		}
	}
	p.send(s, frames, all...)
	owner, n := map[byte]int{}, 0
	for i, c := range all {
		for _, f := range p.take(c, int(c.Counts().Received)) {
			datagram, ok := sent[string(f.Data)]
			if !ok {
				if binary.BigEndian.Uint16(f.Data[12:]) == 0x0800 {
					t.Errorf("nobody sent %x", f.Data)
				}
				continue
			}
			n++
			if was, ok := owner[datagram]; ok && was != i {
				t.Errorf("parts of datagram %d are with %d and %d", datagram, was, i)
			}
			owner[datagram] = i
		}
	}
	if n != len(frames) {
		t.Errorf("%d fragments of %d", n, len(frames))
	}
}

// setIPSum writes the sum of an IPv4 header.
func setIPSum(ip []byte) {
	ip[10], ip[11] = 0, 0
	sum := 0
	for i := 0; i < 20; i += 2 {
		sum += int(binary.BigEndian.Uint16(ip[i:]))
	}
	binary.BigEndian.PutUint16(ip[10:], ^uint16(sum>>16+sum&0xffff))
}
