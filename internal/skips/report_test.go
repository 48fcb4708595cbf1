package main

import (
	"bufio"
	"io"
	"strings"
	"testing"
)

const passed = `{"Action":"run","Package":"a","Test":"TestX"}
{"Action":"output","Package":"a","Test":"TestX","Output":"=== RUN   TestX\n"}
{"Action":"output","Package":"a","Test":"TestX","Output":"    x_test.go:9: %REASON%\n"}
{"Action":"output","Package":"a","Test":"TestX","Output":"--- SKIP: TestX (0.00s)\n"}
{"Action":"skip","Package":"a","Test":"TestX"}
{"Action":"output","Package":"a","Output":"PASS\n"}
{"Action":"output","Package":"a","Output":"ok  \ta\t0.1s\n"}
{"Action":"pass","Package":"a"}
`

func read(t *testing.T, events string) (*report, string) {
	t.Helper()
	var r report
	var out strings.Builder
	if err := r.read(bufio.NewReader(strings.NewReader(events)), &out); err != nil {
		t.Fatal(err)
	}
	return &r, out.String()
}

func TestSkip(t *testing.T) {
	r, out := read(t, strings.ReplaceAll(passed, "%REASON%", "no tshark"))
	if out != "ok  \ta\t0.1s\n" {
		t.Errorf("printed %q", out)
	}
	var sum strings.Builder
	r.summary(&sum)
	if want := "skipped tests: 1\n  a TestX: no tshark\n"; sum.String() != want {
		t.Errorf("summary %q, want %q", sum.String(), want)
	}
	for ci, want := range map[bool]int{true: 1, false: 0} {
		if got := r.status(nil, ci, io.Discard, io.Discard); got != want {
			t.Errorf("status with CI=%v is %d, want %d", ci, got, want)
		}
	}
}

func TestSkipForCorpus(t *testing.T) {
	r, _ := read(t, strings.ReplaceAll(passed, "%REASON%", "no ../shared/corpus: no such folder"))
	if len(r.skips) != 1 || r.forbidden() != 0 {
		t.Errorf("%d skips, %d of them forbidden; want 1 and 0", len(r.skips), r.forbidden())
	}
	if got := r.status(nil, true, io.Discard, io.Discard); got != 0 {
		t.Errorf("status %d, want 0", got)
	}
}

func TestFailure(t *testing.T) {
	_, out := read(t, `{"Action":"output","Package":"a","Test":"TestX","Output":"    x_test.go:9: wrong\n"}
{"Action":"output","Package":"a","Test":"TestX","Output":"--- FAIL: TestX (0.00s)\n"}
{"Action":"fail","Package":"a","Test":"TestX"}
{"Action":"output","Package":"a","Output":"FAIL\n"}
not an event
`)
	if want := "    x_test.go:9: wrong\n--- FAIL: TestX (0.00s)\nFAIL\nnot an event\n"; out != want {
		t.Errorf("printed %q, want %q", out, want)
	}
}

func TestOutputOfCrashIsPrinted(t *testing.T) {
	_, out := read(t, `{"Action":"output","Package":"a","Test":"TestX","Output":"panic: oh\n"}
{"Action":"fail","Package":"a"}
`)
	if out != "panic: oh\n" {
		t.Errorf("printed %q", out)
	}
}
