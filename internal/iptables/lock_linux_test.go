package iptables

import (
	"context"
	"errors"
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
	late, cancel := context.WithTimeout(t.Context(), lockEvery)
	defer cancel()
	if _, err := hold(late, two); err == nil || !strings.Contains(err.Error(), "another process holds the xtables lock") {
		t.Errorf("a lock that is held: %v", err)
	}
	cancelled, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := hold(cancelled, two); !errors.Is(err, context.Canceled) {
		t.Errorf("nobody waits any more: %v", err)
	}
	released := make(chan struct{})
	time.AfterFunc(2*lockEvery, func() {
		release()
		close(released)
	})
	if _, err := hold(t.Context(), two); err != nil {
		t.Error(err)
	}
	<-released
}
