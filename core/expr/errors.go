package expr

import (
	"fmt"
	"slices"
	"strings"
	"unicode/utf8"
)

// Error is a mistake in the source of an expression.
type Error struct {
	Src  string // the whole source
	Col  int    // 1-based, in characters
	Msg  string
	Hint string // what to write instead, or empty
}

// Error returns the column, the mistake and the hint.
func (e *Error) Error() string {
	s := fmt.Sprintf("column %d: %s", e.Col, e.Msg)
	if e.Hint != "" {
		s += " (" + e.Hint + ")"
	}
	return s
}

// ErrorAt returns an error at a byte offset of src, such as a node's Pos. It
// is for the compiler of the tree, whose errors look like those of Parse.
func ErrorAt(src string, pos int, msg, hint string) *Error {
	return &Error{Src: src, Col: column(src, pos), Msg: msg, Hint: hint}
}

func column(src string, pos int) int {
	return utf8.RuneCountInString(src[:min(max(pos, 0), len(src))]) + 1
}

// fail ends the parse: Parse recovers the error. Passing it up by hand would
// double the size of every function between.
func fail(src string, pos int, msg, hint string) {
	panic(ErrorAt(src, pos, msg, hint))
}

// wordHint says what to write instead of a word that other filter languages
// know, or of a keyword in capitals.
func wordHint(word string) string {
	lower := strings.ToLower(word)
	instead := map[string]string{
		"eq": "==", "is": "==", "equals": "==", "ne": "!=", "lt": "<", "le": "<=", "gt": ">", "ge": ">=",
		"bitand": "&", "bitor": "|", "mod": "%", "div": "/", "has": "contains", "like": "matches",
	}
	switch {
	case instead[lower] != "":
		return didYouMean(instead[lower])
	case word != lower && IsReserved(lower):
		return didYouMean(lower)
	case lower == "xor":
		return "there is no exclusive or"
	}
	return ""
}

func didYouMean(s string) string {
	if s == "" {
		return ""
	}
	return fmt.Sprintf("did you mean %q?", s)
}

// nearest returns the known word closest to a misspelt one, or "" if none is
// close: at most one edit for each three letters, and one.
func nearest(word string, known []string) string {
	if len(word) > 32 {
		return ""
	}
	byDistance := func(a, b string) int { return distance(word, a) - distance(word, b) }
	best := slices.MinFunc(known, byDistance)
	if distance(word, best) > len(word)/3+1 {
		return ""
	}
	return best
}

// distance is the number of letters to insert, delete or replace to turn a
// into b.
func distance(a, b string) int {
	row := make([]int, len(b)+1)
	for j := range row {
		row[j] = j
	}
	for i := range len(a) {
		diag := row[0]
		row[0] = i + 1
		for j := range len(b) {
			cost := diag
			if a[i] != b[j] {
				cost++
			}
			diag = row[j+1]
			row[j+1] = min(cost, row[j]+1, diag+1)
		}
	}
	return row[len(b)]
}
