package sock

import "encoding/binary"

// Flags of struct virtio_net_hdr (linux/virtio_net.h): flags, gso_type, hdr_len,
// gso_size, csum_start, csum_offset, in the machine's byte order.
const (
	vnetNeedsSum  = 1
	vnetSumsValid = 2
)

// decode reads a virtio_net_hdr.
func (o *Offload) decode(b []byte) {
	_ = b[vnetLen-1]
	o.SumPending = o.SumPending || b[0]&vnetNeedsSum != 0
	o.SumValid = o.SumValid || b[0]&vnetSumsValid != 0
	o.GSO = GSO(b[1])
	o.HeaderLen = binary.NativeEndian.Uint16(b[2:])
	o.SegmentSize = binary.NativeEndian.Uint16(b[4:])
	if b[0]&vnetNeedsSum != 0 {
		o.SumStart, o.SumOffset = binary.NativeEndian.Uint16(b[6:]), binary.NativeEndian.Uint16(b[8:])
	}
}

// encode writes a virtio_net_hdr.
func (o *Offload) encode(b []byte) {
	_ = b[vnetLen-1]
	b[0] = 0
	if o.SumPending && o.SumStart > 0 {
		b[0] = vnetNeedsSum
	} else if o.SumValid {
		b[0] = vnetSumsValid
	}
	b[1] = byte(o.GSO)
	binary.NativeEndian.PutUint16(b[2:], o.HeaderLen)
	binary.NativeEndian.PutUint16(b[4:], o.SegmentSize)
	if b[0] != vnetNeedsSum {
		clear(b[6:vnetLen])
		return
	}
	binary.NativeEndian.PutUint16(b[6:], o.SumStart)
	binary.NativeEndian.PutUint16(b[8:], o.SumOffset)
}

// shift moves what counts from the first byte of the frame, before which, or in
// whose link header, n bytes were put.
func (o *Offload) shift(n uint16) {
	if o.SumStart > 0 {
		o.SumStart += n
	}
	if o.HeaderLen > 0 {
		o.HeaderLen += n
	}
}
