// Package sock captures and sends frames with Linux packet sockets (AF_PACKET)
// and sends IP packets through the kernel's routing with raw sockets.
//
//	c, err := sock.OpenCapture(sock.CaptureConfig{Iface: "eth0"})
//	for {
//		frames, err := c.Read(time.Time{}) // valid until the next Read
//		...
//	}
//
// A Capture reads a TPACKET_V3 ring: the bytes of a frame are those that the
// kernel wrote, with the VLAN tag put back where it was. A Sender sends frames, or
// IP packets, in batches, at a rate, or with the spacing of a capture file.
// Interfaces and Route tell what the kernel has.
//
// Sockets belong to the network namespace of the thread that opens them. The
// right to open them is CAP_NET_RAW; afterwards it may be given up. The package
// deals in bytes: it knows nothing of protocols or scripts.
package sock
