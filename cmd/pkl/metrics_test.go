package main

import (
	"strings"
	"testing"
	"unicode/utf8"

	"pkl/luabind"
)

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
