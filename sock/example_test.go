package sock_test

import (
	"context"
	"fmt"
	"time"

	"pkl/sock"
)

// Frames of an interface, with what hardware is left to do; the interface may go
// down and come back.
func ExampleCapture() {
	c, err := sock.OpenCapture(sock.CaptureConfig{Iface: "eth0", Promisc: true})
	if err != nil {
		fmt.Println(err)
		return
	}
	defer c.Close()
	for {
		frames, err := c.Read(time.Time{})
		if err != nil {
			fmt.Println(err) // a DownError: c.Attach waits until it is back
			return
		}
		for _, f := range frames {
			fmt.Println(time.Unix(0, f.Time), f.IfaceName, f.Direction, f.Len, f.Data[0])
		}
	}
}

// Ten thousand frames a second, a thousand in all.
func ExampleSender_Repeat() {
	s, err := sock.OpenSender(sock.SenderConfig{Iface: "eth0"})
	if err != nil {
		fmt.Println(err)
		return
	}
	defer s.Close()
	n, err := s.Repeat(context.Background(), []sock.Frame{{Data: make([]byte, 60)}}, sock.Plan{Count: 1000, Rate: 1e4})
	fmt.Println(n, err)
}
