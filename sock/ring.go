package sock

import (
	"encoding/binary"
	"fmt"
)

// The ring of a capture is a row of blocks (TPACKET_V3, linux/if_packet.h). A
// block begins with struct tpacket_block_desc; its frames are linked by offsets,
// each with struct tpacket3_hdr, then struct sockaddr_ll, room, the bytes.
const (
	blockStatus = 8 // offsets in a block
	blockCount  = 12
	blockFirst  = 16
	blockHeader = 48

	frameNext     = 0 // offsets in a frame's header
	frameSec      = 4
	frameNsec     = 8
	frameSnapLen  = 12
	frameLen      = 16
	frameStatus   = 20
	frameMAC      = 24 // where its bytes begin
	frameNet      = 26 // where those behind the link header begin
	frameTCI      = 32
	frameTPID     = 36
	frameAddr     = 48 // struct sockaddr_ll
	frameProtocol = frameAddr + 2
	frameIface    = frameAddr + 4
	frameHWType   = frameAddr + 8
	framePktType  = frameAddr + 10
	frameHALen    = frameAddr + 11
	frameHWAddr   = frameAddr + 12
	frameHeader   = frameAddr + 20

	statusUser       = 1
	statusLosing     = 1 << 2
	statusSumPending = 1 << 3
	statusVLAN       = 1 << 4
	statusTPID       = 1 << 6
	statusSumValid   = 1 << 7
	statusGSOTCP     = 1 << 8

	etherTypeIP4  = 0x0800
	etherTypeIP6  = 0x86dd
	etherTypeVLAN = 0x8100

	etherLen  = 14
	etherType = 0x600 // what is less is a length (IEEE 802.3 §3.2.6)

	vlanAt  = 12 // of the tag in an Ethernet frame
	vlanLen = 4
	sll2Len = 20
	room    = 32 // bytes that the kernel leaves before each frame: tag and cooked header
	vnetLen = 10
)

// A decoder turns the records of a ring into frames, in place.
type decoder struct {
	form  form
	link  int
	vnet  bool // a virtio_net_hdr stands before each frame
	snap  int
	name  func(index int) string
	block []byte
	at    int // offset of the next record
	left  int // records that have not been read
	n     int // records read
}

// start begins a block.
func (d *decoder) start(block []byte) error {
	d.block, d.left, d.n = nil, 0, 0
	if len(block) < blockHeader {
		return fmt.Errorf("%w: %d bytes", errMalformed, len(block))
	}
	d.block = block
	d.left = int(binary.NativeEndian.Uint32(block[blockCount:]))
	d.at = int(binary.NativeEndian.Uint32(block[blockFirst:]))
	return nil
}

// next reads the next record of the block: false if it is not to be shown. An
// error ends the block.
func (d *decoder) next(f *Frame) (ok bool, err error) {
	if d.at < blockHeader || d.at > len(d.block)-frameHeader {
		return false, d.malformed("record at byte %d", d.at)
	}
	h := d.block[d.at:]
	mac, snap := int(binary.NativeEndian.Uint16(h[frameMAC:])), int(binary.NativeEndian.Uint32(h[frameSnapLen:]))
	least := frameHeader
	if d.vnet {
		least += vnetLen
	}
	if mac < least || snap < 0 || mac > len(h) || snap > len(h)-mac {
		return false, d.malformed("%d bytes at byte %d of the record at %d", snap, mac, d.at)
	}
	d.n++
	if d.left--; d.left > 0 {
		step := int(binary.NativeEndian.Uint32(h[frameNext:]))
		if step < frameHeader || step > len(h) {
			return false, d.malformed("record %d bytes after the one at %d", step, d.at)
		}
		d.at += step
	}
	return d.frame(f, h, mac, mac+snap)
}

func (d *decoder) malformed(format string, args ...any) error {
	d.left = 0
	return fmt.Errorf("%w: record %d: %s", errMalformed, d.n, fmt.Sprintf(format, args...))
}

