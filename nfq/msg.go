package nfq

import (
	"encoding/binary"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"syscall"
)

// Message types and attributes of linux/netfilter/nfnetlink_queue.h.
const (
	subsystem = 3 // NFNL_SUBSYS_QUEUE

	msgPacket       = subsystem << 8
	msgVerdict      = subsystem<<8 | 1
	msgVerdictBatch = subsystem<<8 | 3

	queueBypass = 1 << 15 // NF_VERDICT_FLAG_QUEUE_BYPASS, beside Requeue

	nlmsgError = 2

	attrPacketHeader  = 1
	attrVerdictHeader = 2
	attrMark          = 3
	attrTimestamp     = 4
	attrInDev         = 5
	attrOutDev        = 6
	attrPhysInDev     = 7
	attrPhysOutDev    = 8
	attrHWAddr        = 9
	attrPayload       = 10
	attrCT            = 11
	attrCapLen        = 13
	attrSKBInfo       = 14
	attrUID           = 16
	attrGID           = 17
	attrVLAN          = 19
	attrL2Header      = 20
	attrPriority      = 21

	vlanProto = 1
	vlanTCI   = 2
	ctMark    = 8 // CTA_MARK

	skbSumsPending = 1
	skbGSO         = 2

	nested   = 0x8000 // NLA_F_NESTED
	typeMask = 0x3fff

	headerLen = 16 // struct nlmsghdr
	genLen    = 4  // struct nfgenmsg
	flagAsk   = 1  // NLM_F_REQUEST
)

var errMalformed = errors.New("malformed netlink message")

// align rounds a length up to that of netlink messages and attributes.
func align(n int) int { return (n + 3) &^ 3 }

// nextMessage parts the first netlink message of b from the rest.
func nextMessage(b []byte) (typ uint16, body, rest []byte, err error) {
	if len(b) < headerLen {
		return 0, nil, nil, errMalformed
	}
	n := int(binary.NativeEndian.Uint32(b))
	if n < headerLen || n > len(b) {
		return 0, nil, nil, errMalformed
	}
	return binary.NativeEndian.Uint16(b[4:]), b[headerLen:n], b[min(align(n), len(b)):], nil
}

// eachAttr calls f for each attribute of b.
func eachAttr(b []byte, f func(typ uint16, v []byte) error) error {
	for len(b) > 0 {
		if len(b) < 4 {
			return errMalformed
		}
		n := int(binary.NativeEndian.Uint16(b))
		if n < 4 || n > len(b) {
			return errMalformed
		}
		if err := f(binary.NativeEndian.Uint16(b[2:])&typeMask, b[4:n:n]); err != nil {
			return err
		}
		b = b[min(align(n), len(b)):]
	}
	return nil
}

// parse reads a packet message, which begins after the netlink header. After an
// error, known tells whether at least the packet's ID is right.
func (p *Packet) parse(b []byte) (known bool, err error) {
	*p = Packet{}
	if len(b) < genLen {
		return false, errMalformed
	}
	p.Family = b[0]
	capLen := -1
	err = eachAttr(b[genLen:], func(typ uint16, v []byte) error {
		if len(v) < leastLen(typ) {
			return errMalformed
		}
		switch typ {
		case attrPacketHeader:
			known = true
			p.ID, p.Protocol, p.Hook = binary.BigEndian.Uint32(v), binary.BigEndian.Uint16(v[4:]), v[6]
		case attrPayload:
			p.Data = v
		case attrCapLen:
			capLen = int(binary.BigEndian.Uint32(v))
		default:
			return p.more(typ, v)
		}
		return nil
	})
	if err == nil && !known {
		err = errMalformed
	}
	p.Len = max(len(p.Data), capLen)
	return known, err
}

// leastLen is how long the value of an attribute is at least.
func leastLen(typ uint16) int {
	switch typ {
	case attrPacketHeader:
		return 7
	case attrTimestamp:
		return 16
	case attrMark, attrInDev, attrOutDev, attrPhysInDev, attrPhysOutDev, attrHWAddr, attrCapLen, attrSKBInfo, attrUID, attrGID, attrPriority:
		return 4
	}
	return 0
}

// more reads the attributes that only some packets have.
func (p *Packet) more(typ uint16, v []byte) error {
	var n uint32
	if len(v) >= 4 {
		n = binary.BigEndian.Uint32(v)
	}
	switch typ {
	case attrMark:
		p.Mark = n
	case attrTimestamp:
		p.Time = timeOf(binary.BigEndian.Uint64(v), binary.BigEndian.Uint64(v[8:]))
	case attrInDev:
		p.In = n
	case attrOutDev:
		p.Out = n
	case attrPhysInDev:
		p.PhysIn = n
	case attrPhysOutDev:
		p.PhysOut = n
	case attrHWAddr:
		size := int(binary.BigEndian.Uint16(v))
		if size > len(v)-4 {
			return errMalformed
		}
		p.HWAddr = v[4 : 4+size]
	case attrSKBInfo:
		p.SumsPending, p.GSO = n&skbSumsPending != 0, n&skbGSO != 0
	case attrUID:
		p.UID, p.HasUID = n, true
	case attrGID:
		p.GID, p.HasGID = n, true
	case attrPriority:
		p.Priority = n
	case attrL2Header:
		p.L2 = v
	case attrVLAN:
		return eachAttr(v, p.vlan)
	case attrCT:
		return eachAttr(v, p.connection)
	}
	return nil
}

func (p *Packet) vlan(typ uint16, v []byte) error {
	switch {
	case len(v) < 2:
		return errMalformed
	case typ == vlanProto:
		p.VLANProto = binary.BigEndian.Uint16(v)
	case typ == vlanTCI:
		p.VLANTCI = binary.BigEndian.Uint16(v)
	}
	return nil
}

