package sock

import (
	"context"
	"errors"
	"iter"
	"time"
)

// fastest is a rate that is as fast as frames go, whatever is above it.
const fastest = 1e9

// Repeat sends frames over and over as a plan says, until ctx is done. It returns
// how many have left.
func (s *Sender) Repeat(ctx context.Context, frames []Frame, p Plan) (n uint64, err error) {
	total := p.Count
	switch {
	case len(frames) == 0:
		return 0, nil
	case p.Count == 0 && p.Loop:
		total = 1<<64 - 1
	case p.Count == 0:
		total = uint64(len(frames))
	}
	round := frames
	for len(round) < batchOut { // so that a few frames fill a batch
		round = append(round[:len(round):len(round)], frames...)
	}
	start := time.Now()
	for n < total {
		next := min(total-n, batchOut)
		if p.Rate > 0 && p.Rate < fastest {
			passed := time.Since(start)
			due := uint64(passed.Seconds()*p.Rate) + 1
			if due <= n {
				if err := s.clock.wait(ctx, max(dueAt(n, p.Rate)-passed, time.Microsecond)); err != nil {
					return n, err
				}
				continue
			}
			next = min(next, due-n)
		}
		at := n % uint64(len(round))
		sent, err := s.Send(ctx, round[at:min(at+next, uint64(len(round)))])
		n += uint64(sent)
		if err != nil {
			return n, err
		}
	}
	return n, nil
}

// Replay sends frames at the times that they have, or as a timing says, until
// there are no more or ctx is done. A frame and its bytes need be valid only until
// the next is asked for; up to 64 that are due may be kept until then. It returns
// how many have left.
func (s *Sender) Replay(ctx context.Context, frames iter.Seq2[*Frame, error], t Timing) (n uint64, err error) {
	r := replay{sender: s, refused: t.Refused, queue: make([]Frame, 0, batchOut)}
	plan := schedule{Timing: t}
	start := time.Now()
	for f, err := range frames {
		if err != nil {
			return r.n, errors.Join(r.flush(ctx), err)
		}
		due := plan.due(f.Time)
		if due > time.Since(start) || len(r.queue) == batchOut {
			if err := r.flush(ctx); err != nil {
				return r.n, err
			}
			if err := s.clock.wait(ctx, due-time.Since(start)); err != nil {
				return r.n, err
			}
		}
		r.keep(f)
	}
	err = r.flush(ctx)
	return r.n, err
}

// A replay is one that is under way.
type replay struct {
	sender  *Sender
	refused func(*Frame, error) error
	queue   []Frame // that are due, with bytes of their own
	n       uint64  // frames that have left
}

// keep copies a frame to the end of the queue.
func (r *replay) keep(f *Frame) {
	i := len(r.queue)
	r.queue = r.queue[:i+1]
	own := append(r.queue[i].Data[:0], f.Data...)
	r.queue[i] = *f
	r.queue[i].Data = own
}

// flush sends the queue.
func (r *replay) flush(ctx context.Context) error {
	for at := 0; at < len(r.queue); {
		sent, err := r.sender.Send(ctx, r.queue[at:])
		r.n += uint64(sent)
		at += sent
		if err == nil {
			break
		}
		var long *TooLongError
		var bad *BadFrameError
		var full *NoRoomError
		if r.refused == nil || !errors.As(err, &long) && !errors.As(err, &bad) && !errors.As(err, &full) {
			return err
		}
		if err := r.refused(&r.queue[at], err); err != nil {
			return err
		}
		at++
	}
	r.queue = r.queue[:0]
	return nil
}
