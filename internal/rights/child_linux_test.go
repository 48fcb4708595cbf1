package rights

import (
	"bufio"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"testing"

	"golang.org/x/sys/unix"
)

// The tests cut the rights of a process of their own: this program, started
// with the name of a scenario in the environment.
const scenario = "PKL_RIGHTS_SCENARIO"

func TestMain(m *testing.M) {
	name := os.Getenv(scenario)
	if name == "" {
		os.Exit(m.Run())
	}
	if err := scenarios()[name](os.Args[1:]); err != nil {
		fmt.Println(err)
		os.Exit(1)
	}
}

// scenarios are what a child does, given its arguments. An error is a failure
// of the test.
func scenarios() map[string]func([]string) error {
	return map[string]func([]string) error{
		"threads":  threads,
		"root":     root,
		"raw":      raw,
		"children": children,
		"user":     changed,
		"iptables": ruleGoes,
		"confined": confined,
	}
}

// status reads the given lines of a /proc/…/status.
func status(file string, keys ...string) (string, error) {
	text, err := os.ReadFile(file)
	if err != nil {
		return "", err
	}
	var found []string
	for line := range strings.Lines(string(text)) {
		for _, k := range keys {
			if name, value, _ := strings.Cut(line, ":"); name == k {
				found = append(found, k+" "+strings.Join(strings.Fields(value), " "))
			}
		}
	}
	return strings.Join(found, ", "), nil
}

// threads cuts while many threads run, and prints what each then has: a count
// for each different answer.
func threads(args []string) error {
	c := Cut{Keep: []Cap{NetAdmin}}
	if len(args) > 0 {
		var err error
		if c.User, err = Lookup(args[0]); err != nil {
			return err
		}
	}
	hold := make(chan struct{})
	start := func(n int) {
		locked := make(chan struct{})
		for range n {
			go func() {
				runtime.LockOSThread()
				locked <- struct{}{}
				<-hold
			}()
			<-locked
		}
	}
	start(12)
	if err := c.Apply(); err != nil {
		return err
	}
	start(4)
	files, err := filepath.Glob("/proc/self/task/*/status")
	if err != nil || len(files) < 16 {
		return fmt.Errorf("%d threads, %w", len(files), err)
	}
	seen := map[string]bool{}
	for _, f := range files {
		s, err := status(f, "Uid", "Gid", "Groups", "CapInh", "CapPrm", "CapEff", "CapBnd", "CapAmb", "NoNewPrivs")
		if err != nil {
			return err
		}
		if !seen[s] {
			fmt.Println(s)
		}
		seen[s] = true
	}
	c.User = nil // there is no right any more to change it
	return c.Apply()
}

// root tries what a root without capabilities may and may not do. Args are a
// file of root and one of somebody else, which nobody else may read.
func root(args []string) error {
	if err := (Cut{Keep: []Cap{NetAdmin}}).Apply(); err != nil {
		return err
	}
	if _, err := os.ReadFile(args[0]); err != nil {
		return fmt.Errorf("root's file: %w", err)
	}
	if _, err := os.ReadFile(args[1]); !errors.Is(err, os.ErrPermission) {
		return fmt.Errorf("somebody else's file: %w", err)
	}
	if _, err := unix.Socket(unix.AF_PACKET, unix.SOCK_RAW, 0); err != unix.EPERM {
		return fmt.Errorf("a packet socket: %w", err)
	}
	if err := unix.Setuid(1); err != unix.EPERM {
		return fmt.Errorf("another user: %w", err)
	}
	if d, _ := unix.PrctlRetInt(unix.PR_GET_DUMPABLE, 0, 0, 0, 0); d != 0 {
		return fmt.Errorf("dumpable is %d", d)
	}
	var core unix.Rlimit
	if err := unix.Getrlimit(unix.RLIMIT_CORE, &core); err != nil || core.Max != 0 {
		return fmt.Errorf("core files may have %d bytes, %w", core.Max, err)
	}
	return nil
}

// raw keeps what packet sockets need.
func raw([]string) error {
	if err := (Cut{Keep: []Cap{NetAdmin, NetRaw}}).Apply(); err != nil {
		return err
	}
	fd, err := unix.Socket(unix.AF_PACKET, unix.SOCK_RAW, 0)
	if err != nil {
		return fmt.Errorf("a packet socket: %w", err)
	}
	return unix.Close(fd)
}

