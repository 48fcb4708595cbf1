package lualib

import (
	"cmp"
	"slices"
)

// Top returns the n largest counts, equal ones in order of their keys.
func (c *Counter) Top(n int) []Entry {
	c.mu.Lock()
	defer c.mu.Unlock()
	top := topHeap{}
	for _, e := range c.entries {
		top.offer(e, n)
	}
	slices.SortFunc(top, compareEntries)
	return top
}

// compareEntries orders by count, largest first, then by key.
func compareEntries(a, b Entry) int {
	return cmp.Or(cmp.Compare(b.N, a.N), compareKeys(a.Key, b.Key))
}

// compareKeys orders keys: numbers, then text, then booleans.
func compareKeys(a, b any) int {
	switch a := a.(type) {
	case float64:
		if b, ok := b.(float64); ok {
			return cmp.Compare(a, b)
		}
	case uint64:
		if b, ok := b.(uint64); ok {
			return cmp.Compare(a, b)
		}
	case string:
		if b, ok := b.(string); ok {
			return cmp.Compare(a, b)
		}
	case bool:
		if b, ok := b.(bool); ok {
			return cmp.Compare(boolIndex(a), boolIndex(b))
		}
	}
	return cmp.Compare(keyRank(a), keyRank(b))
}

func keyRank(key any) int {
	switch key.(type) {
	case float64:
		return 0
	case uint64:
		return 1
	case string:
		return 2
	}
	return 3
}

// A topHeap keeps the best entries seen, the worst of them at index 0.
type topHeap []Entry

// offer keeps e if it is among the n best.
func (h *topHeap) offer(e Entry, n int) {
	switch {
	case len(*h) < n:
		*h = append(*h, e)
		h.up(len(*h) - 1)
	case n > 0 && compareEntries(e, (*h)[0]) < 0:
		(*h)[0] = e
		h.down(0)
	}
}

// worse reports whether entry i comes after entry j.
func (h topHeap) worse(i, j int) bool { return compareEntries(h[i], h[j]) > 0 }

func (h topHeap) up(i int) {
	for p := (i - 1) / 2; i > 0 && h.worse(i, p); p = (i - 1) / 2 {
		h[i], h[p] = h[p], h[i]
		i = p
	}
}

func (h topHeap) down(i int) {
	for {
		worst := i
		for _, child := range []int{2*i + 1, 2*i + 2} {
			if child < len(h) && h.worse(child, worst) {
				worst = child
			}
		}
		if worst == i {
			return
		}
		h[i], h[worst] = h[worst], h[i]
		i = worst
	}
}
