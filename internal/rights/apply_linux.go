package rights

import (
	"fmt"
	"os"

	"github.com/landlock-lsm/go-landlock/landlock"
	ll "github.com/landlock-lsm/go-landlock/landlock/syscall"
	"golang.org/x/sys/unix"
	"kernel.org/pub/linux/libs/security/libcap/cap"
)

// Apply cuts the rights of all threads. On top of what c says, no program that
// this one starts gains rights by its file (no_new_privs), no core file is
// written, and only root can look into the memory: packets are in it. After an
// error part of the rights may be gone: the program should end.
//
// The bounding set can only be cut with CAP_SETPCAP. A program that was started
// without, as by a service manager with the few capabilities it needs, keeps its
// bounding set; no_new_privs makes that of no use.
func (c Cut) Apply() error {
	keep, err := c.kept()
	if err != nil {
		return err
	}
	for _, step := range []struct {
		what string
		do   func() error
	}{
		{"Landlock", c.confine}, // opens paths, which the user to be may not reach
		{"the bounding set", func() error { return cutBounds(keep) }},
		{"user", c.become},
		{"capabilities", func() error { return set(keep) }},
		{"no_new_privs", func() error { return prctl(unix.PR_SET_NO_NEW_PRIVS, 1) }},
		{"memory", seal},
	} {
		if err := step.do(); err != nil {
			return fmt.Errorf("giving up rights: %s: %w", step.what, err)
		}
	}
	return nil
}

// kept are the capabilities that stay: of those wanted the ones that are there.
func (c Cut) kept() (keep []cap.Value, err error) {
	have := cap.GetProc()
	for _, k := range c.Keep {
		v := cap.Value(k)
		permitted, err := have.GetFlag(cap.Permitted, v)
		if err != nil {
			return nil, fmt.Errorf("capability %d: %w", k, err)
		}
		if bound, err := cap.GetBound(v); err == nil && bound && permitted {
			keep = append(keep, v)
		}
	}
	return keep, nil
}

// cutBounds takes all other capabilities from the bounding set.
func cutBounds(keep []cap.Value) error {
	if able, err := cap.GetProc().GetFlag(cap.Effective, cap.SETPCAP); err != nil || !able {
		return err
	}
	stays := map[cap.Value]bool{}
	for _, v := range keep {
		stays[v] = true
	}
	for v := cap.Value(0); v < cap.MaxBits(); v++ {
		if bound, err := cap.GetBound(v); err != nil || !bound || stays[v] {
			continue
		}
		if err := cap.DropBound(v); err != nil {
			return err
		}
	}
	return nil
}

// become changes the user. Both calls keep the permitted set.
func (c Cut) become() error {
	if c.User == nil {
		return nil
	}
	err := cap.SetGroups(c.User.GID, c.User.Groups...)
	if err == nil {
		err = cap.SetUID(c.User.UID)
	}
	if err != nil {
		return fmt.Errorf("%s: %w (this needs root)", c.User.Name, err)
	}
	return nil
}

// set makes the capabilities all that there are.
func set(keep []cap.Value) error {
	caps := cap.NewSet()
	for _, flag := range []cap.Flag{cap.Permitted, cap.Effective, cap.Inheritable} {
		if err := caps.SetFlag(flag, true, keep...); err != nil {
			return err
		}
	}
	// Before, as what is ambient must be inheritable too, and what is no longer
	// that falls out by itself.
	if err := cap.ResetAmbient(); err != nil {
		return err
	}
	if err := caps.SetProc(); err != nil {
		return err
	}
	if os.Geteuid() == 0 {
		return nil
	}
	return cap.SetAmbient(true, keep...)
}

// seal keeps the memory from others: ptrace, /proc/PID/mem, core files.
func seal() error {
	if err := unix.Setrlimit(unix.RLIMIT_CORE, &unix.Rlimit{}); err != nil {
		return err
	}
	return prctl(unix.PR_SET_DUMPABLE, 0)
}

// prctl sets something for all threads.
func prctl(option, value uintptr) error {
	_, err := cap.Prctlw(option, value)
	return err
}

// written are the rights that Confine takes. What a kernel does not know of
// them is left out there.
const written = landlock.AccessFSSet(ll.AccessFSWriteFile | ll.AccessFSRemoveDir | ll.AccessFSRemoveFile |
	ll.AccessFSMakeChar | ll.AccessFSMakeDir | ll.AccessFSMakeReg | ll.AccessFSMakeSock | ll.AccessFSMakeFifo |
	ll.AccessFSMakeBlock | ll.AccessFSMakeSym | ll.AccessFSTruncate)

// systemPaths must stay writable: devices that hold nothing, terminals, the lock
// of iptables. Not /proc: /proc/sys is there, and a root without capabilities
// could still write a core_pattern, which is a program that runs with all of
// them.
func systemPaths() []string {
	return []string{"/dev/null", "/dev/zero", "/dev/full", "/dev/tty", "/dev/pts", "/run/xtables.lock"}
}

// confine restricts writing.
func (c Cut) confine() error {
	if !c.Confine {
		return nil
	}
	var rules []landlock.Rule
	for _, name := range systemPaths() {
		if rule, err := writable(name); err == nil {
			rules = append(rules, rule)
		}
	}
	for _, name := range c.Writable {
		rule, err := writable(name)
		if err != nil {
			return err
		}
		rules = append(rules, rule)
	}
	return landlock.Config{HandledAccessFS: written}.BestEffort().RestrictPaths(rules...)
}

// writable excepts a folder with all below it, or a file.
func writable(name string) (landlock.Rule, error) {
	info, err := os.Stat(name)
	if err != nil {
		return nil, err
	}
	if info.IsDir() {
		return landlock.RWDirs(name), nil
	}
	return landlock.RWFiles(name), nil
}

// Landlock reports whether the kernel can do what Confine asks for.
func Landlock() bool {
	version, err := ll.LandlockGetABIVersion()
	return err == nil && version > 0
}
