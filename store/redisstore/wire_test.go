package redisstore_test

import (
	"context"
	"net"
	"sync/atomic"
	"testing"

	"github.com/stretchr/testify/require"
)

// wire counts the round trips of connections: every read that follows a write
// is one, however many packets there are.
type wire struct {
	turns atomic.Int64
}

type wireConn struct {
	net.Conn
	wire  *wire
	wrote atomic.Bool
}

func (c *wireConn) Write(b []byte) (int, error) {
	c.wrote.Store(true)
	return c.Conn.Write(b)
}

func (c *wireConn) Read(b []byte) (int, error) {
	n, err := c.Conn.Read(b)
	if n > 0 && c.wrote.Swap(false) {
		c.wire.turns.Add(1)
	}
	return n, err
}

func (w *wire) dial(ctx context.Context, network, addr string) (net.Conn, error) {
	c, err := (&net.Dialer{}).DialContext(ctx, network, addr)
	if err != nil {
		return nil, err
	}
	return &wireConn{Conn: c, wire: w}, nil
}

// trips returns how many round trips f makes, which must end in the error want.
func (w *wire) trips(t *testing.T, want error, f func() error) int {
	t.Helper()
	before := w.turns.Load()
	require.ErrorIs(t, f(), want)
	return int(w.turns.Load() - before)
}
