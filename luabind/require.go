package luabind

import (
	"errors"
	"io/fs"
	"maps"
	"path"
	"path/filepath"
	"slices"
	"strings"

	"pkl/core"
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
		for _, file := range paths {
			file = filepath.Join(dir, filepath.FromSlash(file))
			b, err := s.gen.readModule(file)
			if !errors.Is(err, fs.ErrNotExist) {
				return b, file, err
			}
		}
	}
	b, chunk, err := s.libraryModule(paths)
	if errors.Is(err, fs.ErrNotExist) {
		err = &noModuleError{rel + ".lua", s.moduleHint(name)}
	}
	return b, chunk, err
}

// A noModuleError says that a module is nowhere.
type noModuleError struct{ file, hint string }

func (e *noModuleError) Error() string {
	return "there is no " + e.file + " beside the script, and none in pkl's library" + e.hint
}

func (e *noModuleError) Unwrap() error { return fs.ErrNotExist }

// moduleHint names the module of the library that a name is near to, also where
// it is given without its folder.
func (s *State) moduleHint(name string) string {
	if s.cfg.Library == nil {
		return ""
	}
	full := map[string]string{}
	fs.WalkDir(s.cfg.Library, ".", func(file string, _ fs.DirEntry, _ error) error {
		if file, ok := strings.CutSuffix(file, ".lua"); ok {
			module := strings.ReplaceAll(file, "/", ".")
			full[path.Base(file)], full[module] = module, module
		}
		return nil
	})
	meant := full[name]
	if meant == "" {
		meant = full[core.Nearest(name, slices.Sorted(maps.Keys(full)))]
	}
	if meant == "" {
		return ""
	}
	return " (did you mean \"" + meant + "\"?)"
}

// libraryModule reads a module of the library. Its chunk has a name that is no
// path, so that messages do not seem to speak of a file.
func (s *State) libraryModule(paths []string) (source []byte, chunk string, err error) {
	if s.cfg.Library == nil {
		return nil, "", fs.ErrNotExist
	}
	for _, file := range paths {
		b, err := fs.ReadFile(s.cfg.Library, file)
		if !errors.Is(err, fs.ErrNotExist) {
			return b, "<pkl>/" + file, err
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

// HasModule reports whether the library has a module of that name.
func HasModule(library fs.FS, name string) bool {
	if !moduleName(name) {
		return false
	}
	_, err := fs.Stat(library, strings.ReplaceAll(name, ".", "/")+".lua")
	return err == nil
}

// LibraryHas returns what tells of a protocol that a module of the library
// defines, or nil where there is no library.
func LibraryHas(library fs.FS) func(proto string) string {
	if library == nil {
		return nil
	}
	return func(proto string) string {
		module := "protocols." + proto
		if !HasModule(library, module) {
			return ""
		}
		return `require "` + module + `" defines it`
	}
}
