//go:build !linux

package nfq

import (
	"errors"
	"time"
)

var errLinux = errors.New("netfilter queues need Linux")

// ErrNoRight says that the kernel refuses verdicts.
var ErrNoRight = errors.New("the right to give verdicts is lost")

// An InUseError says that another process has the queue.
type InUseError struct {
	Queue  uint16
	PortID uint32
}

func (e *InUseError) Error() string { return errLinux.Error() }

// A Queue is one netfilter queue; here there are none.
type Queue struct{}

// Open fails: netfilter queues need Linux.
func Open(Config) (*Queue, error) { return nil, errLinux }

// Read fails.
func (*Queue) Read(time.Time) ([]Packet, error) { return nil, errLinux }

// Verdict does nothing.
func (*Queue) Verdict(*Packet, Verdict) {}

// Flush fails.
func (*Queue) Flush() error { return errLinux }

// Wake does nothing.
func (*Queue) Wake() {}

// Counts returns nothing.
func (*Queue) Counts() Counts { return Counts{} }

// Number is 0.
func (*Queue) Number() uint16 { return 0 }

// Close does nothing.
func (*Queue) Close() error { return nil }

// A KernelFile is where the kernel tells about its queues; here it does not.
type KernelFile struct{}

// OpenKernel fails.
func OpenKernel() (*KernelFile, error) { return nil, errLinux }

// Read fails.
func (*KernelFile) Read() ([]KernelQueue, error) { return nil, errLinux }

// Close does nothing.
func (*KernelFile) Close() error { return nil }

// Kernel fails.
func Kernel() ([]KernelQueue, error) { return nil, errLinux }
