package sock

import (
	"math"
	"testing"
	"time"
)

func TestSchedule(t *testing.T) {
	const s = int64(time.Second)
	for name, c := range map[string]struct {
		t     Timing
		times []int64
		want  []time.Duration
	}{
		"as recorded":      {Timing{Speed: 1}, []int64{5 * s, 6 * s, 6 * s, 9 * s}, []time.Duration{0, 1e9, 1e9, 4e9}},
		"twice as fast":    {Timing{Speed: 2}, []int64{0, s, 4 * s}, []time.Duration{0, 5e8, 2e9}},
		"at once":          {Timing{}, []int64{0, s, 4 * s}, []time.Duration{0, 0, 0}},
		"rate":             {Timing{Rate: 1000, Speed: 3}, []int64{0, s, 4 * s}, []time.Duration{0, 1e6, 2e6}},
		"back and forth":   {Timing{Speed: 1}, []int64{9 * s, 7 * s, 10 * s, 8 * s, 11 * s}, []time.Duration{0, 0, 1e9, 1e9, 2e9}},
		"pauses shortened": {Timing{Speed: 2, MaxGap: time.Second}, []int64{0, 100 * s, 101 * s}, []time.Duration{0, 5e8, 1e9}},
		"absurd rates":     {Timing{Rate: 1e-300}, []int64{0, 1}, []time.Duration{0, 1 << 62}},
		"absurd":           {Timing{Speed: 1e-9}, []int64{math.MinInt64, math.MaxInt64, math.MaxInt64}, []time.Duration{0, 1 << 62, 1 << 62}},
	} {
		plan := schedule{Timing: c.t}
		for i, at := range c.times {
			if have := plan.due(at); have != c.want[i] {
				t.Errorf("%s: frame %d is due after %s, want %s", name, i, have, c.want[i])
			}
		}
	}
}
