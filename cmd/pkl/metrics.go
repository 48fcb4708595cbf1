package main

import (
	"fmt"
	"io"
	"net"
	"net/http"
	"strings"
	"time"

	"pkl/nfq"
)

// serveMetrics serves the statistics in the text format of Prometheus. It says
// which port it has found, if any will do.
func (l *live) serveMetrics(addr string) (io.Closer, error) {
	ln, err := net.Listen("tcp", addr)
	if err != nil {
		return nil, fmt.Errorf("--metrics: %w", err)
	}
	if _, port, _ := net.SplitHostPort(addr); port == "" || port == "0" {
		fmt.Fprintf(l.c.err, "metrics: http://%v/metrics\n", ln.Addr())
	}
	mux := http.NewServeMux()
	mux.HandleFunc("GET /metrics", func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "text/plain; version=0.0.4; charset=utf-8")
		io.WriteString(w, l.snapshot().prometheus())
	})
	// A slow client must not cost more than its connection.
	const limit = 10 * time.Second
	srv := &http.Server{Handler: mux, ReadHeaderTimeout: limit, ReadTimeout: limit, WriteTimeout: limit, IdleTimeout: limit, MaxHeaderBytes: 8 << 10}
	go srv.Serve(ln)
	return srv, nil
}

// A metricWriter writes metrics, the lines of one after another.
type metricWriter struct{ strings.Builder }

func (m *metricWriter) head(name, kind, help string) {
	fmt.Fprintf(m, "# HELP %s %s\n# TYPE %s %s\n", name, help, name, kind)
}

var labelEscapes = strings.NewReplacer(`\`, `\\`, `"`, `\"`, "\n", `\n`)

// label is the value of a label: any bytes may name a rule, and a page that is not
// UTF-8 is refused as a whole.
func label(value string) string {
	return `"` + labelEscapes.Replace(strings.ToValidUTF8(value, "\uFFFD")) + `"`
}

// one writes a metric without labels.
func (m *metricWriter) one(name, kind, help string, v any) {
	m.head(name, kind, help)
	fmt.Fprintf(m, "%s %v\n", name, v)
}

// prometheus is the snapshot as text.
func (s *snapshot) prometheus() string {
	m := &metricWriter{}
	m.one("pkl_packets_total", "counter", "Packets that were judged.", s.packets)
	m.one("pkl_bytes_total", "counter", "Bytes of these packets.", s.bytes)
	m.head("pkl_verdicts_total", "counter", "Packets by verdict.")
	for _, v := range []struct {
		name string
		a    nfq.Action
	}{{"accept", nfq.Accept}, {"drop", nfq.Drop}, {"repeat", nfq.Repeat}, {"queue", nfq.Requeue}} {
		fmt.Fprintf(m, "pkl_verdicts_total{verdict=%q} %d\n", v.name, s.verdicts[v.a])
	}
	m.one("pkl_edited_total", "counter", "Packets that were accepted with other bytes.", s.edited)
	m.one("pkl_failed_total", "counter", "Packets on which a rule failed.", s.failed)
	m.one("pkl_unmatched_total", "counter", "Packets that did not match -f.", s.unseen)
	m.one("pkl_unknown_family_total", "counter", "Packets that are neither IPv4 nor IPv6.", s.unknown)
	m.one("pkl_states_replaced_total", "counter", "Lua states that were cut and made anew.", s.replaced)
	m.one("pkl_generation", "gauge", "Generation of the rules in force.", s.generation)
	m.head("pkl_reloads_total", "counter", "Reloads by outcome.")
	fmt.Fprintf(m, "pkl_reloads_total{result=\"ok\"} %d\npkl_reloads_total{result=\"failed\"} %d\n", s.reloads, s.failures)
	if len(s.queues) > 0 {
		s.queueMetrics(m)
	}
	if len(s.ifaces) > 0 {
		s.ifaceMetrics(m)
	}
	s.ruleMetrics(m)
	return m.String()
}

func (s *snapshot) queueMetrics(m *metricWriter) {
	for _, k := range []struct {
		name, kind, help string
		get              func(*queueCounts) uint64
	}{
		{"pkl_queue_waiting", "gauge", "Packets that wait in the kernel.", func(q *queueCounts) uint64 { return uint64(q.kernel.Waiting) }},
		{"pkl_queue_full_dropped_total", "counter", "Packets that the kernel dropped as the queue was full.", func(q *queueCounts) uint64 { return q.kernel.Dropped }},
		{"pkl_queue_buffer_dropped_total", "counter", "Packets that the kernel dropped for want of socket buffer.", func(q *queueCounts) uint64 { return q.kernel.UserDropped }},
		{"pkl_queue_overruns_total", "counter", "Overruns of the socket buffer (ENOBUFS).", func(q *queueCounts) uint64 { return q.Overruns }},
		{"pkl_queue_late_verdicts_total", "counter", "Verdicts on packets that were gone (ENOENT).", func(q *queueCounts) uint64 { return q.Late }},
		{"pkl_queue_malformed_total", "counter", "Messages that could not be understood.", func(q *queueCounts) uint64 { return q.Malformed }},
		{"pkl_queue_refused_total", "counter", "Verdicts that the kernel refused.", func(q *queueCounts) uint64 { return q.Refused }},
	} {
		m.head(k.name, k.kind, k.help)
		for i := range s.queues {
			fmt.Fprintf(m, "%s{queue=\"%d\"} %d\n", k.name, s.queues[i].number, k.get(&s.queues[i]))
		}
	}
}

func (s *snapshot) ifaceMetrics(m *metricWriter) {
	for _, k := range []struct {
		name, help string
		get        func(*ifaceCounts) uint64
	}{
		{"pkl_interface_received_total", "Packets that an interface gave, with those dropped.", func(c *ifaceCounts) uint64 { return c.Received }},
		{"pkl_interface_dropped_total", "Packets that the kernel dropped for want of room.", func(c *ifaceCounts) uint64 { return c.Dropped }},
		{"pkl_interface_full_total", "Frames that were lost as the other side of the bridge had no room.", func(c *ifaceCounts) uint64 { return c.full }},
		{"pkl_interface_sent_total", "Frames that were sent on to the other side of the bridge.", func(c *ifaceCounts) uint64 { return c.sent }},
	} {
		m.head(k.name, "counter", k.help)
		for i := range s.ifaces {
			fmt.Fprintf(m, "%s{interface=%s} %d\n", k.name, label(s.ifaces[i].name), k.get(&s.ifaces[i]))
		}
	}
}

func (s *snapshot) ruleMetrics(m *metricWriter) {
	m.head("pkl_rule_hits_total", "counter", "Packets that a rule saw.")
	for _, r := range s.rules {
		fmt.Fprintf(m, "pkl_rule_hits_total{rule=%s} %d\n", label(r.Name), r.Hits)
	}
	m.head("pkl_rule_errors_total", "counter", "Packets on which a rule failed.")
	for _, r := range s.rules {
		fmt.Fprintf(m, "pkl_rule_errors_total{rule=%s} %d\n", label(r.Name), r.Errors)
	}
	m.head("pkl_rule_seconds_total", "counter", "Time spent in a rule, estimated.")
	for _, r := range s.rules {
		fmt.Fprintf(m, "pkl_rule_seconds_total{rule=%s} %g\n", label(r.Name), r.Time.Seconds())
	}
}
