package main

import (
	"errors"
	"fmt"
	"io"
	"text/tabwriter"

	"pkl/core"
)

const protosHelpText = `
Protos lists the protocols. With names it describes each of them: a picture of
the header, 32 bits in a row ("?": only under a condition, "/": of any size),
what lies below and above it, and its fields, as scripts and filters name them.
With --lua it prints the Lua that defines it, with --json an array of objects.`

// runProtos is pkl protos.
func runProtos(c *cli, args []string) error {
	var asLua, asJSON bool
	var scripts []string
	f := c.flags("protos", protosHelpText)
	f.BoolVar(&asLua, "lua", false, "print definitions in Lua")
	f.BoolVar(&asJSON, "json", false, "print an array of objects")
	f.StringArrayVar(&scripts, "script", nil, "run Lua `FILE` first, or a module such as protocols.gre, for the protocols it defines; may be repeated")
	c.decodeAsFlag(f)
	if err := parse(f, args); err != nil {
		return err
	}
	c.stop.listen()
	reg, done, err := c.registry(scripts)
	if err != nil {
		return err
	}
	defer done()
	protos, err := protosNamed(reg, f.Args())
	switch {
	case err != nil:
		return err
	case asLua && asJSON:
		return usagef("protos", "protos: --lua or --json, not both")
	case asJSON:
		return printJSON(c.out, reg, protos)
	case asLua:
		return printLua(c.out, reg, protos)
	case f.NArg() == 0:
		return listProtos(c.out, protos)
	}
	return describeAll(c.out, reg, protos)
}

// protosNamed returns the protocols of these names; all if there are none.
func protosNamed(reg *core.Registry, names []string) ([]*core.Proto, error) {
	if len(names) == 0 {
		return reg.Protos(), nil
	}
	var protos []*core.Proto
	for _, name := range names {
		pr := reg.Proto(name)
		if pr == nil {
			return nil, errors.New(reg.NoProto(name, reg.Names()))
		}
		protos = append(protos, pr)
	}
	return protos, nil
}

// listProtos prints a line for each protocol.
func listProtos(w io.Writer, protos []*core.Proto) error {
	tw := tabwriter.NewWriter(w, 0, 0, 2, ' ', 0)
	for _, pr := range protos {
		fmt.Fprintf(tw, "%s\t%s\n", pr.Name, titleOf(pr.Spec))
	}
	return tw.Flush()
}

// titleOf is what a protocol is, and its standard.
func titleOf(s *core.Spec) string {
	switch {
	case s.Ref == "":
		return s.Doc
	case s.Doc == "":
		return s.Ref
	}
	return s.Doc + " (" + s.Ref + ")"
}

// printLua prints the definitions, parted by empty lines.
func printLua(w io.Writer, reg *core.Registry, protos []*core.Proto) error {
	for i, pr := range protos {
		if i > 0 {
			fmt.Fprintln(w)
		}
		if _, err := w.Write(endLine([]byte(core.SpecLua(pr.Spec, reg.Shapes)))); err != nil {
			return err
		}
	}
	return nil
}

// describeAll prints the descriptions, parted by empty lines.
func describeAll(w io.Writer, reg *core.Registry, protos []*core.Proto) error {
	for i, pr := range protos {
		if i > 0 {
			fmt.Fprintln(w)
		}
		if err := describe(w, reg, pr); err != nil {
			return err
		}
	}
	return nil
}
