//go:build linux

package main

import (
	"os"
	"strings"
	"syscall"
	"testing"
	"time"

	"pkl/internal/netns/netlab"
)

// What waits for packets costs nothing, and ends in order when it is told to,
// whatever it waits for.
func TestLiveIfaceWaiting(t *testing.T) {
	w := newQuietWire(t)
	slow := captureOf(t, time.Hour, numberedFrames(2)...)
	const (
		waits = `pkl.at_end(function() print("end") end) local s = assert(pkl.socket{iface = "v0"}) pkl.log.info("waits") `
		frame = `(pkl.eth{dst = "02:00:00:00:00:09", type = 0x88b5} + "x")`
	)
	type program struct {
		*livePkl
		says string
	}
	var all []program
	add := func(p *livePkl, says string) { all = append(all, program{p, says}) }
	for _, code := range []string{
		`print(s:recv())`,
		`for p in s:packets{filter = "dns"} do end print("more")`,
		`s:sr1(` + frame + `, {timeout = 1000}) print("more")`,
		`pkl.sr({` + frame + `, ` + frame + `}, {iface = "v0", inter = 1000}) print("more")`,
		`s:send(` + frame + `, {rate = 0.001, count = 5}) print("more")`,
		`s:send(` + frame + `, {rate = 10, loop = true}) print("more")`,
		`s:replay(arg[1]) print("more")`,
		`pkl.sleep(1000) print("more")`,
	} {
		p := launch(t, w.a, nil, "run", "-e", waits+code, "--", slow)
		p.wait("waits")
		add(p, "end\n")
	}
	add(w.dump(w.a, "-i", "v0", "-f", "dns"), "")
	add(w.dump(w.a, "-i", "any", "-f", "dns"), "")
	add(startPkl(t, w.a, "-i", "v0", "-f", "dns", "-e", `pkl.on(function() end) pkl.at_end(function() print("end") end)`), "end\n")
	add(startPkl(t, w.a, "-i", "v0", "--bridge", "lo", "-e", `pkl.at_end(function() print("end") end)`), "end\nend\n")
	replay := launch(t, w.a, nil, "replay", slow, "-i", "v0")
	add(replay, "")
	patience := 10 * time.Second
	if testing.Short() {
		patience = 2 * time.Second
	}
	time.Sleep(patience)
	for i, p := range all {
		signal := os.Signal(os.Interrupt)
		if i%2 == 1 {
			signal = syscall.SIGTERM
		}
		began := time.Now()
		code := p.stop(signal)
		took := time.Since(began).Round(time.Millisecond)
		what := strings.TrimPrefix(strings.Join(p.cmd.Args[5:], " "), "run -e "+waits)
		if code != exitInterrupted || p.out.String() != p.says {
			t.Errorf("%s: exit status %d, said %q, want %q", what, code, p.out, p.says)
		}
		cpu := p.cmd.ProcessState.UserTime() + p.cmd.ProcessState.SystemTime()
		if cpu > time.Second {
			t.Errorf("%s: %v of processor time for %v of waiting", what, cpu, patience)
		}
		t.Logf("%s: ends after %v, %v of processor time", what, took, cpu)
	}
	if n := strings.Count(replay.err.String(), "v0: 1 packet, 60 bytes sent"); n != 1 {
		t.Errorf("replay says %q", replay.err)
	}
}

// Who sends for ever, as fast as it goes, also into a queue that is full, ends as well.
func TestLiveIfaceSendingEnds(t *testing.T) {
	netlab.Need(t, "tc")
	w := newQuietWire(t)
	for _, queue := range [][]string{nil, {"tbf", "rate", "8kbit", "burst", "4kb", "limit", "100mb"}, {"tbf", "rate", "8kbit", "burst", "4kb", "limit", "9000"}} {
		if queue != nil {
			netlab.Run(t, w.a, "tc", append([]string{"qdisc", "replace", "dev", "v0", "root"}, queue...)...)
		}
		p := launch(t, w.a, nil, "run", "-e", `
			pkl.at_end(function() print("end") end)
			local frame = pkl.eth{dst = "02:00:00:00:00:09", type = 0x88b5} + ("x"):rep(1000)
			pkl.log.info("sends")
			pkl.send(frame, {iface = "v0", loop = true})
			print("and goes on")`)
		p.wait("sends")
		time.Sleep(200 * time.Millisecond)
		began := time.Now()
		if code := p.stop(os.Interrupt); code != exitInterrupted || p.out.String() != "end\n" {
			t.Errorf("%v: exit status %d, said %q", queue, code, p.out)
		}
		t.Logf("%v: ends after %v", queue, time.Since(began).Round(time.Millisecond))
	}
}
