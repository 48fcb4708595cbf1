package lint

import (
	"regexp"
	"strings"

	"github.com/yuin/gopher-lua/ast"

	"pkl/core"
	"pkl/luabind"
)

// Defined returns the names of the protocols that scripts define in their text,
// as far as reg has them not. any says that there may be others.
func Defined(scripts []luabind.Script, reg *core.Registry) (loose map[string]bool, any bool) {
	loose = map[string]bool{}
	for _, s := range scripts {
		chunk, err := Parse(s.Source, s.Name)
		if err != nil {
			any = mayDefine(s.Source, loose) || any
			continue
		}
		eachCall(chunk, func(e *ast.FuncCallExpr) {
			a, ok := e.Func.(*ast.AttrGetExpr)
			if !ok || !isText(a.Key, "protocol") {
				return
			}
			name := literalName(e)
			if name == "" {
				any = true
			} else if reg.Proto(name) == nil {
				loose[name] = true
			}
		})
	}
	return loose, any
}

// A text that does not parse may define what follows a protocol or a name =, and
// what the modules do that it requires.
var (
	wordProtocol = regexp.MustCompile(`\bprotocol\b`)
	wordRequire  = regexp.MustCompile(`\brequire\b\s*\(?\s*(\S{5})?`)
	givenName    = regexp.MustCompile(`\bname\s*=\s*["'](\w+)["']`)
)

// mayDefine adds the names that a text with a syntax error gives to what it may
// define. any says that there may be others.
func mayDefine(src []byte, loose map[string]bool) (any bool) {
	text := string(src)
	for _, m := range wordRequire.FindAllStringSubmatch(text, -1) {
		any = any || strings.Trim(m[1], `"'`) != "pkl"
	}
	protocols := len(wordProtocol.FindAllString(text, -1))
	if protocols == 0 {
		return any
	}
	given := givenName.FindAllStringSubmatch(text, -1)
	for _, m := range given {
		loose[m[1]] = true
	}
	return any || len(given) < protocols
}

// literalName is the name in the table of a definition, if it is written out.
func literalName(e *ast.FuncCallExpr) string {
	if len(e.Args) != 1 {
		return ""
	}
	t, ok := e.Args[0].(*ast.TableExpr)
	if !ok {
		return ""
	}
	for _, f := range t.Fields {
		if name, ok := f.Value.(*ast.StringExpr); ok && isText(f.Key, "name") {
			return name.Value
		}
	}
	return ""
}

// eachCall calls visit for every call of a function in a chunk.
func eachCall(chunk []ast.Stmt, visit func(*ast.FuncCallExpr)) {
	eachExpr(chunk, func(e ast.Expr) {
		if call, ok := e.(*ast.FuncCallExpr); ok && call.Func != nil {
			visit(call)
		}
	})
}
