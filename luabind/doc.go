// Package luabind is the Lua API of pkl over package core. It binds by name and
// by kind: it knows no protocol and no field, and it opens nothing by itself.
// Capture files, output and the clock are handed in through Config.
//
// A Generation is the compiled form of the scripts and never changes; a State
// is one Lua virtual machine that runs them. Every worker has a State of its
// own, and a State belongs to one goroutine:
//
//	gen, err := luabind.NewGeneration(cfg, scripts)   // syntax errors
//	st, err := gen.NewState(1)                        // worker 1
//	defer st.Close()
//	err = st.Run()                                    // the scripts' main chunks
//	reg := st.Registry()                              // built-in and defined protocols
//	for … {
//		p.Reset(reg, meta, data)
//		v := st.Handle(&p)                            // the rules
//		if v.Action == luabind.Accept {
//			out.Write(p.Raw())                        // edits applied and brought up to date
//		}
//		if v.Cut { … }                                    // the next packet is for a new State
//	}
//	st.AtEnd("")                                      // pkl.at_end functions
//	for _, e := range st.Errors() { … }               // each failing place once, with its count
//
// A script without packets, a program, ends with Run. Handle never fails: an
// error of a rule is reported to Config.Log, counted in Errors, and decided by
// the rule's on_error. Interrupt and Stats may be called from any goroutine; all other
// methods are for the goroutine that owns the State.
//
// A rule's handler may not be called at all: where it begins by looking at the
// packet and the answer is that nothing is to be done, that happens in Go (see
// guard.go; Config.NoGuards). Chains of names such as pkt.tcp.dport are one call
// from Lua into Go, not two (rewrite.go). Neither changes what a script means.
//
// For hot reload, make a new Generation with the same Counters, Shared and
// Writers, a new State for each worker, and Run each; if all succeed, swap them
// between two packets, call AtEnd("reload") on the old ones and Close them. A
// State that was cut is replaced likewise, by one of the same Generation, which
// must Run before the old one is closed: so files that both write stay open.
package luabind
