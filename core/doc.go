// Package core is pkl's engine: it dissects packets, edits them, builds them
// and filters them, by descriptions (Spec) that it is given. It knows no
// protocol itself.
//
// Compile turns specs into a Registry, which never changes and which any number
// of goroutines share. A Packet is one byte slice and the bounds of what was
// found in it (node.go): there is no second copy of any value. It belongs to one
// goroutine at a time, and is reset and reused without allocation.
//
//   - Finding (find.go, fit.go) lays one protocol over the body of the layer
//     below, lazily. Laying out a record's fields and walking its lists
//     (walk.go) happens when they are touched. Both prove every bound, so that
//     reading (read.go) is a plain load.
//   - The first edit that moves bounds, or that stores what bounds were read
//     from, fixes all of them (freeze, in edit.go). After that no length, count,
//     key or condition on the wire is looked at again: only splices (splice.go)
//     move bounds. An edit is done wholly or not at all (change).
//   - What an edit causes is noted at once (causes.go) and computed later, once,
//     innermost first (update.go, sums.go). What a script has set stays (pins).
//   - Expressions (package expr has their syntax; eval*.go compile them to
//     closures) serve specs and filters alike.
//   - What classic BPF can decide of a filter is compiled to it (bpf.go) from the
//     same data, so that the kernel drops what nobody wants.
//
// The caller's bytes are not written: they are copied before the first change.
// Data, Header, Body and Raw return slices of the packet that are valid until
// its next change or Reset; they must not be written to.
//
// A broken packet is no error: the layers that are whole are there, and Err
// says what stopped dissecting. A misuse (a value out of range, an unknown
// name) is an error, and changes nothing.
package core
