package sock

import (
	"cmp"
	"errors"
	"fmt"
	"io/fs"
	"net/netip"
	"syscall"
)

// ErrNoRight says that packet and raw sockets are not permitted. It is a
// fs.ErrPermission too.
var ErrNoRight = fmt.Errorf("no right to open packet or raw sockets: run as root, or with CAP_NET_RAW (%w)", fs.ErrPermission)

// A NoInterfaceError says that there is no interface of that name.
type NoInterfaceError struct{ Iface string }

func (e *NoInterfaceError) Error() string {
	return fmt.Sprintf("there is no interface %q (ip link shows them)", e.Iface)
}

func (e *NoInterfaceError) Unwrap() error { return syscall.ENODEV }

// A DownError says that an interface is down, or was removed: see
// Capture.Attach and Sender.Attach, which wait until it is back.
type DownError struct {
	Iface   string
	Removed bool
}

func (e *DownError) Error() string {
	if e.Removed {
		return fmt.Sprintf("interface %s was removed", e.Iface)
	}
	return fmt.Sprintf("interface %s is down (ip link set %s up)", e.Iface, e.Iface)
}

func (e *DownError) Unwrap() error { return syscall.ENETDOWN }

// A TooLongError says that a frame or packet does not fit the interface.
type TooLongError struct {
	Iface string // "": not known
	Len   int    // bytes of the frame (layer 2) or packet (layer 3)
	MTU   int    // bytes that the interface carries above its link header; 0: not known
}

func (e *TooLongError) Error() string {
	s := fmt.Sprintf("%d bytes are too long", e.Len)
	if e.Iface != "" {
		s += " for " + e.Iface
	}
	if e.MTU > 0 {
		s += fmt.Sprintf(", whose MTU is %d", e.MTU)
	}
	return s
}

func (e *TooLongError) Unwrap() error { return syscall.EMSGSIZE }

// A NoRouteError says that the kernel knows no way to an address.
type NoRouteError struct {
	Dst netip.Addr
	Err error // what the kernel said: ENETUNREACH, EHOSTUNREACH, EACCES
}

func (e *NoRouteError) Error() string {
	if e.Err == syscall.EINVAL {
		return fmt.Sprintf("no route to %s: it is a black hole", e.Dst)
	}
	return fmt.Sprintf("no route to %s: %v", e.Dst, e.Err)
}

func (e *NoRouteError) Unwrap() error { return e.Err }

// A LinkTypeError says that frames of an interface have a header that no link
// type is known for.
type LinkTypeError struct {
	Iface  string
	ARPHRD uint16 // hardware type (linux/if_arp.h)
}

func (e *LinkTypeError) Error() string {
	return fmt.Sprintf("interface %s has hardware type %d, whose frames cannot be read; capture on %q, which gives them a cooked header", e.Iface, e.ARPHRD, Any)
}

// A NoRoomError says that an interface did not take a frame for as long as it was
// waited for (SenderConfig.Patience).
type NoRoomError struct {
	Iface string // "": not known
	Len   int    // bytes of the frame (layer 2) or packet (layer 3)
	Err   error
}

func (e *NoRoomError) Error() string {
	return fmt.Sprintf("%s takes no frame of %d bytes: its queue is full, or traffic control or the other end throws it away: %v", cmp.Or(e.Iface, "the interface"), e.Len, e.Err)
}

func (e *NoRoomError) Unwrap() error { return e.Err }

var errMalformed = errors.New("malformed block of the ring")

// A BadFrameError says that the kernel refuses a frame or packet as it is: it is
// shorter than its header, or has facts that do not fit it.
type BadFrameError struct {
	Len int // bytes of the frame
	Err error
}

func (e *BadFrameError) Error() string {
	return fmt.Sprintf("the kernel refuses a frame of %d bytes (shorter than its header, or with offload facts that do not fit): %v", e.Len, e.Err)
}

func (e *BadFrameError) Unwrap() error { return e.Err }
