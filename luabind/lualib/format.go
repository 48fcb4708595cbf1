package lualib

import (
	"fmt"
	"math"
	"strconv"
	"strings"

	lua "github.com/yuin/gopher-lua"
)

// format is string.format(fmt, …). %s takes anything through tostring, the
// integer directives take u64 values exactly.
func (st *State) format(L *lua.LState) int {
	f := formatter{L: L, arg: 1}
	text := L.CheckString(1)
	for {
		before, rest, found := strings.Cut(text, "%")
		f.out = append(f.out, before...)
		st.checkLen(L, len(f.out))
		if !found {
			return retText(L, string(f.out))
		}
		text = f.directive(rest)
	}
}

// A formatter appends one directive after the other.
type formatter struct {
	L   *lua.LState
	arg int // the last argument used
	out []byte
}

// A directive is what stands between % and the letter.
type directive struct {
	flags string
	width int
	prec  int // -1 if there is none
	verb  byte
}

// directive formats what text, which follows a %, begins with, and returns the rest.
func (f *formatter) directive(text string) string {
	if strings.HasPrefix(text, "%") {
		f.out = append(f.out, '%')
		return text[1:]
	}
	d, rest := f.parse(text)
	f.arg++
	if f.arg > f.L.GetTop() {
		f.L.ArgError(f.arg, "no value")
	}
	switch d.verb {
	case 'd', 'i', 'o', 'u', 'x', 'X':
		f.integer(d)
	case 'e', 'E', 'f', 'g', 'G':
		f.float(d)
	case 'c':
		f.pad(d, string([]byte{byte(argInt(f.L, f.arg))}))
	case 'q':
		f.out = quote(f.out, f.L.CheckString(f.arg))
	case 's':
		f.text(d)
	default:
		f.L.RaiseError("invalid option '%%%c' to 'format'", d.verb)
	}
	return rest
}

// parse reads flags, width, precision and letter. As in Lua, width and
// precision have two digits at most.
func (f *formatter) parse(text string) (directive, string) {
	rest := strings.TrimLeft(text, "-+ #0")
	d := directive{flags: text[:len(text)-len(rest)], prec: -1}
	if len(d.flags) > 5 {
		f.L.RaiseError("invalid format (repeated flags)")
	}
	d.width, rest = f.digits(rest)
	if after, ok := strings.CutPrefix(rest, "."); ok {
		d.prec, rest = f.digits(after)
	}
	if rest == "" {
		f.L.RaiseError("%s", "invalid option '%' to 'format'")
	}
	d.verb = rest[0]
	return d, rest[1:]
}

func (f *formatter) digits(text string) (int, string) {
	rest := strings.TrimLeft(text, "0123456789")
	n := len(text) - len(rest)
	if n > 2 {
		f.L.RaiseError("invalid format (width or precision too long)")
	}
	v, _ := strconv.Atoi(text[:n])
	return v, rest
}

func (d directive) has(flag string) bool { return strings.Contains(d.flags, flag) }

// pad appends s in the width of the directive, counted in bytes.
func (f *formatter) pad(d directive, s string) {
	fill := strings.Repeat(" ", max(0, d.width-len(s)))
	if d.has("-") {
		f.out = append(append(f.out, s...), fill...)
	} else {
		f.out = append(append(f.out, fill...), s...)
	}
}

func (f *formatter) text(d directive) {
	s := toText(f.L, f.L.Get(f.arg))
	if d.prec >= 0 {
		s = s[:min(len(s), d.prec)]
	}
	f.pad(d, s)
}

// goFormat is the directive as package fmt writes it.
func (d directive) goFormat(flags string, verb byte) string {
	s := "%" + flags
	if d.width > 0 {
		s += strconv.Itoa(d.width)
	}
	if d.prec >= 0 {
		s += "." + strconv.Itoa(d.prec)
	}
	return s + string(verb)
}

// integer formats a number cut to a whole one, or a u64. In the unsigned
// directives a negative number counts down from 2^64, as in C.
func (f *formatter) integer(d directive) {
	v := f.L.Get(f.arg)
	signed := d.verb == 'd' || d.verb == 'i'
	u, ok := ToUint64(v)
	if !ok || !isU64(v) {
		n := float64(f.L.CheckNumber(f.arg))
		switch {
		case math.IsNaN(n) || math.Abs(n) >= 1<<64 || n < math.MinInt64:
			f.L.ArgError(f.arg, "number has no integer representation")
		case n >= 0:
			u = uint64(n)
		case signed:
			f.out = fmt.Appendf(f.out, d.goFormat(d.flags, 'd'), int64(n))
			return
		default:
			u = uint64(int64(n))
		}
	}
	f.unsigned(d, u, signed)
}

func (f *formatter) unsigned(d directive, u uint64, signed bool) {
	verb, flags := d.verb, d.flags
	if !signed {
		flags = strings.NewReplacer("+", "", " ", "").Replace(flags)
	}
	if u == 0 || signed || verb == 'u' { // C prefixes no zero, package fmt would
		flags = strings.ReplaceAll(flags, "#", "")
	}
	if signed || verb == 'u' {
		verb = 'd'
	}
	if flags == "" && d.width == 0 && d.prec < 0 && verb == 'd' {
		f.out = strconv.AppendUint(f.out, u, 10)
		return
	}
	if verb|0x20 == 'x' && strings.Contains(flags, "#") && strings.Contains(flags, "0") && !strings.Contains(flags, "-") && d.prec < 0 {
		d.width = max(0, d.width-2) // in C zeros fill what the prefix leaves, package fmt does not count it
	}
	f.out = fmt.Appendf(f.out, d.goFormat(flags, verb), u)
}

func (f *formatter) float(d directive) {
	n := argFloat(f.L, f.arg)
	if math.IsNaN(n) || math.IsInf(n, 0) {
		f.pad(d, infText(d, n))
		return
	}
	if d.prec < 0 {
		d.prec = 6
	}
	f.out = fmt.Appendf(f.out, d.goFormat(d.flags, d.verb), n)
}

// infText writes what is no finite number as C does.
func infText(d directive, n float64) string {
	s := "nan"
	switch {
	case math.IsInf(n, -1):
		s = "-inf"
	case math.IsInf(n, 1):
		s = "inf"
	}
	if d.has("+") && n > 0 {
		s = "+" + s
	} else if d.has(" ") && n > 0 {
		s = " " + s
	}
	if d.verb == 'E' || d.verb == 'G' {
		s = strings.ToUpper(s)
	}
	return s
}

// quote appends s as a Lua literal.
func quote(out []byte, s string) []byte {
	out = append(out, '"')
	for _, c := range []byte(s) {
		switch c {
		case '"', '\\', '\n':
			out = append(out, '\\', c)
		case '\r':
			out = append(out, `\r`...)
		case 0:
			out = append(out, `\000`...)
		default:
			out = append(out, c)
		}
	}
	return append(out, '"')
}
