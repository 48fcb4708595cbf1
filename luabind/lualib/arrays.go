package lualib

import lua "github.com/yuin/gopher-lua"

// slotBytes is the size of one element of a table's array.
const slotBytes = 16

// LimitArrays bounds the arrays of all tables to limit bytes. An assignment to
// t[i] fills the array up to i, in one instruction; a greater i goes into the hash
// part. There #t does not see it, so the bound must be one that no array comes to
// because memory ends before.
//
// The bound is a variable of the virtual machine, for the whole process: it must
// be set before there are states.
func LimitArrays(limit int64) {
	lua.MaxArrayIndex = int(min(int64(lua.MaxArrayIndex), max(limit/slotBytes, 1<<16)))
}
