//go:build linux

// Command flood sends UDP packets to one address as fast as it can, many with one sendmmsg, and prints how many it has
// sent.
//
//	flood -n 50000 10.9.2.2:9
//	flood -for 3s 10.9.2.2:9
package main

import (
	"errors"
	"flag"
	"fmt"
	"net/netip"
	"os"
	"time"
	"unsafe"

	"golang.org/x/sys/unix"
)

const batch = 64 // packets a sendmmsg

func main() {
	n := flag.Int("n", 1<<62, "packets to send at most")
	limit := flag.Duration("for", time.Hour, "how long to send at most")
	size := flag.Int("size", 64, "bytes of payload")
	buffer := flag.Int("buffer", 0, "bytes of packets that were sent and are not through yet, at most; 0: as the kernel has it")
	flag.Parse()
	sent, err := flood(flag.Arg(0), *n, *limit, *size, *buffer)
	if err != nil {
		fmt.Fprintln(os.Stderr, "flood:", err)
		os.Exit(1)
	}
	fmt.Println(sent)
}

// A message is struct mmsghdr.
type message struct {
	unix.Msghdr
	len uint32
	_   [4]byte
}

// flood sends to an address of IPv4, and returns the number of packets that were taken.
func flood(to string, n int, limit time.Duration, size, buffer int) (sent int, err error) {
	addr, err := netip.ParseAddrPort(to)
	if err != nil {
		return 0, err
	}
	if !addr.Addr().Is4() || size < 1 {
		return 0, errors.New("need an address of IPv4 and a payload")
	}
	fd, err := unix.Socket(unix.AF_INET, unix.SOCK_DGRAM, 0)
	if err != nil {
		return 0, err
	}
	defer unix.Close(fd)
	if err := unix.Connect(fd, &unix.SockaddrInet4{Port: int(addr.Port()), Addr: addr.Addr().As4()}); err != nil {
		return 0, err
	}
	if buffer > 0 {
		if err := unix.SetsockoptInt(fd, unix.SOL_SOCKET, unix.SO_SNDBUFFORCE, buffer); err != nil {
			return 0, err
		}
	}
	payload := make([]byte, size)
	for i := range payload {
		payload[i] = 'a' + byte(i%26)
	}
	vector := unix.Iovec{Base: &payload[0]}
	vector.SetLen(size)
	messages := make([]message, batch)
	for i := range messages {
		messages[i].Iov = &vector
		messages[i].SetIovlen(1)
	}
	for end := time.Now().Add(limit); sent < n && time.Now().Before(end); {
		k, _, errno := unix.Syscall6(unix.SYS_SENDMMSG, uintptr(fd), uintptr(unsafe.Pointer(&messages[0])), uintptr(min(batch, n-sent)), 0, 0, 0)
		switch errno {
		case 0:
			sent += int(k)
		case unix.EINTR, unix.EAGAIN, unix.ENOBUFS, unix.ECONNREFUSED:
		default:
			return sent, errno
		}
	}
	return sent, nil
}
