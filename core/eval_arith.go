package core

import (
	"math"

	"pkl/core/expr"
)

// An operation is arithmetic on 64 bits with sign. Where the result does not
// fit it sets e.bad.
type operation func(e *env, x, y int64) int64

func operator(op expr.Op) operation {
	switch op {
	case expr.Mul:
		return mulInts
	case expr.Div:
		return divInts
	case expr.Mod:
		return modInts
	case expr.Add:
		return addInts
	case expr.Sub:
		return subInts
	case expr.Shl:
		return shlInts
	case expr.Shr:
		return shrInts
	case expr.BitAnd:
		return func(_ *env, x, y int64) int64 { return x & y }
	}
	return func(_ *env, x, y int64) int64 { return x | y }
}

func addInts(e *env, x, y int64) int64 {
	v := x + y
	if (v > x) != (y > 0) && y != 0 {
		e.bad = true
	}
	return v
}

func subInts(e *env, x, y int64) int64 {
	v := x - y
	if (v < x) != (y > 0) && y != 0 {
		e.bad = true
	}
	return v
}

func mulInts(e *env, x, y int64) int64 {
	v := x * y
	if x != 0 && (v/x != y || x == -1 && y == math.MinInt64) {
		e.bad = true
	}
	return v
}

func divInts(e *env, x, y int64) int64 {
	if y == 0 || x == math.MinInt64 && y == -1 {
		e.bad = true
		return 0
	}
	return x / y
}

func modInts(e *env, x, y int64) int64 {
	if y == 0 {
		e.bad = true
		return 0
	}
	return x % y
}

func shlInts(e *env, x, y int64) int64 {
	if y < 0 || y > 63 {
		e.bad = true
		return 0
	}
	v := x << y
	if v>>y != x {
		e.bad = true
	}
	return v
}

func shrInts(e *env, x, y int64) int64 {
	if y < 0 || y > 63 {
		e.bad = true
		return 0
	}
	return x >> y
}
