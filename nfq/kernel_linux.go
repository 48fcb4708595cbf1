package nfq

import (
	"errors"
	"io"
	"io/fs"
	"os"
)

// A KernelFile is where the kernel tells about the queues that are bound in a
// network namespace. It stays readable when rights are given up.
type KernelFile struct{ f *os.File }

// OpenKernel opens the file of the caller's network namespace.
func OpenKernel() (*KernelFile, error) {
	f, err := os.Open("/proc/thread-self/net/netfilter/nfnetlink_queue")
	if errors.Is(err, fs.ErrNotExist) {
		return nil, errNoModule
	}
	if err != nil {
		return nil, err
	}
	return &KernelFile{f}, nil
}

// Read returns the kernel's figures as they are now. Any goroutine may call it.
func (k *KernelFile) Read() ([]KernelQueue, error) {
	text, err := io.ReadAll(io.NewSectionReader(k.f, 0, 1<<20))
	if err != nil {
		return nil, err
	}
	return parseProc(string(text))
}

// Close closes the file.
func (k *KernelFile) Close() error { return k.f.Close() }

// Kernel returns the kernel's figures of all queues of the caller's network
// namespace that are bound.
func Kernel() ([]KernelQueue, error) {
	k, err := OpenKernel()
	if err != nil {
		return nil, err
	}
	defer k.Close()
	return k.Read()
}
