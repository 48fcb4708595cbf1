package pcapio

import (
	"bufio"
	"errors"
	"fmt"
	"io"

	"github.com/klauspost/compress/gzip"
	"github.com/klauspost/compress/zstd"
)

// maxWindow bounds the memory of the zstd decoder. The levels 1 to 19 of zstd
// need at most 8 MiB.
const maxWindow = 32 << 20

// decompress puts a decoder before src if head, its first bytes, ask for one.
// src still has to give head. The decoder is nil if none is needed.
func decompress(head []byte, src io.Reader) (io.ReadCloser, error) {
	switch {
	case isGzip(head):
		return gunzip(bufio.NewReaderSize(src, bufSize))
	case isZstd(head):
		return unzstd(bufio.NewReaderSize(src, bufSize))
	}
	return nil, nil
}

func gunzip(src io.Reader) (io.ReadCloser, error) {
	z, err := gzip.NewReader(src)
	if err != nil {
		return nil, decoderError("gzip", err)
	}
	return &decoder{"gzip", z, z.Close}, nil
}

func unzstd(src io.Reader) (io.ReadCloser, error) {
	z, err := zstd.NewReader(src, zstd.WithDecoderConcurrency(1),
		zstd.WithDecoderLowmem(true), zstd.WithDecoderMaxWindow(maxWindow))
	if err != nil {
		return nil, decoderError("zstd", err)
	}
	return &decoder{"zstd", z, func() error { z.Close(); return nil }}, nil
}

// isGzip knows the gzip magic and its one method (RFC 1952 §2.3.1).
func isGzip(b []byte) bool {
	return len(b) >= 3 && b[0] == 0x1f && b[1] == 0x8b && b[2] == 8
}

// isZstd knows a zstd frame (RFC 8878 §3.1.1) and a skippable one (§3.1.2),
// which may come first.
func isZstd(b []byte) bool {
	if len(b) < 4 {
		return false
	}
	magic := le.Uint32(b)
	return magic == 0xfd2fb528 || magic&^0xf == 0x184d2a50
}

// A decoder names itself in its errors.
type decoder struct {
	name string
	io.Reader
	close func() error
}

func (d *decoder) Read(b []byte) (int, error) {
	n, err := d.Reader.Read(b)
	if err != nil && err != io.EOF {
		err = decoderError(d.name, err)
	}
	return n, err
}

func (d *decoder) Close() error { return d.close() }

// decoderError says what went wrong in a compressed input.
func decoderError(name string, err error) error {
	if errors.Is(err, io.ErrUnexpectedEOF) || err == io.EOF {
		return &compressedError{name, "cut short", io.ErrUnexpectedEOF}
	}
	if errors.Is(err, zstd.ErrWindowSizeExceeded) || errors.Is(err, zstd.ErrDecoderSizeExceeded) {
		return &compressedError{name, fmt.Sprintf("needs a window above %d MiB", maxWindow>>20), err}
	}
	return &compressedError{name, err.Error(), err}
}

// compressedError has a text of its own over the decoder's error.
type compressedError struct {
	name, text string
	err        error
}

func (e *compressedError) Error() string { return e.name + " data: " + e.text }
func (e *compressedError) Unwrap() error { return e.err }
