//go:build linux

// Command gonfqueue accepts all packets of a netfilter queue blindly, with go-nfqueue as it comes: its reader calls a
// function for each packet, which gives one verdict. It prints "ready" when the queue is bound.
//
//	gonfqueue QUEUE LENGTH
package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/signal"
	"strconv"

	"github.com/florianl/go-nfqueue/v2"
	"github.com/mdlayher/netlink"
	"golang.org/x/sys/unix"
)

func main() {
	if err := run(os.Args[1:]); err != nil {
		fmt.Fprintln(os.Stderr, "gonfqueue:", err)
		os.Exit(1)
	}
}

// run judges until it is interrupted.
func run(args []string) error {
	if len(args) != 2 {
		return errors.New("usage: gonfqueue QUEUE LENGTH")
	}
	queue, err1 := strconv.ParseUint(args[0], 10, 16)
	length, err2 := strconv.ParseUint(args[1], 10, 32)
	if err := errors.Join(err1, err2); err != nil {
		return err
	}
	nf, err := nfqueue.Open(&nfqueue.Config{NfQueue: uint16(queue), MaxQueueLen: uint32(length), MaxPacketLen: 0xffff,
		Copymode: nfqueue.NfQnlCopyPacket, AfFamily: unix.AF_UNSPEC})
	if err != nil {
		return err
	}
	defer nf.Close()
	if err := errors.Join(nf.Con.SetReadBuffer(64<<20), nf.SetOption(netlink.NoENOBUFS, true)); err != nil {
		return err
	}
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	judge := func(a nfqueue.Attribute) int {
		if err := nf.SetVerdict(*a.PacketID, nfqueue.NfAccept); err != nil {
			fmt.Fprintln(os.Stderr, "gonfqueue:", err)
		}
		return 0
	}
	if err := nf.RegisterWithErrorFunc(ctx, judge, func(error) int { return 0 }); err != nil {
		return err
	}
	fmt.Println("ready")
	<-ctx.Done()
	return nil
}
