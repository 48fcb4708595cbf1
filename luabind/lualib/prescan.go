package lualib

import (
	"fmt"
)

// Limits of a source file. They are far above what people write and far below
// where the compiler overflows its stack or takes minutes.
const (
	maxSource    = 1 << 20
	maxDepth     = 200    // brackets and blocks inside one another
	maxHeight    = 4000   // operators, calls and indexes on top of one another
	maxConstants = 50_000 // different names, numbers and texts: compile time grows with their square
)

// A level is an open bracket or block. Heights bound how deep the syntax tree
// is: one for each operator, index and call, added up along nested brackets.
type level struct {
	height int // of the expression in hand
	max    int // of the expressions before
	elseif bool
}

// A sourceScan measures a source without building anything.
type sourceScan struct {
	lexer
	levels    []level
	operand   bool // the last token ends an operand: what follows continues it, or is a new statement
	constants map[string]struct{}
}

// scanSource refuses what the compiler would not survive. The error begins with
// the line number; first is that of the first line.
func scanSource(src []byte, first int) error {
	if len(src) > maxSource {
		return fmt.Errorf("%d: source of %d bytes is too large (at most %d)", first, len(src), maxSource)
	}
	s := sourceScan{lexer: lexer{src: src, line: first}, levels: make([]level, 1), constants: map[string]struct{}{}}
	for tok := s.next(); tok.kind != tokenEnd; tok = s.next() {
		s.take(tok)
		if err := s.check(); err != nil {
			return fmt.Errorf("%d: %w", s.line, err)
		}
	}
	return nil
}

func (s *sourceScan) check() error {
	switch top := s.top(); {
	case len(s.levels) > maxDepth+1:
		return fmt.Errorf("brackets and blocks nest more than %d deep", maxDepth)
	case top.height > maxHeight || top.max > maxHeight:
		return fmt.Errorf("expression or elseif chain of more than %d parts", maxHeight)
	case len(s.constants) > maxConstants:
		return fmt.Errorf("more than %d different names, numbers and texts; keep data in a file of its own", maxConstants)
	}
	return nil
}

func (s *sourceScan) top() *level { return &s.levels[len(s.levels)-1] }

func (s *sourceScan) take(tok token) {
	switch tok.kind {
	case tokenWord:
		if !s.keyword(tok.text) {
			s.constants[tok.text] = struct{}{}
			s.restart()
			s.operand = true
		}
	case tokenNumber:
		s.constants[tok.text] = struct{}{}
		s.operand = true
	case tokenText:
		s.constants[tok.text] = struct{}{}
		s.call()
		s.operand = true
	default:
		s.symbol(tok.text)
	}
}

// restart begins a statement if an operand is complete.
func (s *sourceScan) restart() {
	if s.operand {
		s.separate()
	}
}

// separate ends the expression in hand.
func (s *sourceScan) separate() {
	top := s.top()
	top.max = max(top.max, top.height)
	top.height = 0
	s.operand = false
}

// call counts a call or index if the last token ends an operand.
func (s *sourceScan) call() {
	if s.operand {
		s.top().height++
	}
}

func (s *sourceScan) push() {
	s.levels = append(s.levels, level{})
	s.operand = false
}

// pop closes a level; what is in it lies below the expression around it.
func (s *sourceScan) pop() {
	if len(s.levels) == 1 {
		return // the parser complains
	}
	inner := s.top()
	height := max(inner.max, inner.height) + 1
	s.levels = s.levels[:len(s.levels)-1]
	s.top().height += height
	s.operand = true
}

func (s *sourceScan) symbol(text string) {
	switch text {
	case "(", "{", "[":
		s.call()
		s.push()
	case ")", "}", "]":
		s.pop()
	case ",", ";", "=":
		s.separate()
	case "...":
		s.operand = true
	default:
		s.top().height++
		s.operand = false
	}
}

// keyword handles a word of the language; false if text is none.
func (s *sourceScan) keyword(text string) bool {
	switch text {
	case "and", "or", "not":
		s.symbol(text)
	case "true", "false", "nil":
		s.operand = true
	case "function":
		s.restart()
		s.push()
	case "do", "repeat":
		s.separate()
		s.push()
	case "then":
		s.then()
	case "elseif":
		s.separate()
		s.top().max++
		s.top().elseif = true
	case "end", "until":
		s.pop()
		s.operand = text == "end"
	case "else", "if", "in", "for", "while", "local", "return", "break", "goto":
		s.separate()
	default:
		return false
	}
	return true
}

// then opens a block, unless it belongs to an elseif.
func (s *sourceScan) then() {
	s.separate()
	if s.top().elseif {
		s.top().elseif = false
		return
	}
	s.push()
}
