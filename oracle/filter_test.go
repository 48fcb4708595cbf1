package oracle

import (
	"bufio"
	"io"
	"strings"
	"testing"
	"time"

	"pkl/core"
)

// TestFilters compares which of the clean packets filters choose.
func TestFilters(t *testing.T) {
	r := compared(t)
	pairs := filterPairs()
	want := tsharkChoices(t, r.samples, pairs)
	for i, pair := range pairs {
		f, err := r.reg.Filter(pair.pkl)
		if err != nil {
			t.Errorf("%s: %v", pair.pkl, err)
			continue
		}
		r.choice(t, f, pair, func(n int) bool { return want[n][i] })
	}
}

// choice compares what one filter chooses.
func (r *run) choice(t *testing.T, f *core.Filter, pair filterPair, want func(n int) bool) {
	var p core.Packet
	wrong, chosen := 0, 0
	for n := range r.samples {
		s := &r.samples[n]
		if !s.clean {
			continue
		}
		p.Reset(r.reg, s.meta(), s.data)
		have := f.Match(&p)
		if have {
			chosen++
		}
		if have != want(n) {
			if wrong++; wrong < 4 {
				t.Errorf("%s: %v, but %s: %v for %s", pair.pkl, have, pair.tshark, !have, s)
			}
		}
	}
	if chosen == 0 && !testing.Short() {
		t.Errorf("%s chooses nothing, so it shows nothing", pair.pkl)
	}
}

// tsharkChoices runs all display filters in one go. Packet n is given time n, and
// statistics with an interval of a second say what each filter chose in it.
func tsharkChoices(t *testing.T, samples []sample, pairs []filterPair) [][]bool {
	timed := append([]sample(nil), samples...)
	timed = append(timed, samples[0]) // the last interval is not a whole one
	for i := range timed {
		timed[i].time = int64(i) * int64(time.Second)
	}
	stat := "io,stat,1"
	for _, p := range pairs {
		stat += "," + p.tshark
	}
	var rows [][]bool
	tshark(t, write(t, timed), func(out io.Reader) (err error) {
		rows, err = readChoices(out, len(pairs))
		return err
	}, "-q", "-z", stat)
	if len(rows) < len(samples) {
		t.Fatalf("%d rows for %d packets", len(rows), len(samples))
	}
	return rows
}

// readChoices reads lines such as "| 7 <> 8 | 1 | 60 | 0 | 0 |": the interval,
// then frames and bytes for each filter.
func readChoices(out io.Reader, filters int) (rows [][]bool, err error) {
	in := bufio.NewScanner(out)
	in.Buffer(nil, 1<<20)
	for in.Scan() {
		cells := strings.Split(in.Text(), "|")
		if len(cells) != 2*filters+3 || !strings.Contains(cells[1], "<>") {
			continue
		}
		row := make([]bool, filters)
		for i := range row {
			row[i] = strings.TrimSpace(cells[2+2*i]) == "1"
		}
		rows = append(rows, row)
	}
	return rows, in.Err()
}
