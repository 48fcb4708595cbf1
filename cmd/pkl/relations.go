package main

import (
	"slices"

	"pkl/core"
)

// A relation says that a protocol is found above another under a value of a key.
type relation struct {
	Proto string `json:"proto"`
	Key   string `json:"key"`
	Value string `json:"value,omitempty"` // empty: any payload
	Check string `json:"check,omitempty"`
}

// keyNames are the names that keys of pr have in the over of protocols above:
// its own fields and pairs, the tables they share, and the protocol itself.
func keyNames(pr *core.Proto) map[string]string {
	names := map[string]string{pr.Name: ""}
	for i := range pr.Spec.Fields {
		f := &pr.Spec.Fields[i]
		if f.Kind != core.Number && f.Key == "" {
			continue
		}
		own := pr.Name + "." + f.Name
		names[own] = own
		if f.Key != "" && names[f.Key] == "" {
			names[f.Key] = own
		}
	}
	for _, p := range pr.Spec.Pairs {
		name := pr.Name + "." + pairName(p)
		names[name] = name
	}
	return names
}

// above returns the protocols that may lie directly above pr.
func above(reg *core.Registry, pr *core.Proto) (all []relation) {
	names := keyNames(pr)
	for _, q := range reg.Protos() {
		for _, k := range q.Spec.Over {
			if own, ok := names[k.On]; ok {
				all = append(all, relation{q.Name, own, k.Is, k.Check})
			}
		}
	}
	return all
}

// below returns the protocols that pr may lie directly above.
func below(reg *core.Registry, pr *core.Proto) (all []relation) {
	for _, q := range reg.Protos() {
		for _, r := range above(reg, q) {
			r := relation{q.Name, r.Key, r.Value, r.Check}
			if isAbove(reg, q, pr, r) && !slices.Contains(all, r) {
				all = append(all, r)
			}
		}
	}
	return all
}

func isAbove(reg *core.Registry, q, pr *core.Proto, r relation) bool {
	return slices.Contains(above(reg, q), relation{pr.Name, r.Key, r.Value, r.Check})
}
