//go:build linux

package harness

import "testing"

func TestParseIperf(t *testing.T) {
	if v, err := parseIperf(`{"end": {"sum_sent": {"bits_per_second": 2e9}, "sum_received": {"bits_per_second": 1.5e9}}}`); err != nil || v != 1.5e9 {
		t.Errorf("%v %v, want 1.5e9: what is received", v, err)
	}
	for _, bad := range []string{"", `{"error": "unable to connect"}`, `{"end": {}}`} {
		if _, err := parseIperf(bad); err == nil {
			t.Errorf("%q: no error", bad)
		}
	}
}
