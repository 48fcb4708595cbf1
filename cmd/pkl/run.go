package main

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/spf13/pflag"

	"pkl/core"
	"pkl/luabind"
)

const runHelpText = `
Without -r, run executes the scripts as a program, with all of Lua's libraries,
and ends. With -r it gives every packet of a capture file to the rules that the
scripts have set up with pkl.on, and writes what they accept, with their edits,
to the file of -w. With -q it does the same with the packets that an iptables
rule sends to netfilter queues: what the rules accept goes on, with their edits.
With -i it does so with the packets of an interface, and with --bridge what the
rules accept leaves by another one, in both directions.
Rules are confined: --allow gives more.

What follows -- is in arg and ... of the scripts. All scripts run in one Lua
state, each with globals of its own; the code of every -e, as lines of one
script, comes first.

  pkl run -r in.pcap -e 'pkl.on("dns", function(p) print(p) end)'
  pkl run -r in.pcap -f 'tcp.port == 443' -w out.pcapng rules.lua
  pkl run program.lua -- one two
  pkl run -q 0-3 --iptables 'INPUT -p tcp' --watch rules.lua
  pkl run -i eth0 --bridge eth1 rules.lua

The exit status is 0; 1 after a failure, an error in a rule or a damaged file;
2 for a wrong command line; 130 after Ctrl-C, SIGTERM, SIGHUP or SIGQUIT.`

// runOptions are the flags of run.
type runOptions struct {
	read, write, filter string
	count, memory       int
	code, allow         []string
	scripts, args       []string

	queueOptions
	ifaceOptions
	bridge   string
	nWorkers int
}

func (o *runOptions) flags(f *pflag.FlagSet) {
	f.StringVarP(&o.read, "read", "r", "", "read packets from capture `FILE` (- is stdin)")
	f.StringVarP(&o.write, "write", "w", "", "write accepted packets to `FILE`: .pcapng makes pcapng, any other name pcap; - is stdout in the input's format, and print then goes to stderr")
	f.StringVarP(&o.filter, "filter", "f", "", "rules see, and -w gets, only packets that match `FILTER`")
	f.IntVarP(&o.count, "count", "c", 0, "end after `N` packets that match")
	f.StringArrayVarP(&o.code, "execute", "e", nil, "run `CODE`; may be repeated")
	f.StringSliceVar(&o.allow, "allow", nil, "let rules do more: a `LIST` of read, write (capture files below the current folder), net (sockets), io, os")
	o.queueOptions.flags(f)
	o.ifaceOptions.flags(f)
	f.StringVar(&o.bridge, "bridge", "", "with -i, send what rules accept out of `INTERFACE`, and what comes there the other way")
	f.IntVar(&o.nWorkers, "workers", 1, "with -i, judge by `N` workers, the packets of a flow by the same one")
	f.IntVar(&o.memory, "memory", defaultMemory, "stop scripts that fill more than `N` MiB of memory")
}

// runRun is pkl run.
func runRun(c *cli, args []string) error {
	var o runOptions
	f := c.flags("run", runHelpText)
	o.flags(f)
	c.decodeAsFlag(f)
	if err := parseOnce(f, args); err != nil {
		return err
	}
	o.positional(f)
	allow, err := o.check(f)
	if err != nil {
		return err
	}
	c.memory, c.scripts = o.memory, o.scripts
	c.stop.listen()
	switch {
	case o.queues != "" || o.iface != "":
		return c.runLive(&o, allow)
	case o.read == "":
		return c.runProgram(&o)
	}
	return c.runRules(&o, allow)
}

// positional parts the scripts from their arguments.
func (o *runOptions) positional(f *pflag.FlagSet) {
	o.scripts = f.Args()
	if n := f.ArgsLenAtDash(); n >= 0 {
		o.scripts, o.args = o.scripts[:n], o.scripts[n:]
	}
}

// check refuses what makes no sense.
func (o *runOptions) check(f *pflag.FlagSet) (luabind.Abilities, error) {
	for _, name := range []string{"write", "filter", "count"} {
		if o.read == "" && o.queues == "" && o.iface == "" && f.Changed(name) {
			return 0, usagef("run", "run: --%s needs packets: give a capture file with -r, an interface with -i, or queues with -q", name)
		}
	}
	if err := o.sources(f); err != nil {
		return 0, err
	}
	switch {
	case f.Changed("read") && o.read == "", f.Changed("write") && o.write == "":
		return 0, usagef("run", "run: the name of a file is empty")
	case f.Changed("count") && o.count < 1:
		return 0, usagef("run", "run: --count %d: at least 1", o.count)
	case o.memory < minMemory || o.memory > maxMemory:
		return 0, usagef("run", "run: --memory %d: %d to %d MiB", o.memory, minMemory, maxMemory)
	case len(o.scripts)+len(o.code) == 0 && o.write == "":
		return 0, usagef("run", "run: no script: give a file, or code with -e")
	case o.read == "-" && slices.Contains(o.scripts, "-"):
		return 0, usagef("run", "run: stdin cannot be both packets and script")
	}
	return abilities(o.allow)
}

