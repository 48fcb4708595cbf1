package pcapio_test

import (
	"bytes"
	"fmt"
	"io"
	"log"
	"time"

	"pkl/pcapio"
)

// Packets are written to a file of a kind, and come back from any.
func Example() {
	var file bytes.Buffer
	w, err := pcapio.NewWriter(&file, pcapio.Options{Format: pcapio.Pcapng})
	if err != nil {
		log.Fatal(err)
	}
	err = w.Write(&pcapio.Packet{Data: []byte("hello"), Time: 1e9, LinkType: 1, IfaceName: "eth0"})
	if err != nil {
		log.Fatal(err)
	}
	if err := w.Close(); err != nil {
		log.Fatal(err)
	}

	r, err := pcapio.NewReader(&file)
	if err != nil {
		log.Fatal(err)
	}
	defer r.Close()
	var p pcapio.Packet
	for r.Read(&p) == nil {
		at := time.Unix(0, p.Time).UTC().Format(time.TimeOnly)
		fmt.Printf("%s %s %s %q\n", at, p.IfaceName, pcapio.LinkTypeName(p.LinkType), p.Data)
	}
	fmt.Println(r.Read(&p) == io.EOF)
	// Output:
	// 00:00:01 eth0 eth "hello"
	// true
}
