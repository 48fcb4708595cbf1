// Package netns makes small networks of Linux network namespaces, joined by
// pairs of virtual Ethernet devices, for tests and for pkl demo. It works over
// the ip command of iproute2 and never touches an interface, an address or a
// route of the namespace that the program itself runs in.
//
//	lab, err := netns.New("pkl-demo")
//	defer lab.Close()
//	a, err := lab.Namespace("a")
//	b, err := lab.Namespace("b")
//	err = lab.Veth(netns.End{NS: a, Dev: "eth0", Addrs: []string{"10.9.0.1/24"}},
//		netns.End{NS: b, Dev: "eth0", Addrs: []string{"10.9.0.2/24"}})
//	out, err := a.Run(ctx, "ping", "-c", "1", "10.9.0.2")
//
// Package netlab wraps it for tests.
package netns

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"runtime"
	"strconv"
	"strings"
	"sync"
	"time"
)

// folder is where ip keeps the names of namespaces.
const folder = "/run/netns"

// patience bounds each command that a lab itself runs.
const patience = 30 * time.Second

// A Lab is a set of namespaces that are removed together. Its methods may be
// called from several goroutines.
type Lab struct {
	name string // PREFIX-PID-RANDOM, what the names of its namespaces begin with

	mu  sync.Mutex
	all []*Namespace
}

// A Namespace is a network namespace of a lab. Its loopback device is up, and
// addresses are usable as soon as they are there (no duplicate address
// detection).
type Namespace struct {
	// Name is what the ip command knows it by.
	Name string

	file *os.File
}

// New starts a lab without namespaces. The names of its namespaces begin with
// prefix and hold the number of this process. Namespaces with the same prefix
// whose process has ended, because it was killed, are removed.
func New(prefix string) (*Lab, error) {
	switch {
	case runtime.GOOS != "linux":
		return nil, fmt.Errorf("network namespaces: %w on %s", errors.ErrUnsupported, runtime.GOOS)
	case os.Geteuid() != 0:
		return nil, fmt.Errorf("network namespaces: %w: this needs root", os.ErrPermission)
	case prefix == "" || strings.ContainsAny(prefix, "/ "):
		return nil, fmt.Errorf("network namespaces: %q cannot begin their names", prefix)
	}
	if _, err := exec.LookPath("ip"); err != nil {
		return nil, fmt.Errorf("network namespaces need the ip command (Debian: apt install iproute2): %w", err)
	}
	if err := sweep(prefix); err != nil {
		return nil, err
	}
	unique := make([]byte, 3)
	rand.Read(unique) // never fails
	return &Lab{name: fmt.Sprintf("%s-%d-%x", prefix, os.Getpid(), unique)}, nil
}

// sweep removes what labs of processes that are gone have left.
func sweep(prefix string) error {
	entries, err := os.ReadDir(folder)
	if errors.Is(err, os.ErrNotExist) {
		return nil
	} else if err != nil {
		return err
	}
	own := regexp.MustCompile("^" + regexp.QuoteMeta(prefix) + `-(\d+)-[0-9a-f]{6}-`)
	for _, e := range entries {
		m := own.FindStringSubmatch(e.Name())
		if m == nil {
			continue
		}
		if pid, err := strconv.Atoi(m[1]); err != nil || alive(pid) {
			continue
		}
		// Another process may sweep at the same time: what is gone is no error.
		if err := remove(e.Name()); err != nil && exists(e.Name()) {
			return err
		}
	}
	return nil
}

func exists(name string) bool {
	_, err := os.Lstat(filepath.Join(folder, name))
	return err == nil
}

