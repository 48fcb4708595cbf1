//go:build linux

package sock

import (
	"errors"
	"testing"

	"golang.org/x/sys/unix"
)

// TestExplainFull: an interface without room is named, by both layers.
func TestExplainFull(t *testing.T) {
	packet := append([]byte{0x45}, make([]byte, 19)...)
	for _, layer3 := range []bool{false, true} {
		s := &Sender{device: device{name: "v0", index: 7}, config: SenderConfig{Layer3: layer3}}
		for _, errno := range []unix.Errno{unix.ENOBUFS, unix.ENOMEM} {
			var e *NoRoomError
			if err := s.explain(errno, packet); !errors.As(err, &e) || e.Iface != "v0" || e.Len != 20 || !errors.Is(err, errno) {
				t.Errorf("layer 3: %v: %v", layer3, err)
			}
		}
	}
}
