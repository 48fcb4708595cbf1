package luabind

import "time"

// An Action is what becomes of a packet.
type Action uint8

// The actions.
const (
	Accept Action = iota
	Drop
	Again // NF_REPEAT
	Queue // to another queue
	Stop  // accept, then end the run; a Verdict has Accept and End instead
)

// A Verdict is the outcome of a packet's judgement.
type Verdict struct {
	Action Action
	Queue  uint16 // Action Queue
	Failed bool   // a rule failed; its on_error has decided
	End    bool   // a rule, or a timer before it, asked to end the run
	// Cut says that Lua was ended by the budget, the memory or Interrupt, wherever
	// it was. What it was about to change may be half done: the next packet is for
	// a new state.
	Cut  bool
	Hits int // rules that saw the packet
}

// An Origin is what a capture file says about a packet for the next file alone:
// it goes where the packet is written, and scripts do not see it.
type Origin struct {
	Iface   int // tells interfaces of one name apart
	Comment string
	Options []byte // others, as the file has them; valid until the next Read
}

// empty reports whether there is nothing to tell.
func (o *Origin) empty() bool { return o.Iface == 0 && o.Comment == "" && len(o.Options) == 0 }

// A RuleStat says what a rule has done so far.
type RuleStat struct {
	Name   string // as given, or file:line of the definition
	Filter string
	Hits   uint64
	Errors uint64
	Time   time.Duration
	Active bool
}

// A ScriptError is one place that has failed.
type ScriptError struct {
	Text   string // "file:line: message", with the packet's number
	Trace  string // traceback
	Packet int    // number of the first packet it failed on; 0: none
	Count  int
}
