//go:build linux

package sock

import (
	"testing"

	"golang.org/x/sys/unix"

	"pkl/internal/netns/netlab"
)

// The kernel numbers groups from 0, once for all namespaces: the first group after a
// start of the machine is one like the others.
func TestGroupZero(t *testing.T) {
	ns := netlab.Namespace(t, netlab.New(t), "a")
	c := CaptureConfig{Iface: Any}
	c.defaults()
	for range 2 {
		var one *Capture
		if err := ns.Do(func() (err error) { one, err = prepare(c, device{name: Any, arphrd: arphrdVoid, up: true}); return err }); err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { one.Close() })
		if group, err := one.join(0); group != 0 || err != nil {
			t.Fatal(group, err)
		}
		if err := one.control(func(fd int) error {
			group, err := unix.GetsockoptInt(fd, unix.SOL_PACKET, unix.PACKET_FANOUT)
			if group &= 0xffff; group != 0 {
				t.Errorf("the capture is in group %d", group)
			}
			return err
		}); err != nil {
			t.Fatal(err)
		}
	}
}
