package lint

import (
	"regexp"
	"slices"
	"strings"

	"github.com/yuin/gopher-lua/ast"

	"pkl/core"
)

// call is f(…) and value:method(…).
func (f *file) call(e *ast.FuncCallExpr) value {
	if e.Func == nil {
		return f.methodCall(e)
	}
	callee := f.expr(e.Func)
	switch callee.kind {
	case pklFunc:
		return f.pklCall(callee.name, e)
	case proto:
		return f.construct(callee.proto, e)
	case luaFunc:
		f.scriptCall(callee.fn, e)
		return callee.fn.result.value()
	case nothing:
		f.args(e, 0)
		return value{}
	case unknown:
		return f.libraryCall(callee.name, e)
	}
	f.args(e, 0)
	return value{kind: unknown}
}

// args looks at the arguments from number n on.
func (f *file) args(e *ast.FuncCallExpr, n int) {
	for _, a := range e.Args[min(n, len(e.Args)):] {
		f.use(a)
	}
}

// scriptCall tells a function of the script what its parameters hold.
func (f *file) scriptCall(fn *function, e *ast.FuncCallExpr) {
	fn.called = true
	for i, v := range f.values(e.Args, len(fn.params)) {
		if i < len(fn.params) {
			f.join(fn.params[i], v)
		}
	}
}

// libraryCall is a call of a function of Lua, or of something unknown.
func (f *file) libraryCall(name string, e *ast.FuncCallExpr) value {
	switch {
	case len(e.Args) == 0:
	case name == "pcall" || name == "xpcall": // what raises is meant to be caught
		f.quiet++
		f.args(e, 0)
		f.quiet--
		return value{kind: unknown}
	case name == "assert":
		v := f.use(e.Args[0])
		f.args(e, 1)
		return v
	case name == "require" && isText(e.Args[0], "pkl"):
		return value{kind: pklTable}
	case name == "ipairs" || name == "pairs":
		return f.iterates(f.use(e.Args[0]))
	case name == "rawget" || name == "rawset":
		f.dynamic = f.dynamic || mentionsName(e.Args[0], "_G")
	}
	f.args(e, 0)
	return value{kind: unknown}
}

// iterates is ipairs and pairs of a list or an array of packets.
func (f *file) iterates(of value) value {
	switch of.kind {
	case nothing:
		return value{}
	case list:
		return value{kind: iterator, first: unknown, second: item, slot: of.slot}
	case packets:
		return value{kind: iterator, first: unknown, second: packet}
	}
	return value{kind: unknown}
}

func isText(e ast.Expr, text string) bool {
	s, ok := e.(*ast.StringExpr)
	return ok && s.Value == text
}

// pklCall is pkl.name(…).
func (f *file) pklCall(name string, e *ast.FuncCallExpr) value {
	switch name {
	case "on":
		f.on(e)
		return value{kind: object, name: "rule"}
	case "packets":
		f.filterArg(e, 1)
		f.args(e, 0)
		return value{kind: iterator, first: packet, second: unknown}
	case "filter":
		f.filterArg(e, 0)
	case "socket":
		f.filterOption(e)
	case "at_end", "every", "after":
		for _, a := range e.Args {
			f.handler(a, unknown)
		}
		if name == "at_end" {
			return value{kind: unknown}
		}
		return value{kind: object, name: "timer"}
	}
	f.args(e, 0)
	return pklResult(name)
}

// pklResult is what the other functions of pkl give.
func pklResult(name string) value {
	switch name {
	case "load":
		return value{kind: packets}
	case "dissect":
		return value{kind: packet}
	case "open":
		return value{kind: object, name: "reader"}
	case "create":
		return value{kind: object, name: "writer"}
	case "socket", "shared", "counter":
		return value{kind: object, name: name}
	case "sr1":
		return value{kind: packet}
	}
	return value{kind: unknown}
}

// on is pkl.on(filter, fn), pkl.on(fn) and pkl.on{filter =, on_packet =}: the
// function gets packets.
func (f *file) on(e *ast.FuncCallExpr) {
	if len(e.Args) == 0 {
		return
	}
	table, ok := e.Args[0].(*ast.TableExpr)
	if !ok {
		f.filterArg(e, 0)
		for _, a := range e.Args {
			f.handler(a, packet)
		}
		return
	}
	f.filterOption(e)
	for _, field := range table.Fields {
		switch {
		case isText(field.Key, "on_packet"):
			f.handler(field.Value, packet)
		default:
			f.use(field.Value)
		}
	}
}

// handler is an argument that may be a function which pkl calls with such a value.
func (f *file) handler(e ast.Expr, first kind) {
	v := f.expr(e)
	if v.fn == nil {
		return
	}
	v.fn.handler = true
	for i, p := range v.fn.params {
		f.join(p, map[bool]value{true: {kind: first}, false: {kind: unknown}}[i == 0])
	}
}

func (f *file) filterArg(e *ast.FuncCallExpr, n int) {
	if n < len(e.Args) {
		f.filter(e.Args[n])
	}
}

