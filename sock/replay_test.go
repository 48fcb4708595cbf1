//go:build linux

package sock_test

import (
	"bytes"
	"context"
	"errors"
	"iter"
	"slices"
	"testing"
	"time"

	"golang.org/x/sys/unix"

	"pkl/sock"
)

// reused gives frames as a reader of capture files does: in one buffer.
func reused(frames []sock.Frame) iter.Seq2[*sock.Frame, error] {
	return func(yield func(*sock.Frame, error) bool) {
		var buf []byte
		for _, f := range frames {
			buf = append(buf[:0], f.Data...)
			f.Data = buf
			if !yield(&f, nil) {
				return
			}
			clear(buf)
		}
	}
}

// cpu is the processor time that this process has taken.
func cpu(t *testing.T) time.Duration {
	var u unix.Rusage
	if err := unix.Getrusage(unix.RUSAGE_SELF, &u); err != nil {
		t.Fatal(err)
	}
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}

// By the kernel's stamps, no frame arrives before it is due, 50 ms after the one
// before it; that they arrive in time is up to the machine. Waiting takes next to no
// processor time.
func TestReplaySpacing(t *testing.T) {
	const n = 21
	p := newPair(t)
	c := p.capture(p.b, sock.CaptureConfig{Iface: "v1", Promisc: true})
	s := p.sender(p.a, sock.SenderConfig{Iface: "v0"})
	var frames []sock.Frame
	for i := range n {
		frames = append(frames, sock.Frame{Data: numbered(i, 60+i), Time: 1_700_000_000_000_000_000 + int64(i)*100e6})
	}
	for _, timing := range []sock.Timing{{Speed: 2}, {Rate: 20, Speed: 99}, {Speed: 0.5, MaxGap: 25 * time.Millisecond}} { // 50 ms each
		before, start := cpu(t), time.Now().UnixNano()
		sent, err := s.Replay(t.Context(), reused(frames), timing)
		used := cpu(t) - before
		if sent != n || err != nil {
			t.Fatalf("%+v: %d %v", timing, sent, err)
		}
		all := p.take(c, n)
		if len(all) != n {
			t.Fatalf("%d frames arrived", len(all))
		}
		var gaps []int64
		for i, f := range all {
			if !bytes.Equal(f.Data, frames[i].Data) {
				t.Fatalf("frame %d is %x", i, f.Data)
			}
			if early := start + int64(i)*50e6 - f.Time; early > 0 {
				t.Errorf("%+v: frame %d is %d ns early", timing, i, early)
			}
			if i > 0 {
				gaps = append(gaps, f.Time-all[i-1].Time)
			}
		}
		slices.Sort(gaps)
		t.Logf("the median of the gaps is %d ns", gaps[len(gaps)/2])
		if used > time.Second/4 {
			t.Errorf("%+v: a second took %s of processor time", timing, used)
		}
	}
}

// Frames that cannot be sent are asked about; the others leave, in order.
func TestReplayRefused(t *testing.T) {
	p := newPair(t)
	c := p.capture(p.b, sock.CaptureConfig{Iface: "v1", Promisc: true})
	s := p.sender(p.a, sock.SenderConfig{Iface: "v0"})
	var frames []sock.Frame
	for i := range 200 {
		size := 60
		if i%10 == 3 {
			size = 2000
		}
		frames = append(frames, sock.Frame{Data: numbered(i, size)})
	}
	refused := 0
	sent, err := s.Replay(t.Context(), reused(frames), sock.Timing{Refused: func(f *sock.Frame, err error) error {
		var long *sock.TooLongError
		if !errors.As(err, &long) || !bytes.Equal(f.Data, frames[refused*10+3].Data) {
			t.Errorf("refused: %v %x", err, f.Data[:20])
		}
		refused++
		return nil
	}})
	if sent != 180 || refused != 20 || err != nil {
		t.Errorf("%d sent, %d refused, %v", sent, refused, err)
	}
	i := 0
	for _, f := range p.take(c, 180) {
		if i%10 == 3 {
			i++
		}
		if !bytes.Equal(f.Data, frames[i].Data) {
			t.Fatalf("frame %d: %x", i, f.Data)
		}
		i++
	}
	if i != 200 {
		t.Errorf("%d arrived", i)
	}
	sent, err = s.Replay(t.Context(), reused(frames), sock.Timing{})
	var long *sock.TooLongError
	if sent != 3 || !errors.As(err, &long) {
		t.Errorf("without Refused: %d %v", sent, err)
	}
	p.take(c, 3)
	broken := errors.New("file damaged")
	sent, err = s.Replay(t.Context(), func(yield func(*sock.Frame, error) bool) {
		yield(&frames[0], nil)
		yield(nil, broken)
	}, sock.Timing{Speed: 1})
	if sent != 1 || !errors.Is(err, broken) || len(p.take(c, 1)) != 1 {
		t.Errorf("damaged file: %d %v", sent, err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	time.AfterFunc(20*time.Millisecond, cancel)
	sent, err = s.Replay(ctx, reused([]sock.Frame{{Data: frames[0].Data}, {Data: frames[0].Data, Time: 1 << 62}}), sock.Timing{Speed: 1})
	if sent != 1 || !errors.Is(err, context.Canceled) {
		t.Errorf("stopped: %d %v", sent, err)
	}
}

// Waiting for frames takes next to no processor time.
func TestWaitCostsNothing(t *testing.T) {
	p := newPair(t)
	c := p.capture(p.b, sock.CaptureConfig{Iface: "v1", Promisc: true})
	before := cpu(t)
	if frames, err := c.Read(time.Now().Add(2 * time.Second)); len(frames) != 0 || err != nil {
		t.Error(frames, err)
	}
	if used := cpu(t) - before; used > 200*time.Millisecond {
		t.Errorf("two seconds took %s of processor time", used)
	}
}
