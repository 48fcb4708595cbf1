package main

import (
	"fmt"
	"strings"
)

// runHelp is pkl help.
func runHelp(c *cli, args []string) error {
	switch {
	case len(args) == 0, strings.HasPrefix(args[0], "-"):
		fmt.Fprint(c.out, overview())
		return nil
	case args[0] == "help":
		fmt.Fprintln(c.out, usageLine("help"))
		return nil
	}
	return c.dispatch([]string{args[0], "--help"})
}

// overview is the list of commands.
func overview() string {
	var b strings.Builder
	b.WriteString("pkl runs Lua scripts over network packets.\n\nUsage: pkl COMMAND [ARGS]\n\nCommands:\n")
	for _, cmd := range commands() {
		fmt.Fprintf(&b, "  %-9s %s\n", cmd.name, cmd.short)
	}
	b.WriteString(`
'pkl help COMMAND' explains a command and its flags. First steps:

  pkl dump -r in.pcap                    the packets, field by field
  pkl dump -r in.pcap -f 'tcp.SYN' -c 3  the first three that match
  pkl run -r in.pcap -w out.pcap a.lua   through the rules of a script
  pkl protos tcp                         the fields of a protocol
`)
	return b.String()
}
