package luabind_test

import (
	"bytes"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"pkl/luabind"
)

// TestLua51 runs random programs as Lua 5.1 itself runs them.
func TestLua51(t *testing.T) {
	real, err := exec.LookPath("lua5.1")
	if err != nil {
		t.Skip("lua5.1 is not installed")
	}
	dir := t.TempDir()
	driver := filepath.Join(dir, "driver.lua")
	write := func(name, text string) {
		if err := os.WriteFile(name, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	write(driver, `for _, name in ipairs(arg) do
  print("-- program")
  print(pcall(assert(loadfile(name))))
end`)
	cmd := []string{driver}
	var sources []string
	programs := 300
	if testing.Short() {
		programs = 30
	}
	for i := range programs {
		sources = append(sources, luaProgram(uint64(i)))
		cmd = append(cmd, filepath.Join(dir, fmt.Sprint(i, ".lua")))
		write(cmd[len(cmd)-1], sources[i])
	}
	out, err := exec.Command(real, cmd...).CombinedOutput()
	wants := strings.Split(string(out), "-- program\n")[1:]
	if err != nil || len(wants) != len(sources) {
		t.Fatalf("%v\n%s", err, out)
	}
	for i, src := range sources {
		if got, want := comparable51(runLua(src)), comparable51(wants[i]); got != want {
			t.Errorf("program %d:\n%s\ngot\n%s\nwant\n%s", i, src, got, want)
		}
	}
}

// runLua is what a program prints, with its end as pcall would tell it.
func runLua(src string) string {
	var out bytes.Buffer
	cfg := quiet()
	cfg.Out, cfg.LoadBudget = &out, time.Minute
	g, err := luabind.NewGeneration(cfg, []luabind.Script{{Name: "test.lua", Source: []byte(src)}})
	if err == nil {
		var s *luabind.State
		if s, err = g.NewState(1); err == nil {
			err = s.Run()
			s.Close()
		}
	}
	if err != nil {
		return out.String() + "false\t" + err.Error() + "\n"
	}
	return out.String() + "true\n"
}

var (
	minusZero = regexp.MustCompile(`(^|[^\d.e])-0\b`) // Lua 5.1 writes it or not, depending on what it folds
	failed    = regexp.MustCompile(`(?m)^false\s.*$`) // texts of errors differ
)

func comparable51(out string) string {
	return failed.ReplaceAllString(minusZero.ReplaceAllString(out, "${1}0"), "false")
}

// TestMended: what the compiler of gopher-lua 1.1.2 gets wrong by itself.
func TestMended(t *testing.T) {
	for _, src := range []string{
		`local a, b = 1, 2 a, b = b, a assert(a == 2 and b == 1)`,
		`local a, b = 1, 2 a, b = b, a + b assert(a == 2 and b == 3)`,
		`local a, b, c = 1, 2, 3 a, b, c = c, a, b assert(a == 3 and b == 1 and c == 2)`,
		`local a, b = 1, 2 a, b = b, math.abs(a) assert(a == 2 and b == 1)`,
		`local function f(a, b) a, b = b, a return a, b end assert(f(1, 2) == 2 and select(2, f(1, 2)) == 1)`,
		`local t = {1} local u = t t, t[1] = {9}, 5 assert(t[1] == 9 and u[1] == 5)`,
		`local t = {1} local u = t t[1], t = 5, {9} assert(t[1] == 9 and u[1] == 5)`,
		`local t, i = {1, 2}, 1 t[i], i = 20, i + 1 assert(i == 2 and t[1] == 20 and t[2] == 2)`,
		`local n, t = 1, {} local function f() n, t["k" .. n] = n, (t.x and 5 or 6) end f() assert(n == 1 and t.k1 == 6)`,
		`local v, no = 5, false local function id(x) return x end v = id(no) and 3 assert(v == false)`,
		`local v, no = 5, nil v = (no and no) and 3 assert(v == nil)`,
		`local n = 0 for i = 1, 3 do for k in pairs({1}) do break end n = n + 1 end assert(n == 3)`,
		`local n = 0 for i = 1, 3 do for k in pairs({1}) do if n == 9 then break else break end end n = n + 1 end assert(n == 3)`,
		`local n = 0 for _, v in ipairs({1, 2}) do if "ab" == ((true or false) and ("a" .. v) or "c") then n = 9 end n = n + 1 end assert(n == 2)`,
		`local n = 0 repeat n = n + 1 for k in pairs({1}) do do break end end until n > 2 assert(n == 3)`,
		`local n = 0 local function two() return 1, 2 end assert(select("#", false or two()) == 1 and select("#", true and two()) == 1)`,
		`local v = 1 v = nil or v and not nil assert(v == true) v = not 0 assert(v == false)`,
		`local f = function() return 1 end local g = f local f = function() return f end assert(f() == g)`,
		`local type = function(v) return type(v) .. "!" end assert(type(1) == "number!")`,
		"local pkl = function() return pkl.on end assert(pkl())\nlocal assert = function(...)\nreturn assert(...) end assert(true)",
		`local function f(n) return n > 0 and f(n - 1) or n end local g = function() return f(3) end assert(g() == 0)`,
		"local function f(n)\nif n > 0 then\nreturn f(n - 1) end return n end assert(f(2) == 0)",
		`local a a, a = 1, 2 assert(a == 1) g, g = 1, 2 assert(g == 1)`,
		`local a, b, c = 1, 2, 3 a, b = c, nil assert(a == 3 and b == nil)`,
		`local s = "" for l in (pkl.eth{} + pkl.ip{} + pkl.udp{} + "x"):layers() do s = s .. l.proto .. " " end assert(s == "eth ip udp ", s)`,
		`local s = "" for l in (pkl.eth{} + (pkl.ip{} + pkl.udp{})):layers() do s = s .. l.proto .. " " end assert(s == "eth ip udp ", s)`,
		`local n = 0 local function it(s, c) if c < s then return c + 1 end end local function f() return it end for i in f(), 3, 0 do n = n + i end assert(n == 6)`,
		`local n = 0 for k, v in (false or pairs)({1, 2}) do n = n + v end for k, v in next, {3} do n = n + v end assert(n == 6)`,
		`local n, t = 0, {{f = ipairs}} local function one() return 1 end for k, v in t[one()].f({5}) do n = n + v end assert(n == 5)`,
	} {
		if err := runSource(t, quiet(), src); err != nil {
			t.Errorf("%s: %v", src, err)
		}
	}
}
