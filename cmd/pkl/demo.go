package main

import (
	"bufio"
	"bytes"
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"time"

	"pkl/internal/netns"
	"pkl/scripts"
)

const demoHelpText = `
Demo shows interception on this machine, without touching its network: it makes
two network namespaces joined by a pair of virtual devices, sends a ping from one
to the other, has a Lua rule change it on its way, edits the rule while it runs,
and removes everything again. It needs root, and the commands ip, iptables and
ping (Debian: iproute2, iptables, iputils-ping).`

// demoPatience bounds each step of the demo.
const demoPatience = 15 * time.Second

// The addresses of the demo.
const (
	demoHere  = "10.99.0.1"
	demoThere = "10.99.0.2"
)

// runDemo is pkl demo.
func runDemo(c *cli, args []string) error {
	f := c.flags("demo", demoHelpText)
	if err := parse(f, args); err != nil {
		return err
	}
	if f.NArg() > 0 {
		return usagef("demo", "demo: takes no arguments")
	}
	for _, tool := range []string{"ip", "iptables", "ping"} {
		if _, err := exec.LookPath(tool); err != nil {
			return fmt.Errorf("demo: the command %s is missing (Debian: apt install iproute2 iptables iputils-ping)", tool)
		}
	}
	c.stop.listen()
	lab, err := netns.New("pkl-demo")
	if err != nil {
		return fmt.Errorf("demo: %w", err)
	}
	d := &demo{c: c}
	err = d.run(lab)
	if closeErr := lab.Close(); err == nil {
		err = closeErr
	}
	if err == nil {
		fmt.Fprintln(c.out, "\nAll of it is removed again. docs/interception.md has the rest.")
	}
	return c.ended(err)
}

// A demo is one run of pkl demo.
type demo struct {
	c              *cli
	client, server *netns.Namespace
	script         string
	cmd            *exec.Cmd
	said           *lineWatcher // what pkl run writes
}

func (d *demo) run(lab *netns.Lab) (err error) {
	if d.client, err = lab.Namespace("client"); err != nil {
		return err
	}
	if d.server, err = lab.Namespace("server"); err != nil {
		return err
	}
	err = lab.Veth(netns.End{NS: d.client, Dev: "eth0", Addrs: []string{demoHere + "/24"}},
		netns.End{NS: d.server, Dev: "eth0", Addrs: []string{demoThere + "/24"}})
	if err != nil {
		return err
	}
	folder, err := os.MkdirTemp("", "pkl-demo-")
	if err != nil {
		return err
	}
	defer os.RemoveAll(folder)
	d.script = filepath.Join(folder, "icmp_edit.lua")
	return d.show()
}

// show goes through the steps.
func (d *demo) show() error {
	d.say("1. Two namespaces, %s and %s. A ping, its payload all \"a\", without pkl:", demoHere, demoThere)
	if err := d.ping(); err != nil {
		return err
	}
	if err := os.WriteFile(d.script, scripts.ICMPEdit, 0o644); err != nil {
		return err
	}
	d.say("\n2. In the second namespace: pkl run -q 0 --iptables 'INPUT -p icmp' --watch icmp_edit.lua")
	if err := d.start(); err != nil {
		return err
	}
	defer d.end()
	d.say("   The rule writes \"PKL\" over the end of the payload: 0x50 0x4b 0x4c.")
	if err := d.ping(); err != nil {
		return err
	}
	d.say("\n3. The rule is edited while it runs, \"PKL\" becomes \"Lua\": 0x4c 0x75 0x61.")
	edited := bytes.Replace(scripts.ICMPEdit, []byte(`mark = "PKL"`), []byte(`mark = "Lua"`), 1)
	if err := os.WriteFile(d.script, edited, 0o644); err != nil {
		return err
	}
	if err := d.wait("generation 2 in force"); err != nil {
		return err
	}
	if err := d.ping(); err != nil {
		return err
	}
	d.say("\n4. pkl ends, and removes its iptables rule.")
	if err := d.end(); err != nil {
		return err
	}
	return d.ping()
}

func (d *demo) say(format string, args ...any) {
	fmt.Fprintf(d.c.out, format+"\n", args...)
	d.c.out.Flush()
}

// ping sends one ping, and shows what comes back.
func (d *demo) ping() error {
	if d.c.stop.stopped() {
		return d.c.stop.err()
	}
	ctx, cancel := context.WithTimeout(context.Background(), demoPatience)
	defer cancel()
	out, err := d.client.Command(ctx, "ping", "-n", "-c", "1", "-W", "5", "-p", "61", demoThere).CombinedOutput()
	for line := range strings.Lines(string(out)) {
		if strings.Contains(line, "bytes from") || strings.Contains(line, "wrong data") || strings.HasPrefix(line, "#") {
			fmt.Fprintf(d.c.out, "   %s\n", strings.TrimSpace(line))
		}
	}
	d.c.out.Flush()
	if err != nil {
		return fmt.Errorf("ping: %w\n%s", err, out)
	}
	return nil
}

// start starts pkl run, and waits until its rules judge.
func (d *demo) start() error {
	self, err := os.Executable()
	if err != nil {
		return err
	}
	d.said = newLineWatcher()
	d.cmd = d.server.Command(context.Background(), self, "run", "-q", "0", "--iptables", "INPUT -p icmp", "--watch", d.script)
	d.cmd.Stderr = d.said
	ownGroup(d.cmd) // Ctrl-C is for the demo
	if err := d.cmd.Start(); err != nil {
		return err
	}
	return d.wait("generation 1 in force")
}

// wait waits for a line of pkl run, and shows it.
func (d *demo) wait(text string) error {
	limit := time.After(demoPatience)
	for {
		if line := d.said.find(text); line != "" {
			fmt.Fprintf(d.c.out, "   %s\n", line)
			return nil
		}
		select {
		case <-d.said.arrived:
		case <-d.c.stop.ctx.Done():
			return d.c.stop.err()
		case <-limit:
			return fmt.Errorf("pkl run did not say %q, but:\n%s", text, d.said)
		}
	}
}

// end ends pkl run.
func (d *demo) end() error {
	if d.cmd == nil {
		return nil
	}
	d.cmd.Process.Signal(os.Interrupt)
	err := d.cmd.Wait()
	code := d.cmd.ProcessState.ExitCode()
	d.cmd = nil
	if code != exitInterrupted {
		return fmt.Errorf("pkl run: %w\n%s", err, d.said)
	}
	return nil
}

// A lineWatcher keeps what a program writes.
type lineWatcher struct {
	mu      sync.Mutex
	text    bytes.Buffer
	arrived chan struct{}
}

func newLineWatcher() *lineWatcher { return &lineWatcher{arrived: make(chan struct{}, 1)} }

func (l *lineWatcher) Write(b []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.text.Write(b)
	select {
	case l.arrived <- struct{}{}:
	default:
	}
	return len(b), nil
}

// find returns the first line that contains text, "" if there is none yet.
func (l *lineWatcher) find(text string) string {
	lines := bufio.NewScanner(strings.NewReader(l.String()))
	for lines.Scan() {
		if strings.Contains(lines.Text(), text) {
			return lines.Text()
		}
	}
	return ""
}

func (l *lineWatcher) String() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.text.String()
}
