//go:build linux

package harness

import (
	"context"
	"encoding/json"
	"fmt"
	"strconv"
	"time"

	"pkl/internal/netns"
)

// Iperf measures for some seconds the goodput of one TCP stream from a client to a server, in bits a second.
func Iperf(client, server *netns.Namespace, address string, seconds int, alone bool) (float64, error) {
	ctx, cancel := context.WithTimeout(context.Background(), time.Duration(seconds)*time.Second+Patience)
	defer cancel()
	args := On("", alone, "iperf3", "-s", "-1", "--forceflush")
	listener := server.Command(ctx, args[0], args[1:]...)
	said, err := listener.StdoutPipe()
	if err != nil {
		return 0, err
	}
	if err := listener.Start(); err != nil {
		return 0, err
	}
	defer listener.Wait()
	defer cancel()
	if _, err := said.Read(make([]byte, 1)); err != nil { // it listens before it says anything
		return 0, fmt.Errorf("iperf3 -s: %w", err)
	}
	args = On("", alone, "iperf3", "-J", "-c", address, "-t", strconv.Itoa(seconds))
	text, err := client.Run(ctx, args[0], args[1:]...)
	if err != nil {
		return 0, err
	}
	return parseIperf(text)
}

// parseIperf reads what was received from the output of iperf3 -J.
func parseIperf(text string) (float64, error) {
	var r struct {
		Error string
		End   struct {
			Received struct {
				Bits float64 `json:"bits_per_second"`
			} `json:"sum_received"`
		}
	}
	if err := json.Unmarshal([]byte(text), &r); err != nil {
		return 0, fmt.Errorf("iperf3: %w", err)
	}
	if r.Error != "" || r.End.Received.Bits <= 0 {
		return 0, fmt.Errorf("iperf3 received nothing: %s", r.Error)
	}
	return r.End.Received.Bits, nil
}
