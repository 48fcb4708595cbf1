// Package protocols holds the built-in protocols: one core.Spec each, plain
// data and no code, in a file of its own. [All] lists them.
//
// A spec names the keys of the layers below under which it is found (Over), so
// a new protocol touches no other file but all.go. Field names are those of
// the standard in lower case, and the same everywhere: sport and dport, len,
// sum, nxt, opts. Single-bit flags are upper case. Tables of value names that
// several specs share are in names.go.
//
// Literals hold no map and call no function: the linker lays them out, and the
// package has no init code.
package protocols
