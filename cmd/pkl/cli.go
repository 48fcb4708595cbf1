package main

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"strings"
	"syscall"

	"github.com/spf13/pflag"

	"pkl/core"
)

// The exit statuses.
const (
	exitFailure     = 1
	exitUsage       = 2
	exitInterrupted = 130 // as a shell has it for a program that Ctrl-C ended
)

// A cli is one invocation: its streams, and what ends it from outside.
type cli struct {
	in   io.Reader
	out  *output
	err  io.Writer
	stop *stopper

	inputs  []*source   // capture files being read
	outputs []*sink     // and written
	scripts []string    // of the command line
	memory  int         // what scripts may fill, in MiB
	binds   []core.Bind // --decode-as
}

func newCLI(stdin io.Reader, stdout, stderr io.Writer) *cli {
	stop := newStopper()
	c := &cli{in: stdin, out: newOutput(stdout, stop), err: stderr, stop: stop, memory: defaultMemory}
	if f := fileOf(stderr); isTerminal(f) {
		line := &statusLine{w: stderr, width: func() int { return terminalWidth(f) }}
		c.err, c.out.above = line, line
	}
	return c
}

// A usageError is a wrong command line.
type usageError struct {
	cmd, text string // cmd may be empty
}

func (e *usageError) Error() string { return e.text }

func usagef(cmd, format string, args ...any) error {
	return &usageError{cmd, fmt.Sprintf(format, args...)}
}

// An exitStatus ends the program with that status, as a script wants it.
type exitStatus int

func (e exitStatus) Error() string { return fmt.Sprintf("exit status %d", int(e)) }

// errReported ends the program with exitFailure after all was said.
var errReported = errors.New("reported")

// status tells what went wrong, if anything, and returns the exit status.
func (c *cli) status(err error) int {
	var usage *usageError
	var script scriptError
	var exit exitStatus
	switch {
	case err == nil, errors.Is(err, pflag.ErrHelp), errors.Is(err, errClosedPipe), errors.Is(err, syscall.EPIPE):
		return 0
	case errors.Is(err, errInterrupted):
		return exitInterrupted
	case errors.As(err, &exit):
		return int(exit)
	case decodeAsMistakes(err) != nil:
		c.sayMistakes(decodeAsMistakes(err))
		return exitUsage
	case errors.As(err, &script):
		fmt.Fprintln(c.err, script)
	case errors.As(err, &usage):
		c.say(usage.text)
		if usage.cmd != "" {
			fmt.Fprintf(c.err, "Try 'pkl help %s'.\n", usage.cmd)
		}
		return exitUsage
	case !errors.Is(err, errReported):
		c.say(plain(err))
	}
	return exitFailure
}

// say prints a message of the program itself.
func (c *cli) say(text string) {
	fmt.Fprintf(c.err, "pkl: %s\n", text)
}

// plain is the text of an error without the name of the system call.
func plain(err error) string {
	var p *fs.PathError
	if errors.As(err, &p) && err == error(p) {
		return p.Path + ": " + p.Err.Error()
	}
	return err.Error()
}

// flags makes the flag set of a subcommand. Its help text is usage line, text,
// flags.
func (c *cli) flags(name, text string) *pflag.FlagSet {
	f := pflag.NewFlagSet(name, pflag.ContinueOnError)
	f.SortFlags = false
	f.SetOutput(io.Discard)
	f.Usage = func() {
		fmt.Fprintf(c.out, "%s\n\n%s\n", usageLine(name), strings.TrimSpace(text))
		if f.HasFlags() {
			fmt.Fprintf(c.out, "\nFlags:\n%s", f.FlagUsages())
		}
	}
	return f
}

func usageLine(name string) string {
	return strings.TrimSpace("Usage: pkl " + name + " " + findCommand(name).args)
}

// parse parses the arguments of a subcommand.
func parse(f *pflag.FlagSet, args []string) error {
	err := f.Parse(args)
	var unknown *pflag.NotExistError
	switch {
	case err == nil, errors.Is(err, pflag.ErrHelp):
		return err
	case errors.As(err, &unknown):
		return usagef(f.Name(), "%s: %v%s", f.Name(), err, hint(unknown.GetSpecifiedName(), flagNames(f)))
	}
	return usagef(f.Name(), "%s: %v", f.Name(), err)
}

func flagNames(f *pflag.FlagSet) (names []string) {
	f.VisitAll(func(f *pflag.Flag) { names = append(names, f.Name) })
	return names
}

// fileOf returns the file behind a stream, if there is one.
func fileOf(stream any) *os.File {
	f, _ := stream.(*os.File)
	return f
}
