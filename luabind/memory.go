package luabind

import (
	"fmt"
	"runtime"
	"runtime/metrics"
	"sync/atomic"
	"time"

	"pkl/luabind/lualib"
)

// Nothing counts what a script allocates: the heap of the whole process is
// looked at now and then. A script that fills it is stopped at its next
// instruction, and runs no further before there is room again.

// memoryPause is between attempts if they fail: to find out costs a collection.
const memoryPause = time.Second

// A MemoryError says that scripts have filled the heap.
type MemoryError struct{ Limit int64 }

func (e *MemoryError) Error() string {
	return fmt.Sprintf("script uses more than %d MiB of memory; start pkl with --memory to allow more", e.Limit>>20)
}

// Starts counts the states of a run whose scripts are starting. While one does,
// the others are not blamed for a heap that is full. The zero value is ready.
type Starts struct{ n atomic.Int32 }

func (s *Starts) add(n int32) {
	if s != nil {
		s.n.Add(n)
	}
}

func (s *Starts) any() bool { return s != nil && s.n.Load() > 0 }

// LimitArrays keeps one assignment to t[i] from filling an array of more than
// limit bytes. It is for the whole process, before any state is made.
func LimitArrays(limit int64) { lualib.LimitArrays(limit) }

// checkMemory collects what is dead and fails if the rest is too much.
func (s *State) checkMemory() error {
	limit := s.cfg.Memory
	if s.ready && s.cfg.Starts.any() {
		return nil // the one that starts is to blame, or will not be for long
	}
	if s.fails > 1 && time.Since(s.filled) < memoryPause {
		return &MemoryError{limit}
	}
	runtime.GC()
	_, live := newHeapMeter(s.cfg.Reserved).read()
	if live > limit {
		s.filled = time.Now()
		s.fails++
		return &MemoryError{limit}
	}
	s.fails = 0
	s.look.Store(max(limit, live+limit/4))
	s.full.Store(false)
	return nil
}

// A heapMeter reads the sizes of the heap, without what is reserved.
type heapMeter struct {
	samples  []metrics.Sample
	reserved int64
}

func newHeapMeter(reserved int64) *heapMeter {
	return &heapMeter{reserved: reserved, samples: []metrics.Sample{{Name: "/memory/classes/heap/objects:bytes"}, {Name: "/gc/heap/live:bytes"}}}
}

// read returns the bytes of all objects, dead ones not yet swept among them, and
// of those that the last collection found alive.
func (h *heapMeter) read() (size, live int64) {
	metrics.Read(h.samples)
	return int64(h.samples[0].Value.Uint64()) - h.reserved, int64(h.samples[1].Value.Uint64()) - h.reserved
}
