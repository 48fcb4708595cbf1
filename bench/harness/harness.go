// Package harness holds what the measuring commands share: building programs, choosing a CPU, medians, and how figures
// are written.
package harness

import (
	"cmp"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
)

// Compile builds a static Go program.
func Compile(module, target, dir string) error {
	abs, err := filepath.Abs(target)
	if err != nil {
		return err
	}
	c := exec.Command("go", "build", "-C", module, "-o", abs, dir)
	c.Env = append(os.Environ(), "CGO_ENABLED=0")
	if text, err := c.CombinedOutput(); err != nil {
		return fmt.Errorf("go build %s: %w\n%s", dir, err, text)
	}
	return nil
}

// FirstLine cuts a message short.
func FirstLine(s string) string {
	line, _, _ := strings.Cut(strings.TrimSpace(s), "\n")
	return line
}

// LastCPU is the highest CPU that this process may use, or "" if that cannot be told; the lowest ones take most interrupts.
func LastCPU() string {
	b, err := os.ReadFile("/proc/self/status")
	if err != nil {
		return ""
	}
	_, rest, _ := strings.Cut(string(b), "Cpus_allowed_list:")
	s := strings.TrimSpace(FirstLine(rest))
	return s[strings.LastIndexAny(s, ",-")+1:]
}

// A Number is what a median can be taken of.
type Number interface {
	cmp.Ordered
	~int | ~int64 | ~float64
}

// Median is the middle one of some values; of an even number the mean of the middle two, of none 0.
func Median[T Number](values []T) T {
	n := len(values)
	if n == 0 {
		return 0
	}
	s := slices.Sorted(slices.Values(values))
	return (s[(n-1)/2] + s[n/2]) / 2
}

// Short writes a rate with a unit.
func Short(v float64) string {
	if v >= 1e6 {
		return fmt.Sprintf("%.2f M", v/1e6)
	}
	return fmt.Sprintf("%.1f k", v/1e3)
}

// Reached compares a ratio with a target; 0 is none.
func Reached(q, want float64) string {
	switch {
	case want == 0:
		return ""
	case q >= want:
		return fmt.Sprintf("%g: reached", want)
	}
	return fmt.Sprintf("%g: missed", want)
}
