package luabind

import (
	"errors"
	"reflect"
	"slices"

	"pkl/core"
)

// definitions are what pkl.protocol, pkl.struct and pkl.bind have collected.
type definitions struct {
	specs    []*core.Spec
	structs  []*core.Struct
	binds    []core.Bind
	mistakes []*core.Mistake // what in them could not be read
	files    []string        // where they stand, in the order of reading
	hooks    bool            // some spec runs Lua, which belongs to one state
}

func (d *definitions) clone() definitions {
	c := *d
	c.specs, c.structs, c.binds = slices.Clone(d.specs), slices.Clone(d.structs), slices.Clone(d.binds)
	c.mistakes, c.files = slices.Clone(d.mistakes), slices.Clone(d.files)
	return c
}

// inOrder sorts mistakes by the order in which the files were read.
func (d *definitions) inOrder(err error, more ...*core.Mistake) error {
	var all core.Mistakes
	if !errors.As(err, &all) && err != nil {
		return err
	}
	if all = append(all, more...); len(all) == 0 {
		return nil
	}
	all.Sort(d.files)
	return all
}

func (d *definitions) equal(o *definitions) bool {
	return !d.hooks && !o.hooks && reflect.DeepEqual(*d, *o)
}
