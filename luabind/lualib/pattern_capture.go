package lualib

import (
	lua "github.com/yuin/gopher-lua"
)

// Marks in capture.size of captures that are no text.
const (
	captureOpen     = -1
	capturePosition = -2
)

// A capture is a piece of the text, or a position in it.
type capture struct{ start, size int }

// open begins the capture at p and matches the rest.
func (m *matcher) open(s, p int) int {
	size := captureOpen
	if p++; p < len(m.pat) && m.pat[p] == ')' {
		size, p = capturePosition, p+1
	}
	if m.level >= maxCaptures {
		m.fail("too many captures")
	}
	m.captures[m.level] = capture{s, size}
	m.level++
	end := m.deeper(s, p)
	if end < 0 {
		m.level--
	}
	return end
}

// close ends the innermost open capture and matches the rest.
func (m *matcher) close(s, p int) int {
	i := m.level - 1
	for i >= 0 && m.captures[i].size != captureOpen {
		i--
	}
	if i < 0 {
		m.fail("invalid pattern capture")
	}
	c := &m.captures[i]
	c.size = s - c.start
	end := m.deeper(s, p+1)
	if end < 0 {
		c.size = captureOpen
	}
	return end
}

// again matches what capture %digit holds once more.
func (m *matcher) again(s int, digit byte) int {
	i := int(digit) - '1'
	if i < 0 || i >= m.level || m.captures[i].size == captureOpen {
		m.fail("invalid capture index")
	}
	c := m.captures[i]
	if c.size < 0 || len(m.src)-s < c.size {
		return -1
	}
	m.step(c.size / 16)
	if m.src[c.start:c.start+c.size] != m.src[s:s+c.size] {
		return -1
	}
	return s + c.size
}

// capture returns capture i of a match from s to e; the whole match counts as
// the first one if the pattern has none.
func (m *matcher) capture(i, s, e int) lua.LValue {
	if i >= m.level {
		if i > 0 {
			m.fail("invalid capture index")
		}
		return lua.LString(m.src[s:e])
	}
	switch c := m.captures[i]; c.size {
	case capturePosition:
		return lua.LNumber(c.start + 1)
	case captureOpen:
		m.fail("unfinished capture")
		return lua.LNil
	default:
		return lua.LString(m.src[c.start : c.start+c.size])
	}
}

// pushCaptures pushes all captures, and the whole match if there are none and
// whole is set. It returns their number.
func (m *matcher) pushCaptures(s, e int, whole bool) int {
	n := m.level
	if n == 0 && whole {
		n = 1
	}
	for i := range n {
		m.L.Push(m.capture(i, s, e))
	}
	return n
}
