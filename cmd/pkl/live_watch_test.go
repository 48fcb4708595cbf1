//go:build linux

package main

import (
	"fmt"
	"os"
	"path/filepath"
	"pkl/internal/netns/netlab"
	"strings"
	"testing"
	"time"
)

// A tree is a folder of scripts, as an editor or a deployment changes it: the
// script adds its version and that of its module, which the packets carry.
type tree struct {
	t              *testing.T
	dir            string // a link to, or the folder itself
	script, module int
	made           int
}

func (d *tree) path(name string) string { return filepath.Join(d.dir, name) }

func (d *tree) must(err error) {
	d.t.Helper()
	if err != nil {
		d.t.Fatal(err)
	}
}

func (d *tree) write(name string, text []byte) { d.t.Helper(); d.must(os.WriteFile(name, text, 0o644)) }

// code is another version of the script.
func (d *tree) code() []byte {
	d.script += 100
	return fmt.Appendf(nil, `
		local n = %d + require "number"
		pkl.on("udp.dport == 7777", function(p) p.ip.id = n end)
		pkl.on("udp.dport == 7777", function(p) p.udp.body = p.udp.body:sub(1, 4) .. string.pack(">I2", n) end)`, d.script)
}

// number is another version of the module.
func (d *tree) number() []byte {
	d.module++
	return fmt.Appendf(nil, "return %d", d.module)
}

// folder makes a folder with another version of both.
func (d *tree) folder() string {
	d.made++
	name := fmt.Sprintf("%s.%d", d.dir, d.made)
	d.must(os.Mkdir(name, 0o755))
	d.write(filepath.Join(name, "rules.lua"), d.code())
	d.write(filepath.Join(name, "number.lua"), d.number())
	return name
}

// saves are the ways in which files change.
func (d *tree) saves() map[string]func() {
	name, module := d.path("rules.lua"), d.path("number.lua")
	return map[string]func(){
		"in place": func() { d.write(name, d.code()) },
		"in two steps": func() {
			code := d.code()
			d.write(name, code[:len(code)/2])
			time.Sleep(20 * time.Millisecond)
			d.write(name, code)
		},
		"rename": func() {
			d.write(name+".new", d.code())
			d.must(os.Rename(name+".new", name))
		},
		"backup as vim": func() {
			d.must(os.Rename(name, name+"~"))
			d.write(name, d.code())
			d.must(os.Remove(name + "~"))
		},
		"missing for a moment": func() {
			d.must(os.Remove(name))
			time.Sleep(150 * time.Millisecond)
			d.write(name, d.code())
		},
		"symbolic link": func() {
			d.made++
			target := d.path(fmt.Sprintf("target%d.lua", d.made))
			d.write(target, d.code())
			d.must(os.Symlink(target, name+".link"))
			d.must(os.Rename(name+".link", name))
		},
		"module in place": func() { d.write(module, d.number()) },
		"module by rename": func() {
			d.write(module+".new", d.number())
			d.must(os.Rename(module+".new", module))
		},
		"folder replaced": func() {
			next := d.folder()
			d.made++
			old := fmt.Sprintf("%s.%d", d.dir, d.made)
			d.must(os.Rename(d.dir, old))
			d.must(os.Rename(next, d.dir))
			d.must(os.RemoveAll(old))
		},
		"chmod": func() { // is no change: the next is the one
			d.must(os.Chmod(name, 0o600))
			d.write(module, d.number())
		},
	}
}

