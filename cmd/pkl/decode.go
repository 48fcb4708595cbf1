package main

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/spf13/pflag"

	"pkl/core"
)

// decodeAs is the flag --decode-as: it collects which protocol is found under a
// key, whatever else claims it.
type decodeAs struct{ binds *[]core.Bind }

const decodeAsName = "--decode-as "

// decodeAsFlag adds the flag to those of a command that dissects.
func (c *cli) decodeAsFlag(f *pflag.FlagSet) {
	f.Var(decodeAs{&c.binds}, "decode-as", "find a protocol under other values of a key, whatever else is there: `KEY=VALUE:PROTOCOL`, as udp.port=5555:dns; may be repeated")
}

// Set reads udp.port=5555:dns.
func (d decodeAs) Set(text string) error {
	on, rest, ok := strings.Cut(text, "=")
	at := strings.LastIndexByte(rest, ':')
	if !ok || at <= 0 || on == "" || rest[at+1:] == "" {
		return errors.New("need KEY=VALUE:PROTOCOL, such as udp.port=5555:dns")
	}
	*d.binds = append(*d.binds, core.Bind{
		Proto: strings.TrimSpace(rest[at+1:]),
		Key:   core.Key{On: strings.TrimSpace(on), Is: strings.TrimSpace(rest[:at])},
		Pos:   decodeAsName + text,
	})
	return nil
}

func (d decodeAs) String() string { return "" }

func (d decodeAs) Type() string { return "string" }

// isDecodeAs reports whether a mistake is that of a --decode-as. It shows where
// the registry is compiled, as the protocol may be a script's.
func isDecodeAs(m *core.Mistake) bool { return strings.HasPrefix(m.Pos, decodeAsName) }

// decodeAsMistakes returns the mistakes that an error stands for, if one of them
// is that of a --decode-as.
func decodeAsMistakes(err error) core.Mistakes {
	var all core.Mistakes
	if errors.As(err, &all) && slices.ContainsFunc(all, isDecodeAs) {
		return all
	}
	return nil
}

// sayMistakes prints mistakes; those of the command line do not name a place.
func (c *cli) sayMistakes(all core.Mistakes) {
	for _, m := range all {
		if isDecodeAs(m) {
			c.say(m.Pos + ": " + m.Text)
		} else {
			fmt.Fprintln(c.err, m)
		}
	}
}
