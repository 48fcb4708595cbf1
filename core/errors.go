package core

import (
	"errors"
	"fmt"
)

var (
	errEmptyLabel = errors.New("a name has no empty label")
	errLongLabel  = errors.New("a label has at most 63 bytes")
	errLongName   = errors.New("a name has at most 255 bytes")
	errBadEscape  = errors.New(`\DDD is a byte, 000 to 255`)
)

// ErrGone is the error of a handle whose layer, list or item is no longer there.
var ErrGone = errors.New("was removed")

// Err says what is wrong with the packet: where dissecting stopped because a
// header is not all there or contradicts itself, else the first DNS name whose
// pointer leads nowhere. It dissects to the top. A packet that is whole has no error.
func (p *Packet) Err() error {
	p.findAll()
	f, broken := p.err, p.err.what != "" || p.err.proto != nil
	if !broken {
		f, broken = p.brokenName()
	}
	if !broken {
		return nil
	}
	return &f
}

// sizeText says what is wrong with the size of a field.
func (f *fault) sizeText() string {
	switch {
	case !f.told:
		return " cannot be told"
	case f.size < 0:
		return fmt.Sprintf(" is negative: %d", f.size)
	}
	return fmt.Sprintf(" is too big: %d", f.size)
}

// Error reads "tcp at byte 34: need 20 bytes, have 12".
func (f *fault) Error() string {
	name := "packet"
	if f.proto != nil {
		name = f.proto.Name
	}
	text := f.what
	if f.slot != nil {
		text = "the size of " + f.slot.String() + f.sizeText()
	}
	if f.need > 0 || f.what == "" {
		if text != "" {
			text += ": "
		}
		text += fmt.Sprintf("need %d bytes, have %d", f.need, f.have)
	}
	return fmt.Sprintf("%s at byte %d: %s", name, f.at, text)
}
