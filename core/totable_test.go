package core

import (
	"reflect"
	"strings"
	"testing"
)

func TestFields(t *testing.T) {
	p := showWire(t, showPing)
	p.findAll()
	var names []string
	for _, s := range p.Fields(p.Find(p.reg.Proto("ip"), 1)) {
		names = append(names, s.Name)
		if s.Name == "off" {
			break
		}
	}
	if got := strings.Join(names, " "); got != "v ihl tos dscp ecn len id flags RF DF MF off" {
		t.Error(got)
	}
	q := showDemoPacket(t)
	names = nil
	for _, s := range q.Fields(q.First()) {
		names = append(names, s.Name)
	}
	if got := strings.Join(names, " "); got != "wide temp n addrs tlen title host q groups first crc" {
		t.Error(got)
	}
}

func TestTree(t *testing.T) {
	tree := showWire(t, showAlert).Tree()
	ip := tree.Layers[1]
	if len(tree.Layers) != 3 || ip.Proto != "ip" || ip.N != 1 || string(tree.Body) != "abc" {
		t.Fatalf("%+v", tree)
	}
	values := map[string]any{}
	derived := ""
	for i := range ip.Fields {
		e := &ip.Fields[i]
		values[e.Name] = e.Value
		if e.Derived && !e.Part() {
			derived += e.Name + " "
		}
	}
	if values["DF"] != true || values["id"] != uint64(1) || values["src"] != "192.0.2.1" {
		t.Errorf("%v", values)
	}
	item := values["opts"].([]any)[0].(Record)
	if last := item[len(item)-1]; last.Name != "body" || !reflect.DeepEqual(last.Value, []byte{0, 0}) {
		t.Errorf("%+v", item)
	}
	if derived != "v ihl tos len off ttl p sum " {
		t.Errorf("derived: %s", derived)
	}
}

func TestTreeValues(t *testing.T) {
	tree := showDemoPacket(t).Tree()
	values := map[string]any{}
	for _, e := range tree.Layers[0].Fields {
		values[e.Name] = e.Value
	}
	if values["temp"] != int64(-5) || values["wide"] != uint64(1<<63+5) || values["host"] != "www.example.com" ||
		!reflect.DeepEqual(values["addrs"], []any{"10.0.0.1", "10.0.0.2"}) {
		t.Errorf("%v", values)
	}
	if _, ok := values["first"]; ok {
		t.Error("a computed field is in the tree")
	}
}
