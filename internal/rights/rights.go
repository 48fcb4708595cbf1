// Package rights gives up what a program does not need any more: capabilities,
// its user, the right to write to places, on all of its threads. There is no way
// back, for the program and for all that it starts.
package rights

import (
	"fmt"
	"os/user"
	"strconv"
)

// A Cap is a capability of Linux (capabilities(7)).
type Cap int

// The capabilities that a program which judges packets can need.
const (
	NetAdmin Cap = 12 // queues, firewall rules
	NetRaw   Cap = 13 // packet and raw sockets
)

// A Cut says what stays.
type Cut struct {
	// Keep are the capabilities that stay, as far as the program has them: in the
	// effective, the permitted, the inheritable and the bounding set. For a user
	// other than root they are ambient too, so that programs which this one
	// starts have them; those of root have them anyway.
	Keep []Cap
	// User, if not nil, is who the program is from now on.
	User *Account
	// Confine forbids, by Landlock, to make, change and remove files, except
	// below Writable and where programs on Linux must write (systemPaths).
	// Reading is not touched, nor files that are open already. A kernel without
	// Landlock forbids nothing: see [Landlock].
	Confine bool
	// Writable are folders, or files, that Confine excepts. They must be there.
	Writable []string
}

// An Account is a user with its groups.
type Account struct {
	Name     string
	UID, GID int
	Groups   []int
}

// Lookup finds an account by name or number. It is to be used before Apply, and
// reads /etc/passwd and /etc/group in a program without C.
func Lookup(name string) (*Account, error) {
	u, err := user.Lookup(name)
	if err != nil {
		if _, numeric := strconv.Atoi(name); numeric == nil {
			u, err = user.LookupId(name)
		}
	}
	if err != nil {
		return nil, fmt.Errorf("no user %s on this system: %w", name, err)
	}
	ids, err := u.GroupIds()
	if err != nil {
		return nil, fmt.Errorf("the groups of user %s: %w", name, err)
	}
	a := &Account{Name: u.Username}
	for _, n := range []struct {
		to   *int
		from string
	}{{&a.UID, u.Uid}, {&a.GID, u.Gid}} {
		if *n.to, err = strconv.Atoi(n.from); err != nil {
			return nil, fmt.Errorf("user %s has no number: %w", name, err)
		}
	}
	for _, id := range ids {
		n, err := strconv.Atoi(id)
		if err != nil {
			return nil, fmt.Errorf("a group of user %s has no number: %w", name, err)
		}
		a.Groups = append(a.Groups, n)
	}
	return a, nil
}
