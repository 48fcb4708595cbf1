// Command skips runs go test and says at the end which tests were skipped, and
// why. Its arguments are those of go test:
//
//	go run ./internal/skips ./...
//
// Of the packages that pass it prints the line that go test prints, of the
// others all that the failed tests said. With CI=true in the environment a
// skipped test is a failure, except where the reason is that ../shared/corpus,
// which is not part of the project, is missing.
package main

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
)

// corpus is what the reason of a skip that is always allowed contains.
const corpus = "shared/corpus"

func main() {
	os.Exit(run(os.Args[1:], os.Getenv("CI") == "true", os.Stdout, os.Stderr))
}

// run runs go test with args and reports on it.
func run(args []string, ci bool, stdout, stderr io.Writer) int {
	cmd := exec.Command("go", append([]string{"test", "-json"}, args...)...)
	cmd.Stderr = stderr
	pipe, err := cmd.StdoutPipe()
	if err != nil {
		return fail(stderr, err)
	}
	if err := cmd.Start(); err != nil {
		return fail(stderr, err)
	}
	var r report
	readErr := r.read(bufio.NewReader(pipe), stdout)
	return r.status(errors.Join(readErr, cmd.Wait()), ci, stdout, stderr)
}

// status prints the summary and returns the exit status.
func (r *report) status(err error, ci bool, stdout, stderr io.Writer) int {
	r.summary(stdout)
	if err != nil {
		return fail(stderr, err)
	}
	if n := r.forbidden(); ci && n > 0 {
		return fail(stderr, fmt.Errorf("with CI=true no test may be skipped, but %d were", n))
	}
	return 0
}

func fail(stderr io.Writer, err error) int {
	fmt.Fprintln(stderr, "skips:", err)
	return 1
}
