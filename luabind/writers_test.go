package luabind_test

import (
	"errors"
	"fmt"
	"strings"
	"sync"
	"testing"

	"pkl/core"
	"pkl/luabind"
)

// A disk counts what is written.
type disk struct {
	made  []string
	files map[string]*diskFile
}

type diskFile struct {
	packets int
	closed  bool
}

func (d *disk) create(name string, _ luabind.CreateOptions) (luabind.Writer, error) {
	if strings.HasPrefix(name, "no/") {
		return nil, errors.New(name + ": no such folder")
	}
	f := &diskFile{}
	d.made = append(d.made, name)
	d.files[name] = f
	return f, nil
}

func (f *diskFile) Write(*core.Meta, *luabind.Origin, []byte) error {
	if f.closed {
		return errors.New("written after its end")
	}
	f.packets++
	return nil
}

func (f *diskFile) Close() error {
	if f.closed {
		return errors.New("closed twice")
	}
	f.closed = true
	return nil
}

func diskConfig() (*disk, luabind.Config) {
	d := &disk{files: map[string]*diskFile{}}
	cfg := quiet()
	cfg.Allow, cfg.Create, cfg.Writers = luabind.AllowWrite, d.create, &luabind.Writers{}
	return d, cfg
}

// tryState makes a state of a generation of its own.
func tryState(t *testing.T, cfg luabind.Config, src string) (*luabind.State, error) {
	t.Helper()
	g, err := luabind.NewGeneration(cfg, []luabind.Script{{Name: "test.lua", Source: []byte(src)}})
	if err != nil {
		t.Fatal(err)
	}
	s, err := g.NewState(1)
	if err != nil {
		t.Fatal(err)
	}
	return s, s.Run()
}

const writing = `local w = assert(pkl.create("out.pcap", {linktype = "eth"}))
pkl.on(function(pkt) assert(w:write(pkt)) end)
pkl.at_end(function() assert(w:close()) end)`

// withLinkTypes lets scripts name the link type of the tests.
func withLinkTypes(cfg luabind.Config) luabind.Config {
	cfg.LinkType = func(name string) (int, bool) { return 1, name == "eth" }
	return cfg
}

// A reload goes on with the file; one that fails leaves it alone.
func TestWriterOverReload(t *testing.T) {
	d, cfg := diskConfig()
	cfg = withLinkTypes(cfg)
	old, err := tryState(t, cfg, writing)
	if err != nil {
		t.Fatal(err)
	}
	judge(t, old, 1)
	for _, bad := range []string{"error 'x'", "pkl.on('nothing', print)", "assert(pkl.create('out.pcap', {linktype = 'eth', snaplen = 9}))"} {
		s, err := tryState(t, cfg, writing+"\n"+bad)
		if err == nil {
			t.Error("no error:", bad)
		}
		if strings.Contains(bad, "snaplen") && !strings.Contains(err.Error(), "out.pcap is being written with other options") {
			t.Error(err)
		}
		if err := s.Close(); err != nil {
			t.Error(err)
		}
	}
	f := d.files["out.pcap"]
	next, err := tryState(t, cfg, strings.Replace(writing, "out.pcap", "./x/../out.pcap", 1))
	if err != nil {
		t.Fatal(err)
	}
	judge(t, old, 2)
	old.AtEnd("reload")
	if err := old.Close(); err != nil || f.closed {
		t.Fatal(err, f.closed)
	}
	judge(t, next, 3)
	if e := next.Errors(); len(e) != 0 || f.packets != 3 || len(d.made) != 1 {
		t.Errorf("%+v: %d packets, %q", e, f.packets, d.made)
	}
	next.AtEnd("")
	if err := next.Close(); err != nil || !f.closed || len(next.Errors()) != 0 {
		t.Error(err, f.closed, next.Errors())
	}
	last, err := tryState(t, cfg, writing) // now it is made anew
	if err != nil || len(d.made) != 2 || d.files["out.pcap"] == f {
		t.Error(err, d.made)
	}
	last.Close()
}

// A state that was cut hands the file on to the one that replaces it.
func TestWriterOfCutState(t *testing.T) {
	d, cfg := diskConfig()
	cfg = withLinkTypes(cfg)
	cfg.Instructions = 10_000
	const src = writing + "\npkl.on('frame.number == 1', function() while true do end end)"
	old, err := tryState(t, cfg, src)
	if err != nil {
		t.Fatal(err)
	}
	if v, _ := judge(t, old, 1); !v.Cut {
		t.Fatalf("%+v", v)
	}
	next, err := tryState(t, cfg, src)
	if err != nil {
		t.Fatal(err)
	}
	old.Close()
	if v, _ := judge(t, next, 2); v.Failed || d.files["out.pcap"].packets != 2 || len(d.made) != 1 {
		t.Errorf("%+v %+v", v, next.Errors())
	}
	next.Close()
	if !d.files["out.pcap"].closed {
		t.Error("not closed")
	}
}

// Workers write one file; run under the race detector.
func TestWriterOfWorkers(t *testing.T) {
	d, cfg := diskConfig()
	cfg = withLinkTypes(cfg)
	const workers, packets = 4, 100
	var wg sync.WaitGroup
	var states []*luabind.State
	for range workers {
		s, err := tryState(t, cfg, writing)
		if err != nil {
			t.Fatal(err)
		}
		states = append(states, s)
	}
	for _, s := range states {
		wg.Go(func() {
			for i := range packets {
				judge(t, s, i+1)
			}
			if s.AtEnd(""); len(s.Errors()) != 0 {
				t.Errorf("%+v", s.Errors())
			}
			if err := s.Close(); err != nil {
				t.Error(err)
			}
		})
	}
	wg.Wait()
	if f := d.files["out.pcap"]; f.packets != workers*packets || !f.closed || len(d.made) != 1 {
		t.Errorf("%+v %q", f, d.made)
	}
}

func TestWriterFails(t *testing.T) {
	_, cfg := diskConfig()
	for range 2 {
		s, err := tryState(t, cfg, `assert(pkl.create("no/x.pcap"))`)
		if err == nil || !strings.Contains(err.Error(), "no/x.pcap: no such folder") {
			t.Error(err)
		}
		s.Close()
	}
}

// Statistics are read while the worker runs; run under the race detector.
func TestStatsParallel(t *testing.T) {
	s := start(t, quiet(), `
local r = pkl.on{name = "first", filter = "tcp", on_packet = function(pkt) if pkt.number == 900 then error "x" end end}
pkl.on(function(pkt) if pkt.number == 500 then r:stop() end end)`)
	done := make(chan struct{})
	go func() {
		defer close(done)
		for i := range 1000 {
			judge(t, s, i+1)
		}
	}()
	last := uint64(0)
	for running := true; running; {
		select {
		case <-done:
			running = false
		default:
		}
		st := s.Stats()
		if st[1].Hits < last || st[0].Hits > 500 || !st[1].Active {
			t.Fatalf("%+v", st)
		}
		last = st[1].Hits
	}
	if st := s.Stats(); fmt.Sprintf("%d %v %s %d %d", st[0].Hits, st[0].Active, st[0].Filter, st[1].Hits, st[1].Errors) != "500 false tcp 1000 0" || st[1].Time <= 0 {
		t.Errorf("%+v", st)
	}
}
