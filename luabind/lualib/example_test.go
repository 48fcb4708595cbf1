package lualib_test

import (
	"fmt"
	"os"

	lua "github.com/yuin/gopher-lua"

	"pkl/luabind/lualib"
)

// A confined script: what it must not have raises, what does not end is cut.
func Example() {
	L := lua.NewState(lua.Options{SkipOpenLibs: true})
	defer L.Close()
	lualib.Open(L, lualib.Config{Out: os.Stdout})
	budget := lualib.NewBudget()
	L.SetContext(budget)

	for _, src := range []string{"print(bit.tohex(255, 4))", "io.open('x')", "while true do end"} {
		proto, err := lualib.Compile([]byte(src), "rule.lua")
		if err != nil {
			fmt.Println(err)
			continue
		}
		budget.Reset(100_000)
		L.Push(L.NewFunctionFromProto(proto))
		if err := L.PCall(0, 0, nil); err != nil {
			fmt.Println(err.(*lua.ApiError).Object)
		}
	}
	// Output:
	// 00ff
	// rule.lua:1: io is not available to rules; start pkl with --allow io
	// rule.lua:1: instruction budget used up
}
