package twin

import (
	"bytes"
	"encoding/hex"
	"errors"
	"reflect"
	"slices"
	"strings"
	"testing"

	"pkl/core"
	"pkl/luabind"
	"pkl/protocols"
)

// runMadeUp runs testdata/madeup.lua, whose own checks must hold.
func runMadeUp(t testing.TB) *core.Registry {
	t.Helper()
	s, err := run(t, withBuiltin(), file(t, "madeup.lua"))
	var e *luabind.RunError
	if errors.As(err, &e) {
		t.Fatalf("%v\n%s", err, e.Trace)
	} else if err != nil {
		t.Fatal(err)
	}
	return s.Registry()
}

// madeUp returns the protocols and structs that madeup.lua defines.
func madeUp(t testing.TB) (specs []*core.Spec, structs []*core.Struct) {
	t.Helper()
	reg := runMadeUp(t)
	for _, s := range reg.Specs {
		if strings.HasPrefix(s.Pos, "madeup.lua:") {
			specs = append(specs, s)
		}
	}
	for _, s := range reg.Shapes {
		if strings.HasPrefix(s.Pos, "madeup.lua:") {
			structs = append(structs, s)
		}
	}
	return specs, structs
}

// wire is the bytes that the text tells, blanks left out.
func wire(t testing.TB, text string) []byte {
	t.Helper()
	b, err := hex.DecodeString(strings.ReplaceAll(text, " ", ""))
	if err != nil {
		t.Fatal(err)
	}
	return b
}

// TestMadeUpDissect reads bytes written down by hand, apart from any builder.
func TestMadeUpDissect(t *testing.T) {
	reg := runMadeUp(t)
	for _, tt := range []struct{ first, wire, text string }{
		{"lamp", "21 09 fffe 78563412 1c80 ff80 8000000000000000",
			"lamp version=2 color=red blinks=CALM|FOG height=-2 serial=0x12345678 near=4 mid=3 far=8 beam=65408 ticks=0x8000000000000000"},
		{"lamp", "31 09 fffe 78563412 1c80 ff80 8000000000000000", ""},
		{"parcel", "05 ff 0010 0200000000aa 0000 0102 7800 99 00", `parcel words=5 kind=255 total=16 stamp=02:00:00:00:00:aa weight=258 label="x" check=0 body=99`},
		{"isle", "0001 0002 09 d3 0000 0008 f621 0003 0004 fff8 ff21",
			"isle src=1 dst=2 hops=9 nxt=211 piece=0 MORE=0 size=8 sum=0xf621\nboat spier=3 dpier=4 head=65528 sum=65313"},
		{"seal", "313233 f4edbf 343536373839 5bf8bd48 187ebcde 95ee",
			"seal n=3224115 head=0xf4edbf usual=0x5bf8bd48 better=0x187ebcde own=0x95ee body=343536373839"},
		{"gossip", "d00d 0007 6f3a20", `gossip sayings=[{mark=0xd00d size=7 who="o" what=""}]`},
		{"gossip", "d00e 0007 6f3a20", ""},
		{"tree", "01 02 07 02 05 01 03 7a", `tree n=1 root=[{kind=fork size=7 twigs=[{kind=fork size=5 twigs=[{kind=leaf size=3 color="z"}]}]}]`},
		{"letter", "0000 0161 00 c001 0162 00 00000010 0003 000761 4500",
			`letter flags=0x0 zero=0 from=a to=a cc=b what=16 size=3 thing=000761 lost=4500`},
		{"mood", "c000 020000000009 01020304 02 03 00000000000000000000000000000001",
			"mood GUEST=1 LONG=1 z=0 guest=02:00:00:00:00:09 words=0x1020304 w=2 h=3 home=::1"},
		{"clerk", "0102 03", "clerk file=258 digits=3"},
	} {
		f := frame{first: tt.first, data: wire(t, tt.wire)}
		p := f.packet(reg)
		if got := strings.TrimSuffix(p.String(), "\n"); tt.text == "" != (p.First() == core.None) || tt.text != "" && got != tt.text {
			t.Errorf("%s of %s:\nhave %s\nwant %s (%v)", tt.first, tt.wire, got, tt.text, p.Err())
		}
		if !bytes.Equal(p.Raw(), f.data) {
			t.Errorf("%s: reading has changed the bytes", tt.first)
		}
	}
}

// TestMadeUpDefaults: each builds from nothing, and its bytes are read as that.
func TestMadeUpDefaults(t *testing.T) {
	specs, _ := madeUp(t)
	reg := runMadeUp(t)
	for _, s := range specs {
		if s.Name == "gossip" {
			continue // its check wants a saying
		}
		p, err := core.Build(reg.Proto(s.Name), nil)
		if err != nil {
			t.Errorf("%s: %v", s.Name, err)
			continue
		}
		p.Update()
		f := frame{first: s.Name, data: p.Raw()}
		if q := f.packet(reg); q.String() != p.String() || q.Err() != nil || len(q.Verify()) > 0 {
			t.Errorf("%s: built\n%s\nread\n%s\n%v %v", s.Name, p, q, q.Err(), q.Verify())
		}
	}
}

