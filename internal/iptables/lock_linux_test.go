package iptables

import (
	"context"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// The lock is taken when whoever has it gives it back, and waited for only so long.
func TestLock(t *testing.T) {
	name := filepath.Join(t.TempDir(), "lock")
	open := func() *os.File {
		f, err := os.OpenFile(name, os.O_RDONLY|os.O_CREATE, 0o600)
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { f.Close() })
		return f
	}
	one, two := open(), open()
	release, err := hold(t.Context(), one)
	if err != nil {
		t.Fatal(err)
	}
	ended, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := hold(ended, two); err == nil || !strings.Contains(err.Error(), "another process holds the xtables lock") {
		t.Errorf("a lock that is held: %v", err)
	}
	time.AfterFunc(2*lockEvery, release)
	if _, err := hold(t.Context(), two); err != nil {
		t.Error(err)
	}
}
