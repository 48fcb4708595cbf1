package lualib

import (
	"errors"
	"fmt"
	"math"
	"math/bits"
	"strings"

	lua "github.com/yuin/gopher-lua"
)

// A scalar is a value that states can share: it refers to nothing.
type scalar struct {
	kind scalarKind
	bits uint64
	text string
}

type scalarKind uint8

const (
	scalarNumber scalarKind = iota // bits are those of a float64
	scalarWide                     // bits are a whole number, as pkl.u64 has them
	scalarBool
	scalarText
)

func numberScalar(f float64) scalar { return scalar{kind: scalarNumber, bits: math.Float64bits(f)} }

func wideScalar(u uint64) scalar {
	if u < maxExact {
		return numberScalar(float64(u))
	}
	return scalar{kind: scalarWide, bits: u}
}

// scalarOf converts a Lua value; ok is false for nil and for what is no scalar.
func scalarOf(v lua.LValue) (s scalar, ok bool) {
	switch v := v.(type) {
	case lua.LString:
		return scalar{kind: scalarText, text: string(v)}, true
	case lua.LNumber:
		return numberScalar(float64(v)), true
	case lua.LBool:
		if v {
			return scalar{kind: scalarBool, bits: 1}, true
		}
		return scalar{kind: scalarBool}, true
	case *lua.LUserData:
		if u, ok := v.Value.(Uint64); ok {
			return wideScalar(uint64(u)), true
		}
	}
	return scalar{}, false
}

// lua is the scalar as Lua has it.
func (s scalar) lua(L *lua.LState) lua.LValue {
	switch s.kind {
	case scalarText:
		return lua.LString(s.text)
	case scalarWide:
		return NewU64(L, s.bits)
	case scalarBool:
		return lua.LBool(s.bits != 0)
	}
	return lua.LNumber(s.float())
}

func (s scalar) float() float64 { return math.Float64frombits(s.bits) }

// own is the scalar with a text of its own: it may be a small part of a large one.
func (s scalar) own() scalar {
	s.text = strings.Clone(s.text)
	return s
}

// asKey is the scalar as a key: equal numbers are one key, however they are written.
func (s scalar) asKey() scalar {
	if s.kind != scalarNumber {
		return s
	}
	switch f := s.float(); {
	case f == 0:
		return numberScalar(0) // -0 too
	case f >= maxExact && f < 1<<64:
		return wideScalar(uint64(f))
	}
	return s
}

func (s scalar) isNaN() bool { return s.kind == scalarNumber && math.IsNaN(s.float()) }

// isFinite reports whether the scalar is a number that can be added.
func (s scalar) isFinite() bool {
	return s.kind == scalarWide || s.kind == scalarNumber && !math.IsInf(s.float(), 0) && !s.isNaN()
}

func (s scalar) word() string {
	switch s.kind {
	case scalarText:
		return "text"
	case scalarBool:
		return "a boolean"
	}
	return "a number"
}

var errWide = errors.New("the sum does not fit in 64 bits")

// plus adds numbers. Whole ones from 2^53 on are counted exactly, up to 2^64.
func (s scalar) plus(by scalar) (scalar, error) {
	if s.kind > scalarWide {
		return s, fmt.Errorf("the value is %s, not a number", s.word())
	}
	if s.kind == scalarNumber && by.kind == scalarNumber {
		a, b := s.float(), by.float()
		if sum := a + b; sum < maxExact || !(isWhole(a) && isWhole(b)) {
			return numberScalar(sum), nil
		}
	}
	a, subA, ok := s.whole()
	b, subB, ok2 := by.whole()
	if !ok || !ok2 {
		return s, errors.New("a number from 2^53 on and one that is not whole cannot be added exactly")
	}
	if subA {
		a, subA, b, subB = b, subB, a, subA
	}
	if subB { // one of them is at least 2^53, so that the difference is not below 0
		return wideScalar(a - b), nil
	}
	sum, carry := bits.Add64(a, b, 0)
	if carry != 0 {
		return s, errWide
	}
	return wideScalar(sum), nil
}

// whole is a number as its amount, and whether that is to be subtracted.
func (s scalar) whole() (u uint64, minus, ok bool) {
	if s.kind == scalarWide {
		return s.bits, false, true
	}
	f := s.float()
	return uint64(math.Abs(f)), f < 0, isWhole(f)
}
