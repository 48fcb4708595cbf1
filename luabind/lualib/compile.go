package lualib

import (
	"bytes"
	"errors"
	"fmt"
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
func Compile(src []byte, name string, passes ...func([]ast.Stmt) []ast.Stmt) (proto *lua.FunctionProto, err error) {
	src = skipHeader(src)
	if err := scanSource(src); err != nil {
		return nil, fmt.Errorf("%s:%w", name, err)
	}
	defer func() {
		if r := recover(); r != nil {
			err = fmt.Errorf("%s:1: cannot be compiled: %v", name, r)
		}
	}()
	chunk, err := parse.Parse(bytes.NewReader(src), name)
	if err != nil {
		return nil, parseError(err, name, src)
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
func parseError(err error, name string, src []byte) error {
	var pe *parse.Error
	if !errors.As(err, &pe) {
		return fmt.Errorf("%s:1: %w", name, err)
	}
	line, near := pe.Pos.Line, fmt.Sprintf(" near '%s'", shorten(pe.Token))
	if line == parse.EOF {
		line, near = lastLine(src), " near <eof>"
	}
	msg := strings.TrimSpace(strings.ToLower(pe.Message[:min(1, len(pe.Message))]) + pe.Message[min(1, len(pe.Message)):])
	return fmt.Errorf("%s:%d: %s%s", name, line, msg, near)
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
