// Command gopacket does the benchmark's task with github.com/gopacket/gopacket: it finds TCP connection requests (SYN set,
// ACK clear) in a pcap file and counts them by source address, or with -w copies them to a file.
//
//	gopacket -parser dlp -read mmap cap.pcap
package main

import (
	"flag"
	"fmt"
	"os"
)

func main() {
	parser := flag.String("parser", "dlp", "dlp (DecodingLayerParser) or lazy (NewPacket, Lazy and NoCopy)")
	read := flag.String("read", "pcapgo", "pcapgo (its reader over a large buffer) or mmap (records in place)")
	out := flag.String("w", "", "copy what is found to this pcap file instead of counting")
	flag.Parse()
	if err := run(*parser, *read, *out, flag.Arg(0)); err != nil {
		fmt.Fprintln(os.Stderr, "gopacket:", err)
		os.Exit(1)
	}
}

// run reads the capture to its end.
func run(parser, read, out, name string) error {
	src, err := open(read, name)
	if err != nil {
		return err
	}
	m, err := newMatcher(parser)
	if err != nil {
		return err
	}
	if out != "" {
		return filter(src, m, out)
	}
	return count(src, m)
}
