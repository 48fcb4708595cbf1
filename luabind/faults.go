package luabind

import (
	"errors"
	"fmt"
	"io"
	"regexp"
	"slices"
	"strings"

	lua "github.com/yuin/gopher-lua"
)

// faults are the places that have failed: each is reported once, then counted.
type faults struct {
	list    []*ScriptError
	byPlace map[string]*ScriptError
	place   *regexp.Regexp
	cut     *ScriptError // where Interrupt hit
}

const maxPlaces = 1000 // different places that are kept apart

// report counts an error of a rule, a timer or an at_end function, and logs the
// first of each place.
func (s *State) report(err error, packet int) {
	text, trace := s.errorText(err)
	trace = handlerTrace(trace)
	f := &s.faults
	if f.place == nil {
		f.place = regexp.MustCompile(`^[^\n]*?:\d+:`)
		f.byPlace = map[string]*ScriptError{}
	}
	key := f.place.FindString(text)
	if key == "" {
		key = text
	}
	if e := f.byPlace[key]; e != nil || len(f.list) >= maxPlaces {
		if e == nil {
			e = f.list[maxPlaces-1]
		}
		e.Count++
		return
	}
	e := &ScriptError{Text: text, Trace: trace, Packet: packet, Count: 1}
	f.list = append(f.list, e)
	f.byPlace[key] = e
	if _, told := s.gen.reported.LoadOrStore(key, true); !told { // by another state
		s.logLine(e.String())
	}
}

// cut notes where the run was when Interrupt ended it; the first place counts.
func (s *State) cut(err error, packet int) {
	if text, trace := s.errorText(err); s.faults.cut == nil {
		s.faults.cut = &ScriptError{Text: text, Trace: handlerTrace(trace), Packet: packet, Count: 1}
	}
}

// Cut is where the scripts were when Interrupt ended the run, nil if nothing ran.
func (s *State) Cut() *ScriptError { return s.faults.cut }

// handlerTrace is a traceback without the main chunk, which is over: the virtual
// machine takes the outermost function for one.
func handlerTrace(trace string) string {
	return strings.Replace(trace, "in main chunk", "in handler", 1)
}

// String is the report: where and what, the packet's number, the traceback.
func (e *ScriptError) String() string {
	text := e.Text
	if e.Packet > 0 {
		text += fmt.Sprintf(" (packet %d)", e.Packet)
	}
	if e.Trace != "" {
		text += "\n" + e.Trace
	}
	return text
}

func (s *State) logLine(line string) {
	if s.cfg.Log != nil {
		io.WriteString(s.cfg.Log, line+"\n")
	}
}

// Errors returns the places that have failed so far, in order of first failure.
func (s *State) Errors() []ScriptError {
	list := make([]ScriptError, len(s.faults.list))
	for i, e := range s.faults.list {
		list[i] = *e
	}
	return list
}

// errorText splits an error of PCall into its message and traceback.
func (s *State) errorText(err error) (text, trace string) {
	var ae *lua.ApiError
	if !errors.As(err, &ae) {
		return err.Error(), ""
	}
	text, trace = s.textOf(ae.Object), scriptFrames(ae.StackTrace)
	if at := frame.FindStringSubmatch(trace); ae.Object.Type() != lua.LTString && at != nil {
		text = at[1] + ": " + unplaced(ae.Object, text)
	}
	if ae.Type == lua.ApiErrorPanic {
		text = fmt.Sprintf("internal error, please report it: %s", text)
	}
	return text, trace
}

// textOf is tostring of an error. What a __tostring of the script does wrong must
// not go further, and is done within the run that has failed.
func (s *State) textOf(v lua.LValue) string {
	if v.Type() != lua.LTTable && v.Type() != lua.LTUserData {
		return v.String()
	}
	s.L.Push(s.L.NewFunction(func(L *lua.LState) int {
		L.Push(L.ToStringMeta(L.Get(1)))
		return 1
	}))
	s.L.Push(v)
	if s.lib.PCall(s.L, 1, 1) != nil {
		return "error with a " + v.Type().String() + " whose __tostring fails"
	}
	text := s.L.Get(-1).String()
	s.L.Pop(1)
	return text
}

// frame is the first line of a traceback that is in a script.
var frame = regexp.MustCompile(`(?m)^\t([^\t\n]*:\d+): in `)

// unplaced describes an error that is no text, and so has no place: text is its tostring.
func unplaced(v lua.LValue, text string) string {
	t, isTable := v.(*lua.LTable)
	switch {
	case v == lua.LNil:
		return "error without a message"
	case isTable && (t.Metatable == lua.LNil || strings.HasPrefix(text, "table: ")):
		return "error with a table, which has no text"
	}
	return text
}

// scriptFrames leaves out the frames of pkl itself.
func scriptFrames(trace string) string {
	lines := slices.DeleteFunc(strings.Split(trace, "\n"), func(l string) bool {
		return strings.HasPrefix(l, "\t[G]: ?") || strings.HasPrefix(l, "\t[G]: in function (")
	})
	if len(lines) < 2 {
		return ""
	}
	return strings.Join(lines, "\n")
}
