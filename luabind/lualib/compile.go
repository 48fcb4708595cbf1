package lualib

import (
	"bytes"
	"errors"
	"fmt"
	"reflect"
	"strings"

	lua "github.com/yuin/gopher-lua"
	"github.com/yuin/gopher-lua/ast"
	"github.com/yuin/gopher-lua/parse"
)

// Compile turns Lua source into byte code, which states may share. name is what
// errors show; they read "name:line: message".
//
// The source is checked first: gopher-lua's compiler calls itself for every
// nested construct, and a stack overflow in Go cannot be caught. A byte order
// mark and a first line that begins with # are skipped. Passes may change the
// syntax tree before it is compiled.
func Compile(src []byte, name string, passes ...func([]ast.Stmt) []ast.Stmt) (*lua.FunctionProto, error) {
	return CompileFrom(skipHeader(src), name, 1, passes...)
}

// CompileFrom is Compile for a piece of source: its first line is that line of
// the whole.
func CompileFrom(src []byte, name string, first int, passes ...func([]ast.Stmt) []ast.Stmt) (proto *lua.FunctionProto, err error) {
	if err := scanSource(src, first); err != nil {
		return nil, fmt.Errorf("%s:%w", name, err)
	}
	defer func() {
		if r := recover(); r != nil {
			err = fmt.Errorf("%s:%d: cannot be compiled: %v", name, first, r)
		}
	}()
	chunk, err := parse.Parse(bytes.NewReader(src), name)
	if err != nil {
		return nil, parseError(err, name, src, first)
	}
	if first > 1 {
		moveLines(reflect.ValueOf(chunk), first-1)
	}
	for _, pass := range passes {
		chunk = pass(chunk)
	}
	proto, err = lua.Compile(chunk, name)
	if err != nil {
		return nil, compileError(err, name)
	}
	return proto, nil
}

// moveLines moves all nodes of a syntax tree n lines down. The parser counts from
// 1, and the package has no visitor.
func moveLines(v reflect.Value, n int) {
	switch v.Kind() {
	case reflect.Interface, reflect.Pointer:
		if v.IsNil() {
			return
		}
		if node, ok := v.Interface().(ast.PositionHolder); ok && v.Kind() == reflect.Pointer {
			node.SetLine(node.Line() + n)
			node.SetLastLine(node.LastLine() + n)
		}
		moveLines(v.Elem(), n)
	case reflect.Slice:
		for i := range v.Len() {
			moveLines(v.Index(i), n)
		}
	case reflect.Struct:
		for i := range v.NumField() {
			if v.Type().Field(i).IsExported() {
				moveLines(v.Field(i), n)
			}
		}
	}
}

// skipHeader leaves the end of the first line where it is, so that lines keep
// their numbers.
func skipHeader(src []byte) []byte {
	src = bytes.TrimPrefix(src, []byte("\xef\xbb\xbf"))
	if !bytes.HasPrefix(src, []byte("#")) {
		return src
	}
	end := bytes.IndexByte(src, '\n')
	if end < 0 {
		return nil
	}
	return src[end:]
}

// parseError puts an error of the parser into one form.
func parseError(err error, name string, src []byte, first int) error {
	var pe *parse.Error
	if !errors.As(err, &pe) {
		return fmt.Errorf("%s:%d: %w", name, first, err)
	}
	line, near := pe.Pos.Line, fmt.Sprintf(" near '%s'%s", shorten(pe.Token), instead(src, pe.Pos.Line, pe.Pos.Column))
	if line == parse.EOF {
		line, near = lastLine(src), " near <eof>"
	}
	msg := strings.TrimSpace(strings.ToLower(pe.Message[:min(1, len(pe.Message))]) + pe.Message[min(1, len(pe.Message)):])
	return fmt.Errorf("%s:%d: %s%s", name, line+first-1, msg, near)
}

func shorten(token string) string {
	const most = 40
	if len(token) > most {
		return token[:most] + "..."
	}
	return token
}

// lastLine is the number of the last line that is not blank.
func lastLine(src []byte) int {
	return bytes.Count(bytes.TrimRight(src, luaSpace), []byte("\n")) + 1
}

func compileError(err error, name string) error {
	var ce *lua.CompileError
	if !errors.As(err, &ce) {
		return fmt.Errorf("%s:1: %w", name, err)
	}
	return fmt.Errorf("%s:%d: %s", name, max(1, ce.Line), strings.TrimSpace(ce.Message))
}
