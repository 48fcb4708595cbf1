package main

import (
	"fmt"
	"io"

	"golang.org/x/net/bpf"

	"pkl/core"
	"pkl/core/expr"
	"pkl/pcapio"
)

const filterHelpText = `
Filter shows how a filter is understood, or where it is wrong. With -d it shows
the program of classic BPF with which the kernel can drop packets before they
are captured, as tcpdump -d does, and what of the filter is left to be asked
afterwards. The program keeps a packet by not returning 0: #4294967295 says that
the filter chooses it, #2147483647 that the rest has to be asked. -dd prints the
program as an array in C, -ddd as decimal numbers with their count first.`

// runFilter is pkl filter.
func runFilter(c *cli, args []string) error {
	var dump int
	var link string
	var o core.BPFOptions
	var scripts []string
	f := c.flags("filter", filterHelpText)
	f.CountVarP(&dump, "dump", "d", "show the program for the kernel, and the rest")
	f.StringVar(&link, "link", "eth", "the program is for packets of link type `TYPE`")
	f.BoolVar(&o.TagAside, "socket", false, "as packet sockets give them: the outermost VLAN tag is not in the frame but beside it")
	f.StringArrayVar(&scripts, "script", nil, "run Lua `FILE` first, or a module such as protocols.gre, for the protocols it defines; may be repeated")
	c.decodeAsFlag(f)
	if err := parse(f, args); err != nil {
		return err
	}
	var ok bool
	if o.LinkType, ok = pcapio.LinkTypeByName(link); !ok {
		return usagef("filter", "filter: no link type %q; they are those of capture files, as eth, sll2 or raw, or a number", link)
	}
	if f.NArg() != 1 || f.Arg(0) == "" {
		return usagef("filter", "filter: need one EXPR, in quotes for the shell: 'tcp.dport == 443'")
	}
	c.stop.listen()
	reg, done, err := c.registry(scripts)
	if err != nil {
		return err
	}
	defer done()
	filter, err := newFilter(reg, f.Arg(0))
	switch {
	case err != nil:
		return err
	case dump == 0:
		fmt.Fprintln(c.out, expr.Format(filter.Expr()))
		return nil
	}
	b := filter.BPF(o)
	if dump > 1 {
		return printBPF(c.out, b, dump > 2)
	}
	fmt.Fprintf(c.out, "In the kernel, for %s (%d instructions, up to %d layers):\n%s", pcapio.LinkTypeName(o.LinkType), len(b.Program), b.Layers, b)
	fmt.Fprintf(c.out, "\nAfterwards: %s\n", afterwards(b))
	return nil
}

// afterwards says what of a filter the program leaves, and when.
func afterwards(b *core.BPF) string {
	switch {
	case b.Rest == nil:
		return "nothing"
	case b.Often:
		return expr.Format(b.Rest.Expr())
	}
	return expr.Format(b.Rest.Expr()) + fmt.Sprintf("\n(only of packets that are out of the ordinary, as those of more than %d layers)", b.Layers)
}

// printBPF prints the bare program, as tcpdump -dd and -ddd do.
func printBPF(w io.Writer, b *core.BPF, decimal bool) error {
	raw, err := bpf.Assemble(b.Program)
	if err != nil {
		return err
	}
	if decimal {
		fmt.Fprintln(w, len(raw))
	}
	for _, i := range raw {
		if decimal {
			fmt.Fprintln(w, i.Op, i.Jt, i.Jf, i.K)
		} else {
			fmt.Fprintf(w, "{ %#x, %d, %d, 0x%08x },\n", i.Op, i.Jt, i.Jf, i.K)
		}
	}
	return nil
}
