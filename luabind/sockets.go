package luabind

import (
	"context"
	"fmt"
	"sync"
	"time"

	"pkl/core"
)

// Sockets are those that the states of a run have open. A state that opens one
// with equal parameters gets the running socket: so workers share it, and a
// reload goes on with it. The zero value is ready.
type Sockets struct{ pool pool[*sharedSocket] }

// A sharedSocket is a socket that several states use: one at a time reads, and one
// sends.
type sharedSocket struct {
	reading, sending sync.Mutex
	Socket
}

func (k *sharedSocket) Read(m *core.Meta, f *Facts, until time.Time) ([]byte, error) {
	k.reading.Lock()
	defer k.reading.Unlock()
	return k.Socket.Read(m, f, until)
}

func (k *sharedSocket) Send(ctx context.Context, frames []Frame, o SendOptions) (int, error) {
	k.sending.Lock()
	defer k.sending.Unlock()
	return k.Socket.Send(ctx, frames, o)
}

func (k *sharedSocket) Replay(ctx context.Context, next func(*Frame) error, t ReplayTiming) (int, error) {
	k.sending.Lock()
	defer k.sending.Unlock()
	return k.Socket.Replay(ctx, func(f *Frame) error { // may be a script's, which may use the socket
		k.sending.Unlock()
		defer k.sending.Lock()
		return next(f)
	}, t)
}

// A socketShare is a socket as one state has it.
type socketShare struct {
	*sharedSocket
	of   *Sockets
	item *pooled[*sharedSocket]
}

// Close closes the socket if no other state has it.
func (k socketShare) Close() error { return k.of.pool.release(k.item) }

// open returns the running socket with these parameters, or else a new one.
func (ks *Sockets) open(o SocketOptions, filter string, n Network) (Socket, error) {
	key := o
	key.Filter = nil
	item, err := ks.pool.take(fmt.Sprintf("%+v %s", key, filter), func() (*sharedSocket, error) {
		k, err := n.Open(o)
		return &sharedSocket{Socket: k}, err
	})
	if err != nil {
		return nil, err
	}
	return socketShare{item.thing, ks, item}, nil
}
