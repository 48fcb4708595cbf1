package lualib

import (
	"errors"
	"fmt"
	"sync"
	"sync/atomic"
	"time"
)

// Bounds of shared maps.
const (
	maxSharedNames   = 10_000
	maxSharedText    = 4 << 10   // bytes of a key or value
	maxSharedEntries = 1_000_000 // of one map
	defSharedEntries = 65536
	maxSharedBytes   = 256 << 20 // of all maps
	sharedEntryBytes = 160       // what an entry costs beside its texts
)

// SharedMaps holds the maps of pkl.shared. They are shared by all states that
// were given the same SharedMaps. The zero value is ready.
type SharedMaps struct {
	mu     sync.Mutex
	byName map[string]*sharedMap
	bytes  atomic.Int64 // of all maps
	limit  int64        // 0: maxSharedBytes
}

// sharedOptions are those of pkl.shared.
type sharedOptions struct {
	max  int
	keep time.Duration // ttl; 0: entries stay
}

// get returns the map of that name; a new one has options o.
func (ms *SharedMaps) get(name string, o sharedOptions) (*sharedMap, error) {
	ms.mu.Lock()
	defer ms.mu.Unlock()
	if m := ms.byName[name]; m != nil {
		return m, nil
	}
	if len(ms.byName) >= maxSharedNames {
		return nil, fmt.Errorf("more than %d names", maxSharedNames)
	}
	if ms.byName == nil {
		ms.byName = map[string]*sharedMap{}
	}
	m := newSharedMap(ms, o)
	ms.byName[name] = m
	return m, nil
}

// reserve takes n bytes, or reports that there are not so many.
func (ms *SharedMaps) reserve(n int) bool {
	limit := ms.limit
	if limit == 0 {
		limit = maxSharedBytes
	}
	if ms.bytes.Add(int64(n)) <= limit || n <= 0 {
		return true
	}
	ms.bytes.Add(-int64(n))
	return false
}

// A sharedMap is one map of pkl.shared: a hash into entries that hang in a ring
// by their last write, and, those that expire, in a heap by when. When it is
// full, the oldest write goes.
type sharedMap struct {
	mu      sync.Mutex
	all     *SharedMaps
	conf    sharedOptions
	index   map[scalar]uint32
	entries []sharedEntry // number 0 is none: before the oldest, behind the newest
	free    uint32        // the first that is not in use; the others follow by next
	due     []uint32      // the heap
}

type sharedEntry struct {
	key, value scalar
	expires    int64  // nanoseconds; 0: never
	prev, next uint32 // older, newer
	place      uint32 // in the heap
}

// A sharedClock tells the time, in nanoseconds. At 0 there is none yet: nothing
// expires, and what is written will not.
type sharedClock func() int64

func newSharedMap(all *SharedMaps, o sharedOptions) *sharedMap {
	return &sharedMap{all: all, conf: o, index: map[scalar]uint32{}, entries: make([]sharedEntry, 1)}
}

// configure sets the options. Entries that are too many go, oldest write first,
// and their memory with them.
func (m *sharedMap) configure(o sharedOptions, now sharedClock) {
	m.mu.Lock()
	defer m.mu.Unlock()
	smaller := o.max < len(m.entries)-1
	m.conf = o
	m.expire(len(m.due), now)
	for len(m.index) > o.max {
		m.drop(m.entries[0].next)
	}
	if smaller {
		m.rebuild()
	}
}

// rebuild moves the entries to memory of their size.
func (m *sharedMap) rebuild() {
	old := m.entries
	m.index = make(map[scalar]uint32, len(m.index))
	m.entries, m.free, m.due = make([]sharedEntry, 1, len(m.index)+1), 0, nil
	for i := old[0].next; i != 0; i = old[i].next {
		e := &old[i]
		n := m.link(e.key, e.value)
		m.expireAt(n, e.expires)
	}
}

// link puts in an entry as the newest.
func (m *sharedMap) link(key, value scalar) uint32 {
	i := m.free
	if i != 0 {
		m.free = m.entries[i].next
	} else {
		i = uint32(len(m.entries))
		m.entries = append(m.entries, sharedEntry{})
	}
	m.entries[i] = sharedEntry{key: key, value: value}
	m.index[key] = i
	m.newest(i)
	return i
}

// newest puts an entry that hangs nowhere behind all others.
func (m *sharedMap) newest(i uint32) {
	last := m.entries[0].prev
	m.entries[i].prev, m.entries[i].next = last, 0
	m.entries[last].next, m.entries[0].prev = i, i
}

func (m *sharedMap) unhang(i uint32) {
	e := &m.entries[i]
	m.entries[e.prev].next, m.entries[e.next].prev = e.next, e.prev
}

// drop removes an entry.
func (m *sharedMap) drop(i uint32) {
	e := &m.entries[i]
	m.all.reserve(-e.size())
	delete(m.index, e.key)
	m.expireAt(i, 0)
	m.unhang(i)
	*e = sharedEntry{next: m.free}
	m.free = i
}

