// Package twin holds the proof that a protocol is data. Its tests print every
// built-in protocol as Lua, load that instead of the Go literal, and want no
// difference: not in what is compiled, not in any packet, not after any edit.
// The other way round, protocols that exist only in testdata use each word a
// definition may have, rightly and wrongly.
//
// testdata/madeup.lua may also be read as an example of every word.
package twin
