package luabind

import (
	"fmt"
	"strings"

	lua "github.com/yuin/gopher-lua"

	"pkl/core"
)

// spec reads the words of pkl.protocol.
func (r *specReader) spec(s *core.Spec, t *lua.LTable) {
	if t.Len() > 0 {
		r.fail("the fields belong into fields = { … }")
	}
	r.words(t, wordTable{
		"name":         func(lua.LValue) {}, // read before, for the messages
		"doc":          func(v lua.LValue) { r.text(&s.Doc, v, "doc") },
		"ref":          func(v lua.LValue) { r.text(&s.Ref, v, "ref") },
		"over":         func(v lua.LValue) { s.Over = r.over(v) },
		"fields":       func(v lua.LValue) { s.Fields = r.fields(v, "fields") },
		"footer":       func(v lua.LValue) { s.Footer = r.fields(v, "footer") },
		"header":       func(v lua.LValue) { r.expr(&s.Header, v, "header") },
		"len":          func(v lua.LValue) { r.expr(&s.Len, v, "len") },
		"stop":         func(v lua.LValue) { r.expr(&s.Stop, v, "stop") },
		"check":        func(v lua.LValue) { r.expr(&s.Check, v, "check") },
		"pieces":       func(v lua.LValue) { r.expr(&s.Pieces, v, "pieces") },
		"pairs":        func(v lua.LValue) { s.Pairs = r.pairs(v) },
		"replies":      func(v lua.LValue) { s.Replies = r.replies(v) },
		"pseudo":       func(v lua.LValue) { s.Pseudo = r.texts(v, "pseudo") },
		"sum_required": func(v lua.LValue) { r.flag(&s.SumRequired, v, "sum_required") },
		"hook":         func(v lua.LValue) { s.Hook = r.hook(v, "hook") },
		"hook_update":  func(v lua.LValue) { s.HookUpdate = r.hook(v, "hook_update") },
	})
	if len(s.Fields)+len(s.Footer) == 0 && len(r.told) == 0 {
		r.fail("it has no fields: give fields = { { name, kind }, … }")
	}
}

// over reads { ["udp.port"] = 53, tcp = true, … }.
func (r *specReader) over(v lua.LValue) (keys []core.Key) {
	t, ok := v.(*lua.LTable)
	if !ok {
		r.fail(`over is a table of keys, such as { ["udp.port"] = 53 }, not %s`, kindName(v))
		return nil
	}
	eachPair(t, func(k, v lua.LValue) {
		on, ok := k.(lua.LString)
		if !ok {
			r.fail(`over: a key is written ["layer.field"] = value; %s has no name`, describe(v))
			return
		}
		key, before := core.Key{On: string(on)}, len(r.told)
		if r.values(&key, v, "over "+key.On); len(r.told) == before {
			keys = append(keys, key)
		}
	})
	return keys
}

// values reads the values of a key: one, or an array of them, with fill = EXPR and check = EXPR.
func (r *specReader) values(key *core.Key, v lua.LValue, word string) {
	t, ok := v.(*lua.LTable)
	if !ok {
		key.Is = r.value(v, word)
		return
	}
	var all []string
	for i := 1; i <= t.Len(); i++ {
		all = append(all, r.value(t.RawGetInt(i), word))
	}
	if len(all) == 0 {
		r.fail("%s: there is no value", word)
	}
	key.Is = strings.Join(all, ", ")
	r.words(t, wordTable{
		"fill":  func(v lua.LValue) { r.expr(&key.Fill, v, word+": fill") },
		"check": func(v lua.LValue) { r.expr(&key.Check, v, word+": check") },
	})
}

func (r *specReader) value(v lua.LValue, word string) string {
	switch v := v.(type) {
	case lua.LString:
		return string(v)
	case lua.LNumber:
		if isWhole(v) && v >= 0 {
			return v.String()
		}
	case lua.LBool:
		if v {
			return "true"
		}
	}
	r.fail("%s: a value is a whole number from 0 on, a text or true, not %s", word, describe(v))
	return ""
}

