package lualib

import (
	"fmt"
	"math"
	"slices"
	"strings"
	"sync"
)

const (
	maxCounterKeys  = 1_000_000
	maxCounterText  = 256 << 20 // bytes of all text keys of one counter
	maxCounterNames = 10_000
)

// An Entry is one key of a Counter with its count. Key is a string, float64,
// uint64 (from 2^53 on) or bool.
type Entry struct {
	Key any
	N   float64
}

// A Counter adds up numbers by key. It may be used from several goroutines. It
// holds up to a million keys; what comes for further ones counts in Total and
// Overflow only.
type Counter struct {
	mu       sync.Mutex
	text     map[string]uint32 // index into entries
	nums     map[float64]uint32
	wide     map[uint64]uint32
	bools    [2]uint32 // index+1, 0 if absent
	entries  []Entry
	textSize int
	total    float64
	overflow float64
	max      int
}

// NewCounter returns an empty counter.
func NewCounter() *Counter {
	return &Counter{text: map[string]uint32{}, nums: map[float64]uint32{}, wide: map[uint64]uint32{}, max: maxCounterKeys}
}

// Add adds n to key, which must be of a type that Entry lists.
func (c *Counter) Add(key any, n float64) error {
	if !validKey(key) {
		return fmt.Errorf("a key is text, a number or a boolean, not %T", key)
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	i, ok := c.find(key)
	c.addAt(i, ok, key, n)
	return nil
}

func validKey(key any) bool {
	switch key := key.(type) {
	case float64:
		return !math.IsNaN(key)
	case string, uint64, bool:
		return true
	}
	return false
}

// addText is Add for a text key; it does not allocate if the key is known.
func (c *Counter) addText(key string, n float64) {
	c.mu.Lock()
	if i, ok := c.text[key]; ok {
		c.entries[i].N += n
		c.total += n
	} else {
		c.insert(strings.Clone(key), n) // key may be a small part of a large text
	}
	c.mu.Unlock()
}

// addNum is Add for a number.
func (c *Counter) addNum(key, n float64) {
	c.mu.Lock()
	if i, ok := c.nums[key]; ok {
		c.entries[i].N += n
		c.total += n
	} else {
		c.insert(key, n)
	}
	c.mu.Unlock()
}

func (c *Counter) addAt(i uint32, ok bool, key any, n float64) {
	if !ok {
		c.insert(key, n)
		return
	}
	c.entries[i].N += n
	c.total += n
}

func (c *Counter) find(key any) (i uint32, ok bool) {
	switch key := key.(type) {
	case string:
		i, ok = c.text[key]
	case float64:
		i, ok = c.nums[key]
	case uint64:
		i, ok = c.wide[key]
	case bool:
		i = c.bools[boolIndex(key)] - 1
		ok = i < uint32(len(c.entries))
	}
	return i, ok
}

func boolIndex(b bool) int {
	if b {
		return 1
	}
	return 0
}

// insert adds a key that is not there yet, if there is room.
func (c *Counter) insert(key any, n float64) {
	c.total += n
	s, _ := key.(string)
	if len(c.entries) >= c.max || c.textSize+len(s) > maxCounterText {
		c.overflow += n
		return
	}
	c.textSize += len(s)
	c.index(key, uint32(len(c.entries)))
	c.entries = append(c.entries, Entry{key, n})
}

func (c *Counter) index(key any, i uint32) {
	switch key := key.(type) {
	case string:
		c.text[key] = i
	case float64:
		c.nums[key] = i
	case uint64:
		c.wide[key] = i
	case bool:
		c.bools[boolIndex(key)] = i + 1
	}
}

// Get returns the count of key, 0 if it is absent.
func (c *Counter) Get(key any) float64 {
	c.mu.Lock()
	defer c.mu.Unlock()
	if i, ok := c.find(key); ok {
		return c.entries[i].N
	}
	return 0
}

// Len returns the number of keys.
func (c *Counter) Len() int {
	c.mu.Lock()
	defer c.mu.Unlock()
	return len(c.entries)
}

// Total returns the sum over everything added.
func (c *Counter) Total() float64 {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.total
}

// Overflow returns the part of Total that has no key because the counter was full.
func (c *Counter) Overflow() float64 {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.overflow
}

// Clear forgets everything.
func (c *Counter) Clear() {
	c.mu.Lock()
	defer c.mu.Unlock()
	clear(c.text)
	clear(c.nums)
	clear(c.wide)
	clear(c.entries)
	c.bools, c.entries = [2]uint32{}, c.entries[:0]
	c.textSize, c.total, c.overflow = 0, 0, 0
}

// Entries returns a copy of all keys and counts, in order of first appearance.
func (c *Counter) Entries() []Entry {
	c.mu.Lock()
	defer c.mu.Unlock()
	return slices.Clone(c.entries)
}

// Counters holds the counters that have a name. They are shared by all states
// that were given the same Counters.
type Counters struct {
	mu     sync.Mutex
	byName map[string]*Counter
}

// Get returns the counter of that name, made at first use.
func (cs *Counters) Get(name string) (*Counter, error) {
	cs.mu.Lock()
	defer cs.mu.Unlock()
	if c := cs.byName[name]; c != nil {
		return c, nil
	}
	if len(cs.byName) >= maxCounterNames {
		return nil, fmt.Errorf("more than %d named counters", maxCounterNames)
	}
	if cs.byName == nil {
		cs.byName = map[string]*Counter{}
	}
	c := NewCounter()
	cs.byName[name] = c
	return c, nil
}

// Names returns the names in order.
func (cs *Counters) Names() []string {
	cs.mu.Lock()
	defer cs.mu.Unlock()
	names := make([]string, 0, len(cs.byName))
	for name := range cs.byName {
		names = append(names, name)
	}
	slices.Sort(names)
	return names
}
