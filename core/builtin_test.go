package core_test

import (
	"pkl/core"
	"pkl/protocols"
)

// The laws hold for pkl's own protocols too.
func init() {
	core.Builtin = func() (*core.Registry, error) { return core.Compile(protocols.All(), protocols.Structs(), nil) }
}
