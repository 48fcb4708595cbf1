package pcapio

import "fmt"

// appendFileHeader starts a pcap file, version 2.4.
func appendFileHeader(b []byte, o Options) []byte {
	magic := uint32(magicMicro)
	if o.Nano {
		magic = magicNano
	}
	b = le.AppendUint32(b, magic)
	b = le.AppendUint16(b, 2)
	b = le.AppendUint16(b, 4)
	b = le.AppendUint64(b, 0) // time zone and accuracy, which nobody uses
	b = le.AppendUint32(b, uint32(o.snapLen()))
	return le.AppendUint32(b, uint32(o.LinkType))
}

// addRecord appends a packet to a pcap file.
func (w *Writer) addRecord(p *Packet) error {
	o := w.o
	if !w.begun {
		o = o.decided(p)
	}
	switch {
	case p.LinkType != o.LinkType:
		return fmt.Errorf("packet of link type %s in a pcap file of link type %s (pcapng can hold both)",
			LinkTypeName(p.LinkType), LinkTypeName(o.LinkType))
	case p.LinkType < 0 || p.LinkType > linkTypeMask:
		return fmt.Errorf("link type %d does not fit a pcap file", p.LinkType)
	}
	sec, frac := p.Time/second, p.Time%second
	if p.Time < 0 || sec > 1<<32-1 {
		return fmt.Errorf("time of %d s is outside of what pcap can hold (1970 to 2106)", sec)
	}
	if !w.begun {
		w.begin(o)
	}
	if !w.o.Nano {
		frac /= 1000
	}
	w.buf = le.AppendUint32(w.buf, uint32(sec))
	w.buf = le.AppendUint32(w.buf, uint32(frac))
	w.buf = le.AppendUint32(w.buf, uint32(len(p.Data)))
	w.buf = le.AppendUint32(w.buf, p.wireLen())
	w.buf = append(w.buf, p.Data...)
	return nil
}
