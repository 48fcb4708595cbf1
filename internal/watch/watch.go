// Package watch tells when the contents of files have changed, however they are
// saved: written in place, replaced by a rename, by the swap of a symbolic link
// or of a folder anywhere on their way.
//
// Events of the file system only say when to look. What counts is the contents:
// files are read, and their hashes compared with those before. So nothing is
// missed when events are, and nothing is told that is none.
package watch

import (
	"maps"
	"path/filepath"
	"runtime"
	"sync"
	"time"

	"github.com/fsnotify/fsnotify"
)

const (
	// quiet is how long nothing must happen before files are read: a save is many
	// steps.
	quiet = 100 * time.Millisecond
	// patience is how long a file may be missing in the middle of a save.
	patience = time.Second
	// interval is how often files are read where events are not to be had.
	interval = time.Second
)

// A Watcher watches files. Its methods may be called from any goroutine.
type Watcher struct {
	changed chan struct{}
	set     chan request
	done    chan struct{}
	ended   chan struct{}
	once    sync.Once

	// What follows belongs to the goroutine of run.
	warn    func(error)
	looked  func(outcome) // for tests: after each look
	timer   *time.Timer
	ticks   *time.Ticker
	polling bool
	events  *fsnotify.Watcher
	entries map[string]bool // all that the names of the files lead through
	names   map[string]bool // the last parts of these: whose events matter
	known   map[string]sum  // what was told last, by absolute name
	seen    map[string]sum  // what was there at the last look of one who polls
	gone    time.Time       // since when a file is missing, if one is
}

// A request sets the files.
type request struct {
	files map[string]*sum // as the caller has read them; nil: as they are
	ready chan struct{}
}

// An outcome is what a look at the files led to.
type outcome string

const (
	same    outcome = "same"
	told    outcome = "told"
	waiting outcome = "waiting" // for a file that is missing
	unquiet outcome = "unquiet" // being written, for one who polls
)

// New starts a Watcher of no files. If the system has no events left to give
// (fs.inotify.max_user_watches, max_user_instances) or cannot watch a folder,
// warn is called with the reason, once, and files are read every second instead.
// It runs in another goroutine, and must not call the Watcher.
func New(warn func(error)) *Watcher { return start(warn, func(outcome) {}) }

func start(warn func(error), looked func(outcome)) *Watcher {
	w := &Watcher{
		changed: make(chan struct{}, 1), set: make(chan request), done: make(chan struct{}), ended: make(chan struct{}),
		warn: warn, looked: looked, timer: time.NewTimer(time.Hour), ticks: time.NewTicker(interval),
		// Elsewhere watching a folder can mean to open each file in it.
		polling: runtime.GOOS != "linux",
	}
	w.timer.Stop()
	go w.run()
	return w
}

// Changed gives one value after a change of any of the files, once all has been
// quiet for 100 ms. A file that is missing is waited for a second. Changes that
// come before the value is taken are one with it.
func (w *Watcher) Changed() <-chan struct{} { return w.changed }

// SetFiles says which files to watch from now on, as they are now. They need not
// be there. Any change after SetFiles has returned is told.
func (w *Watcher) SetFiles(names []string) error { return w.SetRead(nil, names) }

// SetRead is SetFiles for a caller who has read some files: what has changed since
// then is told too. Those with nil could not be read.
func (w *Watcher) SetRead(contents map[string][]byte, names []string) error {
	files := map[string]*sum{}
	for _, n := range names {
		full, err := filepath.Abs(n)
		if err != nil {
			return err
		}
		files[full] = nil
	}
	for n, text := range contents {
		full, err := filepath.Abs(n)
		if err != nil {
			return err
		}
		files[full] = &sum{}
		if text != nil {
			*files[full] = sumOf(text)
		}
	}
	r := request{files, make(chan struct{})}
	select {
	case w.set <- r:
		<-r.ready
	case <-w.done:
	}
	return nil
}

// Close ends the Watcher.
func (w *Watcher) Close() {
	w.once.Do(func() { close(w.done) })
	<-w.ended
}

func (w *Watcher) run() {
	defer close(w.ended)
	defer w.unwatch()
	for {
		var happened chan fsnotify.Event
		var failed chan error
		if w.events != nil {
			happened, failed = w.events.Events, w.events.Errors
		}
		select {
		case r := <-w.set:
			w.replace(r)
			close(r.ready)
		case e := <-happened:
			// Not the whole name: a folder that is mounted twice has two, of which
			// events tell one.
			if w.names[filepath.Base(e.Name)] {
				w.timer.Reset(quiet)
			}
		case <-failed: // events were lost: only a look can tell
			w.timer.Reset(quiet)
		case <-w.ticks.C:
			w.poll()
		case <-w.timer.C:
			w.look()
		case <-w.done:
			return
		}
	}
}

// replace changes the set of files. Of those that it keeps, what was told stays
// known: what has changed since then is still to be told.
func (w *Watcher) replace(r request) {
	before := w.known
	w.known = map[string]sum{}
	for name := range r.files {
		w.known[name] = sum{}
	}
	w.gone = time.Time{}
	w.rewatch()
	w.seen = w.read()
	for name, s := range r.files {
		if old, ok := before[name]; s != nil {
			w.known[name] = *s
		} else if ok {
			w.known[name] = old
		} else {
			w.known[name] = w.seen[name]
		}
	}
	if !maps.Equal(w.known, w.seen) {
		w.timer.Reset(quiet)
	}
}

// poll looks without events.
func (w *Watcher) poll() {
	if w.polling && !maps.Equal(w.known, w.read()) {
		w.timer.Reset(quiet)
	}
}

// look compares what is there with what was told, and tells. Watching begins
// anew before, as folders and links may be others now: events after that are for
// the next look.
func (w *Watcher) look() {
	w.rewatch()
	w.looked(w.compare(w.read()))
}

func (w *Watcher) compare(now map[string]sum) outcome {
	if w.polling && !maps.Equal(now, w.seen) {
		w.seen = now
		w.timer.Reset(quiet)
		return unquiet
	}
	if w.wait(now) {
		return waiting
	}
	if maps.Equal(now, w.known) {
		return same
	}
	w.known = now
	select {
	case w.changed <- struct{}{}:
	default: // the one that was not taken yet tells this too
	}
	return told
}

// wait reports whether a file is missing that was there, and may come back.
func (w *Watcher) wait(now map[string]sum) bool {
	missing := false
	for name, s := range w.known {
		missing = missing || s.there && !now[name].there
	}
	if !missing {
		w.gone = time.Time{}
		return false
	}
	if w.gone.IsZero() {
		w.gone = time.Now()
	}
	left := patience - time.Since(w.gone)
	if left > 0 {
		w.timer.Reset(left)
		return true
	}
	w.gone = time.Time{}
	return false
}

// read reads all files.
func (w *Watcher) read() map[string]sum {
	now := make(map[string]sum, len(w.known))
	for name := range w.known {
		now[name] = sumOfFile(name)
	}
	return now
}
