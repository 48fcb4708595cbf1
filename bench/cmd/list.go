package main

import (
	"os"
	"os/exec"
	"slices"
)

// The search in the three languages.
const (
	pklFilter    = "tcp.SYN and not tcp.ACK"
	twinFilter   = twinPrefix + "tcp.SYN and not " + twinPrefix + "tcp.ACK"
	bpfFilter    = "tcp[tcpflags] & (tcp-syn|tcp-ack) == tcp-syn"
	tsharkFilter = "tcp.flags.syn == 1 && tcp.flags.ack == 0 && !icmp && !icmpv6"
)

// programs lists what is measured. The order within a round is that of the list.
func programs(b *built, c *captures) []*program {
	ps := append(pklPrograms(b), gopacketPrograms(b)...)
	ps = append(ps, &program{name: "tcpdump", row: "a", check: plainRecords, skip: needs("tcpdump"),
		args: []string{"tcpdump", "-n", "-r", "{in}", "-w", "{out}", bpfFilter}})
	for _, p := range ps {
		p.in = c.full
	}
	return append(ps, slowPrograms(c)...)
}

// pklPrograms are pkl's own rows.
func pklPrograms(b *built) []*program {
	ps := []*program{
		{name: "pkl filter", row: "a", check: records,
			args: []string{b.pkl, "run", "-r", "{in}", "-f", pklFilter, "-w", "{out}", "lua/none.lua"}},
		{name: "pkl plain rule", row: "b", check: table, args: []string{b.pkl, "run", "-r", "{in}", "lua/plain.lua"}},
		{name: "pkl rule that counts every packet", row: "b", check: table, args: []string{b.pkl, "run", "-r", "{in}", "lua/every.lua"}},
		{name: "pkl filter and rule", row: "c", check: table, args: []string{b.pkl, "run", "-r", "{in}", "lua/filter.lua"}},
		{name: "pkl filter and counter", row: "c", check: total, args: []string{b.pkl, "run", "-r", "{in}", "lua/counter.lua"}},
		{name: "pkl filter, twins in Lua", row: "d", check: records, skip: b.noTwin,
			args: []string{b.pkl, "run", "-r", "{in}", "-f", twinFilter, "-w", "{out}", b.twin}},
	}
	for _, p := range ps {
		if b.noPkl != "" {
			p.skip = b.noPkl
		}
	}
	return ps
}

// gopacketPrograms are the same task written in Go, in two ways of decoding and two of reading.
func gopacketPrograms(b *built) []*program {
	var ps []*program
	for _, read := range []string{"pcapgo", "mmap"} {
		command := func(parser string, rest ...string) []string {
			return append([]string{b.gopacket, "-parser", parser, "-read", read}, rest...)
		}
		ps = append(ps,
			&program{name: "gopacket dlp to file, " + read, row: "a", check: records, args: command("dlp", "-w", "{out}", "{in}")},
			&program{name: "gopacket dlp, " + read, row: "b", check: table, args: command("dlp", "{in}")},
			&program{name: "gopacket lazy, " + read, row: "b", check: table, args: command("lazy", "{in}")})
	}
	return ps
}

// tsharkOptions switch off what the task does not need, so that tshark is measured at its best.
var tsharkOptions = []string{"tshark", "-n", "-o", "tcp.desegment_tcp_streams:FALSE", "-o", "tcp.analyze_sequence_numbers:FALSE",
	"-o", "ip.defragment:FALSE", "-o", "ipv6.defragment:FALSE", "-r", "{in}"}

// slowPrograms read a part of the capture.
func slowPrograms(c *captures) []*program {
	tshark := func(name string, check checker, args ...string) *program {
		return &program{name: name, in: c.slow, check: check, skip: needs("tshark"), args: slices.Concat(tsharkOptions, args)}
	}
	ps := []*program{
		tshark("tshark Lua tap", table, "-q", "-X", "lua_script:peers/scripts/tshark_tap.lua"),
		tshark("tshark Lua tap, filter", table, "-q", "-X", "lua_script:peers/scripts/tshark_tap_filter.lua"),
		tshark("tshark filter and fields", list, "-Y", tsharkFilter, "-T", "fields", "-e", "ip.src", "-e", "ipv6.src"),
		python("dpkt", c.slow),
		python("pypacker", c.slow),
		python("scapy", c.slower),
	}
	for _, p := range ps {
		p.row, p.slow = "b", true
	}
	return ps
}

// python runs the script of a Python library with an interpreter that has it.
func python(library string, in *capture) *program {
	p := &program{name: library, in: in, check: table, skip: "not installed"}
	if python := interpreter(library); python != "" {
		p.skip = ""
		p.args = []string{python, "peers/scripts/" + library + "_syn.py", "{in}"}
	}
	return p
}

// interpreter is a Python that has the library, or "".
func interpreter(library string) string {
	for _, python := range []string{os.Getenv("PYTHON"), "python3", "/usr/bin/python3"} {
		if python != "" && exec.Command(python, "-c", "import "+library).Run() == nil {
			return python
		}
	}
	return ""
}

// needs tells that a program is not installed.
func needs(name string) string {
	if _, err := exec.LookPath(name); err != nil {
		return "not installed"
	}
	return ""
}
