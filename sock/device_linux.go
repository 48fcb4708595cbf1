package sock

import (
	"context"
	"errors"
	"fmt"
	"time"

	"golang.org/x/sys/unix"
)

// A device is an interface as the kernel has it now.
type device struct {
	name   string
	index  int
	arphrd uint16
	up     bool
	mtu    int
}

// deviceOf asks about an interface, in the network namespace of the socket fd.
func deviceOf(fd int, name string) (device, error) {
	d := device{name: name}
	for _, q := range []struct {
		request uint
		take    func(*unix.Ifreq)
	}{
		{unix.SIOCGIFINDEX, func(r *unix.Ifreq) { d.index = int(r.Uint32()) }},
		{unix.SIOCGIFHWADDR, func(r *unix.Ifreq) { d.arphrd = r.Uint16() }},
		{unix.SIOCGIFMTU, func(r *unix.Ifreq) { d.mtu = int(r.Uint32()) }},
		{unix.SIOCGIFFLAGS, func(r *unix.Ifreq) { d.up = r.Uint16()&unix.IFF_UP != 0 }},
	} {
		r, err := unix.NewIfreq(name) // refuses what is longer than any name
		if err == nil {
			err = unix.IoctlIfreq(fd, q.request, r)
		}
		if name == "" || errors.Is(err, unix.ENODEV) || errors.Is(err, unix.ENXIO) || errors.Is(err, unix.EINVAL) {
			return d, &NoInterfaceError{name}
		} else if err != nil {
			return d, fmt.Errorf("interface %s: %w", name, err)
		}
		q.take(r)
	}
	return d, nil
}

// find is deviceOf in the caller's network namespace. It needs no rights, so that
// an unknown interface is told before a missing right.
func find(name string) (device, error) {
	fd, err := unix.Socket(unix.AF_INET, unix.SOCK_DGRAM|unix.SOCK_CLOEXEC, 0)
	if err != nil {
		return device{}, err
	}
	defer unix.Close(fd)
	return deviceOf(fd, name)
}

// nameOf is the name of the interface with an index; "" if there is none.
func nameOf(fd, index int) string {
	r, err := unix.NewIfreq("")
	if err != nil {
		return ""
	}
	r.SetUint32(uint32(index))
	if unix.IoctlIfreq(fd, unix.SIOCGIFNAME, r) != nil {
		return ""
	}
	return r.Name()
}

// down tells why frames do not pass an interface that a socket was bound to.
func down(fd int, was device) *DownError {
	now, err := deviceOf(fd, was.name)
	return &DownError{Iface: was.name, Removed: err != nil || now.index != was.index}
}

// untilUp asks for a device again and again until it is there and up.
func untilUp(ctx context.Context, ask func() (device, error)) (device, error) {
	const often = 100 * time.Millisecond
	tick := time.NewTicker(often)
	defer tick.Stop()
	for {
		d, err := ask()
		var none *NoInterfaceError
		if err == nil && d.up {
			return d, nil
		} else if err != nil && !errors.As(err, &none) {
			return d, err
		}
		select {
		case <-ctx.Done():
			return d, context.Cause(ctx)
		case <-tick.C:
		}
	}
}

// packetSocket makes a packet socket that receives nothing until it is bound.
func packetSocket(typ int) (fd int, err error) {
	fd, err = unix.Socket(unix.AF_PACKET, typ|unix.SOCK_CLOEXEC, 0)
	return fd, rights(err)
}

// rights explains a missing right.
func rights(err error) error {
	if errors.Is(err, unix.EPERM) || errors.Is(err, unix.EACCES) {
		return ErrNoRight
	}
	if errors.Is(err, unix.EAFNOSUPPORT) {
		return fmt.Errorf("the kernel has no packet sockets (CONFIG_PACKET): %w", err)
	}
	return err
}

// bindTo binds a packet socket to an interface (index 0: all); protocol 0
// receives nothing.
func bindTo(fd, index int, protocol uint16) error {
	return unix.Bind(fd, &unix.SockaddrLinklayer{Protocol: protocol>>8 | protocol<<8, Ifindex: index})
}
