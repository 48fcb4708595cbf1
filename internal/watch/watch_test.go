package watch

import (
	"errors"
	"os"
	"path/filepath"
	"runtime"
	"testing"
	"time"
)

// long is for what must happen: only a failure takes so long.
const long = time.Minute

// A rig is a Watcher whose looks can be followed.
type rig struct {
	*Watcher
	t      *testing.T
	looks  chan outcome
	warned chan error
}

func newRig(t *testing.T) *rig {
	r := &rig{t: t, looks: make(chan outcome, 1000), warned: make(chan error, 1000)}
	r.Watcher = start(func(err error) { r.warned <- err }, func(o outcome) { r.looks <- o })
	t.Cleanup(func() {
		r.Close()
		select {
		case err := <-r.warned:
			t.Errorf("warned: %v", err)
		default:
		}
	})
	return r
}

// next waits for a look that is not one of those left out.
func (r *rig) next(want outcome, leaveOut ...outcome) {
	r.t.Helper()
	for {
		select {
		case got := <-r.looks:
			if got == want {
				return
			}
			left := false
			for _, o := range leaveOut {
				left = left || o == got
			}
			if !left {
				r.t.Fatalf("a look: %s, want %s", got, want)
			}
		case <-time.After(long):
			r.t.Fatalf("no look, want %s", want)
		}
	}
}

// tells waits for the signal of a change.
func (r *rig) tells() {
	r.t.Helper()
	select {
	case <-r.Changed():
	case <-time.After(long):
		r.t.Fatal("no signal")
	}
}

// silent asserts that there is no signal.
func (r *rig) silent() {
	r.t.Helper()
	select {
	case <-r.Changed():
		r.t.Error("a signal of nothing")
	default:
	}
}

func (r *rig) watch(names ...string) {
	r.t.Helper()
	if err := r.SetFiles(names); err != nil {
		r.t.Fatal(err)
	}
}

// ok makes a test end at a failure of one of its steps.
func ok(t *testing.T, errs ...error) {
	t.Helper()
	for _, err := range errs {
		if err != nil {
			t.Fatal(err)
		}
	}
}

// write writes a file in one step, so that nothing in between can be seen, however
// slow the machine. A file that is there does not get shorter.
func write(name, text string) error {
	f, err := os.OpenFile(name, os.O_WRONLY, 0)
	if errors.Is(err, os.ErrNotExist) {
		beside := filepath.Join(filepath.Dir(name), ".beside")
		if err := os.WriteFile(beside, []byte(text), 0o644); err != nil {
			return err
		}
		return os.Rename(beside, name)
	}
	if err != nil {
		return err
	}
	_, err = f.WriteString(text)
	return errors.Join(err, f.Close())
}

// create writes a file that is not there, as editors do.
func create(name, text string) error { return os.WriteFile(name, []byte(text), 0o644) }

// files is a folder for the saves: the file is a/b/real, and the name watched
// leads to it by link, a/current (to b) and a/b/alias.
func files(t *testing.T) (dir, name string) {
	t.Helper()
	dir = t.TempDir()
	ok(t, os.MkdirAll(filepath.Join(dir, "a", "b"), 0o755), write(filepath.Join(dir, "a/b/real"), "one"),
		os.Symlink("real", filepath.Join(dir, "a/b/alias")), os.Symlink("b", filepath.Join(dir, "a/current")),
		os.Symlink(filepath.Join(dir, "a/current/../current/alias"), filepath.Join(dir, "link")))
	return dir, filepath.Join(dir, "link")
}

