//go:build linux

package main

import (
	"fmt"
	"strconv"
	"time"
)

// round is how many frames of a file replay sends before it begins anew.
const round = 10_000

// sending lists the programs that send the same frame again and again.
func sending(b *lab) *group {
	n := strconv.Itoa(b.o.frames)
	p := func(name string, args ...string) *program {
		return &program{name: name, needs: args[0], measure: func() (sample, error) { return b.send(args...) }}
	}
	return &group{title: "frames sent a second", unit: rates, programs: []*program{
		p("trafgen --cpus 1", "trafgen", "--dev", from, "--conf", oneConf, "--num", n, "--cpus", "1"),
		p("pkl run, s:send(pkt, {count = …})", b.o.Pkl, "run", "lua/send.lua", "--", oneFile, n, "100000"),
		p("pkl replay --fast", b.o.Pkl, "replay", "--fast", allFile, "-i", from, "--loop", strconv.Itoa((b.o.frames+round-1)/round), "-c", strconv.Itoa(min(round, b.o.frames))),
		p("pkl run, s:send(pkt) for each", b.o.Pkl, "run", "lua/send.lua", "--", oneFile, n, "1"),
	}, ratios: []ratio{{1, 0, 0.8}, {2, 0, 0.8}, {3, 0, 0}}}
}

// send lets a program send from the client, while the server counts what comes, from the first frame to the last.
func (b *lab) send(args ...string) (s sample, err error) {
	before, err := b.received()
	if err != nil {
		return s, err
	}
	done := make(chan error, 1)
	go func() {
		var err error
		s.cpu, err = b.run(b.client, b.o.CPU, args...)
		done <- err
	}()
	var first, last time.Time
	came, earlier := 0, 0 // frames, and how many had come when the first was seen
	look := func() error {
		n, err := b.received()
		if n -= before; err != nil || n == came {
			return err
		}
		if last = time.Now(); came == 0 {
			first, earlier = last, n
		}
		came = n
		return nil
	}
	for tick := time.NewTicker(time.Millisecond); ; {
		select {
		case <-tick.C:
			if err := look(); err != nil {
				return s, err
			}
			continue
		case err = <-done:
		}
		tick.Stop()
		break
	}
	if err == nil {
		err = look()
	}
	if err == nil && came < b.o.frames {
		err = fmt.Errorf("%d of %d frames came", came, b.o.frames)
	}
	s.packets, s.wall = came-earlier, last.Sub(first)
	return s, err
}
