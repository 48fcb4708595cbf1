package pcapio

import (
	"errors"
	"fmt"
)

// An ifaceKey tells interfaces apart.
type ifaceKey struct {
	linkType, index int
	name            string
}

// appendSection starts a section of unknown length, version 1.0.
func appendSection(b []byte) []byte {
	b, start := openBlock(b, blockSection)
	b = le.AppendUint32(b, byteOrderMagic)
	b = le.AppendUint16(b, 1)
	b = le.AppendUint16(b, 0)
	b = le.AppendUint64(b, 1<<64-1)
	return closeBlock(b, start)
}

// appendInterface describes an interface with times in nanoseconds.
func appendInterface(b []byte, k ifaceKey, snapLen int) []byte {
	b, start := openBlock(b, blockInterface)
	b = le.AppendUint32(b, uint32(k.linkType))
	b = le.AppendUint32(b, uint32(snapLen))
	if k.name != "" {
		b = appendOption(b, optIfName, k.name)
	}
	b = appendOption(b, optTsResol, "\x09")
	b = le.AppendUint32(b, optEnd)
	return closeBlock(b, start)
}

// addEnhanced appends a packet to a pcapng file, after its interface if that is
// new.
func (w *Writer) addEnhanced(p *Packet) error {
	if err := checkPcapng(p); err != nil {
		return err
	}
	id, err := w.ifaceOf(p)
	if err != nil {
		return err
	}
	b, start := openBlock(w.buf, blockEnhanced)
	b = le.AppendUint32(b, uint32(id))
	b = le.AppendUint32(b, uint32(p.Time>>32))
	b = le.AppendUint32(b, uint32(p.Time))
	b = le.AppendUint32(b, uint32(len(p.Data)))
	b = le.AppendUint32(b, p.wireLen())
	b = appendPadded(b, p.Data)
	w.buf = closeBlock(appendPacketOptions(b, p), start)
	return nil
}

// checkPcapng tells whether a pcapng file can hold p.
func checkPcapng(p *Packet) error {
	switch {
	case p.Time < 0:
		return errors.New("time before 1970 is outside of what pcapng can hold")
	case p.LinkType < 0 || p.LinkType > 1<<16-1:
		return fmt.Errorf("link type %d is outside of what pcapng can hold", p.LinkType)
	case len(p.Comment) > maxOption:
		return fmt.Errorf("comment of %d bytes, at most %d", len(p.Comment), maxOption)
	case len(p.IfaceName) > maxName:
		return fmt.Errorf("interface name of %d bytes, at most %d", len(p.IfaceName), maxName)
	case minEnhanced+pad4(len(p.Data))+pad4(len(p.Comment))+len(p.Options)+2*optHead > maxBlock:
		return fmt.Errorf("options of %d bytes are too long", len(p.Options))
	}
	return checkOptions(p.Options)
}

// ifaceOf gives the number of a packet's interface. Mostly it is the one before.
func (w *Writer) ifaceOf(p *Packet) (int, error) {
	k := ifaceKey{p.LinkType, p.Iface, p.IfaceName}
	if w.id >= 0 && k == w.last {
		return w.id, nil
	}
	id, ok := w.ids[k]
	if !ok {
		id = len(w.ids)
		if id == maxIfaces {
			return 0, fmt.Errorf("more than %d interfaces", maxIfaces)
		}
		w.ids[k] = id
		w.buf = appendInterface(w.buf, k, w.o.snapLen())
	}
	w.last, w.id = k, id
	return id, nil
}

// appendPacketOptions adds the comment and the other options, if any.
func appendPacketOptions(b []byte, p *Packet) []byte {
	if p.Comment == "" && len(p.Options) == 0 {
		return b
	}
	if p.Comment != "" {
		b = appendOption(b, optComment, p.Comment)
	}
	b = append(b, p.Options...)
	return le.AppendUint32(b, optEnd)
}

func appendOption(b []byte, code uint16, v string) []byte {
	b = le.AppendUint16(b, code)
	b = le.AppendUint16(b, uint16(len(v)))
	return appendPadded(b, v)
}

// appendPadded adds v and zeros up to a multiple of 4.
func appendPadded[T []byte | string](b []byte, v T) []byte {
	b = append(b, v...)
	return append(b, "\x00\x00\x00"[:pad4(len(v))-len(v)]...)
}

// openBlock starts a block; its length is filled in by closeBlock.
func openBlock(b []byte, typ uint32) (block []byte, start int) {
	start = len(b)
	b = le.AppendUint32(b, typ)
	return le.AppendUint32(b, 0), start
}

// closeBlock ends the block that started at start.
func closeBlock(b []byte, start int) []byte {
	n := uint32(len(b) - start + 4)
	le.PutUint32(b[start+4:], n)
	return le.AppendUint32(b, n)
}