// sources refuses several sources of packets, and flags of another one.
func (o *runOptions) sources(f *pflag.FlagSet) error {
	n := 0
	for _, name := range []string{o.read, o.iface, o.queues} {
		if name != "" {
			n++
		}
	}
	if n > 1 {
		return usagef("run", "run: packets come from a file (-r), from an interface (-i) or from queues (-q)")
	}
	if err := o.ifaceOptions.check(f, "run"); err != nil {
		return err
	}
	if err := o.liveCheck(f); err != nil {
		return err
	}
	return o.queueOptions.check(f)
}

// abilities translates the words of --allow.
func abilities(words []string) (all luabind.Abilities, err error) {
	known := map[string]luabind.Abilities{
		"read": luabind.AllowRead, "write": luabind.AllowWrite, "net": luabind.AllowNet,
		"io": luabind.AllowIO, "os": luabind.AllowOS,
	}
	names := []string{"read", "write", "net", "io", "os"}
	for _, w := range words {
		if known[w] == 0 {
			return 0, usagef("run", "run: --allow %s: %s are known%s", w, strings.Join(names, ", "), hint(w, names))
		}
		all |= known[w]
	}
	return all, nil
}

// runProgram runs scripts without packets.
func (c *cli) runProgram(o *runOptions) error {
	scripts, err := c.loadScripts(o.code, o.scripts)
	if err != nil {
		return err
	}
	st, err := c.newState(c.hostConfig(true, 0, o.args), scripts)
	if st == nil {
		return err
	}
	_, tty := c.err.(*statusLine)
	if err == nil && tty && slices.ContainsFunc(st.Stats(), func(r luabind.RuleStat) bool { return r.Active }) {
		c.say("the rules see no packets: give a capture file with -r, an interface with -i, or queues with -q")
	}
	return c.finish(st, err)
}

// runRules runs scripts over a capture file.
func (c *cli) runRules(o *runOptions, allow luabind.Abilities) (err error) {
	src, err := c.open(o.read)
	if err != nil {
		return err
	}
	defer src.Close()
	scripts, err := c.loadScripts(o.code, o.scripts)
	if err != nil {
		return err
	}
	cfg := c.hostConfig(false, allow, o.args)
	if o.write == "-" {
		cfg.Out = c.err
	}
	st, err := c.newState(cfg, scripts)
	if err != nil {
		return c.finish(st, err)
	}
	job, err := c.newJob(o, src, st)
	switch {
	case errors.Is(err, errInterrupted): // while it waited for the first bytes
		return c.finish(st, err)
	case err != nil:
		st.Close()
		return err
	}
	if job.out == nil && st.Idle() {
		c.say("the scripts set no rule (pkl.on), and there is no -w: nothing becomes of the packets of " + src.name)
	}
	if err = c.finish(st, job.run()); errors.Is(err, errInterrupted) {
		c.statistics(job.n, st.Stats())
	}
	return err
}

// statistics tells how far a run has come that did not go to its end.
func (c *cli) statistics(packets int, rules []luabind.RuleStat) {
	fmt.Fprintf(c.err, "interrupted after %s\n", plural(packets, "packet"))
	for _, r := range rules {
		fmt.Fprintf(c.err, "rule %s: %s, %s\n", r.Name, plural(int(r.Hits), "packet"), plural(int(r.Errors), "error"))
	}
}

// plural is a count of things.
func plural(n int, what string) string {
	if n != 1 {
		what += "s"
	}
	return fmt.Sprintf("%d %s", n, what)
}

// finish ends a run in order, whatever err has ended it: at_end functions,
// files, a count of what has failed.
func (c *cli) finish(st *luabind.State, err error) error {
	if st == nil {
		return err
	}
	if cut := st.Cut(); cut != nil && errors.Is(c.ended(err), errInterrupted) {
		fmt.Fprintln(c.err, cut)
	}
	var failed scriptError
	if !errors.As(err, &failed) && !c.stop.exiting() { // else the scripts are not all there
		c.stop.running(st, endGrace)
		st.AtEnd("")
		c.stop.running(nil, 0)
	}
	closeErr := st.Close()
	if err = c.ended(err); err == nil {
		err = closeErr
	}
	if c.countErrors(st) && err == nil {
		err = errReported
	}
	return err
}

// countErrors says how often each place has failed that failed more than once,
// as the first time was told already. It reports whether any has.
func (c *cli) countErrors(st *luabind.State) bool {
	failed := st.Errors()
	for _, e := range failed {
		if e.Count > 1 {
			first, _, _ := strings.Cut(e.Text, "\n")
			fmt.Fprintf(c.err, "%s (%d times)\n", first, e.Count)
		}
	}
	return len(failed) > 0
}

// newFilter compiles a filter; an empty one lets everything through.
func newFilter(reg *core.Registry, src string) (*core.Filter, error) {
	if src == "" {
		return nil, nil
	}
	f, err := reg.Filter(src)
	if err != nil {
		return nil, filterError(err)
	}
	return f, nil
}
