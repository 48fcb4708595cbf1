package watch

import (
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"testing"
)

// TestOverflow: events that the kernel has dropped are made up for by a look.
func TestOverflow(t *testing.T) {
	text, err := os.ReadFile("/proc/sys/fs/inotify/max_queued_events")
	ok(t, err)
	most, err := strconv.Atoi(strings.TrimSpace(string(text)))
	ok(t, err)
	if most > 1<<17 {
		t.Skipf("the kernel keeps %d events: too many to lose some", most)
	}
	dir := t.TempDir()
	name := filepath.Join(dir, "rules")
	ok(t, write(name, "one"))
	hold, held := make(chan struct{}), make(chan struct{})
	first := true
	looks := make(chan outcome, 10)
	w := start(func(err error) { t.Error(err) }, func(o outcome) {
		if first { // the Watcher takes no events while it is in here
			first = false
			close(held)
			<-hold
		}
		looks <- o
	})
	defer w.Close()
	ok(t, w.SetFiles([]string{name}), os.Chmod(name, 0o600))
	<-held
	for i := range most/2 + 1000 {
		other := filepath.Join(dir, strconv.Itoa(i%2))
		ok(t, write(other, ""), os.Remove(other))
	}
	ok(t, write(name, "two"))
	close(hold)
	r := &rig{Watcher: w, t: t, looks: looks}
	r.next(same)
	r.next(told)
	r.tells()
}

// TestLimits: where the system has no watches left, or no instances, files are
// polled, which is said once. It runs in a user namespace, which has limits of
// its own.
func TestLimits(t *testing.T) {
	for limit, want := range map[string]error{
		"max_inotify_instances": syscall.EMFILE,
		"max_inotify_watches":   syscall.ENOSPC,
	} {
		t.Run(limit, func(t *testing.T) {
			if os.Getenv("WATCH_LIMITS") != "" {
				testPolling(t, limit, want)
				return
			}
			cmd := exec.Command("/proc/self/exe", "-test.run", "^TestLimits$/^"+limit+"$", "-test.v")
			cmd.Env = append(os.Environ(), "WATCH_LIMITS=1")
			cmd.SysProcAttr = &syscall.SysProcAttr{
				Cloneflags:  syscall.CLONE_NEWUSER,
				UidMappings: []syscall.SysProcIDMap{{HostID: os.Getuid(), Size: 1}},
				GidMappings: []syscall.SysProcIDMap{{HostID: os.Getgid(), Size: 1}},
			}
			out, err := cmd.CombinedOutput()
			if errors.Is(err, os.ErrPermission) || errors.Is(err, syscall.ENOSPC) || errors.Is(err, syscall.EINVAL) {
				t.Skipf("user namespaces are not to be had here: %v", err)
			}
			if err != nil || !strings.Contains(string(out), "PASS: TestLimits/"+limit) {
				t.Errorf("%v: %s", err, out)
			}
		})
	}
}

func testPolling(t *testing.T, limit string, want error) {
	ok(t, write("/proc/sys/user/"+limit, "0"))
	dir, link := files(t)
	r := newRig(t)
	r.watch(link)
	select {
	case err := <-r.warned:
		if !errors.Is(err, want) {
			t.Errorf("the reason is %v, want %v", err, want)
		}
	default:
		t.Error("polling is not said")
	}
	ok(t, write(link, "two"))
	r.next(told, unquiet)
	r.tells()
	ok(t, os.RemoveAll(filepath.Join(dir, "a")), write(filepath.Join(dir, "new"), "three"))
	r.next(waiting, unquiet)
	ok(t, os.MkdirAll(filepath.Join(dir, "a/current"), 0o755), write(link, "three"))
	r.next(told, unquiet, waiting)
	r.tells()
	r.watch(link, filepath.Join(dir, "new"))
	ok(t, write(filepath.Join(dir, "new"), "four"))
	r.next(told, unquiet)
	r.tells()
}
