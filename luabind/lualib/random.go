package lualib

import (
	"math"
	"math/rand/v2"

	lua "github.com/yuin/gopher-lua"
)

func newRand() *rand.Rand { return rand.New(rand.NewPCG(rand.Uint64(), rand.Uint64())) }

// openMath gives the state random numbers of its own: the stock functions share
// one generator, and its seed, with the whole process.
func (st *State) openMath(L *lua.LState) {
	m := library(L, lua.MathLibName)
	setFuncs(L, m, map[string]lua.LGFunction{"random": st.random, "randomseed": st.randomSeed})
	m.RawSetString("huge", lua.LNumber(math.Inf(1)))
}

// random is math.random([m [, n]]).
func (st *State) random(L *lua.LState) int {
	if L.GetTop() == 0 {
		return ret(L, lua.LNumber(st.rng.Float64()))
	}
	low, high := int64(1), argWhole(L, 1)
	if L.GetTop() > 1 {
		low, high = high, argWhole(L, 2)
	}
	if low > high {
		L.ArgError(L.GetTop(), "interval is empty")
	}
	return ret(L, lua.LNumber(low+st.rng.Int64N(high-low+1)))
}

// argWhole is argument n cut to a whole number of at most 53 bits.
func argWhole(L *lua.LState, n int) int64 {
	f := float64(L.CheckNumber(n))
	if f != f {
		return 0
	}
	return int64(max(-maxExact, min(maxExact, f)))
}

// randomSeed is math.randomseed(x): the same x gives the same sequence.
func (st *State) randomSeed(L *lua.LState) int {
	st.rng = rand.New(rand.NewPCG(math.Float64bits(float64(L.CheckNumber(1))), 0))
	return 0
}
