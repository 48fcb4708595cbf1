package main

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"os"
	"os/signal"
	"path/filepath"
	"strings"

	"github.com/ergochat/readline"

	"pkl/luabind"
)

const replHelpText = `
Repl reads Lua line by line and runs it, as a program with all libraries. Values
of expressions are printed, with or without a leading =. A chunk that is not
complete goes on in the next line. Scripts that are named are run first, and
their globals are there.

On a terminal, Tab completes the names of variables, functions, layers and
fields; earlier lines are kept in $XDG_STATE_HOME/pkl/history (by default below
~/.local/state); Ctrl-C ends the line that runs, Ctrl-D the session. A local
variable lives in its own line only.

Without a terminal, lines are read from standard input, errors name the line of
the input, and the exit status is 1 if one of them has failed.`

// errStoppedLine is what Ctrl-C gives for the line that runs.
var errStoppedLine = errors.New("stopped")

// A repl is one session.
type repl struct {
	cli     *cli
	console *luabind.Console
	failed  bool
}

// A lineReader gives the lines that a user types.
type lineReader interface {
	// line returns the next line; more says that a chunk goes on. io.EOF ends
	// the session, readline.ErrInterrupt forgets the chunk.
	line(more bool) (string, error)
}

// runRepl is pkl repl.
func runRepl(c *cli, args []string) error {
	f := c.flags("repl", replHelpText)
	c.decodeAsFlag(f)
	if err := parse(f, args); err != nil {
		return err
	}
	scripts, err := c.loadScripts(nil, f.Args())
	if err != nil {
		return err
	}
	if len(scripts) == 0 {
		scripts = []luabind.Script{{Name: "repl"}}
	}
	gen, err := luabind.NewGeneration(c.hostConfig(true, 0, nil), scripts)
	if err != nil {
		return scriptError{err}
	}
	st, err := gen.NewState(1)
	if err != nil {
		return err
	}
	defer st.Close()
	console, err := st.NewConsole()
	if err != nil {
		return err
	}
	r := &repl{cli: c, console: console}
	return r.session(st)
}

// session preloads the scripts and reads lines until the end.
func (r *repl) session(st *luabind.State) error {
	c := r.cli
	in := fileOf(c.in)
	terminal := isTerminal(in) && c.out.tty
	if terminal {
		defer r.interrupts()()
	} else {
		c.stop.listen()
	}
	c.stop.running(st, 0)
	defer c.stop.running(nil, 0)
	if err := r.console.Preload(); err != nil {
		if st.Registry() == nil {
			return c.ended(scriptError{err})
		}
		r.complain(err)
	}
	from := c.in
	if in != nil && waits(in) {
		from = patient(in, c.stop)
	}
	var lines lineReader = &pipedLines{bufio.NewReader(from)}
	if terminal {
		rl, err := r.editor(in)
		if err != nil {
			return err
		}
		defer rl.Close()
		lines = editedLines{rl}
	}
	err := r.loop(lines)
	if reason := c.stop.err(); reason != nil {
		return reason
	}
	if err == nil && r.failed && !terminal {
		return errReported
	}
	return err
}

// interrupts has Ctrl-C end the line that runs. It returns what takes that back.
func (r *repl) interrupts() (undo func()) {
	signals := make(chan os.Signal, 1)
	done := make(chan struct{})
	signal.Notify(signals, os.Interrupt)
	go func() {
		for {
			select {
			case <-signals:
				r.console.Stop(errStoppedLine)
			case <-done:
				return
			}
		}
	}()
	return func() {
		signal.Stop(signals)
		close(done)
	}
}

// loop runs one chunk after the other.
func (r *repl) loop(lines lineReader) error {
	var chunk strings.Builder
	var open openness
	_, typed := lines.(editedLines) // there the compiler is asked each time
	read, first := 0, 1             // lines, and where the chunk begins
	forget := func() {
		chunk.Reset()
		open = openness{}
	}
	for !r.cli.stop.stopped() {
		line, err := lines.line(chunk.Len() > 0)
		switch {
		case errors.Is(err, readline.ErrInterrupt):
			forget()
			continue
		case err == io.EOF:
			return r.rest(chunk.String(), first)
		case err != nil:
			return err
		}
		if read++; chunk.Len() == 0 && !typed {
			first = read
		}
		chunk.WriteString(line + "\n")
		if !open.line(line) && !typed {
			continue
		}
		if strings.TrimSpace(chunk.String()) == "" {
			forget()
			continue
		}
		err = r.console.Run(chunk.String(), first)
		if errors.Is(err, luabind.ErrIncomplete) {
			continue
		}
		forget()
		if err != nil && !r.cli.stop.stopped() {
			r.complain(err)
		}
		if err := r.cli.out.Flush(); err != nil {
			return err
		}
	}
	return nil
}

// rest ends the session with what is left of a chunk.
func (r *repl) rest(chunk string, first int) error {
	if strings.TrimSpace(chunk) == "" {
		return nil
	}
	err := r.console.Run(chunk, first)
	if errors.Is(err, luabind.ErrIncomplete) {
		err = errors.New("repl: the last chunk is not complete")
	}
	if err != nil && !r.cli.stop.stopped() {
		r.complain(err)
	}
	return nil
}

// complain shows an error; the session goes on.
func (r *repl) complain(err error) {
	r.failed = true
	r.cli.out.Flush()
	fmt.Fprintln(r.cli.err, err)
}

// pipedLines are those of a pipe or a file.
type pipedLines struct{ *bufio.Reader }

func (p *pipedLines) line(bool) (string, error) {
	line, err := p.ReadString('\n')
	if err == io.EOF && line != "" {
		err = nil
	}
	return strings.TrimRight(line, "\r\n"), err
}

// editor is the line editor of a terminal.
func (r *repl) editor(in *os.File) (*readline.Instance, error) {
	teller := newCursorTeller(in, r.cli.out)
	return readline.NewFromConfig(&readline.Config{
		Prompt: "> ", HistoryFile: historyFile(), HistoryLimit: 1000,
		AutoComplete: completer{r.console}, InterruptPrompt: "^C", EOFPrompt: "",
		Stdin: teller, Stdout: teller, Stderr: r.cli.err,
	})
}

// editedLines are those of a terminal.
type editedLines struct{ *readline.Instance }

func (e editedLines) line(more bool) (string, error) {
	if more {
		e.SetPrompt(">> ")
	} else {
		e.SetPrompt("> ")
	}
	return e.ReadLine()
}

// completer completes names for the line editor.
type completer struct{ console *luabind.Console }

func (c completer) Do(line []rune, pos int) (rest [][]rune, typed int) {
	names, typed := c.console.Complete(string(line[:pos]))
	for _, name := range names {
		rest = append(rest, []rune(name[typed:]))
	}
	return rest, typed
}

// historyFile is where lines are kept; empty: nowhere.
func historyFile() string {
	dir := os.Getenv("XDG_STATE_HOME")
	if !filepath.IsAbs(dir) {
		home, err := os.UserHomeDir()
		if err != nil {
			return ""
		}
		dir = filepath.Join(home, ".local", "state")
	}
	dir = filepath.Join(dir, "pkl")
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return ""
	}
	return filepath.Join(dir, "history")
}
