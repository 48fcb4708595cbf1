package pkl_test

import (
	"go/ast"
	"go/token"
	"go/types"
	"strconv"
	"strings"
	"testing"

	"pkl/core"
	"pkl/protocols"
)

// texts are texts that are also the name of a field, each with what the engine
// means by it. A protocol's name stands here once: ip6 is also a kind of field.
func texts() map[string]string {
	const (
		word = "a word of a definition"
		kind = "a kind of field in a definition"
		fact = "a fact of frame, or of pkt"
		api  = "a name of the Lua API"
		lib  = "a name of a Lua library"
	)
	return map[string]string{
		"bits": word, "last": word, "name": word, "names": word, "origin": word, "other": word, "size": word,
		"stop": word, "sum": word, "key": word, "crc": word, "count": word, "max": word,
		"ip6": kind, "mac": kind, "pad": kind, "text": kind,
		"len": fact, "ts": fact,
		"addr": "either of a pair of fields that have no name in common",
		"info": api, "error": api, "flow": api, "overflow": api, "priority": api, "protocol": api,
		"ttl": api, "timeout": api, "retry": api, "rate": api, "recv": api, "mtu": api, "gateway": api, "source": api, "addrs": api,
		"loop": api, "random": lib, "status": lib, "format": lib,
		"length": "what is wrong, in a message",
		"data":   "what other tools call a body",
	}
}

// identifiers are ordinary words of programming that are also the name of a
// field, grouped by why Go code has them. What is not here, such as ttl, dport
// or seq, must not be in the engine.
func identifiers() map[string][]string {
	return map[string][]string{
		"parts of a definition": {"name", "names", "kind", "size", "bits", "flags", "flag", "last", "pad", "origin", "other",
			"stop", "quote", "prefix", "types", "group", "instance", "count", "covered", "reach", "key", "protocols", "sources", "shares"},
		"kinds of values":     {"text", "value", "num", "addr", "addrs", "labels", "records", "entries"},
		"places in bytes":     {"start", "off", "left", "right", "low", "data", "mask", "shift", "limit", "length", "overflow"},
		"from where to where": {"src", "dst", "out", "source", "port"},
		"the compiler's own": {"op", "domain", "scope", "state", "level", "order", "class", "reserved", "more", "mid",
			"target", "unused", "iv"},
		"what is done to packets": {"sum", "crc", "flow", "refresh", "expire", "priority", "hash", "random", "change"},
		"what sockets do":         {"timeout", "retry", "answers", "exchange", "duration", "MTU"},
		"the host's own":          {"ch", "id", "file", "message", "code", "format", "ready", "reason", "method", "status", "restart", "rand", "instant"},
	}
}

// TestEngineKnowsNoProtocol: no text and no identifier in core or luabind equals
// the name of a protocol or of a field. Names of one letter are left out, as are
// those of Go itself and of its packages.
func TestEngineKnowsNoProtocol(t *testing.T) {
	c := checker{names: protocolNames(t), texts: texts(), idents: map[string]string{}, used: map[string]bool{}}
	for why, words := range identifiers() {
		for _, w := range words {
			c.idents[w] = why
		}
	}
	fset := token.NewFileSet()
	for _, s := range sources(t, fset, "core", "luabind") {
		for _, n := range c.wrong(s.file) {
			t.Errorf("%s: names %s", fset.Position(n.Pos()), c.names[wordOf(n)])
		}
	}
	for _, e := range c.unneeded() {
		t.Errorf("%s is an exception that is not needed: take it out", e)
	}
}

// A checker looks for names of protocols.
type checker struct {
	names         map[string]string // what must not be named, and what it is
	texts, idents map[string]string // exceptions
	used          map[string]bool   // those that were met
}

// wrong returns the places in a file that name a protocol or a field.
func (c *checker) wrong(file *ast.File) (found []ast.Node) {
	packages := map[string]bool{}
	ast.Inspect(file, func(n ast.Node) bool {
		if spec, ok := n.(*ast.ImportSpec); ok {
			name, _ := strconv.Unquote(spec.Path.Value)
			packages[name[strings.LastIndexByte(name, '/')+1:]] = true
			return false
		}
		if word := wordOf(n); c.names[word] != "" && !packages[word] && !c.excepted(n, word) {
			found = append(found, n)
		}
		return true
	})
	return found
}

// excepted reports whether a word is one of the exceptions.
func (c *checker) excepted(n ast.Node, word string) bool {
	exceptions, what := c.texts, "text "
	if _, ok := n.(*ast.Ident); ok {
		exceptions, what = c.idents, "identifier "
		if len(word) == 1 || types.Universe.Lookup(word) != nil {
			return true
		}
	}
	c.used[what+word] = true
	return exceptions[word] != ""
}

// unneeded lists the exceptions that were not met.
func (c *checker) unneeded() (list []string) {
	for what, exceptions := range map[string]map[string]string{"text ": c.texts, "identifier ": c.idents} {
		for word := range exceptions {
			if !c.used[what+word] {
				list = append(list, what+word)
			}
		}
	}
	return list
}

// wordOf is the text of an identifier or of a string literal.
func wordOf(n ast.Node) string {
	switch n := n.(type) {
	case *ast.Ident:
		return n.Name
	case *ast.BasicLit:
		if n.Kind == token.STRING {
			text, _ := strconv.Unquote(n.Value)
			return text
		}
	}
	return ""
}

// protocolNames returns the names of all protocols and fields, each with what it is.
func protocolNames(t *testing.T) map[string]string {
	t.Helper()
	reg, err := core.Compile(protocols.All(), protocols.Structs(), nil)
	if err != nil {
		t.Fatal(err)
	}
	names := map[string]string{}
	for _, pr := range reg.Protos() {
		names[pr.Name] = "protocol " + pr.Name
	}
	for _, pr := range reg.Protos() {
		noteFields(names, pr.Name, pr.Head(), 0)
		noteFields(names, pr.Name, pr.Foot(), 0)
	}
	return names
}

// noteFields adds the fields of a layout, and of the items of its lists. Lists
// may contain themselves.
func noteFields(names map[string]string, where string, l *core.Layout, depth int) {
	for _, s := range l.Slots {
		if s.Name != "" && names[s.Name] == "" {
			names[s.Name] = "field " + where + "." + s.Name
		}
		if s.Kind != core.List || s.Get != "" || depth == 4 {
			continue
		}
		for _, item := range s.Layouts() {
			noteFields(names, where+"."+s.Name, item, depth+1)
		}
	}
}