func (e *sharedEntry) size() int { return sharedEntryBytes + len(e.key.text) + len(e.value.text) }

// find returns the number of an entry, 0 if there is none or it has expired.
func (m *sharedMap) find(key scalar, now sharedClock) uint32 {
	i, ok := m.index[key]
	if !ok {
		return 0
	}
	if e := &m.entries[i]; e.expires != 0 && e.expires <= now() {
		m.drop(i)
		return 0
	}
	return i
}

// expire drops up to n entries whose time has come.
func (m *sharedMap) expire(n int, now sharedClock) {
	if len(m.due) == 0 {
		return
	}
	for t := now(); n > 0 && len(m.due) > 0 && m.entries[m.due[0]].expires <= t; n-- {
		m.drop(m.due[0])
	}
}

// Each write drops as many entries whose time has come.
const expireAtOnce = 8

// insert puts in an entry that is not there. The oldest writes go to make room.
func (m *sharedMap) insert(key, value scalar, keep time.Duration, now sharedClock) error {
	m.expire(expireAtOnce, now)
	for len(m.index) >= m.conf.max {
		m.drop(m.entries[0].next)
	}
	if err := m.makeRoom(sharedEntryBytes+len(key.text)+len(value.text), 0); err != nil {
		return err
	}
	m.setTTL(m.link(key.own(), value.own()), keep, now)
	return nil
}

var errSharedFull = errors.New("there is no room: all shared maps together are full")

// makeRoom reserves n bytes. The oldest writes go, but not entry spare.
func (m *sharedMap) makeRoom(n int, spare uint32) error {
	for !m.all.reserve(n) {
		oldest := m.entries[0].next
		if oldest == spare && spare != 0 {
			oldest = m.entries[spare].next
		}
		if oldest == 0 {
			return errSharedFull
		}
		m.drop(oldest)
	}
	return nil
}

// write gives an entry another value and makes it the newest.
func (m *sharedMap) write(i uint32, value scalar) error {
	old := m.entries[i].value
	if value.kind == scalarText && value.text == old.text {
		value.text = old.text
	} else if len(value.text)+len(old.text) > 0 {
		if err := m.makeRoom(len(value.text)-len(old.text), i); err != nil {
			return err
		}
		value = value.own()
	}
	m.entries[i].value = value
	m.unhang(i)
	m.newest(i)
	return nil
}

// setTTL sets when an entry expires, by the map's option if keep is 0.
func (m *sharedMap) setTTL(i uint32, keep time.Duration, now sharedClock) {
	if keep == 0 {
		keep = m.conf.keep
	}
	at := int64(0)
	if keep != 0 && keep != forever {
		if t := now(); t != 0 {
			at = max(1, t+int64(keep))
		}
	}
	m.expireAt(i, at)
}

// forever keeps an entry although the map's do not stay.
const forever = time.Duration(1<<63 - 1)

// read is s:get(key).
func (m *sharedMap) read(key scalar, now sharedClock) (scalar, bool) {
	m.mu.Lock()
	defer m.mu.Unlock()
	i := m.find(key, now)
	return m.entries[i].value, i != 0
}

// set is s:set(key, value, ttl).
func (m *sharedMap) set(key, value scalar, keep time.Duration, now sharedClock) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	i := m.find(key, now)
	if i == 0 {
		return m.insert(key, value, keep, now)
	}
	err := m.write(i, value)
	if err == nil {
		m.setTTL(i, keep, now)
	}
	return err
}

// add is s:add(key, value, ttl): it reports whether the key was not there.
func (m *sharedMap) add(key, value scalar, keep time.Duration, now sharedClock) (bool, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.find(key, now) != 0 {
		return false, nil
	}
	return true, m.insert(key, value, keep, now)
}

// incr is s:incr(key, by, ttl). keep is for a key that was not there.
func (m *sharedMap) incr(key, by scalar, keep time.Duration, now sharedClock) (scalar, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	i := m.find(key, now)
	if i == 0 {
		return by, m.insert(key, by, keep, now)
	}
	sum, err := m.entries[i].value.plus(by)
	if err != nil {
		return sum, err
	}
	return sum, m.write(i, sum)
}

// delete is s:delete(key): it reports whether the key was there.
func (m *sharedMap) delete(key scalar, now sharedClock) bool {
	m.mu.Lock()
	defer m.mu.Unlock()
	i := m.find(key, now)
	if i != 0 {
		m.drop(i)
	}
	return i != 0
}

// len is #s.
func (m *sharedMap) len(now sharedClock) int {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.expire(len(m.due), now)
	return len(m.index)
}

// A sharedPair is a key with its value.
type sharedPair struct{ key, value scalar }

// pairs are all keys and values, oldest write first.
func (m *sharedMap) pairs(now sharedClock) []sharedPair {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.expire(len(m.due), now)
	all := make([]sharedPair, 0, len(m.index))
	for i := m.entries[0].next; i != 0; i = m.entries[i].next {
		all = append(all, sharedPair{m.entries[i].key, m.entries[i].value})
	}
	return all
}
