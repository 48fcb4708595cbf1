package luabind

import (
	"errors"
	"io/fs"
	"path/filepath"
	"strings"
)

// findModule reads the source of a module from the folder of the script that
// asks for it, or of another script of the run, or else from the library.
func (s *State) findModule(name string) (source []byte, chunk string, err error) {
	if !moduleName(name) {
		return nil, "", errors.New("a module's name is letters, digits, _ and -, parted by dots")
	}
	rel := strings.ReplaceAll(name, ".", "/")
	paths := []string{rel + ".lua", rel + "/init.lua"}
	for _, dir := range s.scriptDirs() {
		for _, path := range paths {
			path = filepath.Join(dir, filepath.FromSlash(path))
			b, err := s.gen.readModule(path)
			if !errors.Is(err, fs.ErrNotExist) {
				return b, path, err
			}
		}
	}
	return s.libraryModule(paths)
}

// libraryModule reads a module of the library. Its chunk has a name that is no
// path, so that messages do not seem to speak of a file.
func (s *State) libraryModule(paths []string) (source []byte, chunk string, err error) {
	if s.cfg.Library == nil {
		return nil, "", fs.ErrNotExist
	}
	for _, path := range paths {
		b, err := fs.ReadFile(s.cfg.Library, path)
		if !errors.Is(err, fs.ErrNotExist) {
			return b, "<pkl>/" + path, err
		}
	}
	return nil, "", fs.ErrNotExist
}

// scriptDirs are the folders of the scripts, that of the running one first.
func (s *State) scriptDirs() []string {
	dirs := []string{s.gen.scripts[s.running].dir}
	for _, sc := range s.gen.scripts {
		if sc.dir != dirs[0] {
			dirs = append(dirs, sc.dir)
		}
	}
	return dirs
}

// moduleName keeps require inside the folder.
func moduleName(name string) bool {
	for _, part := range strings.Split(name, ".") {
		if part == "" || strings.ContainsFunc(part, func(r rune) bool {
			return (r < 'a' || r > 'z') && (r < 'A' || r > 'Z') && (r < '0' || r > '9') && r != '_' && r != '-'
		}) {
			return false
		}
	}
	return true
}
