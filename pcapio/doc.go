// Package pcapio reads and writes capture files: pcap and pcapng, plain or
// compressed with gzip or zstd.
//
// A [Reader] streams. It holds one buffer, hands out packets as slices of it,
// and needs the same memory for any length of file:
//
//	r, err := pcapio.Open("in.pcap")
//	…
//	defer r.Close()
//	var p pcapio.Packet
//	for {
//		if err := r.Read(&p); err == io.EOF {
//			break
//		} else if err != nil {
//			return err
//		}
//		use(p.Data)
//	}
//
// What Read puts into a Packet is the caller's until the next Read: Data may be
// written to, in place, but not kept. Strings may be kept.
//
// Damage is an [*Error], which tells the number of the packet that could not be
// read and where it starts. It comes after all packets before it were given,
// and every later call returns it again. No length in a file is believed before
// it has been checked, and no memory is reserved for bytes that have not come.
//
// A [Writer] makes little-endian files: pcap with micro- or nanoseconds, pcapng
// with nanoseconds. It hands on whole records only.
//
// The package deals in bytes. It knows link types by number and name, and
// nothing of what is inside a packet. A Reader or a Writer is for one goroutine
// at a time, except for [Reader.Offset].
package pcapio
