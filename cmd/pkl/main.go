// Command pkl runs Lua scripts over network packets.
//
// Each subcommand has a file of its own; commands lists them. They share one
// cli: the streams, and the way a run is ended from outside.
package main

import (
	"errors"
	"fmt"
	"io"
	"os"
	"runtime"
	"strings"

	"github.com/spf13/pflag"

	"pkl/core"
)

func main() {
	os.Exit(run(os.Args[1:], os.Stdin, os.Stdout, os.Stderr))
}

// A command is a subcommand.
type command struct {
	name  string
	args  string // for the usage line
	short string // for the list of commands
	run   func(c *cli, args []string) error
}

// commands lists the subcommands in the order of the help text.
func commands() []command {
	return []command{
		{"run", "[-r FILE | -i INTERFACE | -q QUEUES] [-w FILE] [-f FILTER] [-c N] [-e CODE]... [SCRIPT...] [-- ARGS]", "run scripts, on their own, over a capture file or on live traffic", runRun},
		{"dump", "-r FILE | -i INTERFACE [-f FILTER] [-c N] [-T text|json|fields] [-e FIELD]... [-n] [-x]", "show the packets of a capture file or an interface", runDump},
		{"replay", "FILE -i INTERFACE [-f FILTER] [--speed N | --rate N | --fast] [--loop N]", "send the packets of a capture file", runReplay},
		{"protos", "[--lua|--json] [NAME...]", "list the protocols, or describe some", runProtos},
		{"filter", "[-d] [--link TYPE] [--socket] EXPR", "show what a filter means, and what the kernel decides of it", runFilter},
		{"check", "[--json] SCRIPT... [-- ARGS]", "look for mistakes in scripts", runCheck},
		{"stubs", "[SCRIPT...]", "print annotations for an editor with LuaLS", runStubs},
		{"repl", "[SCRIPT...]", "run Lua line by line", runRepl},
		{"demo", "", "show interception, in network namespaces of its own", runDemo},
		{"version", "", "print the version", runVersion},
		{"help", "[COMMAND]", "explain a command", runHelp},
	}
}

// run is the whole program: it returns the exit status.
func run(args []string, stdin io.Reader, stdout, stderr io.Writer) (status int) {
	defer runtime.KeepAlive(newBallast())
	c := newCLI(stdin, stdout, stderr)
	defer c.stop.release()
	defer func() {
		if problem := recover(); problem != nil {
			status = c.crashed(problem)
		}
	}()
	err := c.dispatch(args)
	switch flushErr := c.out.Flush(); {
	case err == nil, errors.Is(err, pflag.ErrHelp):
		err = flushErr
	case errors.Is(err, errReported) && flushErr != nil && !errors.Is(flushErr, errClosedPipe):
		err = flushErr // what was to be reported is lost
	}
	return c.status(err)
}

// dispatch finds the subcommand and runs it.
func (c *cli) dispatch(args []string) error {
	if len(args) == 0 {
		return usagef("", "no command given\n\n%s", strings.TrimSuffix(overview(), "\n"))
	}
	switch args[0] {
	case "-h", "--help":
		args = []string{"help"}
	case "-V", "--version":
		args = []string{"version"}
	}
	cmd := findCommand(args[0])
	if cmd == nil {
		return usagef("", "unknown command %q%s", args[0], commandHint(args[0]))
	}
	return cmd.run(c, args[1:])
}

func findCommand(name string) *command {
	for _, cmd := range commands() {
		if cmd.name == name {
			return &cmd
		}
	}
	return nil
}

func commandNames() (names []string) {
	for _, cmd := range commands() {
		names = append(names, cmd.name)
	}
	return names
}

// commandHint tells what may be meant by a word that is no command.
func commandHint(word string) string {
	if strings.HasSuffix(word, ".lua") {
		return fmt.Sprintf(" (to run a script: pkl run %s)", word)
	}
	return hint(word, commandNames())
}

// hint is " (did you mean …?)" if one of the names is near.
func hint(name string, among []string) string {
	if near := core.Nearest(name, among); near != "" {
		return fmt.Sprintf(" (did you mean %q?)", near)
	}
	return ""
}
