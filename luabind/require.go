package luabind

import (
	"errors"
	"io/fs"
	"path/filepath"
	"strings"
)

// findModule reads the source of a module from the folder of the script that
// asks for it, or of another script of the run.
func (s *State) findModule(name string) (source []byte, chunk string, err error) {
	if s.cfg.ReadFile == nil {
		return nil, "", fs.ErrNotExist
	}
	if !moduleName(name) {
		return nil, "", errors.New("a module's name is letters, digits, _ and -, parted by dots")
	}
	rel := filepath.FromSlash(strings.ReplaceAll(name, ".", "/"))
	for _, dir := range s.scriptDirs() {
		for _, file := range []string{rel + ".lua", filepath.Join(rel, "init.lua")} {
			path := filepath.Join(dir, file)
			b, err := s.cfg.ReadFile(path)
			if errors.Is(err, fs.ErrNotExist) {
				continue
			}
			if err != nil {
				return nil, "", err
			}
			s.gen.noteModule(path)
			return b, path, nil
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
