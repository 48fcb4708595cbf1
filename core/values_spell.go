package core

import "strings"

// Nearest returns the name among those given that a misspelt one most likely
// means, or "" if none is close: at most one edit for each three letters, and
// one more from four letters on, of which four begin alike, or where letters are
// only missing. An edit is a letter inserted, deleted or replaced, or two
// exchanged. Of names equally close the first is taken; the name itself is none.
func Nearest(name string, among []string) string {
	given := name
	name = strings.ToLower(name)
	best, least := "", len(name)/3+2
	if len(name) > 64 {
		return ""
	}
	for _, a := range among {
		if len(a) > 64 || a == given {
			continue
		}
		low := strings.ToLower(a)
		d := editDistance(name, low)
		if len(name) <= 3 && d > 1 && !isWithin(name, low) {
			continue
		}
		if len(name) == 4 && d > 1 && !strings.HasPrefix(low, name[:1]) {
			continue
		}
		if d < least && d < max(len(name), len(a)) {
			best, least = a, d
		}
	}
	return best
}

// isWithin reports whether the letters of a stand in b in their order.
func isWithin(a, b string) bool {
	for i := 0; i < len(b) && a != ""; i++ {
		if a[0] == b[i] {
			a = a[1:]
		}
	}
	return a == ""
}

// editDistance counts the edits that turn a into b.
func editDistance(a, b string) int {
	before, last := make([]int, len(b)+1), make([]int, len(b)+1)
	for j := range last {
		last[j] = j
	}
	for i := range len(a) {
		row := make([]int, len(b)+1)
		row[0] = i + 1
		for j := range len(b) {
			row[j+1] = min(last[j+1]+1, row[j]+1, last[j]+differ(a[i], b[j]))
			if i > 0 && j > 0 && a[i] == b[j-1] && a[i-1] == b[j] {
				row[j+1] = min(row[j+1], before[j-1]+1)
			}
		}
		before, last = last, row
	}
	return last[len(b)]
}

func differ(a, b byte) int {
	if a == b {
		return 0
	}
	return 1
}

// didYouMean is the hint for a name that is not among the known ones.
func didYouMean(name string, among []string) string {
	if n := Nearest(name, among); n != "" {
		return "did you mean " + n + "?"
	}
	return ""
}