// Namespace makes a namespace. The name is for people, and for use by ip: it
// becomes the end of a longer one that is unique.
func (l *Lab) Namespace(name string) (*Namespace, error) {
	ns := &Namespace{Name: l.name + "-" + name}
	if _, err := ip("netns", "add", ns.Name); err != nil {
		return nil, err
	}
	l.mu.Lock()
	l.all = append(l.all, ns)
	l.mu.Unlock()
	var err error
	if ns.file, err = os.Open(ns.Path()); err != nil {
		return nil, err
	}
	for _, conf := range []string{"all", "default"} {
		if err := ns.Sysctl("net/ipv6/conf/"+conf+"/accept_dad", "0"); err != nil && !errors.Is(err, os.ErrNotExist) {
			return nil, err
		}
	}
	_, err = ip("-n", ns.Name, "link", "set", "lo", "up")
	return ns, err
}

// Close ends what still runs in the lab's namespaces and removes them. Sockets
// that this program holds open in one keep it alive, without a name, until they
// are closed. It may be called more than once.
func (l *Lab) Close() error {
	l.mu.Lock()
	all := l.all
	l.all = nil
	l.mu.Unlock()
	var errs []error
	for _, ns := range all {
		if ns.file != nil {
			errs = append(errs, ns.file.Close())
		}
		errs = append(errs, remove(ns.Name))
	}
	return errors.Join(errs...)
}

// remove kills what runs in a namespace and removes it.
func remove(name string) error {
	for until := time.Now().Add(patience); ; time.Sleep(10 * time.Millisecond) {
		pids, err := ip("netns", "pids", name)
		if err != nil {
			return err
		}
		left := kill(strings.Fields(pids))
		if left == 0 {
			break
		}
		if time.Now().After(until) {
			return fmt.Errorf("%d processes in namespace %s cannot be ended", left, name)
		}
	}
	_, err := ip("netns", "del", name)
	return err
}

// kill kills processes, this one excepted, and says how many it tried.
func kill(pids []string) (n int) {
	for _, text := range pids {
		pid, err := strconv.Atoi(text)
		if err != nil || pid == os.Getpid() {
			continue
		}
		if p, err := os.FindProcess(pid); err == nil {
			p.Kill() // one that has ended meanwhile is what is wanted
			n++
		}
	}
	return n
}

// Path is the file that stands for the namespace.
func (ns *Namespace) Path() string { return filepath.Join(folder, ns.Name) }

// Fd is an open descriptor of the namespace, until the lab is closed: what
// setns, and libraries that open sockets in another namespace, want.
func (ns *Namespace) Fd() int { return int(ns.file.Fd()) }

// Command prepares a program that runs in the namespace. Its process is the
// program's own: signals reach it, and so does the end of ctx.
func (ns *Namespace) Command(ctx context.Context, name string, args ...string) *exec.Cmd {
	cmd := exec.CommandContext(ctx, "ip", append([]string{"netns", "exec", ns.Name, name}, args...)...)
	cmd.WaitDelay = 5 * time.Second // not for ever, where a grandchild holds the output open
	return cmd
}

// Run runs a program in the namespace and returns what it wrote, to stdout and
// stderr alike; an error holds it too.
func (ns *Namespace) Run(ctx context.Context, name string, args ...string) (string, error) {
	return output(ns.Command(ctx, name, args...), name, args)
}

// Sysctl sets a variable, named by its path below /proc/sys, in the namespace.
// Those below net belong to the namespace, others to the whole machine: they are
// refused.
func (ns *Namespace) Sysctl(name, value string) error {
	if !filepath.IsLocal(name) || !strings.HasPrefix(filepath.Clean(name), "net/") {
		return fmt.Errorf("%s is not a variable of a network namespace", name)
	}
	return ns.Do(func() error { return os.WriteFile("/proc/sys/"+name, []byte(value), 0) })
}

// ip runs the ip command.
func ip(args ...string) (string, error) {
	ctx, cancel := context.WithTimeout(context.Background(), patience)
	defer cancel()
	return output(exec.CommandContext(ctx, "ip", args...), "ip", args)
}

// output runs a command that error messages call name and args.
func output(cmd *exec.Cmd, name string, args []string) (string, error) {
	out, err := cmd.CombinedOutput()
	if err != nil {
		err = fmt.Errorf("%s: %w: %s", strings.Join(append([]string{name}, args...), " "), err, strings.TrimSpace(string(out)))
	}
	return string(out), err
}
