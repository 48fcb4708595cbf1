package sock

import (
	"context"
	"errors"
	"os"
	"syscall"
	"time"

	"golang.org/x/sys/unix"
)

// A clock waits for points in time more exactly than the timers of the runtime,
// which count in milliseconds where nothing else goes on: it is a timerfd.
type clock struct {
	file  *os.File
	raw   syscall.RawConn
	ready func(fd uintptr) bool
}

func newClock() (*clock, error) {
	fd, err := unix.TimerfdCreate(unix.CLOCK_MONOTONIC, unix.TFD_CLOEXEC|unix.TFD_NONBLOCK)
	if err != nil {
		return nil, err
	}
	c := &clock{file: os.NewFile(uintptr(fd), "timer")}
	var expired [8]byte
	c.ready = func(fd uintptr) bool {
		_, err := unix.Read(int(fd), expired[:])
		return err != unix.EAGAIN
	}
	if c.raw, err = c.file.SyscallConn(); err != nil {
		c.file.Close()
		return nil, err
	}
	return c, nil
}

func (c *clock) close() { c.file.Close() }

// leastWait bounds how often a sender wakes: at high rates it sends what has become
// due meanwhile together.
const leastWait = 100 * time.Microsecond

// wait waits for d, but for leastWait at least, or until ctx is done: then it
// returns why.
func (c *clock) wait(ctx context.Context, d time.Duration) error {
	if d <= 0 {
		return context.Cause(ctx)
	}
	d = max(d, leastWait)
	spec := unix.ItimerSpec{Value: unix.NsecToTimespec(int64(d))}
	var failed error
	if err := c.raw.Control(func(fd uintptr) { failed = unix.TimerfdSettime(int(fd), 0, &spec, nil) }); err != nil || failed != nil {
		return errors.Join(err, failed)
	}
	for {
		if err := c.file.SetReadDeadline(time.Time{}); err != nil {
			return err
		}
		stop := context.AfterFunc(ctx, func() { c.file.SetReadDeadline(time.Unix(1, 0)) })
		err := c.raw.Read(c.ready)
		stop()
		if !errors.Is(err, os.ErrDeadlineExceeded) {
			return err
		}
		if err := context.Cause(ctx); err != nil {
			return err
		} // else the deadline was one of a ctx before
	}
}
