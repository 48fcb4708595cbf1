package luabind

import (
	"fmt"
	"path/filepath"
	"sync"

	"pkl/core"
)

// Writers are the capture files that the states of a run write. A state that
// creates one that is open gets the running writer: so workers share a file, and
// a reload goes on with it. A file is closed when the last state that has it
// closes it. The zero value is ready.
type Writers struct{ pool pool[*sharedWriter] }

// A sharedWriter is a writer that several states use.
type sharedWriter struct {
	mu   sync.Mutex
	w    Writer
	made CreateOptions
}

// Write writes a packet, one state at a time.
func (sw *sharedWriter) Write(m *core.Meta, o *Origin, data []byte) error {
	sw.mu.Lock()
	defer sw.mu.Unlock()
	return sw.w.Write(m, o, data)
}

// Close is called once, when no state has it any more.
func (sw *sharedWriter) Close() error { return sw.w.Close() }

// A writerShare is a writer as one state has it.
type writerShare struct {
	*sharedWriter
	of   *Writers
	item *pooled[*sharedWriter]
}

// Close closes the file if no other state has it.
func (ws writerShare) Close() error { return ws.of.pool.release(ws.item) }

// create returns the running writer of that name, or else what create makes.
func (ws *Writers) create(name string, o CreateOptions, create func(string, CreateOptions) (Writer, error)) (Writer, error) {
	key := name
	if name != "-" {
		if abs, err := filepath.Abs(name); err == nil {
			key = abs
		}
	}
	item, err := ws.pool.take(key, func() (*sharedWriter, error) {
		w, err := create(name, o)
		return &sharedWriter{w: w, made: o}, err
	})
	if err != nil {
		return nil, err
	}
	share := writerShare{item.thing, ws, item}
	if item.thing.made != o {
		share.Close() // others have it, or there would be no other options
		return nil, fmt.Errorf("%s is being written with other options", name)
	}
	return share, nil
}