// children prints the capabilities of a program that is started afterwards.
func children(args []string) error {
	c := Cut{Keep: []Cap{NetAdmin}}
	if len(args) > 0 {
		var err error
		if c.User, err = Lookup(args[0]); err != nil {
			return err
		}
	}
	if err := c.Apply(); err != nil {
		return err
	}
	out, err := exec.Command("grep", "-E", "^(CapPrm|CapEff)", "/proc/self/status").CombinedOutput()
	fmt.Print(strings.ReplaceAll(string(out), ":\t", " "))
	return err
}

// changed is another user, for files.
func changed(args []string) error {
	account, err := Lookup(args[0])
	if err != nil {
		return err
	}
	if err := (Cut{User: account}).Apply(); err != nil {
		return err
	}
	if _, err := os.ReadFile(args[1]); !errors.Is(err, os.ErrPermission) {
		return fmt.Errorf("root's file: %w", err)
	}
	if _, err := os.ReadFile(args[2]); err != nil {
		return fmt.Errorf("a file of the user's group: %w", err)
	}
	if err := unix.Setuid(0); err != unix.EPERM {
		return fmt.Errorf("back to root: %w", err)
	}
	return nil
}

// ruleGoes inserts a rule, cuts, and removes the rule. Args are the tool, the
// capabilities beside NetAdmin, the user.
func ruleGoes(args []string) error {
	c := Cut{Keep: []Cap{NetAdmin}, Confine: true}
	if args[1] == "raw" {
		c.Keep = append(c.Keep, NetRaw)
	}
	if len(args) > 2 {
		var err error
		if c.User, err = Lookup(args[2]); err != nil {
			return err
		}
	}
	rule := []string{"INPUT", "-m", "comment", "--comment", "x", "-j", "NFQUEUE"}
	run := func(command string) error {
		out, err := exec.Command(args[0], append([]string{"-w", "10", command}, rule...)...).CombinedOutput()
		if err != nil {
			return fmt.Errorf("%s %s: %w: %s", args[0], command, err, out)
		}
		return nil
	}
	if err := run("-I"); err != nil {
		return err
	}
	if err := c.Apply(); err != nil {
		return err
	}
	if err := run("-D"); err != nil {
		return err
	}
	if run("-C") == nil {
		return errors.New("the rule is still there")
	}
	return nil
}

// confined tries to write in two folders, of which the first is excepted. In
// the other, a file was opened before.
func confined(args []string) error {
	in, out := args[0], args[1]
	opened, err := os.Create(filepath.Join(out, "opened"))
	if err != nil {
		return err
	}
	if err := (Cut{Confine: true, Writable: []string{in}}).Apply(); err != nil {
		return err
	}
	w := bufio.NewWriter(opened)
	w.WriteString("still")
	if err := errors.Join(w.Flush(), opened.Truncate(3)); err != nil {
		return fmt.Errorf("the file that was open: %w", err)
	}
	if err := errors.Join(os.WriteFile(filepath.Join(in, "a"), []byte("x"), 0o600), os.Mkdir(filepath.Join(in, "d"), 0o700),
		os.Rename(filepath.Join(in, "a"), filepath.Join(in, "b")), os.Remove(filepath.Join(in, "b")),
		os.WriteFile("/dev/null", []byte("x"), 0)); err != nil {
		return fmt.Errorf("where writing is allowed: %w", err)
	}
	if text, err := os.ReadFile(filepath.Join(out, "old")); err != nil || string(text) != "old" {
		return fmt.Errorf("reading: %q %w", text, err)
	}
	for what, err := range map[string]error{
		"new file": os.WriteFile(filepath.Join(out, "new"), nil, 0o600),
		"old file": os.WriteFile(filepath.Join(out, "old"), []byte("new"), 0o600),
		"truncate": os.Truncate(filepath.Join(out, "old"), 0),
		"remove":   os.Remove(filepath.Join(out, "old")),
		"folder":   os.Mkdir(filepath.Join(out, "d"), 0o700),
		"symlink":  os.Symlink("old", filepath.Join(out, "l")),
		"rename":   os.Rename(filepath.Join(out, "old"), filepath.Join(out, "older")),
		"take out": os.Rename(filepath.Join(out, "old"), filepath.Join(in, "old")),
		"core_pattern": func() error {
			f, err := os.OpenFile("/proc/sys/kernel/core_pattern", os.O_WRONLY, 0)
			if err == nil {
				f.Close()
			}
			return err
		}(),
		"child": exec.Command("sh", "-c", `echo x > "$0"`, filepath.Join(out, "child")).Run(),
	} {
		if err == nil {
			return fmt.Errorf("%s: allowed", what)
		}
		if !errors.Is(err, os.ErrPermission) && !errors.Is(err, unix.EXDEV) && what != "child" {
			return fmt.Errorf("%s: %w", what, err)
		}
	}
	return nil
}
