package luabind

import (
	"math"
	"time"

	lua "github.com/yuin/gopher-lua"
)

// optionReader reads a table of options, each by its word. Words that are
// unknown, or of another type, raise.
type optionReader struct {
	L     *lua.LState
	what  string
	words map[string]func(v lua.LValue)
}

// read reads argument n, which may be left out.
func (o *optionReader) read(n int) {
	if v := o.L.Get(n); v != lua.LNil {
		t, ok := v.(*lua.LTable)
		if !ok {
			o.L.RaiseError("%s: the options are a table, not %s", o.what, kindName(v))
		}
		o.table(t)
	}
}

func (o *optionReader) table(t *lua.LTable) {
	eachPair(t, func(k, v lua.LValue) {
		f := o.words[k.String()]
		if _, isText := k.(lua.LString); f == nil || !isText {
			o.L.RaiseError("%s: unknown word %q%s", o.what, k.String(), hint(k.String(), keysOf(o.words)))
		}
		f(v)
	})
}

func (o *optionReader) text(word string, to *string) {
	o.words[word] = func(v lua.LValue) {
		t, ok := v.(lua.LString)
		if !ok {
			o.L.RaiseError("%s: %s is text, not %s", o.what, word, describe(v))
		}
		*to = string(t)
	}
}

func (o *optionReader) flag(word string, to *bool) {
	o.words[word] = func(v lua.LValue) {
		b, ok := v.(lua.LBool)
		if !ok {
			o.L.RaiseError("%s: %s is true or false, not %s", o.what, word, describe(v))
		}
		*to = bool(b)
	}
}

func (o *optionReader) whole(word string, to *int, least, most int) {
	o.words[word] = func(v lua.LValue) {
		n, ok := v.(lua.LNumber)
		if !ok || !isWhole(n) || n < lua.LNumber(least) || n > lua.LNumber(most) {
			o.L.RaiseError("%s: %s is a whole number from %d to %d, not %s", o.what, word, least, most, describe(v))
		}
		*to = int(n)
	}
}

// number reads a number above 0.
func (o *optionReader) number(word string, to *float64) {
	o.words[word] = func(v lua.LValue) {
		n, ok := v.(lua.LNumber)
		if !ok || !(n > 0) || math.IsInf(float64(n), 0) {
			o.L.RaiseError("%s: %s is a number above 0, not %s", o.what, word, describe(v))
		}
		*to = float64(n)
	}
}

func (o *optionReader) seconds(word string, to *time.Duration) {
	o.words[word] = func(v lua.LValue) { *to = o.duration(word, v) }
}

func (o *optionReader) duration(word string, v lua.LValue) time.Duration {
	n, ok := v.(lua.LNumber)
	if !ok || !(n >= 0 && n < 1e9) {
		o.L.RaiseError("%s: %s is a number of seconds, not %s", o.what, word, describe(v))
	}
	return time.Duration(float64(n) * 1e9)
}
