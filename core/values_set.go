package core

import (
	"cmp"
	"math/bits"
	"slices"
)

// A keySpan is the numbers from lo to hi.
type keySpan struct{ lo, hi uint64 }

// A keySet is a set of numbers, or of addresses as numbers: sorted ranges that
// neither overlap nor touch.
type keySet []keySpan

// only is the set of one number.
func only(v uint64) keySet { return keySet{{v, v}} }

// newKeySet sorts and joins ranges.
func newKeySet(list []keySpan) keySet {
	slices.SortFunc(list, func(a, b keySpan) int { return cmp.Compare(a.lo, b.lo) })
	var out keySet
	for _, r := range list {
		if n := len(out); n > 0 && (r.lo <= out[n-1].hi || r.lo-1 == out[n-1].hi) {
			out[n-1].hi = max(out[n-1].hi, r.hi)
		} else {
			out = append(out, r)
		}
	}
	return out
}

// has reports whether v is in the set.
func (s keySet) has(v uint64) bool {
	if len(s) <= 4 {
		for i := range s {
			if v-s[i].lo <= s[i].hi-s[i].lo {
				return true
			}
		}
		return false
	}
	lo, hi := 0, len(s)
	for lo < hi {
		if m := int(uint(lo+hi) >> 1); s[m].hi < v {
			lo = m + 1
		} else {
			hi = m
		}
	}
	return lo < len(s) && s[lo].lo <= v
}

func (a wide) compare(b wide) int {
	return cmp.Or(cmp.Compare(a.hi, b.hi), cmp.Compare(a.lo, b.lo))
}

// A wideSet is a set of IPv6 addresses: sorted ranges that do not overlap.
type wideSet []wideRange

type wideRange struct{ lo, hi wide }

// test is has, shorter where the set is one address or one range.
func (s wideSet) test() func(wide) bool {
	if len(s) != 1 {
		return s.has
	}
	lo, hi := s[0].lo, s[0].hi
	if lo == hi {
		return func(v wide) bool { return v == lo }
	}
	return func(v wide) bool { return v.compare(lo) >= 0 && v.compare(hi) <= 0 }
}

// next is the address above, and before the one below.
func (a wide) next() wide {
	lo, carry := bits.Add64(a.lo, 1, 0)
	return wide{a.hi + carry, lo}
}

func (a wide) before() wide {
	lo, borrow := bits.Sub64(a.lo, 1, 0)
	return wide{a.hi - borrow, lo}
}

func newWideSet(list []wideRange) wideSet {
	slices.SortFunc(list, func(a, b wideRange) int { return a.lo.compare(b.lo) })
	var out wideSet
	for _, r := range list {
		if n := len(out); n > 0 && r.lo.compare(out[n-1].hi) <= 0 {
			if r.hi.compare(out[n-1].hi) > 0 {
				out[n-1].hi = r.hi
			}
		} else {
			out = append(out, r)
		}
	}
	return out
}

func (s wideSet) has(v wide) bool {
	i, found := slices.BinarySearchFunc(s, v, func(r wideRange, v wide) int { return r.lo.compare(v) })
	return found || i > 0 && s[i-1].hi.compare(v) >= 0
}
