// Package netlab gives tests network namespaces: labs that are removed with the
// test, and a clear skip where there can be none.
package netlab

import (
	"os"
	"os/exec"
	"runtime"
	"testing"

	"pkl/internal/netns"
)

// New starts a lab that is removed when the test ends. The test is skipped
// where the system is not Linux, the user not root, or the ip command missing.
func New(t testing.TB) *netns.Lab {
	t.Helper()
	if runtime.GOOS != "linux" {
		t.Skipf("network namespaces are Linux's; this is %s", runtime.GOOS)
	}
	if os.Geteuid() != 0 {
		t.Skip("network namespaces need root")
	}
	Need(t, "ip")
	lab, err := netns.New("pkl-test")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := lab.Close(); err != nil {
			t.Errorf("removing the namespaces: %v", err)
		}
	})
	return lab
}

// Chain makes a client, a router and a server, as [netns.Lab.Chain] does.
func Chain(t testing.TB) *netns.Chain {
	t.Helper()
	c, err := New(t).Chain()
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// Namespace makes a namespace of a lab.
func Namespace(t testing.TB, lab *netns.Lab, name string) *netns.Namespace {
	t.Helper()
	ns, err := lab.Namespace(name)
	if err != nil {
		t.Fatal(err)
	}
	return ns
}

// Run runs a program in a namespace and returns what it wrote. It must succeed.
func Run(t testing.TB, ns *netns.Namespace, name string, args ...string) string {
	t.Helper()
	out, err := ns.Run(t.Context(), name, args...)
	if err != nil {
		t.Fatal(err)
	}
	return out
}

// Need skips the test if one of the programs is not installed.
func Need(t testing.TB, programs ...string) {
	t.Helper()
	for _, p := range programs {
		if _, err := exec.LookPath(p); err != nil {
			t.Skipf("%s is not installed (make deps installs it)", p)
		}
	}
}
