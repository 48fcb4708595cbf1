package core

import (
	"bytes"
	"fmt"
	"slices"
	"strings"
)

// chosen makes choices by bytes. When they are used up, every choice is the
// first, so that fewer and smaller bytes make simpler packets.
type chosen struct {
	choices []byte
}

func (c *chosen) uint64() (v uint64) {
	for range min(8, len(c.choices)) {
		v, c.choices = v<<8|uint64(c.choices[0]), c.choices[1:]
	}
	return v
}

// next is the next choice, 0 behind the last.
func (c *chosen) next() byte {
	if len(c.choices) == 0 {
		return 0
	}
	b := c.choices[0]
	c.choices = c.choices[1:]
	return b
}

func (c *chosen) omit() bool         { return c.next()&1 == 0 }
func (c *chosen) chance(of int) bool { return int(c.next())%of == of-1 }

func (c *chosen) int(lo, hi int) int {
	if hi <= lo {
		return lo
	}
	return lo + int(c.next())%(hi-lo+1)
}

func (c *chosen) int64(lo, hi int64) int64 {
	if hi <= lo {
		return lo
	}
	return lo + int64(c.uint64()%(uint64(hi-lo)+1))
}

func (c *chosen) bytes(n int) []byte {
	b := make([]byte, n)
	c.choices = c.choices[copy(b, c.choices):]
	return b
}

// mostShrinks bounds how many smaller packets are tried.
const mostShrinks = 3000

// smallestChoices looks for fewer and smaller choices that break the same law
// with no more bytes.
func (t *tester) smallestChoices(choices []byte, f *Failure) *Failure {
	return t.shrink(choices, f, t.built)
}

// shrink looks for fewer and smaller bytes that break the same law.
func (t *tester) shrink(input []byte, best *Failure, law func([]byte) *Failure) *Failure {
	tries := 0
	better := func(smaller []byte) bool {
		if tries++; tries > mostShrinks || t.ended() {
			return false
		}
		f := t.safely(func() *Failure { return law(smaller) })
		if f == nil || f.law() != best.law() || !f.smaller(best) && !(f.same(best) && len(smaller) < len(input)) {
			return false
		}
		best, input = f, smaller
		return true
	}
	for again := true; again && tries <= mostShrinks; {
		again = dropChunks(&input, better)
		again = lowerBytes(&input, better) || again
	}
	return best
}

// dropChunks leaves out runs of bytes, long ones first.
func dropChunks(input *[]byte, better func([]byte) bool) (any bool) {
	for size := max(1, len(*input)/2); size >= 1; size /= 2 {
		for at := 0; at+size <= len(*input); {
			if better(slices.Delete(bytes.Clone(*input), at, at+size)) {
				any = true
			} else {
				at += size
			}
		}
	}
	return any
}

// lowerBytes makes single bytes smaller.
func lowerBytes(input *[]byte, better func([]byte) bool) (any bool) {
	for i := 0; i < len(*input); i++ {
		for _, v := range []byte{0, (*input)[i] / 2, (*input)[i] - 1} {
			if v >= (*input)[i] {
				continue
			}
			smaller := bytes.Clone(*input)
			smaller[i] = v
			if better(smaller) {
				any = true
				break
			}
		}
	}
	return any
}

// law is what tells one kind of failure from another: its text without values.
func (f *Failure) law() string {
	text, _, _ := strings.Cut(f.What, ":")
	return text
}

// smaller orders failures: by bytes, then by what they were built of.
func (f *Failure) smaller(than *Failure) bool {
	if len(f.Bytes) != len(than.Bytes) {
		return len(f.Bytes) < len(than.Bytes)
	}
	if c := bytes.Compare(f.Bytes, than.Bytes); c != 0 {
		return c < 0
	}
	return len(givenText(f.Given)) < len(givenText(than.Given))
}

func (f *Failure) same(as *Failure) bool {
	return bytes.Equal(f.Bytes, as.Bytes) && len(givenText(f.Given)) == len(givenText(as.Given))
}

// givenText shows values as a script writes them.
func givenText(v any) string {
	switch v := v.(type) {
	case map[string]any:
		names := make([]string, 0, len(v))
		for n := range v {
			names = append(names, n)
		}
		slices.Sort(names)
		var parts []string
		for _, n := range names {
			parts = append(parts, n+" = "+givenText(v[n]))
		}
		return "{" + strings.Join(parts, ", ") + "}"
	case []any:
		var parts []string
		for _, x := range v {
			parts = append(parts, givenText(x))
		}
		return "{" + strings.Join(parts, ", ") + "}"
	case []byte:
		return givenText(string(v))
	case string:
		var b strings.Builder
		for i := range len(v) {
			if c := v[i]; c >= ' ' && c <= '~' && c != '"' && c != '\\' {
				b.WriteByte(c)
			} else {
				fmt.Fprintf(&b, `\%03d`, c)
			}
		}
		return `"` + b.String() + `"`
	}
	return fmt.Sprint(v)
}