// frame reads the record h, whose bytes are those from begin to end.
func (d *decoder) frame(f *Frame, h []byte, begin, end int) (ok bool, err error) {
	hwtype, direction := binary.NativeEndian.Uint16(h[frameHWType:]), Direction(h[framePktType])
	if hwtype == arphrdLoopback && direction == Outgoing {
		return false, nil // it comes in again
	}
	status, protocol := binary.NativeEndian.Uint32(h[frameStatus:]), binary.BigEndian.Uint16(h[frameProtocol:])
	*f = Frame{
		Time:      int64(binary.NativeEndian.Uint32(h[frameSec:]))*1e9 + int64(binary.NativeEndian.Uint32(h[frameNsec:])),
		Iface:     int(binary.NativeEndian.Uint32(h[frameIface:])),
		Direction: direction,
		Losing:    status&statusLosing != 0,
		Offload:   Offload{SumPending: status&statusSumPending != 0, SumValid: status&statusSumValid != 0},
	}
	if d.vnet {
		f.Offload.decode(h[begin-vnetLen : begin])
	} else if status&statusGSOTCP != 0 {
		f.Offload.GSO = GSOTCP4
		if protocol == etherTypeIP6 {
			f.Offload.GSO = GSOTCP6
		}
	}
	was := begin
	switch d.form {
	case whole:
		if status&statusVLAN != 0 && d.link == LinkEthernet && end-begin >= vlanAt {
			begin, err = d.putTag(h, begin)
			f.Offload.shift(vlanLen)
		}
	case payload:
		if protocol != etherTypeIP4 && protocol != etherTypeIP6 {
			return false, nil
		}
	case cooked:
		begin, err = d.cook(h, begin, end, protocol)
	}
	if err != nil {
		return false, err
	}
	f.IfaceName = d.name(f.Iface)
	f.Len = int(binary.NativeEndian.Uint32(h[frameLen:])) + was - begin
	end = min(end, begin+d.snap)
	f.Data = h[begin:end:end]
	return true, nil
}

// tag is the VLAN tag that the kernel, or the hardware, has taken out of a frame.
func tag(h []byte) (tpid, tci uint16) {
	tpid = etherTypeVLAN
	if binary.NativeEndian.Uint32(h[frameStatus:])&statusTPID != 0 {
		tpid = binary.NativeEndian.Uint16(h[frameTPID:])
	}
	return tpid, uint16(binary.NativeEndian.Uint32(h[frameTCI:]))
}

// before is where n bytes more begin before those at begin.
func (d *decoder) before(begin, n int) (int, error) {
	if begin-n < frameHeader {
		return begin, d.malformed("no room for %d bytes before byte %d", n, begin)
	}
	return begin - n, nil
}

// putTag puts the tag of the Ethernet frame at begin back: the addresses move.
func (d *decoder) putTag(h []byte, begin int) (int, error) {
	at, err := d.before(begin, vlanLen)
	if err != nil {
		return begin, err
	}
	tpid, tci := tag(h)
	copy(h[at:], h[begin:begin+vlanAt])
	binary.BigEndian.PutUint16(h[at+vlanAt:], tpid)
	binary.BigEndian.PutUint16(h[at+vlanAt+2:], tci)
	return at, nil
}

// cook puts a Linux cooked header, version 2 (LINKTYPE_LINUX_SLL2), in the place
// of the link header at begin. A VLAN tag that was taken out becomes the first
// header of the payload.
func (d *decoder) cook(h []byte, begin, end int, protocol uint16) (int, error) {
	begin, protocol, err := d.uncover(h, begin, end, protocol)
	if err != nil {
		return begin, err
	}
	tagged := binary.NativeEndian.Uint32(h[frameStatus:])&statusVLAN != 0
	need := sll2Len
	if tagged {
		need += vlanLen
	}
	at, err := d.before(begin, need)
	if err != nil {
		return begin, err
	}
	if tagged {
		tpid, tci := tag(h)
		binary.BigEndian.PutUint16(h[begin-4:], tci)
		binary.BigEndian.PutUint16(h[begin-2:], protocol)
		protocol = tpid
	}
	b := h[at : at+sll2Len]
	binary.BigEndian.PutUint16(b, protocol)
	b[2], b[3] = 0, 0
	binary.BigEndian.PutUint32(b[4:], binary.NativeEndian.Uint32(h[frameIface:]))
	binary.BigEndian.PutUint16(b[8:], binary.NativeEndian.Uint16(h[frameHWType:]))
	b[10], b[11] = h[framePktType], h[frameHALen]
	clear(b[12:])
	copy(b[12:], h[frameHWAddr:frameHWAddr+min(int(h[frameHALen]), 8)])
	return at, nil
}

// uncover returns where the payload of the frame from begin to end begins, and
// its type. For the kernel the link header of a frame with tags may end behind
// some of them, and the type be that of what is behind all: Ethernet tells itself.
func (d *decoder) uncover(h []byte, begin, end int, protocol uint16) (int, uint16, error) {
	if hw := binary.NativeEndian.Uint16(h[frameHWType:]); (hw == arphrdEthernet || hw == arphrdLoopback) && end-begin >= etherLen {
		if typ := binary.BigEndian.Uint16(h[begin+vlanAt:]); typ >= etherType {
			protocol = typ
		}
		return begin + etherLen, protocol, nil
	}
	at := int(binary.NativeEndian.Uint16(h[frameNet:]))
	if at < begin {
		return begin, protocol, d.malformed("payload at byte %d before the frame at %d", at, begin)
	}
	return min(at, end), protocol, nil
}
