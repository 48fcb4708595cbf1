package lualib

import (
	"bytes"
	"strings"
	"testing"

	lua "github.com/yuin/gopher-lua"
)

// host is a state with everything that this package registers.
type host struct {
	*lua.LState
	st  *State
	out bytes.Buffer
	log []string
}

func newHost(t testing.TB, cfg Config) *host {
	t.Helper()
	h := &host{LState: lua.NewState(lua.Options{SkipOpenLibs: true})}
	t.Cleanup(h.Close)
	if cfg.Out == nil {
		cfg.Out = &h.out
	}
	h.st = Open(h.LState, cfg)
	pkl := h.NewTable()
	RegisterU64(h.LState, pkl)
	RegisterHex(h.LState, pkl)
	RegisterCounter(h.LState, pkl, &Counters{})
	h.st.RegisterLog(h.LState, pkl, func(line string) { h.log = append(h.log, line) })
	h.SetGlobal("pkl", pkl)
	h.st.Preload(h.LState, "pkl", pkl)
	return h
}

// run runs a script and returns its error text, without the traceback.
func (h *host) run(t testing.TB, src string) string {
	t.Helper()
	proto, err := Compile([]byte(src), "test.lua")
	if err != nil {
		return err.Error()
	}
	h.Push(h.NewFunctionFromProto(proto))
	return errText(h.PCall(0, 0, nil))
}

func errText(err error) string {
	if err == nil {
		return ""
	}
	if e, ok := err.(*lua.ApiError); ok {
		return e.Object.String()
	}
	return err.Error()
}

// A luaCase is an expression list and what print shows of it, or a part of the
// error if want begins with an exclamation mark.
type luaCase struct{ expr, want string }

func checkCases(t *testing.T, cfg Config, cases []luaCase) {
	t.Helper()
	for _, c := range cases {
		h := newHost(t, cfg)
		msg := h.run(t, "print("+c.expr+")")
		if wantErr, ok := strings.CutPrefix(c.want, "!"); ok {
			if !strings.Contains(msg, wantErr) {
				t.Errorf("%s: error %q, want %q", c.expr, msg, wantErr)
			}
			continue
		}
		if got := strings.TrimSuffix(h.out.String(), "\n"); msg != "" || got != c.want {
			t.Errorf("%s = %q (error %q), want %q", c.expr, got, msg, c.want)
		}
	}
}
