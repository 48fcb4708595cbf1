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
	Stop  // accept, then end the run
)

// A Verdict is the outcome of a packet's judgement.
type Verdict struct {
	Action Action
	Queue  uint16 // Action Queue
	Failed bool   // a rule failed; its on_error has decided
	Hits   int    // rules that saw the packet
}

// Facts are what a queue or an interface knows about a packet beside core.Meta.
type Facts struct {
	CTMark *uint32 // the connection's mark; nil: none known
	Hook   string  // "input", "forward", …; "": none
	Queue  int     // -1: none
	GSO    bool    // to be cut by the kernel or the card
}

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