// TestMadeUpEdits sets fields by the engine alone, without Lua.
func TestMadeUpEdits(t *testing.T) {
	reg := runMadeUp(t)
	for _, tt := range []struct {
		first, wire string
		field       string // of the first layer
		value       any
		want        string // the bytes, or how the error begins
	}{
		{"lamp", "21 09 fffe 78563412 1c80 ff80 8000000000000000", "mid", 0x1ff, "2109fffe78563412fc8fff808000000000000000"},
		{"lamp", "21 09 fffe 78563412 1c80 ff80 8000000000000000", "height", -32769, "lamp.height: -32769 does not fit in 16 bits"},
		{"lamp", "21 09 fffe 78563412 1c80 ff80 8000000000000000", "color", "starboard", "2209fffe785634121c80ff808000000000000000"},
		{"lamp", "21 09 fffe 78563412 1c80 ff80 8000000000000000", "blinks", "STORM", "2102fffe785634121c80ff808000000000000000"},
		{"parcel", "05 00 0010 0200000000aa 0000 0102 7800 99 01", "total", 9, "050000090200000000aa0000010278009901"},
		{"parcel", "05 00 0010 0200000000aa 0000 0102 7800 99 07", "check", nil, "050000100200000000aa0000010278009901"},
		{"isle", "0001 0002 09 d3 0000 0008 f621 0003 0004 fff8 ff21", "dst", 3, "0001000309d300000008f62000030004fff8ff20"},
		{"seal", "313233 f4edbf 343536373839 5bf8bd48 187ebcde 95ee", "head", 1, "313233000001343536373839"},
		{"tree", "01 01 03 7a", "root", []any{}, "00"},
		{"letter", "0000 0161 00 c001 0162 00 00000010 0003 000761 4500", "from", "b.a", "0000" + "0162016100" + "c003" + "016200" + "000000100003000761" + "4500"},
		{"letter", "0000 0161 00 c001 0162 00 00000010 0003 000761 4500", "size", 4, "00000161" + "00c0010162000000001000040007614500"},
		{"mood", "0000 05 02 03 00000000000000000000000000000001", "guest", "02:00:00:00:00:01", "8000" + "020000000001" + "050203" + "00000000000000000000000000000001"},
		{"mood", "0000 05 02 03 00000000000000000000000000000001", "side", 9, "000005090300000000000000000000000000000001"},
		{"mood", "0000 05 02 03 00000000000000000000000000000001", "area", 9, "mood.area is computed and cannot be set"},
		{"clerk", "0102 03", "file", 99, "006302"},
	} {
		f := frame{first: tt.first, data: wire(t, tt.wire)}
		p := f.packet(reg)
		got := ""
		if err := setNamed(p, tt.field, tt.value); err != nil {
			got = err.Error()
		} else {
			p.Update()
			got = hex.EncodeToString(p.Raw())
		}
		if got != tt.want && !(tt.first == "seal" && strings.HasPrefix(got, tt.want)) {
			t.Errorf("%s.%s = %v:\nhave %s\nwant %s", tt.first, tt.field, tt.value, got, tt.want)
		}
	}
}

// setNamed sets a field of the lowest layer, or of its footer.
func setNamed(p *core.Packet, name string, v any) error {
	id := p.First()
	if s := p.LayoutOf(id).Slot(name); s != nil {
		return p.Set(id, s, v)
	}
	return p.Set(p.Foot(id), p.ProtoOf(id).Foot().Slot(name), v)
}

// TestMadeUpTwin: printed as Lua and loaded again, the made-up protocols too
// compile to the same table and show the same of any packet. All but the one
// with code, which is not printed.
func TestMadeUpTwin(t *testing.T) {
	specs, structs := madeUp(t)
	specs = slices.DeleteFunc(specs, func(s *core.Spec) bool { return s.Hook != nil })
	want := load(t, withBuiltin(), luabind.Script{Name: "a.lua", Source: []byte(luaText(specs, structs) + binds)}).Registry()
	plain, err := core.Compile(append(protocols.All(), specs...), append(protocols.Structs(), structs...), []core.Bind{
		{Proto: "squatter", Key: core.Key{On: "udp.port", Is: "7101"}}, {Proto: "tenant", Key: core.Key{On: "eth.type", Is: "0x8f20-0x8f2f"}},
	})
	if err != nil {
		t.Fatal(err)
	}
	for _, d := range sameRegistry(plain, want) {
		t.Error(d)
	}
	for _, s := range specs {
		if got, was := canon(want.Proto(s.Name).Spec), canon(s); !reflect.DeepEqual(got, was) {
			t.Errorf("%s differs:\n%s", s.Name, strings.Join(differences(was, got), "\n"))
		}
	}
	frames := invented(want, 30)
	for i := range frames {
		if !sameSeen(t, &frames[i], plain, want) {
			break
		}
	}
}

// binds are those of madeup.lua, which no protocol's text has.
const binds = `
pkl.bind("squatter", "udp.port", 7101)
pkl.bind("tenant", "eth.type", "0x8f20-0x8f2f")
`
