package main

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"pkl/core"
	"pkl/luabind"
	"pkl/pcapio"
	"pkl/protocols"
	"pkl/scripts"
)

// hostConfig is what scripts are given. Rules are confined to what allow
// names, a program is not.
func (c *cli) hostConfig(program bool, allow luabind.Abilities, args []string) luabind.Config {
	memory := int64(c.memory) << 20
	luabind.LimitArrays(memory)
	files := files{c, !program}
	return luabind.Config{
		Specs:        protocols.All(),
		Structs:      protocols.Structs(),
		Binds:        c.binds,
		Out:          c.out,
		Log:          c.err,
		FileTime:     !program,
		Args:         args,
		Memory:       memory,
		Reserved:     ballastSize,
		Program:      program,
		Allow:        allow,
		ReadFile:     os.ReadFile,
		Library:      scripts.Library,
		Open:         files.open,
		Create:       files.create,
		Network:      network{},
		LinkType:     pcapio.LinkTypeByName,
		LinkTypeName: pcapio.LinkTypeName,
		Exit:         c.stop.exit,
	}
}

// files opens capture files for scripts.
type files struct {
	cli      *cli
	confined bool // to what lies below the current folder
}

func (f files) open(name string) (luabind.Reader, error) {
	if err := f.check(name); err != nil {
		return nil, err
	}
	src, err := f.cli.open(name)
	if err == nil {
		err = src.start()
	}
	if err != nil {
		return nil, err
	}
	return &scriptReader{source: src}, nil
}

func (f files) create(name string, o luabind.CreateOptions) (luabind.Writer, error) {
	if err := f.check(name); err != nil {
		return nil, err
	}
	s, err := f.cli.create(name, pcapio.Options{LinkType: o.LinkType, AutoLinkType: o.LinkType < 0,
		SnapLen: o.SnapLen, Nano: o.Nano, AutoNano: !o.Micro})
	if err != nil {
		return nil, err
	}
	return &scriptWriter{s}, nil
}

// check refuses files that are not below the current folder.
func (f files) check(name string) error {
	if !f.confined || name == "-" {
		return nil
	}
	here, err := os.Getwd()
	if err != nil {
		return err
	}
	if here, err = filepath.EvalSymlinks(here); err != nil {
		return err
	}
	rel, err := filepath.Rel(here, realPath(name))
	if err != nil || rel == ".." || strings.HasPrefix(rel, ".."+string(filepath.Separator)) {
		return fmt.Errorf("%s: is not below the current folder, and rules can reach no other", name)
	}
	return nil
}

// realPath is the absolute path of a file without symbolic links, as far as it exists.
func realPath(name string) string {
	abs, err := filepath.Abs(name)
	if err != nil {
		return name
	}
	if real, err := filepath.EvalSymlinks(abs); err == nil {
		return real
	}
	if dir, err := filepath.EvalSymlinks(filepath.Dir(abs)); err == nil {
		return filepath.Join(dir, filepath.Base(abs))
	}
	return abs
}

// A scriptReader is a capture file that a script reads.
type scriptReader struct {
	*source
	p pcapio.Packet
	n int
}

func (r *scriptReader) Read(m *core.Meta, o *luabind.Origin) ([]byte, error) {
	if err := r.source.Read(&r.p); err != nil {
		return nil, r.located(err)
	}
	r.n++
	*m = meta(&r.p, r.n)
	*o = origin(&r.p)
	return r.p.Data, nil
}

// A scriptWriter is a capture file that a script writes.
type scriptWriter struct{ *sink }

func (w *scriptWriter) Write(m *core.Meta, o *luabind.Origin, data []byte) error {
	err := w.w.Write(&pcapio.Packet{Data: data, Time: m.Time, Len: m.Len, LinkType: m.LinkType,
		Iface: o.Iface, IfaceName: m.Iface, Comment: o.Comment, Options: o.Options})
	if p := (*os.PathError)(nil); errors.As(err, &p) {
		return outputNamed(w.name, err)
	}
	return err
}

func (w *scriptWriter) Close() error { return w.close() }
