package main

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"net/netip"
	"os"

	"github.com/gopacket/gopacket/layers"
	"github.com/gopacket/gopacket/pcapgo"
)

// count prints how many connection requests each source sent.
func count(src source, m matcher) error {
	counts := map[netip.Addr]int{}
	for {
		p, _, err := src.next()
		if err == io.EOF {
			break
		}
		if err != nil {
			return err
		}
		if m.match(p) {
			counts[m.source()]++
		}
	}
	w := bufio.NewWriter(os.Stdout)
	for a, n := range counts {
		fmt.Fprintln(w, a, n)
	}
	return w.Flush()
}

// filter copies the connection requests to a file.
func filter(src source, m matcher, name string) (err error) {
	f, err := os.Create(name)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, f.Close()) }()
	buf := bufio.NewWriterSize(f, 1<<16)
	w := pcapgo.NewWriter(buf)
	if err := w.WriteFileHeader(262144, layers.LinkTypeEthernet); err != nil {
		return err
	}
	for {
		p, ci, err := src.next()
		if err == io.EOF {
			return buf.Flush()
		}
		if err != nil {
			return err
		}
		if m.match(p) {
			if err := w.WritePacket(ci, p); err != nil {
				return err
			}
		}
	}
}
