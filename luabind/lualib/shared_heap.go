package lualib

// The entries of a sharedMap that expire are a heap: m.due[0] expires first, and
// m.entries[m.due[n]].place is n.

// expireAt sets when entry i expires; 0: never.
func (m *sharedMap) expireAt(i uint32, at int64) {
	e := &m.entries[i]
	was := e.expires
	e.expires = at
	switch {
	case was == 0 && at == 0:
	case was == 0:
		e.place = uint32(len(m.due))
		m.due = append(m.due, i)
		m.up(e.place)
	case at == 0:
		m.leave(e.place)
	default:
		m.down(m.up(e.place))
	}
}

// leave takes place n out of the heap.
func (m *sharedMap) leave(n uint32) {
	last := uint32(len(m.due) - 1)
	m.swap(n, last)
	m.due = m.due[:last]
	if n < last {
		m.down(m.up(n))
	}
}

func (m *sharedMap) swap(a, b uint32) {
	m.due[a], m.due[b] = m.due[b], m.due[a]
	m.entries[m.due[a]].place, m.entries[m.due[b]].place = a, b
}

func (m *sharedMap) sooner(a, b uint32) bool {
	return m.entries[m.due[a]].expires < m.entries[m.due[b]].expires
}

// up moves place n to where it belongs towards the top, and returns that.
func (m *sharedMap) up(n uint32) uint32 {
	for n > 0 && m.sooner(n, (n-1)/2) {
		m.swap(n, (n-1)/2)
		n = (n - 1) / 2
	}
	return n
}

// down moves place n to where it belongs away from the top.
func (m *sharedMap) down(n uint32) {
	for {
		first := n
		for child := 2*n + 1; child <= 2*n+2 && child < uint32(len(m.due)); child++ {
			if m.sooner(child, first) {
				first = child
			}
		}
		if first == n {
			return
		}
		m.swap(n, first)
		n = first
	}
}
