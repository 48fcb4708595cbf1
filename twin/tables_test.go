package twin

import (
	"errors"
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"

	"pkl/luabind"
)

// words and values that definitions are made of, right and wrong.
var (
	tableWords = strings.Fields(`default doc when auto unit bias from cover crc optional align get names bits hex signed le lsb part key
		origin size plain stop of count last by kinds other pad`)
	protoWords  = strings.Fields(`over footer header len stop check pieces pairs pseudo sum_required doc ref name fields`)
	tableKinds  = strings.Fields(`1 3 4 5 8 12 16 24 32 33 48 64 0 -1 65 1.5 1e300 nan "bytes" "text" "mac" "ip4" "ip6" "name" "list" "pad" "number" "x" nil`)
	tableValues = []string{`1`, `0`, `-1`, `2`, `4`, `8`, `255`, `256`, `1e300`, `-1e300`, `nan`, `1/0`, `2^53`, `true`, `false`, `""`, `"a"`, `"b"`, `"a + 1"`,
		`"len(b)"`, `"count(c)"`, `"present(d)"`, `"a == 1"`, `"1 / 0"`, `"a << 70"`, `"next"`, `"sum"`, `"pseudo_sum"`, `"crc32"`, `"total_len"`, `"header_len"`,
		`"body_len"`, `"ip.p"`, `"eth.type"`, `"s"`, `"^.a"`, `"body"`, `"\0"`, `"len(body)"`, `{}`, `{ "a" }`, `cyclic`, `print`, `pkl.u64("0xffffffffffffffff")`,
		`{ { "a", 8 } }`, `{ { "a", 8 }, { "b", 8, auto = "total_len" }, { "c", "bytes" } }`, `{ { "a", 8 }, { "b", "bytes", size = "a" } }`,
		`{ [1] = "one", [2] = "two" }`, `{ [1] = { { "x", 16 } } }`, `{ ["udp.port"] = 60000 }`, `{ ["ip.p"] = { "200-210", fill = "a" } }`, `{ tcp = true }`,
		`{ { "a", "b" } }`, `{ bits = 16, poly = 0x1021 }`, `"` + strings.Repeat("(", 2000) + `"`, `8`, `16`, `"ip4"`}
)

// randomFields is an array of fields with words that may go together.
func randomFields(r *rand.Rand) string {
	var out strings.Builder
	most := 1 + r.IntN(4) // words of a field, less one: with few of them some tables are right
	for i := range 1 + r.IntN(5) {
		fmt.Fprintf(&out, "{ %q, %s", string(rune('a'+i)), pick(r, tableKinds))
		for range r.IntN(most) {
			fmt.Fprintf(&out, ", %s = %s", pick(r, tableWords), pick(r, tableValues))
		}
		out.WriteString(" }, ")
	}
	return "{ " + out.String() + "}"
}

func pick(r *rand.Rand, from []string) string { return from[r.IntN(len(from))] }

// randomProtocol is a call of pkl.protocol.
func randomProtocol(r *rand.Rand) string {
	text := "name = \"p\", fields = " + randomFields(r)
	for range r.IntN(3) {
		text += fmt.Sprintf(", %s = %s", pick(r, protoWords), pick(r, tableValues))
	}
	return "local nan, cyclic = 0/0, {}; cyclic[1] = cyclic; cyclic.of = cyclic\npkl.struct { name = \"s\", fields = " + randomFields(r) +
		" }\npkl.protocol { " + text + " }\npkl.filter('udp')"
}

// TestTables: whatever a table holds, it is refused with an error of the line,
// or the protocol stands the trial of pkl check without a panic.
func TestTables(t *testing.T) {
	accepted := 0
	for seed := range uint64(400) {
		src := randomProtocol(rand.New(rand.NewPCG(seed, 1)))
		s, err := run(t, withBuiltin(), luabind.Script{Name: "t.lua", Source: []byte(src)})
		var e *luabind.RunError
		switch {
		case err == nil:
			accepted++
			if f, _ := s.TryProto("p", 20, func() bool { return false }); f != nil && strings.Contains(f.Error(), "runtime error") {
				t.Errorf("%v\n%s", f, src)
			}
		case errors.As(err, &e) && strings.Contains(e.Error(), "runtime error") || !strings.Contains(err.Error(), "t.lua:"):
			t.Errorf("%v\n%s", err, src)
		}
	}
	if accepted == 0 {
		t.Error("nothing was accepted")
	}
}
