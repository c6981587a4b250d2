package pgstore_test

import (
	"context"
	"net"
	"sync/atomic"
	"testing"

	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/stretchr/testify/require"

	"github.com/carewire/carewire/consent"
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

func (w *wire) dial(cfg *pgxpool.Config) {
	dial := cfg.ConnConfig.DialFunc
	cfg.ConnConfig.DialFunc = func(ctx context.Context, network, addr string) (net.Conn, error) {
		c, err := dial(ctx, network, addr)
		if err != nil {
			return nil, err
		}
		return &wireConn{Conn: c, wire: w}, nil
	}
	cfg.MinConns, cfg.MaxConns = 1, 1
}

// trips returns how many round trips f makes.
func (w *wire) trips(t *testing.T, f func() error) int {
	t.Helper()
	before := w.turns.Load()
	require.NoError(t, f())
	return int(w.turns.Load() - before)
}

// One round trip for Begin, one for Finish, one for everything else, on a
// connection that has run the statement before.
func TestOneRoundTrip(t *testing.T) {
	t.Parallel()
	var w wire
	s, _ := shared(t, w.dial)
	ctx, of := t.Context(), someone()
	round := func() map[string]int {
		a := attempt(of, "key "+someone().Tenant)
		plain := outcome(a)
		plain.Disclosures = nil
		lost := attempt(of, "key")
		return map[string]int{
			"begin":  w.trips(t, func() error { _, err := s.Begin(ctx, a); return err }),
			"loses":  w.trips(t, func() error { _, err := s.Begin(ctx, lost); return err }),
			"finish": w.trips(t, func() error { return s.Finish(ctx, outcome(a)) }),
			"late":   w.trips(t, func() error { return s.Finish(ctx, plain) }),
			"consent": w.trips(t, func() error {
				return s.PutConsent(ctx, consent.Record{ID: "c-" + a.ID, Of: of, Brand: "acme", At: noon})
			}),
			"stop":     w.trips(t, func() error { return s.PutOptOut(ctx, stop(of, "o-"+a.ID)) }),
			"look up":  w.trips(t, func() error { _, err := s.OptOuts(ctx, of); return err }),
			"outcomes": w.trips(t, func() error { _, err := s.Outcomes(ctx, of); return err }),
		}
	}
	first := round()
	require.Greater(t, first["begin"], 1, "the counter counts the preparation of the statement")
	for range 3 {
		for call, n := range round() {
			require.Equal(t, 1, n, call)
		}
	}
	snap, err := s.Begin(ctx, attempt(of, "last"))
	require.NoError(t, err)
	require.Len(t, snap.OptOuts, 4)
	require.Len(t, snap.Disclosures, 4)
	require.Len(t, snap.Consents, 4)
}
