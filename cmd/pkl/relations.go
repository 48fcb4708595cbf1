package main

import (
	"cmp"
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

// neighbours are the protocols that may lie directly above and below each one.
type neighbours struct{ above, below map[string][]relation }

// relations finds out the neighbours of all protocols.
func relations(reg *core.Registry) neighbours {
	all := neighbours{map[string][]relation{}, map[string][]relation{}}
	claims := claimsOf(reg)
	for _, pr := range reg.Protos() {
		all.above[pr.Name] = above(pr, claims)
		seen := map[relation]bool{}
		for _, r := range all.above[pr.Name] {
			if !seen[r] {
				seen[r] = true
				all.below[r.Proto] = append(all.below[r.Proto], relation{pr.Name, r.Key, r.Value, r.Check})
			}
		}
	}
	return all
}

// A claim is a key of an over or a bind, and whose.
type claim struct {
	turn  int // in the order of protocols and their keys
	proto string
	key   *core.Key
}

// bindsOf returns the keys that pkl.bind and --decode-as give to a protocol.
func bindsOf(reg *core.Registry, proto string) (keys []core.Key) {
	for _, b := range reg.Binds() {
		if b.Proto == proto {
			keys = append(keys, b.Key)
		}
	}
	return keys
}

// claimsOf returns all claims, by the name of the key.
func claimsOf(reg *core.Registry) map[string][]claim {
	all := map[string][]claim{}
	turn := 0
	add := func(proto string, k *core.Key) {
		all[k.On] = append(all[k.On], claim{turn, proto, k})
		turn++
	}
	for _, b := range reg.Binds() { // they come before what the protocols themselves say
		add(b.Proto, &b.Key)
	}
	for _, q := range reg.Protos() {
		for i := range q.Spec.Over {
			add(q.Name, &q.Spec.Over[i])
		}
	}
	return all
}

// above returns the protocols that may lie directly above pr.
func above(pr *core.Proto, claims map[string][]claim) []relation {
	type found struct {
		turn int
		relation
	}
	var all []found
	for on, own := range keyNames(pr) {
		for _, c := range claims[on] {
			all = append(all, found{c.turn, relation{c.proto, own, c.key.Is, c.key.Check}})
		}
	}
	slices.SortFunc(all, func(a, b found) int { return cmp.Compare(a.turn, b.turn) })
	list := make([]relation, len(all))
	for i, f := range all {
		list[i] = f.relation
	}
	return list
}
