package luabind

import (
	"io"
	"sync"
)

// A pool holds what is open and used by several states, each by its key. It is
// closed when the last of them lets it go.
type pool[T io.Closer] struct {
	mu   sync.Mutex
	open map[string]*pooled[T]
}

// A pooled value is one thing in a pool.
type pooled[T io.Closer] struct {
	key   string
	thing T
	users int
}

// take returns what is open under key, or else what open returns.
func (p *pool[T]) take(key string, open func() (T, error)) (*pooled[T], error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	x := p.open[key]
	if x == nil {
		thing, err := open()
		if err != nil {
			return nil, err
		}
		x = &pooled[T]{key: key, thing: thing}
		if p.open == nil {
			p.open = map[string]*pooled[T]{}
		}
		p.open[key] = x
	}
	x.users++
	return x, nil
}

// release lets go of x, and closes it if nobody else has it. Who wants to open it
// again waits until it is closed.
func (p *pool[T]) release(x *pooled[T]) error {
	p.mu.Lock()
	defer p.mu.Unlock()
	if x.users--; x.users > 0 {
		return nil
	}
	delete(p.open, x.key)
	return x.thing.Close()
}
