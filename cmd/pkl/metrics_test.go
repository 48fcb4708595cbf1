package main

import (
	"io"
	"net/http"
	"regexp"
	"strings"
	"testing"
	"unicode/utf8"

	"pkl/luabind"
)

// Port 0 is any that is free, which is said; one that is given is not.
func TestMetricsPort(t *testing.T) {
	var said strings.Builder
	l := &live{c: &cli{err: &said}}
	srv, err := l.serveMetrics("127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	m := regexp.MustCompile(`^metrics: (http://(127\.0\.0\.1:\d+)/metrics)\n$`).FindStringSubmatch(said.String())
	if m == nil {
		t.Fatalf("said %q", &said)
	}
	r, err := http.Get(m[1])
	if err != nil {
		t.Fatal(err)
	}
	page, err := io.ReadAll(r.Body)
	if err != nil || !strings.Contains(string(page), "pkl_packets_total 0\n") {
		t.Errorf("%v, %s", err, page)
	}
	r.Body.Close()
	if err := srv.Close(); err != nil {
		t.Fatal(err)
	}
	said.Reset()
	if srv, err = l.serveMetrics(m[2]); err != nil {
		t.Fatal(err)
	}
	if srv.Close(); said.Len() > 0 {
		t.Errorf("of %s said %q", m[2], &said)
	}
}

// A page of metrics is UTF-8 whatever names rules and interfaces have: Prometheus
// refuses it otherwise, and knows no escapes but three.
func TestMetricNames(t *testing.T) {
	const name = "a\xff\"\\\n\té"
	s := &snapshot{rules: []luabind.RuleStat{{Name: name, Hits: 7}}, ifaces: []ifaceCounts{{name: name, sent: 5}}}
	page := s.prometheus()
	if !utf8.ValidString(page) {
		t.Errorf("not UTF-8: %q", page)
	}
	for _, want := range []string{
		`pkl_rule_hits_total{rule="a` + "\uFFFD" + `\"\\\n` + "\té" + `"} 7` + "\n",
		`pkl_interface_sent_total{interface="a` + "\uFFFD" + `\"\\\n` + "\té" + `"} 5` + "\n",
	} {
		if !strings.Contains(page, want) {
			t.Errorf("no line %q in\n%s", want, page)
		}
	}
}