// filterOption is f{filter = …}.
func (f *file) filterOption(e *ast.FuncCallExpr) {
	if len(e.Args) == 0 {
		return
	}
	options, ok := e.Args[0].(*ast.TableExpr)
	if !ok {
		return
	}
	for _, field := range options.Fields {
		if isText(field.Key, "filter") {
			f.filter(field.Value)
		}
	}
}

// filter compiles a filter that stands in the text.
func (f *file) filter(e ast.Expr) {
	text, ok := e.(*ast.StringExpr)
	if !ok || text.Value == "" || !f.reports || f.AnyProto || f.namesLoose(text.Value) {
		return
	}
	if _, err := f.Reg.Filter(text.Value); err != nil {
		f.report(text.Line(), Filter, "filter: %v", err)
		return
	}
	f.filterLookups(text.Value, text.Line())
}

// namesLoose reports whether a filter names a protocol that may be defined out of sight.
func (f *file) namesLoose(filter string) bool {
	for _, word := range filterWord.FindAllString(filter, -1) {
		if f.Loose[word] {
			return true
		}
	}
	return false
}

var filterWord = regexp.MustCompile(`\w+`)

// methodCall is value:method(…).
func (f *file) methodCall(e *ast.FuncCallExpr) value {
	of := f.use(e.Receiver)
	line := max(e.Line(), e.Receiver.Line())
	switch of.kind {
	case nothing: // not yet known
		f.args(e, 0)
		return value{}
	case packet, likely:
		f.args(e, 0)
		return f.packetCall(of, e, line)
	case list:
		return f.listCall(of, e, line)
	case object:
		f.ofObject(of, e.Method, line)
		return f.objectCall(of, e)
	case layer:
		f.member(of, e.Method, line)
	case item:
		f.member(of, e.Method, line)
	}
	f.args(e, 0)
	return value{kind: unknown}
}

func (f *file) packetCall(of value, e *ast.FuncCallExpr, line int) value {
	if !slices.Contains(f.Inv.Packet, e.Method) {
		if h := f.hint(e.Method, f.Inv.Packet); of.kind == packet || h != "" && !of.open {
			f.report(line, Name, "a packet has no method %q%s", e.Method, h)
		}
		return value{kind: unknown}
	}
	switch e.Method {
	case "copy":
		return value{kind: packet}
	case "layers":
		return value{kind: iterator, first: someLayer, second: unknown}
	case "layer":
		if len(e.Args) > 0 {
			if name, ok := e.Args[0].(*ast.StringExpr); ok {
				v := f.protoNamed(name.Value, name.Line(), "no protocol %q%s", f.Reg.Names(), nearest)
				if v.proto != nil {
					return value{kind: layer, proto: v.proto}
				}
			}
		}
	case "path":
		if len(e.Args) > 0 {
			if path, ok := e.Args[0].(*ast.StringExpr); ok {
				return f.path(path)
			}
		}
	}
	return value{kind: unknown}
}

// path is pkt:path("eth/ip/tcp"): the last layer of the chain.
func (f *file) path(e *ast.StringExpr) (last value) {
	for name := range strings.SplitSeq(e.Value, "/") {
		v := f.protoNamed(name, e.Line(), "no protocol %q%s", f.Reg.Names(), nearest)
		if last = (value{kind: unknown}); v.proto != nil {
			last = value{kind: layer, proto: v.proto}
		}
	}
	return last
}

func (f *file) listCall(of value, e *ast.FuncCallExpr, line int) value {
	f.member(of, e.Method, line)
	switch e.Method {
	case "append", "find":
		f.itemArg(of, e, 0)
	case "insert":
		f.itemArg(of, e, 1)
	}
	f.args(e, 0)
	switch e.Method {
	case "each":
		return value{kind: iterator, first: unknown, second: item, slot: of.slot}
	case "find":
		return value{kind: item, slot: of.slot}
	}
	return value{kind: unknown}
}

func (f *file) itemArg(of value, e *ast.FuncCallExpr, n int) {
	if n < len(e.Args) {
		f.oneItem(of.slot, e.Args[n])
	}
}

func (f *file) objectCall(of value, e *ast.FuncCallExpr) value {
	switch {
	case of.name == "reader" && e.Method == "packets":
		f.filterArg(e, 0)
		f.args(e, 0)
		return value{kind: iterator, first: packet, second: unknown}
	case of.name == "socket" && e.Method == "packets":
		f.filterOption(e)
		f.args(e, 0)
		return value{kind: iterator, first: packet, second: unknown}
	case of.name == "reader" && e.Method == "next", of.name == "socket" && (e.Method == "recv" || e.Method == "sr1"):
		f.args(e, 0)
		return value{kind: packet}
	}
	f.args(e, 0)
	return value{kind: unknown}
}

// construct is pkl.tcp{…}: the words are fields. A table of constants is built,
// and so has every mistake that it would have when the script runs.
func (f *file) construct(pr *core.Proto, e *ast.FuncCallExpr) value {
	f.args(e, 0)
	if len(e.Args) == 1 {
		if t, ok := e.Args[0].(*ast.TableExpr); ok && f.reports {
			f.fields(pr, t)
		}
	}
	return value{kind: packet}
}
