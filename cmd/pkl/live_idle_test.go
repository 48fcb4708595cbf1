//go:build linux

package main

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"pkl/internal/netns/netlab"
)

// Queues that nothing comes to cost nothing, however many they are: what watches
// over scripts rests, too. Timers cost what they do.
func TestLiveIdle(t *testing.T) {
	const rule = `pkl.on("icmp", function(p) for i = 1, 2 do end end) `
	for _, is := range []struct {
		name, code string
		most       int // in a second; 64 watchdogs that do not rest wake up thousands of times
	}{
		{"nothing", rule, 200},
		{"timers", rule + `pkl.every(1, function() for i = 1, 2 do end end)`, 200 + 64*10},
	} {
		t.Run(is.name, func(t *testing.T) {
			c := netlab.Chain(t)
			p := startPkl(t, c.DUT, "-q", "0-63", "--budget", "100ms", "-e", is.code)
			was, least := switches(t, p), -1
			for range int(livePatience / time.Second) {
				time.Sleep(time.Second)
				now := switches(t, p)
				if n := now - was; least < 0 || n < least {
					least = n
				}
				was = now
				if least <= is.most {
					t.Logf("%d wake-ups in a second", least)
					return
				}
			}
			t.Errorf("idle queues: %d wake-ups in a second", least)
		})
	}
}

// switches is how often the threads of a pkl have waited for something.
func switches(t *testing.T, p *livePkl) (n int) {
	t.Helper()
	names, err := filepath.Glob(fmt.Sprintf("/proc/%d/task/*/status", p.cmd.Process.Pid))
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range names {
		text, err := os.ReadFile(name)
		if err != nil {
			continue // the thread has ended
		}
		for line := range strings.Lines(string(text)) {
			var k int
			if _, err := fmt.Sscanf(line, "voluntary_ctxt_switches: %d", &k); err == nil {
				n += k
			}
		}
	}
	return n
}