func (p *Packet) connection(typ uint16, v []byte) error {
	if typ != ctMark {
		return nil
	}
	if len(v) < 4 {
		return errMalformed
	}
	p.CTMark, p.HasCTMark = binary.BigEndian.Uint32(v), true
	return nil
}

// untold is the sequence number of verdicts that may be on no packet at all. That
// of others says on how many they are; 0 is one.
const untold = 1<<32 - 1

// refusal reads what the kernel answers to a message that it refuses, and the
// sequence number of that (struct nlmsgerr).
func refusal(body []byte) (errno syscall.Errno, sequence uint32, err error) {
	if len(body) < 4+headerLen {
		return 0, 0, errMalformed
	}
	return syscall.Errno(-int32(binary.NativeEndian.Uint32(body))), binary.NativeEndian.Uint32(body[4+8:]), nil
}

// A verdictWriter collects the messages of verdicts. Runs of equal verdicts that
// change nothing become one message, which is for every packet that waits up to
// an ID: so verdicts have to come in the order of the packets.
type verdictWriter struct {
	queue  uint16
	family uint8
	buf    []byte

	run    uint32 // verdict word of the run
	last   uint32 // ID of its last packet
	length int    // packets in it
}

// add takes the verdict on packet id.
func (w *verdictWriter) add(id uint32, v *Verdict) {
	word := uint32(v.Action)
	if v.Action == Requeue {
		word |= uint32(v.Queue) << 16
		if v.Bypass {
			word |= queueBypass
		}
	}
	if v.Payload == nil && !v.SetMark && !v.SetCT {
		if w.length > 0 && word != w.run {
			w.endRun()
		}
		w.run, w.last = word, id
		w.length++
		return
	}
	w.endRun()
	start := w.begin(msgVerdict, word, id)
	if v.Payload != nil {
		w.attr(attrPayload, v.Payload)
	}
	if v.SetMark {
		var mark [4]byte
		binary.BigEndian.PutUint32(mark[:], v.Mark)
		w.attr(attrMark, mark[:])
	}
	if v.SetCT {
		var inner [8]byte
		binary.NativeEndian.PutUint16(inner[:], uint16(len(inner)))
		binary.NativeEndian.PutUint16(inner[2:], ctMark)
		binary.BigEndian.PutUint32(inner[4:], v.CTMark)
		w.attr(attrCT|nested, inner[:])
	}
	w.end(start)
}

// single writes a message that belongs to no run.
func (w *verdictWriter) single(typ uint16, a Action, id uint32) {
	w.endRun()
	w.end(w.begin(typ, uint32(a), id))
}

// mark gives the message written last, which has no further attributes, a sequence number.
func (w *verdictWriter) mark(sequence uint32) {
	const size = headerLen + genLen + 4 + 8
	binary.NativeEndian.PutUint32(w.buf[len(w.buf)-size+8:], sequence)
}

// endRun writes the message of a run.
func (w *verdictWriter) endRun() {
	switch w.length {
	case 0:
		return
	case 1:
		w.end(w.begin(msgVerdict, w.run, w.last))
	default:
		w.end(w.begin(msgVerdictBatch, w.run, w.last))
		w.mark(uint32(w.length))
	}
	w.length = 0
}

// begin writes all of a message but its length and further attributes.
func (w *verdictWriter) begin(typ uint16, word, id uint32) (start int) {
	start = len(w.buf)
	b := append(w.buf, 0, 0, 0, 0)
	b = binary.NativeEndian.AppendUint16(b, typ)
	b = binary.NativeEndian.AppendUint16(b, flagAsk)
	b = append(b, 0, 0, 0, 0, 0, 0, 0, 0) // sequence, port
	b = append(b, w.family, 0)
	b = binary.BigEndian.AppendUint16(b, w.queue)
	b = binary.NativeEndian.AppendUint16(b, 4+8)
	b = binary.NativeEndian.AppendUint16(b, attrVerdictHeader)
	b = binary.BigEndian.AppendUint32(b, word)
	w.buf = binary.BigEndian.AppendUint32(b, id)
	return start
}

func (w *verdictWriter) attr(typ uint16, v []byte) {
	b := binary.NativeEndian.AppendUint16(w.buf, uint16(4+len(v)))
	b = append(binary.NativeEndian.AppendUint16(b, typ), v...)
	for len(b)&3 != 0 {
		b = append(b, 0)
	}
	w.buf = b
}

func (w *verdictWriter) end(start int) {
	binary.NativeEndian.PutUint32(w.buf[start:], uint32(len(w.buf)-start))
}

// parseProc reads the lines of /proc/net/netfilter/nfnetlink_queue.
func parseProc(text string) ([]KernelQueue, error) {
	var all []KernelQueue
	for line := range strings.Lines(text) {
		f := strings.Fields(line)
		if len(f) < 8 {
			return nil, fmt.Errorf("nfnetlink_queue: %d columns, want at least 8", len(f))
		}
		var n [8]uint64
		for i := range n {
			var err error
			if n[i], err = strconv.ParseUint(f[i], 10, 64); err != nil {
				return nil, fmt.Errorf("nfnetlink_queue: %w", err)
			}
		}
		all = append(all, KernelQueue{Queue: uint16(n[0]), PortID: uint32(n[1]), Waiting: int(n[2]), CopyRange: int(n[4]), Dropped: n[5], UserDropped: n[6]})
	}
	slices.SortFunc(all, func(a, b KernelQueue) int { return int(a.Queue) - int(b.Queue) })
	return all, nil
}
