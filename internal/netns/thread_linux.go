package netns

import (
	"errors"
	"fmt"
	"runtime"

	"golang.org/x/sys/unix"
)

// Do calls f on a thread that is in the namespace: sockets that f opens belong
// to it, and stay so. The thread ends with f. Goroutines that f starts are
// elsewhere. /proc/net is that of the program's first thread: in f the
// namespace's is /proc/thread-self/net. As f runs in a goroutine of its own, it
// must not call the FailNow, Fatal or Skip of a test.
func (ns *Namespace) Do(f func() error) error {
	done := make(chan error, 1)
	go ns.do(f, done)
	return <-done
}

// do locks its goroutine to the thread and never unlocks it, so that the thread
// ends instead of being used again.
func (ns *Namespace) do(f func() error, done chan<- error) {
	runtime.LockOSThread()
	if unix.Gettid() == unix.Getpid() {
		// The first thread stands for the process in /proc and cannot end. While
		// it is held here, the next goroutine gets another.
		defer runtime.UnlockOSThread()
		done <- ns.Do(f)
		return
	}
	err := errors.New("the function ended its goroutine")
	defer func() { done <- err }()
	if e := unix.Setns(ns.Fd(), unix.CLONE_NEWNET); e != nil {
		err = fmt.Errorf("entering namespace %s: %w", ns.Name, e)
		return
	}
	err = f()
}

// alive reports whether a process is there.
func alive(pid int) bool { return !errors.Is(unix.Kill(pid, 0), unix.ESRCH) }
