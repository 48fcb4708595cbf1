package main

import (
	"encoding/json"
	"io"
	"strconv"
	"strings"

	"pkl/core"
)

// A protoJSON is a protocol as pkl protos --json shows it.
type protoJSON struct {
	Name   string      `json:"name"`
	Doc    string      `json:"doc,omitempty"`
	Ref    string      `json:"ref,omitempty"`
	Over   []overJSON  `json:"over"`
	Bound  []overJSON  `json:"bound,omitempty"` // by pkl.bind and --decode-as
	Below  []relation  `json:"below"`
	Above  []relation  `json:"above"`
	Pairs  []pairJSON  `json:"pairs,omitempty"`
	Header string      `json:"header,omitempty"`
	Len    string      `json:"len,omitempty"`
	Fields []fieldJSON `json:"fields"`
	Footer []fieldJSON `json:"footer,omitempty"`
}

type overJSON struct {
	Key   string `json:"key"`
	Value string `json:"value,omitempty"`
	Fill  string `json:"fill,omitempty"`
	Check string `json:"check,omitempty"`
}

type pairJSON struct {
	Name string `json:"name"`
	A    string `json:"a"`
	B    string `json:"b"`
}

type fieldJSON struct {
	Name    string            `json:"name"`
	Kind    string            `json:"kind"`
	Bits    int               `json:"bits,omitempty"`
	Doc     string            `json:"doc,omitempty"`
	LE      bool              `json:"le,omitempty"`
	Signed  bool              `json:"signed,omitempty"`
	Hex     bool              `json:"hex,omitempty"`
	Default any               `json:"default,omitempty"`
	When    string            `json:"when,omitempty"`
	Size    string            `json:"size,omitempty"`
	Count   string            `json:"count,omitempty"`
	Derived string            `json:"derived,omitempty"` // auto
	Get     string            `json:"get,omitempty"`
	Part    string            `json:"part,omitempty"`
	Key     string            `json:"key,omitempty"`
	Names   map[string]string `json:"names,omitempty"`
	Flags   []string          `json:"flags,omitempty"`
	Struct  string            `json:"struct,omitempty"` // a named struct: its items
	Items   []fieldJSON       `json:"items,omitempty"`
	Kinds   []kindJSON        `json:"kinds,omitempty"`
}

// A kindJSON is one kind of item of a list, chosen by a field.
type kindJSON struct {
	By     string      `json:"by,omitempty"`
	Is     string      `json:"is,omitempty"` // empty: any other value
	Doc    string      `json:"doc,omitempty"`
	Fields []fieldJSON `json:"fields"`
}

// printJSON prints an array of protocols.
func printJSON(w io.Writer, reg *core.Registry, protos []*core.Proto) error {
	all := []protoJSON{}
	near := relations(reg)
	for _, pr := range protos {
		all = append(all, protoAsJSON(reg, pr, near))
	}
	out, err := json.MarshalIndent(all, "", "  ")
	if err != nil {
		return err
	}
	_, err = w.Write(append(out, '\n'))
	return err
}

func protoAsJSON(reg *core.Registry, pr *core.Proto, near neighbours) protoJSON {
	s := pr.Spec
	p := protoJSON{
		Name: s.Name, Doc: s.Doc, Ref: s.Ref, Header: s.Header, Len: s.Len,
		Over: []overJSON{}, Below: append([]relation{}, near.below[pr.Name]...), Above: append([]relation{}, near.above[pr.Name]...),
		Fields: fieldsJSON(s.Fields), Footer: fieldsJSON(s.Footer),
	}
	for _, k := range s.Over {
		p.Over = append(p.Over, overJSON{k.On, k.Is, k.Fill, k.Check})
	}
	for _, k := range bindsOf(reg, s.Name) {
		p.Bound = append(p.Bound, overJSON{Key: k.On, Value: k.Is})
	}
	for _, pair := range s.Pairs {
		p.Pairs = append(p.Pairs, pairJSON{pairName(pair), pair.A, pair.B})
	}
	return p
}

func fieldsJSON(fields []core.Field) []fieldJSON {
	all := []fieldJSON{}
	for i := range fields {
		all = append(all, oneFieldJSON(&fields[i]))
	}
	return all
}

func oneFieldJSON(f *core.Field) fieldJSON {
	j := fieldJSON{
		Name: f.Name, Kind: plainKind(f), Bits: f.Bits, Doc: f.Doc, LE: f.LE, Signed: f.Signed, Hex: f.Hex, Default: f.Default,
		When: f.When, Size: f.Size, Count: f.Count, Derived: f.Auto, Get: f.Get, Part: f.Part, Key: f.Key, Flags: f.Flags, Struct: f.Named,
	}
	for _, n := range f.Names {
		if j.Names == nil {
			j.Names = map[string]string{}
		}
		j.Names[strconv.FormatInt(n.V, 10)] = n.Name
	}
	if f.Item != nil {
		j.Items = fieldsJSON(f.Item.Fields)
	}
	for i := range f.Kinds {
		j.Kinds = append(j.Kinds, kindJSON{f.By, f.Kinds[i].Is, f.Kinds[i].Doc, fieldsJSON(f.Kinds[i].Fields)})
	}
	if f.Other != nil {
		j.Kinds = append(j.Kinds, kindJSON{By: f.By, Doc: f.Other.Doc, Fields: fieldsJSON(f.Other.Fields)})
	}
	return j
}

// plainKind is the kind as one word: "number", "flag", "list".
func plainKind(f *core.Field) string {
	switch {
	case f.Get == "" && f.Kind == core.Number && (f.Bits > 1 || len(f.Names) > 0):
		return "number"
	case f.Kind == core.List:
		return "list"
	}
	kind, _, _ := strings.Cut(kindText(f), " ")
	return kind
}
