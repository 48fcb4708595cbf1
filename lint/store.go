package lint

import (
	"fmt"
	"strings"

	"github.com/yuin/gopher-lua/ast"

	"pkl/core"
	"pkl/core/expr"
)

// stored checks a constant that is stored into a field. Which of the fields of
// that name is there, only the packet tells: one has to take it.
func (f *file) stored(of value, name string, e ast.Expr) {
	v, ok := constant(e)
	if _, isText := v.(string); !ok || of.kind != layer && of.kind != item {
		return
	} else if _, isTable := e.(*ast.TableExpr); isTable && !isText {
		return
	}
	f.suits(of, name, e, func(s *core.Slot) error {
		if s.Get != "" {
			return nil
		}
		return s.Check(v)
	})
}

// suits reports what check finds wrong with a constant, unless a field of that name
// has nothing against it.
func (f *file) suits(of value, name string, e ast.Expr, check func(*core.Slot) error) {
	var wrong error
	for _, lay := range layoutsOf(of) {
		for s := lay.Slot(name); s != nil; s = s.Alt {
			err := check(s)
			if err == nil {
				return
			}
			if wrong == nil {
				wrong = err
			}
		}
	}
	if wrong != nil {
		f.report(e.Line(), Value, "%v", wrong)
	}
}

// layoutsOf are those of a layer or an item.
func layoutsOf(of value) []*core.Layout {
	if of.kind == layer {
		return []*core.Layout{of.proto.Head(), of.proto.Foot()}
	}
	return of.slot.Layouts()
}

// compared reports a constant that no field of that name ever reads as.
func (f *file) compared(of value, name string, e ast.Expr) {
	v, ok := constant(e)
	if _, isTable := e.(*ast.TableExpr); !ok || isTable || of.kind != layer && of.kind != item {
		return
	}
	f.suits(of, name, e, func(s *core.Slot) error { return equals(s, v) })
}

// equals says why a field never equals v, nil if it may.
func equals(s *core.Slot, v any) error {
	text, isText := v.(string)
	switch {
	case s.Get != "", s.Kind == core.List, s.Of != "", s.Key != "" && s.Kind == core.Bytes:
		return nil
	case isText && (s.Kind == core.Bytes || s.Kind == core.Text):
		return nil // of any length: captures are cut
	}
	reads, err := s.Reads(v)
	switch reads := reads.(type) {
	case uint64:
		if isText {
			return fmt.Errorf("%s reads as a number, never as %q: that is %d", s, text, reads)
		}
	case string:
		if reads != text {
			return fmt.Errorf("%s reads as %q, never as %q", s, reads, text)
		}
	}
	return err
}

// lookedUp reports a name that the items of a list are looked up by, if it is
// nearly that of a field: http.metod is a header that nobody sends.
func (f *file) lookedUp(pr *core.Proto, name string, line int) {
	if pr.Head().Slot(name) != nil || pr.Head().Lookup(name) == nil {
		return
	}
	for _, known := range slotNames(pr.Head()) {
		if oneOff(strings.ToLower(name), strings.ToLower(known)) {
			f.report(line, Name, "%s has no field %q (did you mean %q?): this looks for an item of that name", pr.Name, name, known)
			return
		}
	}
}

// filterLookups is lookedUp for the names in a filter.
func (f *file) filterLookups(src string, line int) {
	tree, err := expr.Parse(src)
	if err != nil {
		return
	}
	expr.Walk(tree, func(n expr.Node) bool {
		if name, ok := n.(*expr.Name); ok && len(name.Parts) > 1 {
			if pr := f.Reg.Proto(name.Parts[0]); pr != nil {
				f.lookedUp(pr, name.Parts[1], line)
			}
		}
		return true
	})
}

// oneOff reports whether one letter more, less or other, or two that changed
// places, make a into b.
func oneOff(a, b string) bool {
	for a != "" && b != "" && a[0] == b[0] {
		a, b = a[1:], b[1:]
	}
	for a != "" && b != "" && a[len(a)-1] == b[len(b)-1] {
		a, b = a[:len(a)-1], b[:len(b)-1]
	}
	switch {
	case len(a) == 2 && len(b) == 2:
		return a[0] == b[1] && a[1] == b[0]
	default:
		return len(a) <= 1 && len(b) <= 1 && a != b
	}
}