// saves are ways to change the contents that a name leads to.
func saves() map[string]func(in func(string) string) []error {
	return map[string]func(in func(string) string) []error{
		"in place": func(in func(string) string) []error {
			return []error{write(in("a/b/real"), "two")}
		},
		"appended": func(in func(string) string) []error {
			f, err := os.OpenFile(in("a/b/real"), os.O_WRONLY|os.O_APPEND, 0)
			if err == nil {
				_, err = f.WriteString("two")
				f.Close()
			}
			return []error{err}
		},
		"renamed over": func(in func(string) string) []error {
			return []error{write(in("a/b/.tmp"), "two"), os.Rename(in("a/b/.tmp"), in("a/b/real"))}
		},
		"moved in from elsewhere": func(in func(string) string) []error {
			return []error{write(in("new"), "two"), os.Rename(in("new"), in("a/b/real"))}
		},
		"as vim does, with a backup": func(in func(string) string) []error {
			return []error{os.Rename(in("a/b/real"), in("a/b/real~")), create(in("a/b/real"), "two"), os.Remove(in("a/b/real~"))}
		},
		"deleted and created": func(in func(string) string) []error {
			return []error{os.Remove(in("a/b/real")), create(in("a/b/real"), "two")}
		},
		"the first link swapped": func(in func(string) string) []error {
			return []error{write(in("other"), "two"), os.Symlink("other", in("l")), os.Rename(in("l"), in("link"))}
		},
		"the link of a folder swapped": func(in func(string) string) []error {
			return []error{os.Mkdir(in("a/c"), 0o755), write(in("a/c/alias"), "two"), os.Symlink("c", in("a/l")), os.Rename(in("a/l"), in("a/current"))}
		},
		"the last link swapped": func(in func(string) string) []error {
			return []error{write(in("a/b/other"), "two"), os.Symlink("other", in("a/b/l")), os.Rename(in("a/b/l"), in("a/b/alias"))}
		},
		"a link replaced by a file": func(in func(string) string) []error {
			return []error{os.Remove(in("link")), write(in("link"), "two")}
		},
		"the folder replaced": func(in func(string) string) []error {
			return []error{os.Mkdir(in("a/new"), 0o755), write(in("a/new/alias"), "two"), os.Rename(in("a/b"), in("a/old")), os.Rename(in("a/new"), in("a/b"))}
		},
		"the folder above replaced": func(in func(string) string) []error {
			return []error{os.MkdirAll(in("z/current"), 0o755), write(in("z/current/alias"), "two"), os.Rename(in("a"), in("old")), os.Rename(in("z"), in("a"))}
		},
		"the folder removed and made": func(in func(string) string) []error {
			return []error{os.RemoveAll(in("a")), os.MkdirAll(in("a/current"), 0o755), write(in("a/current/alias"), "two")}
		},
	}
}

// TestSaves: each way to save is told once, and so is the next one: the watch is
// of what is there now.
func TestSaves(t *testing.T) {
	for name, save := range saves() {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			dir, link := files(t)
			r := newRig(t)
			r.watch(link)
			ok(t, save(func(s string) string { return filepath.Join(dir, s) })...)
			r.next(told, same, waiting) // steps may be further apart than 100 ms
			r.tells()
			ok(t, write(link, "three"))
			r.next(told, same)
			r.tells()
			ok(t, os.Chmod(link, 0o600))
			r.next(same)
			r.silent()
		})
	}
}

// TestNoChange: what leaves the contents as they are is not told.
func TestNoChange(t *testing.T) {
	if runtime.GOOS != "linux" {
		t.Skip("without events of the file system there is no look that could be waited for")
	}
	for name, save := range map[string]func(in func(string) string) []error{
		"chmod": func(in func(string) string) []error { return []error{os.Chmod(in("a/b/real"), 0o600)} },
		"touch": func(in func(string) string) []error {
			return []error{os.Chtimes(in("a/b/real"), time.Unix(1, 0), time.Unix(1, 0))}
		},
		"same again": func(in func(string) string) []error { return []error{write(in("a/b/real"), "one")} },
		"same by rename": func(in func(string) string) []error {
			return []error{write(in("x"), "one"), os.Rename(in("x"), in("a/b/real"))}
		},
		"same by a link": func(in func(string) string) []error {
			return []error{write(in("x"), "one"), os.Symlink("x", in("l")), os.Rename(in("l"), in("link"))}
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			dir, link := files(t)
			r := newRig(t)
			r.watch(link)
			ok(t, save(func(s string) string { return filepath.Join(dir, s) })...)
			r.next(same)
			r.silent()
		})
	}
}

