package sock

import (
	"context"
	"encoding/binary"
	"io/fs"
	"os"
	"sync/atomic"
	"syscall"

	"golang.org/x/sys/unix"
)

// A waker ends what waits for a socket: it is an eventfd.
type waker struct {
	file   *os.File
	raw    syscall.RawConn
	closed atomic.Bool
}

func newWaker() (*waker, error) {
	fd, err := unix.Eventfd(0, unix.EFD_CLOEXEC)
	if err != nil {
		return nil, err
	}
	w := &waker{file: os.NewFile(uintptr(fd), "waker")}
	w.raw, err = w.file.SyscallConn()
	return w, err
}

// wake ends a wait, or else the next.
func (w *waker) wake() {
	one := binary.NativeEndian.AppendUint64(nil, 1)
	w.raw.Control(func(fd uintptr) { unix.Write(int(fd), one) })
}

// wait waits until a socket has one of the events or an error, for some
// milliseconds (-1: without end), or until ctx is done: then it returns why. It may
// return early.
func (w *waker) wait(ctx context.Context, socket syscall.RawConn, events int16, ms int) error {
	stop := context.AfterFunc(ctx, w.wake)
	defer stop()
	if w.closed.Load() {
		return fs.ErrClosed
	}
	err := socket.Control(func(fd uintptr) {
		w.raw.Control(func(own uintptr) {
			fds := []unix.PollFd{{Fd: int32(own), Events: unix.POLLIN}, {Fd: int32(fd), Events: events}}
			if n, err := unix.Poll(fds, ms); n > 0 && err == nil && fds[0].Revents != 0 {
				unix.Read(int(own), make([]byte, 8))
			}
		})
	})
	switch {
	case err != nil:
		return err
	case w.closed.Load():
		return fs.ErrClosed
	}
	return context.Cause(ctx)
}

// close ends a wait for good.
func (w *waker) close() {
	w.closed.Store(true)
	w.wake()
	w.file.Close()
}
