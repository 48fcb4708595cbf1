package lint

import (
	"slices"
	"strings"

	"github.com/yuin/gopher-lua/ast"

	"pkl/core"
)

// fields looks at the table of pkl.tcp{…}.
func (f *file) fields(pr *core.Proto, t *ast.TableExpr) {
	before := len(f.found)
	f.words(t, pr.Name, []*core.Layout{pr.Head(), pr.Foot()}, []string{"body", "trailer"})
	if len(f.found) > before {
		return
	}
	if values, ok := constTable(t).(map[string]any); ok {
		if _, err := core.Build(pr, values); err != nil {
			f.report(t.Line(), Value, "%v", err)
		}
	}
}

// words checks the names in a table that stands for a record.
func (f *file) words(t *ast.TableExpr, title string, layouts []*core.Layout, also []string) {
	for _, field := range t.Fields {
		key, ok := field.Key.(*ast.StringExpr)
		if !ok {
			continue
		}
		s := slotNamed(layouts, strings.TrimSuffix(key.Value, "_raw"))
		if s == nil {
			s = slotNamed(layouts, key.Value)
		}
		switch {
		case s != nil && s.Kind == core.List && s.Alt == nil:
			f.items(value{kind: list, slot: s}, field.Value)
		case s == nil && slices.ContainsFunc(layouts, func(l *core.Layout) bool { return l.Lookup(key.Value) != nil }):
			if pr := f.Reg.Proto(title); pr != nil {
				f.lookedUp(pr, key.Value, max(key.Line(), field.Value.Line()))
			}
		case s == nil && !slices.Contains(also, strings.TrimSuffix(key.Value, "_raw")):
			f.report(max(key.Line(), field.Value.Line()), Name, "%s has no field %q%s", title, key.Value, f.hint(key.Value, append(slotNames(layouts...), also...)))
		}
	}
}

func slotNamed(layouts []*core.Layout, name string) *core.Slot {
	for _, lay := range layouts {
		if s := lay.Slot(name); s != nil && name != "" {
			return s
		}
	}
	return nil
}

// items checks an array that stands for the items of a list.
func (f *file) items(of value, e ast.Expr) {
	t, ok := e.(*ast.TableExpr)
	if !ok || !f.reports {
		return
	}
	for _, field := range t.Fields {
		if field.Key == nil {
			f.oneItem(of.slot, field.Value)
		}
	}
}

// oneItem checks a table that stands for an item.
func (f *file) oneItem(s *core.Slot, e ast.Expr) {
	t, ok := e.(*ast.TableExpr)
	if !ok || !f.reports || s.Plain() || len(s.Layouts()) == 0 {
		return
	}
	f.words(t, "item of "+s.String(), s.Layouts(), []string{"body"})
}
