package main

import (
	"os"
	"sync"
	"time"

	"pkl/sock"
)

// An inbox takes the frames of a capture out of its ring as they come, and keeps
// them until a script asks. The ring itself holds frames that come one by one only
// for some milliseconds, and a script may be busy for longer.
type inbox struct {
	in    *sock.Capture
	limit int           // bytes that may wait
	more  chan struct{} // something has come
	done  chan struct{} // closed when nothing comes any more

	mu      sync.Mutex
	frames  []sock.Frame // with bytes of their own
	bytes   int
	err     error  // what happened last to the interface, behind the frames
	end     error  // why nothing comes any more
	dropped uint64 // for want of room
}

// defaultInbox is how many bytes wait for a script at most.
const defaultInbox = 8 << 20

// frameCost is what a frame takes beside its bytes.
const frameCost = 128

func newInbox(in *sock.Capture, limit int) *inbox {
	b := &inbox{in: in, limit: limit, more: make(chan struct{}, 1), done: make(chan struct{})}
	if b.limit == 0 {
		b.limit = defaultInbox
	}
	go b.fill()
	return b
}

// fill runs until the capture is closed, or its interface is gone.
func (b *inbox) fill() {
	defer close(b.done)
	for {
		frames, err := b.in.Read(time.Time{})
		if err != nil && !isDown(err) {
			b.mu.Lock()
			b.end = err
			b.mu.Unlock()
			return
		}
		b.put(frames, err)
	}
}

func (b *inbox) put(frames []sock.Frame, err error) {
	b.mu.Lock()
	for _, f := range frames {
		if b.bytes += len(f.Data) + frameCost; b.bytes > b.limit {
			b.bytes -= len(f.Data) + frameCost
			b.dropped++
			continue
		}
		f.Data = append([]byte(nil), f.Data...)
		b.frames = append(b.frames, f)
	}
	if err != nil {
		b.err = err
	}
	b.mu.Unlock()
	select {
	case b.more <- struct{}{}:
	default:
	}
}

// take returns the next frame, or what happened to the interface, or
// os.ErrDeadlineExceeded.
func (b *inbox) take(until time.Time) (sock.Frame, error) {
	for {
		if f, err, ok := b.next(); ok {
			return f, err
		}
		wait := time.Until(until)
		if wait <= 0 {
			return sock.Frame{}, os.ErrDeadlineExceeded
		}
		t := time.NewTimer(wait)
		select {
		case <-b.more:
		case <-b.done:
			t.Stop()
			if f, err, ok := b.next(); ok {
				return f, err
			}
			return sock.Frame{}, b.end
		case <-t.C:
		}
		t.Stop()
	}
}

func (b *inbox) next() (f sock.Frame, err error, ok bool) {
	b.mu.Lock()
	defer b.mu.Unlock()
	switch {
	case len(b.frames) > 0:
		f, b.frames[0] = b.frames[0], sock.Frame{}
		b.frames = b.frames[1:]
		b.bytes -= len(f.Data) + frameCost
		return f, nil, true
	case b.err != nil:
		err, b.err = b.err, nil
		return f, err, true
	}
	return f, nil, false
}

// lost is how many frames there was no room for.
func (b *inbox) lost() uint64 {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.dropped
}

// close ends the capture, and waits until nobody reads it.
func (b *inbox) close() error {
	err := b.in.Close()
	<-b.done
	return err
}
