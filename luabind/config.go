package luabind

import (
	"io"
	"io/fs"
	"time"

	"pkl/core"
	"pkl/luabind/lualib"
)

// Config is what the host hands in. The zero Config confines the scripts: they
// print nowhere, read and write nothing and know no protocol.
type Config struct {
	Specs   []*core.Spec   // built-in protocols
	Structs []*core.Struct // built-in named structs
	Binds   []core.Bind    // whatever else claims these keys, scripts too

	Out io.Writer // print; nil: nowhere
	Log io.Writer // pkl.log and errors of rules, a line at a time; nil: nowhere

	// Now is the clock; nil: time.Now. With FileTime, pkl.now is the time of the
	// packet in hand once there is one, and timers follow it.
	Now      func() time.Time
	FileTime bool

	Args []string // what follows -- on the command line: arg[1…] and ...

	Program bool      // a normal program: all libraries and abilities
	Allow   Abilities // what rules may do beside

	// ReadFile reads a module that require looks for. nil: there are none. An
	// error that is fs.ErrNotExist means that there is no such file.
	ReadFile func(path string) ([]byte, error)
	// Library has the modules that require finds where the folders of the scripts
	// have none; nil: there are none.
	Library fs.FS
	// Open opens a capture file; nil: scripts cannot read.
	Open func(name string) (Reader, error)
	// Create makes a capture file; nil: scripts cannot write.
	Create func(name string, o CreateOptions) (Writer, error)
	// Writers are the files that are being written, over all workers and
	// generations; nil: each pkl.create makes a file anew.
	Writers *Writers
	// Network reaches sockets; nil: scripts have none.
	Network Network
	// Sockets are those that are open, over all workers and generations; nil: each
	// is opened anew.
	Sockets *Sockets
	Mark    uint32 // of packets that scripts send; 0: none
	// LinkType and LinkTypeName translate between numbers and names of link types.
	LinkType     func(name string) (int, bool)
	LinkTypeName func(n int) string
	// Exit is os.exit of a program.
	Exit func(code int)

	Counters *lualib.Counters   // named counters, kept over reloads; nil: made anew
	Shared   *lualib.SharedMaps // maps of pkl.shared, likewise
	Workers  int                // how many there are; 0 means 1

	// NoGuards has every handler called whose filter matches. Without it, one that
	// begins with a condition on the packet is called only where that holds; a
	// script cannot tell the difference.
	NoGuards bool

	DropOnError bool // what a rule without on_error does to the packet it failed on
	// Instructions and Budget bound one judgement, timer or at_end function: VM
	// instructions, time. LoadBudget bounds each main chunk, with the modules that
	// it requires. 0: no bound.
	Instructions int64
	Budget       time.Duration
	LoadBudget   time.Duration

	// Memory stops scripts while the heap of the process has more bytes alive,
	// beside the host's Reserved. 0: no bound.
	Memory, Reserved int64
	Starts           *Starts // of all states of the run; nil: each stands alone
}

// Abilities are what scripts may do beside looking at packets.
type Abilities uint

// The abilities of --allow.
const (
	AllowRead Abilities = 1 << iota
	AllowWrite
	AllowNet
	AllowIO
	AllowOS
)

// A Reader gives the packets of a capture file.
type Reader interface {
	// Read returns the next packet and what is known about it. The bytes are
	// valid until the next Read. After the last packet it returns io.EOF.
	Read(m *core.Meta, o *Origin) ([]byte, error)
	// LinkType is that of the file's first interface, or -1.
	LinkType() int
	Close() error
}

// A Writer takes the packets of a capture file.
type Writer interface {
	Write(m *core.Meta, o *Origin, data []byte) error
	Close() error
}

// CreateOptions say what kind of capture file to make.
type CreateOptions struct {
	LinkType int // -1: that of the first packet
	SnapLen  int // 0: the usual
	// Nano and Micro are the resolution of a pcap file. With neither, the first
	// packet decides.
	Nano, Micro bool
}

// A Script is the source of one file.
type Script struct {
	Name   string // the path: in error messages, arg[0], and where require looks
	Source []byte
}
