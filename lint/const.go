package lint

import (
	"math"
	"strconv"

	"github.com/yuin/gopher-lua/ast"
)

// constTable returns the value of a table of constants, as package core takes
// it: a map, or an array. It is nil if anything in it is not constant.
func constTable(t *ast.TableExpr) any {
	named := map[string]any{}
	var array []any
	for _, field := range t.Fields {
		v, ok := constant(field.Value)
		if !ok {
			return nil
		}
		if field.Key == nil {
			array = append(array, v)
			continue
		}
		key, ok := field.Key.(*ast.StringExpr)
		if !ok {
			return nil
		}
		named[key.Value] = v
	}
	switch {
	case len(array) == 0:
		return named
	case len(named) == 0:
		return array
	}
	return nil
}

// constant returns the value of an expression that says it by itself.
func constant(e ast.Expr) (any, bool) {
	switch e := e.(type) {
	case *ast.StringExpr:
		return e.Value, true
	case *ast.TrueExpr:
		return true, true
	case *ast.FalseExpr:
		return false, true
	case *ast.NumberExpr:
		return number(e.Value)
	case *ast.UnaryMinusOpExpr:
		if n, ok := constant(e.Expr); ok {
			switch n := n.(type) {
			case int64:
				return -n, true
			case float64:
				return -n, true
			}
		}
	case *ast.TableExpr:
		if len(e.Fields) == 0 {
			return nil, false // an item or a list: it hangs on the field
		}
		v := constTable(e)
		return v, v != nil
	}
	return nil, false
}

// number reads a number as a script would give it: whole, if Lua holds it exactly.
func number(text string) (any, bool) {
	if n, err := strconv.ParseInt(text, 0, 64); err == nil && (len(text) < 2 || text[0] != '0' || text[1]|0x20 == 'x') {
		return n, n < 1<<53
	}
	v, err := strconv.ParseFloat(text, 64)
	switch {
	case err != nil || math.Abs(v) >= 1<<53:
		return nil, false
	case v == math.Trunc(v):
		return int64(v), true
	}
	return v, true
}

func mentionsName(e ast.Expr, name string) bool {
	id, ok := e.(*ast.IdentExpr)
	return ok && id.Value == name
}