// Reloads by changes of files, of every kind, under a flood: nothing is lost, all
// is in order, no packet is judged by two generations (rows 20, 21).
func TestLiveWatch(t *testing.T) {
	c := netlab.Chain(t)
	d := &tree{t: t, dir: filepath.Join(t.TempDir(), "rules")}
	d.must(os.Rename(d.folder(), d.dir))
	p := startPkl(t, c.DUT, "-q", "0", "--iptables", "FORWARD -p udp", "--watch", d.path("rules.lua"))
	seen := watchGenerations(t, c)
	f := startFlood(t, c, 200*time.Microsecond)
	generation := 1
	rounds := 11
	if testing.Short() {
		rounds = 1
	}
	for range rounds {
		for kind, change := range d.saves() {
			change()
			generation++
			if p.wait(fmt.Sprintf("rules: generation %d in force", generation)); t.Failed() {
				t.Fatalf("after a change of the kind %q", kind)
			}
			seen.wait(t, d.script+d.module)
		}
	}
	sent, got := f.whole()
	mixed, generations := seen.end()
	if mixed != 0 || generations < generation {
		t.Errorf("%d packets judged by two generations; %d generations seen, want %d", mixed, generations, generation)
	}
	if n := strings.Count(p.err.String(), "in force"); n != generation {
		t.Errorf("%d reloads told, want %d", n-1, generation-1)
	}
	p.stop(os.Interrupt)
	t.Logf("rows 20, 21: %d reloads by changes of %d kinds: %d datagrams, %d lost, %d of two generations", generation-1, len(d.saves()), sent, sent-len(got), mixed)
}

// Changes that are wrong: the generation before goes on, and the reason is told
// once (row 19).
func TestLiveBadReload(t *testing.T) {
	c := netlab.Chain(t)
	d := &tree{t: t, dir: filepath.Join(t.TempDir(), "rules")}
	d.must(os.Rename(d.folder(), d.dir))
	name := d.path("rules.lua")
	p := startPkl(t, c.DUT, "-q", "0", "--iptables", "FORWARD -p udp", "--budget", "500ms", "--watch", name)
	seen := watchGenerations(t, c)
	f := startFlood(t, c, 500*time.Microsecond)
	generation := 1
	for _, bad := range []struct{ kind, code, says string }{
		{"syntax error", "x =", "rules.lua:1"},
		{"error in init", `error("on purpose")`, "on purpose"},
		{"no such field", `pkl.on("udp.nonsense == 1", function() end)`, "nonsense"},
		{"huge file", strings.Repeat("-- a comment that says nothing at all\n", 60000), "rules.lua"},
		{"huge program", strings.Repeat("local a = 1\n", 1000), "rules.lua"},
		{"deep", "return " + strings.Repeat("{", 100000) + strings.Repeat("}", 100000), "rules.lua"},
		{"endless init", "while true do end", "longer than"},
		{"memory", `local t = {} for i = 1, 1e9 do t[i] = ("x"):rep(1000) .. i end`, "rules.lua"},
		{"empty folder", "", ""},
		{"missing require", `require "absent"`, "absent"},
	} {
		p.err.reset()
		if bad.kind == "empty folder" {
			d.must(os.Rename(name, name+".away"))
			bad.says = "no such file"
		} else {
			d.write(name, []byte(bad.code))
		}
		line := p.wait(fmt.Sprintf("; generation %d stays", generation))
		if !strings.Contains(line, bad.says) || len(line) > 1000 {
			t.Errorf("%s: told by %.300q, want %q", bad.kind, line, bad.says)
		}
		if bad.kind == "missing require" { // the module comes, and all is well
			d.write(d.path("absent.lua"), []byte("return 1"))
			generation++
			p.wait(fmt.Sprintf("rules: generation %d in force", generation))
		}
		if n := strings.Count(p.err.String(), "stays"); n != 1 {
			t.Errorf("%s: told %d times", bad.kind, n)
		}
	}
	d.write(name, d.code())
	p.wait(fmt.Sprintf("rules: generation %d in force", generation+1))
	seen.wait(t, d.script+d.module)
	sent, got := f.whole()
	mixed, _ := seen.end()
	t.Logf("row 19: bad reloads: %d datagrams, %d lost, %d of two generations", sent, sent-len(got), mixed)
	p.stop(os.Interrupt)
}
