//go:build linux

package main

import (
	"fmt"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"pkl/internal/netns"
	"pkl/internal/netns/netlab"
	"regexp"
	"strings"
	"syscall"
	"testing"
	"time"

	"golang.org/x/net/dns/dnsmessage"
)

// The examples, each on live traffic.
func TestLiveExamples(t *testing.T) {
	netlab.Need(t, "curl")
	c := netlab.Chain(t)
	t.Run("port_block", func(t *testing.T) {
		s := serve(t, c.Server, net.JoinHostPort(netns.Server4, "8081"), []byte("open"))
		serve(t, c.Server, net.JoinHostPort(netns.Server4, "2323"), []byte("closed"))
		p := startPkl(t, c.DUT, "-q", "0-1", "--iptables", "FORWARD", example("port_block"), "--", "23", "2323")
		if out := netlab.Run(t, c.Client, "curl", "-sS", "--max-time", "20", "http://"+netns.Server4+":8081/"); out != "open" {
			t.Errorf("the open port says %q", out)
		}
		if out, err := c.Client.Run(t.Context(), "curl", "-sS", "--max-time", "1", "http://"+netns.Server4+":2323/"); err == nil {
			t.Errorf("the blocked port says %q", out)
		}
		p.stop(os.Interrupt)
		if !regexp.MustCompile(`^\d+\t10\.9\.1\.2\n$`).MatchString(p.out.String()) {
			t.Errorf("who tried: %q", p.out)
		}
		_ = s
	})
	t.Run("ttl_normalise", func(t *testing.T) {
		p := startPkl(t, c.DUT, "-q", "0", "-t", "mangle", "--iptables", "POSTROUTING", example("ttl_normalise"), "--", "17")
		netlab.Run(t, c.DUT, "ip", "-6", "neigh", "flush", "all") // so that neighbours are looked for
		for _, to := range []string{netns.Server4, netns.Server6} {
			if out := pings(t, c.Client, to, 1); !strings.Contains(out, "ttl=17") {
				t.Errorf("ping:\n%s", out)
			}
		}
		p.stop(os.Interrupt)
	})
	t.Run("http_header_edit", func(t *testing.T) {
		s := serve(t, c.Server, net.JoinHostPort(netns.Server4, "80"), []byte("hello"))
		p := startPkl(t, c.Client, "-q", "0", "--iptables", "OUTPUT -p tcp --dport 80", example("http_header_edit"))
		if out := netlab.Run(t, c.Client, "curl", "-sS", "--max-time", "20", "-A", "secret/1.0", "http://"+netns.Server4+"/"); out != "hello" {
			t.Errorf("the page: %q", out)
		}
		if agent, _ := s.said(); agent != "xxxxxxxxxx" {
			t.Errorf("the server saw %q", agent)
		}
		p.stop(os.Interrupt)
	})
	t.Run("rate_limit", func(t *testing.T) {
		serve(t, c.Server, net.JoinHostPort(netns.Server4, "8082"), []byte("x"))
		p := startPkl(t, c.DUT, "-q", "0-1", "--iptables", "FORWARD -p tcp --syn", example("rate_limit"), "--", "3")
		opened := 0
		err := c.Client.Do(func() error {
			d := net.Dialer{Timeout: 300 * time.Millisecond}
			for range 12 {
				if conn, err := d.Dial("tcp", netns.Server4+":8082"); err == nil {
					opened++
					conn.Close()
				}
			}
			return nil
		})
		if err != nil || opened < 3 || opened == 12 {
			t.Errorf("%d of 12 connections at 3 a second: %v", opened, err)
		}
		p.stop(os.Interrupt)
	})
	t.Run("dns_spoof", func(t *testing.T) {
		p := startPkl(t, c.DUT, "-q", "0", "-t", "mangle", "--iptables", "PREROUTING -p udp --dport 53", example("dns_spoof"), "--", "WWW.example.com", "192.0.2.80")
		var answer dnsmessage.Message
		err := c.Client.Do(func() error {
			conn, err := net.Dial("udp4", netns.Server4+":53")
			if err != nil {
				return err
			}
			defer conn.Close()
			q := dnsmessage.Message{Header: dnsmessage.Header{ID: 99, RecursionDesired: true}, Questions: []dnsmessage.Question{
				{Name: dnsmessage.MustNewName("www.example.com."), Type: dnsmessage.TypeA, Class: dnsmessage.ClassINET}}}
			b, err := q.Pack()
			if err != nil {
				return err
			}
			conn.SetDeadline(time.Now().Add(livePatience))
			if _, err := conn.Write(b); err != nil {
				return err
			}
			b = make([]byte, 2048)
			n, err := conn.Read(b)
			if err != nil {
				return err
			}
			return answer.Unpack(b[:n])
		})
		if err != nil || answer.ID != 99 || len(answer.Answers) != 1 || answer.Answers[0].Body.(*dnsmessage.AResource).A != [4]byte{192, 0, 2, 80} {
			t.Errorf("the answer: %v %v", answer, err)
		}
		p.stop(os.Interrupt)
	})
}

func TestLiveDemo(t *testing.T) {
	netlab.New(t)
	netlab.Need(t, "iptables", "ping")
	name, err := staticPkl()
	if err != nil {
		t.Fatal(err)
	}
	out, err := exec.Command(name, "demo").CombinedOutput()
	if err != nil || !strings.Contains(string(out), "50 4b 4c") || !strings.Contains(string(out), "4c 75 61") {
		t.Errorf("pkl demo: %v\n%s", err, out)
	}
	if left, _ := filepath.Glob("/run/netns/pkl-demo-*"); left != nil {
		t.Errorf("left behind: %v", left)
	}
}

// Whatever ends the demo, nothing is left behind: neither namespaces nor files.
func TestLiveDemoEnded(t *testing.T) {
	netlab.New(t)
	netlab.Need(t, "iptables", "ping")
	name, err := staticPkl()
	if err != nil {
		t.Fatal(err)
	}
	for _, s := range []os.Signal{os.Interrupt, syscall.SIGTERM, syscall.SIGHUP, syscall.SIGQUIT} {
		cmd := exec.Command(name, "demo")
		folder := t.TempDir()
		cmd.Env = append(os.Environ(), "TMPDIR="+folder)
		out := newLineWatcher()
		cmd.Stdout, cmd.Stderr = out, out
		if err := cmd.Start(); err != nil {
			t.Fatal(err)
		}
		waitLine(t, out, "generation 1 in force")
		cmd.Process.Signal(s)
		err := cmd.Wait()
		namespaces, _ := filepath.Glob(fmt.Sprintf("/run/netns/pkl-demo-%d-*", cmd.Process.Pid))
		files, _ := os.ReadDir(folder)
		over := strings.Contains(out.String(), "All of it is removed") // the signal came too late
		if code := cmd.ProcessState.ExitCode(); code != exitInterrupted && !over || namespaces != nil || len(files) > 0 {
			t.Errorf("after %v: %v, left behind: %v, %v\n%s", s, err, namespaces, files, out)
		}
	}
}
