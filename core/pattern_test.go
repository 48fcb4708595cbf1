package core

import (
	"math/rand/v2"
	"regexp"
	"testing"
)

// TestPlainPattern: where no machine is needed, the answers are the machine's,
// for any bytes.
func TestPlainPattern(t *testing.T) {
	rng := rand.New(rand.NewPCG(1, 2))
	alphabet := []byte("\x00\n\r \tAaZz09_-:\x7f\x80\xbf\xc3\xa4\xe2\x82\xac\xff")
	for text, plain := range map[string]bool{
		`^[^\n]*$`: true, `^[0-9]{3}$`: true, `^[A-Za-z_-]+$`: true, `^[^ \t\n][^\n]*$`: true, `^.*$`: true, `^a.*$`: true, `^[^a]$`: false, `^[^a][0-9]*$`: false,
		`^(?s:.*)$`: true, `^$`: true, `^\w+$`: true, `^[a-z]*[0-9]$`: false, `^(?i)[a-z]+$`: false, `^ä*$`: false, `^[^ä]*$`: false, `[0-9]`: false, `^a|b$`: false,
	} {
		p, re := plainPattern(text), regexp.MustCompile(text)
		if (p != nil) != plain {
			t.Errorf("%s: plain: %v, want %v", text, p != nil, plain)
		}
		for range 3000 {
			b := make([]byte, rng.IntN(6))
			for i := range b {
				b[i] = alphabet[rng.IntN(len(alphabet))]
			}
			if p != nil && p.match(b) != re.Match(b) {
				t.Errorf("%s of %q: %v", text, b, p.match(b))
			}
		}
	}
}