// TestMissing: a file that is away for a moment is waited for; one that stays
// away is a change, and so is its return.
func TestMissing(t *testing.T) {
	_, link := files(t)
	r := newRig(t)
	r.watch(link)
	for range 2 {
		ok(t, os.Remove(link))
		r.next(waiting, same)
		r.silent()
		ok(t, write(link, "one"))
		r.next(same, waiting)
		r.silent()
	}
	ok(t, os.Remove(link))
	r.next(waiting, same)
	ok(t, write(link, "two"))
	r.next(told, waiting)
	r.tells()

	ok(t, os.Remove(link))
	r.next(told, same, waiting)
	r.tells()
	ok(t, write(link, "two"))
	r.next(told)
	r.tells()
}

// TestSetFiles: the set can change at any time. What was watched before keeps
// what was told of it, what is new begins as it is, or as it was read.
func TestSetFiles(t *testing.T) {
	dir := t.TempDir()
	one, two := filepath.Join(dir, "one"), filepath.Join(dir, "two")
	ok(t, write(one, "1"), write(two, "2"))
	r := newRig(t)
	r.watch(one)
	ok(t, write(two, "2b"), os.Chmod(one, 0o600)) // two is none of ours
	r.next(same)
	r.watch(one, two)
	r.silent()
	ok(t, write(two, "2c"))
	r.next(told)
	r.tells()

	// A change just before the set is one that was not told yet.
	ok(t, write(one, "1b"))
	r.watch(one, two)
	r.next(told)
	r.tells()

	r.watch(two)
	ok(t, write(one, "1c"), os.Chmod(two, 0o600))
	r.next(same)
	r.silent()

	ok(t, r.SetRead(map[string][]byte{one: []byte("1c")}, []string{two}))
	ok(t, os.Chmod(two, 0o644))
	r.next(same)
	r.silent()
	ok(t, r.SetRead(map[string][]byte{one: []byte("an older one"), two: []byte("2c")}, nil))
	r.next(told)
	r.tells()

	ok(t, r.SetRead(map[string][]byte{one: []byte("1c"), two: nil}, nil)) // it was not there yet
	r.next(told)
	r.tells()

	absent := filepath.Join(dir, "not", "yet", "there")
	r.watch(absent)
	ok(t, os.MkdirAll(filepath.Dir(absent), 0o755), write(absent, "now"))
	r.next(told, same)
	r.tells()
}

// TestOdd: names that lead nowhere, or to what is no file, do no harm.
func TestOdd(t *testing.T) {
	dir := t.TempDir()
	loop := filepath.Join(dir, "loop")
	ok(t, os.Symlink("loop", loop), os.Symlink("nowhere", filepath.Join(dir, "dangling")))
	good := filepath.Join(dir, "good")
	ok(t, write(good, "1"))
	r := newRig(t)
	r.watch(loop, filepath.Join(dir, "dangling"), dir, "/dev/null", filepath.Join(good, "below"), "", "/", good)
	ok(t, write(good, "2"))
	r.next(told)
	r.tells()
	ok(t, write(filepath.Join(dir, "nowhere"), "found"))
	r.next(told)
	r.tells()
}

// TestNoFile: what takes the place of a file and is none cannot be read; that is
// told once, and so is the file that comes again.
func TestNoFile(t *testing.T) {
	dir := t.TempDir()
	name := filepath.Join(dir, "rules")
	ok(t, write(name, "one"))
	r := newRig(t)
	r.watch(name)
	ok(t, os.Remove(name), os.Mkdir(name, 0o755))
	r.next(told, waiting, same)
	r.tells()
	ok(t, r.SetRead(map[string][]byte{name: nil}, nil)) // its reader could not either
	ok(t, os.Chmod(name, 0o700))
	r.next(same)
	r.silent()
	ok(t, os.Remove(name), write(name, ""), os.Truncate(name, MaxFile+1))
	r.next(same)
	r.silent()
	ok(t, write(name+"2", "one"), os.Rename(name+"2", name))
	r.next(told, same)
	r.tells()
}

// TestClose: a Watcher that is closed answers all calls at once.
func TestClose(t *testing.T) {
	r := newRig(t)
	r.watch(t.TempDir())
	r.Close()
	r.Close()
	r.watch("x")
	r.silent()
}
