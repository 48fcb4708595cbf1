package luabind

import (
	"fmt"

	"pkl/core"
)

// What scripts of other tools call things, for messages.
var habits = struct{ Packet, Layer, Pkl map[string]string }{
	Packet: map[string]string{
		"show": "print(pkt)", "show2": "print(pkt)", "summary": "print(pkt)",
		"haslayer": "pkt.tcp, nil if there is none", "getlayer": `pkt.tcp, pkt:layer("ip", 2)`, "payload": "pkt.last.body",
		"time": "pkt.ts", "bin": "pkt:bytes()", "build": "pkt:bytes()", "command": "pkt:lua()",
	},
	Layer: map[string]string{
		"payload": "body", "load": "body", "data": "body", "body_bytes": "body", "underlayer": "lower", "name": "proto",
	},
	Pkl: map[string]string{
		"rdpcap": "pkl.load, or pkl.packets in a loop", "read": "pkl.packets in a loop, or pkl.load", "wrpcap": "pkl.create", "write": "pkl.create",
		"sniff": "pkl.on in a script for pkl run -i, or pkl.socket{…}:packets()", "sendp": "pkl.send(pkt, {iface = …})",
		"srp": "pkl.sr(pkt, {iface = …})", "srp1": "pkl.sr1(pkt, {iface = …})", "hexdump": "pkt:hexdump()",
	},
}

// PacketHint, LayerHint and PklHint say what a name of other tools is here, or which
// of the known names is near.
func PacketHint(name string, known []string) string { return habit(habits.Packet, name, known) }

// LayerHint is PacketHint for layers.
func LayerHint(name string, known []string) string { return habit(habits.Layer, name, known) }

// PklHint is PacketHint for the table pkl.
func PklHint(name string, known []string) string { return habit(habits.Pkl, name, known) }

func habit(habits map[string]string, name string, known []string) string {
	if here := habits[name]; here != "" {
		return " (here: " + here + ")"
	}
	return hint(name, known)
}

// noMember is the message for a name that a packet does not have.
func (s *State) noMember(p *core.Packet, name string) string {
	reg := p.Registry()
	if reg.Elsewhere(name) != "" {
		return reg.NoProto(name, nil)
	}
	none := fmt.Sprintf("no protocol %q", name)
	if habits.Packet[name] == "" {
		if attributes(false)[name] != nil {
			return none + " (a layer has it: pkt.last." + name + ")"
		}
		for id := p.First(); id != core.None; id = p.Upper(id) {
			if pr := p.ProtoOf(id); pr.Head().Slot(name) != nil {
				return none + " (a layer has it: pkt." + pr.Name + "." + name + ")"
			}
		}
		if owners := reg.HasField(name); len(owners) > 0 {
			return none + " (a layer has it, such as " + owners[0] + ")"
		}
	}
	return none + PacketHint(name, append(append(reg.Names(), keysOf(facts())...), keysOf(s.packetMethods())...))
}
