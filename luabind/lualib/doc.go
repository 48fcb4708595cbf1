// Package lualib is the part of the Lua host that needs no packets: the sandbox
// and its libraries, 64-bit values, counters, logging, the instruction budget,
// and the compiler's guard.
//
// Open prepares one lua.LState. Everything a script can reach through it is
// bounded: strings by Config.MaxString, patterns by Config.PatternSteps,
// coroutines by Config.MaxCoroutines and Config.MaxDepth. A Budget set as the
// state's context bounds the instructions.
//
// A State belongs to its LState and so to one goroutine. Counter, Counters,
// Budget.Stop and Budget.StopRun may be used from any goroutine.
package lualib
