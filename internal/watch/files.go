package watch

import (
	"crypto/sha256"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
)

// MaxFile is how many bytes a file may have; a larger one counts as one that
// cannot be read.
const MaxFile = 16 << 20

// A sum stands for the contents of a file. The zero sum is that of a file that
// is not there, or cannot be read.
type sum struct {
	there bool
	hash  [sha256.Size]byte
}

func sumOf(text []byte) sum { return sum{true, sha256.Sum256(text)} }

// sumOfFile reads a file. What is none counts as one that cannot be read: a folder,
// and a pipe, where it would take what is in it away from somebody else.
func sumOfFile(name string) sum {
	f, err := os.OpenFile(name, os.O_RDONLY|syscall.O_NONBLOCK, 0)
	if err != nil {
		return sum{}
	}
	defer f.Close()
	info, err := f.Stat()
	if err != nil || !info.Mode().IsRegular() || info.Size() > MaxFile {
		return sum{}
	}
	h := sha256.New()
	if _, err := io.Copy(h, f); err != nil {
		return sum{}
	}
	return sum{true, [sha256.Size]byte(h.Sum(nil))}
}

// maxLinks is how many symbolic links the kernel follows in a name
// (path_resolution(7)).
const maxLinks = 40

// way adds to entries all that a name leads through: each folder, each link and
// what it points to, each by the folder that it really is in. If one of them is
// replaced, the name may mean another file.
func way(name string, entries map[string]bool) {
	at, todo := split(name)
	for links := 0; len(todo) > 0; {
		part := todo[0]
		todo = todo[1:]
		switch part {
		case "", ".":
			continue
		case "..":
			at = filepath.Dir(at)
			continue
		}
		entry := filepath.Join(at, part)
		entries[entry] = true
		target, err := os.Readlink(entry)
		if err != nil { // no link, or nothing yet
			at = entry
			continue
		}
		if links++; links > maxLinks {
			return
		}
		root, parts := split(target)
		if root != "" {
			at = root
		}
		todo = slices.Concat(parts, todo)
	}
}

// split takes the root, if there is one, from the parts of a name.
func split(name string) (root string, parts []string) {
	sep := string(filepath.Separator)
	if filepath.IsAbs(name) {
		root = filepath.VolumeName(name) + sep
		name = name[len(root):]
	}
	return root, strings.Split(name, sep)
}
