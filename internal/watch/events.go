package watch

import (
	"errors"
	"maps"
	"os"
	"path/filepath"
	"syscall"

	"github.com/fsnotify/fsnotify"
)

// attempts bounds how often the way to the files may change while it is being
// watched.
const attempts = 10

// rewatch watches the folders that the names of the files lead through, from the
// beginning: a watch is of what a folder was, not of its name.
func (w *Watcher) rewatch() {
	w.unwatch()
	if w.polling {
		return
	}
	if err := w.watch(); err != nil {
		w.unwatch()
		w.polling = true
		w.warn(err)
	}
}

func (w *Watcher) unwatch() {
	if w.events != nil {
		w.events.Close()
		w.events = nil
	}
}

// watch watches until the way is still the same afterwards: then no step of it
// was missed.
func (w *Watcher) watch() (err error) {
	if w.events, err = fsnotify.NewWatcher(); err != nil {
		return err
	}
	w.entries = w.ways()
	for range attempts {
		for entry := range w.entries {
			if err := w.add(filepath.Dir(entry)); err != nil {
				return err
			}
		}
		again := w.ways()
		if maps.Equal(again, w.entries) {
			w.names = bases(again)
			return nil
		}
		w.entries = again
	}
	return errors.New("the folders of the files do not stay the same")
}

// add watches a folder. Of one that is not there, what is above it tells when it
// comes.
func (w *Watcher) add(folder string) error {
	err := w.events.Add(folder)
	if errors.Is(err, os.ErrNotExist) || errors.Is(err, syscall.ENOTDIR) {
		return nil
	}
	return err
}

func (w *Watcher) ways() map[string]bool {
	entries := map[string]bool{}
	for name := range w.known {
		way(name, entries)
	}
	return entries
}

// bases are the last parts of names.
func bases(entries map[string]bool) map[string]bool {
	names := make(map[string]bool, len(entries))
	for e := range entries {
		names[filepath.Base(e)] = true
	}
	return names
}
