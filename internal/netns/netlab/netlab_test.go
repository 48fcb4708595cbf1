package netlab

import (
	"context"
	"errors"
	"io"
	"net"
	"os"
	"os/exec"
	"runtime"
	"slices"
	"strconv"
	"strings"
	"testing"

	"pkl/internal/netns"
)

func TestChain(t *testing.T) {
	Need(t, "ping")
	c := Chain(t)
	for _, to := range []string{netns.Near4, netns.Near6, netns.Far4, netns.Far6, netns.Server4, netns.Server6} {
		Run(t, c.Client, "ping", "-n", "-c", "1", "-W", "10", to)
	}
	if out, err := c.Client.Run(t.Context(), "ping", "-n", "-c", "1", "-W", "1", "10.9.2.77"); err == nil {
		t.Errorf("an address that is not there answers: %s", out)
	} else if !strings.Contains(err.Error(), "10.9.2.77") {
		t.Errorf("the error does not name the command: %v", err)
	}
}

// TestDo: sockets of two namespaces, opened by one program, reach each other
// through the third.
func TestDo(t *testing.T) {
	c := Chain(t)
	var server net.Listener
	err := c.Server.Do(func() (err error) {
		server, err = net.Listen("tcp", net.JoinHostPort(netns.Server6, "7"))
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	defer server.Close()
	go func() {
		conn, err := server.Accept()
		if err == nil {
			io.WriteString(conn, conn.RemoteAddr().String())
			conn.Close()
		}
	}()
	err = c.Client.Do(func() error {
		conn, err := net.Dial("tcp", net.JoinHostPort(netns.Server6, "7"))
		if err != nil {
			return err
		}
		defer conn.Close()
		seen, err := io.ReadAll(conn)
		if err == nil && string(seen) != conn.LocalAddr().String() {
			err = errors.New("the server saw " + string(seen))
		}
		return err
	})
	if err != nil {
		t.Error(err)
	}
}

// TestDoLeavesNoTrace: no thread stays in another namespace.
func TestDoLeavesNoTrace(t *testing.T) {
	ns := Namespace(t, New(t), "a")
	home := link(t, "/proc/self/ns/net")
	inside := ""
	for range 50 {
		err := ns.Do(func() (err error) {
			inside, err = os.Readlink("/proc/thread-self/ns/net")
			return err
		})
		if err != nil || inside == home {
			t.Fatalf("in the namespace: %s, outside %s, %v", inside, home, err)
		}
		runtime.LockOSThread()
		here := link(t, "/proc/thread-self/ns/net")
		runtime.UnlockOSThread()
		if main := link(t, "/proc/self/ns/net"); here != home || main != home {
			t.Fatalf("afterwards: thread in %s, process in %s, want %s", here, main, home)
		}
	}
	want := errors.New("want")
	if err := ns.Do(func() error { return want }); err != want {
		t.Errorf("Do returns %v", err)
	}
	if err := ns.Do(func() error { runtime.Goexit(); return nil }); err == nil {
		t.Error("a function that does not return is no error")
	}
}

func link(t *testing.T, name string) string {
	t.Helper()
	to, err := os.Readlink(name)
	if err != nil {
		t.Fatal(err)
	}
	return to
}

// TestClose: what runs in a namespace is ended, and the namespace is gone.
func TestClose(t *testing.T) {
	Need(t, "ip", "sleep")
	lab := New(t)
	ns := Namespace(t, lab, "a")
	cmd := ns.Command(context.Background(), "sleep", "1000")
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	for !slices.Contains(strings.Fields(Run(t, ns, "ip", "netns", "pids", ns.Name)), strconv.Itoa(cmd.Process.Pid)) {
		runtime.Gosched() // it has not entered yet
	}
	if err := lab.Close(); err != nil {
		t.Fatal(err)
	}
	if err := cmd.Wait(); err == nil || !strings.Contains(err.Error(), "killed") {
		t.Errorf("the program ended with %v", err)
	}
	if out, err := exec.Command("ip", "netns", "list").Output(); err != nil || strings.Contains(string(out), ns.Name) {
		t.Errorf("still there: %s %v", out, err)
	}
	if err := lab.Close(); err != nil {
		t.Errorf("closed again: %v", err)
	}
}

// TestLeftovers: a lab of a process that is gone is removed by the next with
// the same prefix, one of a process that runs is not.
func TestLeftovers(t *testing.T) {
	New(t) // skips where there can be no namespaces
	dead := exec.Command("true")
	if err := dead.Run(); err != nil {
		t.Skip("true is not installed")
	}
	prefix := "pkl-left-" + strconv.Itoa(os.Getpid())
	names := map[string]bool{ // whether it stays
		prefix + "-" + strconv.Itoa(dead.Process.Pid) + "-0a1b2c-x": false,
		prefix + "-" + strconv.Itoa(os.Getpid()) + "-0a1b2c-x":      true,
		prefix + "-x": true,
	}
	for name := range names {
		if out, err := exec.Command("ip", "netns", "add", name).CombinedOutput(); err != nil {
			t.Fatalf("%s: %v", out, err)
		}
		defer exec.Command("ip", "netns", "del", name).Run()
	}
	if _, err := netns.New(prefix); err != nil {
		t.Fatal(err)
	}
	for name, stays := range names {
		if _, err := os.Stat("/run/netns/" + name); (err == nil) != stays {
			t.Errorf("%s: %v, stays should be %v", name, err, stays)
		}
	}
}

// TestSysctl: only what belongs to the namespace can be set.
func TestSysctl(t *testing.T) {
	ns := Namespace(t, New(t), "a")
	for _, name := range []string{"kernel/core_pattern", "net/../kernel/core_pattern", "../x", "net"} {
		if err := ns.Sysctl(name, "1"); err == nil || !strings.Contains(err.Error(), "not a variable") {
			t.Errorf("%s: %v", name, err)
		}
	}
	if err := ns.Sysctl("net/ipv4/ip_default_ttl", "7"); err != nil {
		t.Fatal(err)
	}
	if got := strings.TrimSpace(Run(t, ns, "cat", "/proc/sys/net/ipv4/ip_default_ttl")); got != "7" {
		t.Errorf("ip_default_ttl is %s", got)
	}
}
