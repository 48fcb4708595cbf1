package main

import (
	"bufio"
	"encoding/binary"
	"io"
)

const (
	fileHeader   = 24
	recordHeader = 16
	startSecond  = 1704067200 // 2024-01-01
)

// capture writes a pcap file, microseconds, little endian, Ethernet.
type capture struct {
	w     *bufio.Writer
	us    uint64 // time since the start
	bytes int64  // written so far
	head  [recordHeader]byte
}

// newCapture writes the file header.
func newCapture(w io.Writer) (*capture, error) {
	c := &capture{w: bufio.NewWriterSize(w, 1<<18), bytes: fileHeader}
	var h [fileHeader]byte
	binary.LittleEndian.PutUint32(h[0:], 0xa1b2c3d4)
	binary.LittleEndian.PutUint16(h[4:], 2)
	binary.LittleEndian.PutUint16(h[6:], 4)
	binary.LittleEndian.PutUint32(h[16:], 262144)
	binary.LittleEndian.PutUint32(h[20:], 1)
	_, err := c.w.Write(h[:])
	return c, err
}

// write appends a packet, gap microseconds after the last one.
func (c *capture) write(p []byte, gap int) error {
	c.us += uint64(gap)
	binary.LittleEndian.PutUint32(c.head[0:], uint32(startSecond+c.us/1e6))
	binary.LittleEndian.PutUint32(c.head[4:], uint32(c.us%1e6))
	binary.LittleEndian.PutUint32(c.head[8:], uint32(len(p)))
	binary.LittleEndian.PutUint32(c.head[12:], uint32(len(p)))
	c.bytes += int64(recordHeader + len(p))
	if _, err := c.w.Write(c.head[:]); err != nil {
		return err
	}
	_, err := c.w.Write(p)
	return err
}
