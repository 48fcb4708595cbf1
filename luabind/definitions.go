package luabind

import (
	"reflect"
	"slices"

	"pkl/core"
)

// definitions are what pkl.protocol, pkl.struct and pkl.bind have collected.
type definitions struct {
	specs   []*core.Spec
	structs []*core.Struct
	binds   []core.Bind
	hooks   bool // some spec runs Lua, which belongs to one state
}

func (d *definitions) clone() definitions {
	c := *d
	c.specs, c.structs, c.binds = slices.Clone(d.specs), slices.Clone(d.structs), slices.Clone(d.binds)
	return c
}

func (d *definitions) equal(o *definitions) bool {
	return !d.hooks && !o.hooks && reflect.DeepEqual(*d, *o)
}
