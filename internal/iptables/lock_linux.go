package iptables

import (
	"context"
	"errors"
	"fmt"
	"os"
	"syscall"
	"time"
)

// lockName is the file that iptables without nf_tables locks while it changes
// rules. It makes it for root alone: who may open it can keep all others out.
const lockName = "/run/xtables.lock"

// lockEvery is how often a lock that somebody has is asked for.
const lockEvery = 20 * time.Millisecond

// openLock opens the lock, and makes it if it is not there yet.
func openLock() (*os.File, error) { return os.OpenFile(lockName, os.O_RDONLY|os.O_CREATE, 0o600) }

// hold takes a lock, and returns how to give it back.
func hold(ctx context.Context, f *os.File) (release func(), err error) {
	ctx, cancel := context.WithTimeout(ctx, lockWait*time.Second)
	defer cancel()
	for {
		err := syscall.Flock(int(f.Fd()), syscall.LOCK_EX|syscall.LOCK_NB)
		if err == nil {
			return func() { syscall.Flock(int(f.Fd()), syscall.LOCK_UN) }, nil
		}
		if err != syscall.EWOULDBLOCK && err != syscall.EINTR {
			return nil, &os.PathError{Op: "lock", Path: f.Name(), Err: err}
		}
		select {
		case <-time.After(lockEvery):
		case <-ctx.Done():
			if errors.Is(ctx.Err(), context.Canceled) {
				return nil, fmt.Errorf("iptables: %w", ctx.Err())
			}
			return nil, &toolError{"iptables", locked, "another process holds the xtables lock, " + lockName}
		}
	}
}
