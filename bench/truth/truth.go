// Package truth is what a generated capture is known to contain, so that every measured program can be checked.
package truth

import (
	"encoding/json"
	"os"
)

// Truth says what a search for connection requests (SYN set, ACK clear) must find in a capture.
type Truth struct {
	Packets int   `json:"packets"`
	Bytes   int64 `json:"bytes"`

	// SYNs counts connection requests of both families, with and without VLAN tags; Plain those over IPv4 without a tag,
	// which is all that a tcpdump filter on tcp[…] sees.
	SYNs  int `json:"syns"`
	Plain int `json:"plain"`

	// Records and PlainRecords are the SHA-256 of the matching records of the capture, in order, with their headers.
	Records      string `json:"records"`
	PlainRecords string `json:"plain_records"`

	// Sources counts by source address.
	Sources map[string]int `json:"sources"`
}

// Read loads what Write stored.
func Read(name string) (*Truth, error) {
	b, err := os.ReadFile(name)
	if err != nil {
		return nil, err
	}
	t := new(Truth)
	return t, json.Unmarshal(b, t)
}

// Write stores t.
func (t *Truth) Write(name string) error {
	b, err := json.MarshalIndent(t, "", "\t")
	if err != nil {
		return err
	}
	return os.WriteFile(name, append(b, '\n'), 0o644)
}
