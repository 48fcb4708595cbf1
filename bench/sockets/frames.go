//go:build linux

package main

import (
	"encoding/binary"
	"fmt"
	"os"
	"strings"

	"pkl/pcapio"
)

const (
	frameLen  = 64
	kinds     = 64   // of frames, which come in turn
	firstPort = 1000 // UDP destination port of the first kind

	oneFile = out + "one.pcap"     // the first kind
	allFile = out + "frames.pcap"  // as many frames as are measured, kinds in turn
	oneConf = out + "one.trafgen"  // the same for trafgen
	allConf = out + "kind.trafgen" // one of each kind
)

// frame is a frame of UDP over IPv4, to an Ethernet address that nobody has, so that the kernel drops it early.
func frame(kind int) []byte {
	b := make([]byte, frameLen)
	copy(b, []byte{2, 0, 0, 0, 0, 2, 2, 0, 0, 0, 0, 1, 8, 0})
	ip := b[14:]
	copy(ip, []byte{0x45, 0, 0, frameLen - 14, 0, 0, 0, 0, 64, 17, 0, 0, 10, 9, 0, 1, 10, 9, 0, 2})
	sum := uint32(0)
	for i := 0; i < 20; i += 2 {
		sum += uint32(binary.BigEndian.Uint16(ip[i:]))
	}
	binary.BigEndian.PutUint16(ip[10:], ^uint16(sum+sum>>16))
	udp := ip[20:]
	binary.BigEndian.PutUint16(udp, 9)
	binary.BigEndian.PutUint16(udp[2:], uint16(firstPort+kind))
	binary.BigEndian.PutUint16(udp[4:], uint16(len(udp))) // the sum stays 0: none
	return b
}

// writeFrames writes what trafgen and pkl send, and what pkl reads.
func writeFrames(n int) error {
	var all strings.Builder
	for k := range kinds {
		conf := trafgen(frame(k))
		all.WriteString(conf)
		if k > 0 {
			continue
		}
		if err := os.WriteFile(oneConf, []byte(conf), 0o644); err != nil {
			return err
		}
	}
	if err := os.WriteFile(allConf, []byte(all.String()), 0o644); err != nil {
		return err
	}
	if err := writeCapture(oneFile, 1); err != nil {
		return err
	}
	return writeCapture(allFile, n)
}

// trafgen is a frame in the language of trafgen.
func trafgen(b []byte) string {
	return "{ " + strings.TrimSuffix(strings.ReplaceAll(fmt.Sprintf("% #x ", b), " ", ", "), ", ") + " }\n"
}

// writeCapture writes a capture file of n frames, a microsecond apart.
func writeCapture(name string, n int) error {
	w, err := pcapio.Create(name, pcapio.Options{LinkType: 1})
	if err != nil {
		return err
	}
	var all [kinds][]byte
	for k := range all {
		all[k] = frame(k)
	}
	for i := range n {
		b := all[i%kinds]
		if err := w.Write(&pcapio.Packet{Data: b, Len: len(b), LinkType: 1, Time: 1e18 + int64(i)*1000}); err != nil {
			w.Close()
			return err
		}
	}
	return w.Close()
}
