//go:build linux

package nfq_test

import (
	"errors"
	"pkl/nfq"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"
)

func TestSecondProcess(t *testing.T) {
	l := newLab(t)
	l.open(nfq.Config{Queue: 5})
	l.do(func() error {
		_, err := nfq.Open(nfq.Config{Queue: 5})
		var used *nfq.InUseError
		if !errors.As(err, &used) || !strings.HasPrefix(err.Error(), "queue 5 is already bound") || !errors.Is(err, syscall.EPERM) {
			t.Errorf("error: %v", err)
		}
		return nil
	})
}

// A queue that is full before anybody can read works all the same.
func TestOpenFull(t *testing.T) {
	l := newLab(t, "NFQUEUE", "--queue-num", "5", "--queue-bypass")
	end := l.flood()
	for range 20 {
		q := l.open(nfq.Config{Queue: 5, MaxLen: 1})
		l.packets(q, 5, func(p *nfq.Packet, text string) nfq.Verdict { return nfq.Verdict{Action: nfq.Accept} })
		q.Close()
	}
	end()
}

// Packets that are queued while the queue is being bound are not lost, and do
// not confuse its configuration.
func TestOpenUnderLoad(t *testing.T) {
	l := newLab(t, "NFQUEUE", "--queue-num", "5", "--queue-bypass")
	const rounds = 20
	end := l.flood()
	seen := map[string]bool{}
	for range rounds {
		q := l.open(nfq.Config{Queue: 5})
		l.packets(q, 200, func(p *nfq.Packet, text string) nfq.Verdict {
			return nfq.Verdict{Action: nfq.Accept}
		})
		if c := q.Counts(); c != (nfq.Counts{}) { // nor do they count as late
			t.Errorf("counts: %+v", c)
		}
		q.Close()
	}
	q := l.open(nfq.Config{Queue: 5})
	l.packets(q, 500, func(p *nfq.Packet, text string) nfq.Verdict { return nfq.Verdict{Action: nfq.Accept} })
	n := end()
	for { // what still waits
		batch, err := q.Read(time.Now().Add(200 * time.Millisecond))
		if err != nil {
			t.Fatal(err)
		}
		if len(batch) == 0 {
			break
		}
		for i := range batch {
			q.Verdict(&batch[i], nfq.Verdict{Action: nfq.Accept})
		}
		q.Flush()
	}
	l.do(func() error {
		all, err := nfq.Kernel()
		if len(all) != 1 || all[0].Waiting != 0 || all[0].Queue != 5 {
			t.Errorf("the queue: %+v %v", all, err)
		}
		return nil
	})
	buf := make([]byte, 100)
	for {
		l.recv.SetReadDeadline(time.Now().Add(200 * time.Millisecond))
		m, _, err := l.recv.ReadFrom(buf)
		if err != nil {
			break
		}
		if seen[string(buf[:m])] {
			t.Fatalf("datagram %s came twice", buf[:m])
		}
		seen[string(buf[:m])] = true
	}
	t.Logf("%d sent, %d arrived; what a closed queue held is dropped", n, len(seen))
}

// What still waits at the end gets the failure verdict.
func TestCloseVerdict(t *testing.T) {
	for _, action := range []nfq.Action{nfq.Accept, nfq.Drop} {
		l := newLab(t, "NFQUEUE", "--queue-num", "5", "--queue-bypass")
		q := l.open(nfq.Config{Queue: 5, OnError: action})
		l.write("one")
		l.packets(q, 1, func(*nfq.Packet, string) nfq.Verdict { return nfq.Verdict{Action: nfq.Accept} })
		l.write("two", "three")
		if err := q.Close(); err != nil {
			t.Error(err)
		}
		l.write("four")
		if action == nfq.Accept {
			l.arrive("one", "two", "three", "four")
		} else {
			l.arrive("one", "four")
		}
	}
}

// flood sends numbers as fast as it can until the function that it returns is
// called, which says how many.
func (l *lab) flood() (end func() int) {
	stop := make(chan struct{})
	sent := make(chan int)
	go func() {
		n := 0
		for {
			select {
			case <-stop:
				sent <- n
				return
			default:
				l.send.Write([]byte(strconv.Itoa(n)))
				n++
			}
		}
	}()
	return func() int {
		close(stop)
		return <-sent
	}
}
