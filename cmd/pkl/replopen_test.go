package main

import (
	"fmt"
	"strings"
	"testing"
)

// TestOpenness: the compiler is asked where a chunk may be complete, and rarely
// within a long one.
func TestOpenness(t *testing.T) {
	for _, c := range []struct{ chunk, asked string }{ // y: asked behind the line
		{"x = 1", "y"},
		{"for i = 1, 2 do\nprint(i)\nprint(2)\nend", "ynyy"},
		{"f{\n1}", "yy"},
		{"a = [==[\nend ]]\n]==] .. 'end'", "yny"},
		{"function f()\nreturn 'end' -- end\nend", "yyy"},
		{"if x then\ny()\nelseif z then\nend", "ynyy"},
		{"repeat\nx = \"\\\"until\"\nuntil x", "yyy"},
		{"--[[ do\nx\n]] x = 1", "yny"},
		{"x = t[a[1]]", "y"},
	} {
		var o openness
		got := ""
		for line := range strings.SplitSeq(c.chunk, "\n") {
			if o.line(line) {
				got += "y"
			} else {
				got += "n"
			}
		}
		if got != c.asked {
			t.Errorf("%q: %s, want %s", c.chunk, got, c.asked)
		}
		if o.depth > 0 || o.long != "" {
			t.Errorf("%q is open: %+v", c.chunk, o)
		}
	}
	var o openness
	o.line("function f()")
	asked := 0
	for i := range 10000 {
		if o.line(fmt.Sprintf("  x = g(%d)", i)) {
			asked++
		}
	}
	if asked > 20 {
		t.Errorf("asked %d times", asked)
	}
}