// pairs reads { { "sport", "dport" } }.
func (r *specReader) pairs(v lua.LValue) (pairs []core.Pair) {
	t, ok := v.(*lua.LTable)
	if !ok {
		r.fail(`pairs is an array of pairs, such as { { "src", "dst" } }, not %s`, kindName(v))
		return nil
	}
	r.array(t, "pairs", func(i int, v lua.LValue) {
		if p, ok := v.(*lua.LTable); ok && p.Len() == 2 {
			if names := r.texts(v, "pairs"); len(names) == 2 {
				pairs = append(pairs, core.Pair{A: names[0], B: names[1]})
			}
			return
		}
		r.fail("pairs: number %d is not two names of fields", i)
	})
	return pairs
}

// replies reads { { when = EXPR, to = EXPR, same = { "id", { "ack", "seq + 1" } } }, … }.
func (r *specReader) replies(v lua.LValue) (all []core.Reply) {
	t, ok := v.(*lua.LTable)
	if !ok {
		r.fail(`replies is an array of tables, such as { { when = "type == 0", to = "type == 8", same = { "id" } } }, not %s`, kindName(v))
		return nil
	}
	r.array(t, "replies", func(i int, v lua.LValue) {
		one, ok := v.(*lua.LTable)
		if !ok {
			r.fail("replies: number %d is not a table with when, to and same", i)
			return
		}
		var a core.Reply
		r.reply(&a, one)
		all = append(all, a)
	})
	return all
}

func (r *specReader) reply(a *core.Reply, t *lua.LTable) {
	r.words(t, wordTable{
		"when": func(v lua.LValue) { r.expr(&a.When, v, "replies: when") },
		"to":   func(v lua.LValue) { r.expr(&a.To, v, "replies: to") },
		"same": func(v lua.LValue) {
			t, ok := v.(*lua.LTable)
			if !ok {
				r.fail(`replies: same is an array, such as { "id", { "ack", "seq + 1" } }, not %s`, kindName(v))
				return
			}
			r.array(t, "replies: same", func(i int, v lua.LValue) {
				if name, ok := v.(lua.LString); ok {
					a.Same = append(a.Same, core.Pair{A: string(name), B: string(name)})
				} else if both, ok := v.(*lua.LTable); ok && both.Len() == 2 {
					if names := r.texts(v, "replies: same"); len(names) == 2 {
						a.Same = append(a.Same, core.Pair{A: names[0], B: names[1]})
					}
				} else {
					r.fail("replies: same: number %d is neither a field nor two expressions", i)
				}
			})
		},
	})
}

// hook reads a function that the engine calls with a layer.
func (r *specReader) hook(v lua.LValue, word string) core.Hook {
	fn, ok := v.(*lua.LFunction)
	if !ok {
		r.fail("%s is a function, not %s", word, kindName(v))
		return nil
	}
	r.hooks = true
	return &hook{r.state, fn, word}
}

// A hook is a Lua function in a spec.
type hook struct {
	s    *State
	fn   *lua.LFunction
	word string
}

// Run calls the function with the layer. An error of hook is about the packet:
// it breaks the layer. One of hook_update, which no packet can help, is reported, too.
func (h *hook) Run(l core.Layer) error {
	p, id := l.Packet()
	s := h.s
	pk := s.hand
	if pk == nil || pk.p != p {
		pk = s.newPacket(p)
		defer pk.expire()
	}
	hosts := !s.busy // the host looks at a packet
	if hosts {
		s.begin(s.runLimit())
		defer s.end()
	}
	defer s.budget.Extend(s.budget.Curb(hookInstructions))
	s.L.Push(h.fn)
	s.L.Push(s.layerValue(pk, p, id))
	was := s.inside
	defer func() { s.inside = was }()
	s.inside = true
	if err := s.lib.PCall(s.L, 1, 0); err != nil {
		switch cut := s.budget.Err() != nil && s.halted.Load() == nil; {
		case cut && !hosts && !was:
			s.hookCut = err // whoever looks at the packet fails by it, as a handler does
		case cut && hosts || h.word == "hook_update":
			s.report(err, p.Number)
		}
		text, _ := s.errorText(err)
		return fmt.Errorf("%s: %s", h.word, text)
	}
	return nil
}
