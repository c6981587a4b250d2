package pgstore_test

import (
	"context"
	"fmt"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/jackc/pgx/v5/pgconn"
	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/stretchr/testify/require"

	"github.com/carewire/carewire"
	"github.com/carewire/carewire/consent"
	"github.com/carewire/carewire/provider"
	"github.com/carewire/carewire/recipient"
	"github.com/carewire/carewire/store"
	"github.com/carewire/carewire/store/pgstore"
	"github.com/carewire/carewire/store/pgstore/internal/pgtest"
)

// The tests of operations break a server, or the way to it, and check three
// things: the call returns the documented error, nothing is sent meanwhile,
// and everything that was acknowledged is on file afterwards.

var customer = recipient.MustParse("+14155550100")

// sender is a client over a store, with a customer who has consented.
type sender struct {
	*carewire.Client
	handed atomic.Int64
	keys   int
}

func newSender(t *testing.T, s store.Store) *sender {
	t.Helper()
	x := &sender{}
	c, err := carewire.New(carewire.Config{
		Program: carewire.Program{
			Tenant: someone().Tenant, Brand: "acme", Company: "Acme Plumbing", About: "service at your address",
			Contact: "help@acme.example", Purposes: []consent.Purpose{consent.Service},
		},
		Provider: provider.Func(func(context.Context, provider.Message) (provider.Receipt, error) {
			return provider.Receipt{ID: fmt.Sprint("SM", x.handed.Add(1))}, nil
		}),
		Store: s, Secret: []byte("a secret of the operations tests"), InsecureVolatileStore: true,
	})
	require.NoError(t, err)
	x.Client = c
	require.NoError(t, c.Consent(t.Context(), customer, consent.Record{
		Basis: consent.Transaction, Ref: "booking-1", Purposes: []consent.Purpose{consent.Service},
	}))
	return x
}

func (x *sender) send() error {
	x.keys++
	_, err := x.Send(context.Background(), carewire.Message{
		To: customer, Purpose: consent.Service, Key: fmt.Sprint(x.keys), Text: "Your visit is booked for Tuesday, 10 to 12.",
	})
	return err
}

// closed requires that a Send and a STOP fail as they should while the store
// cannot be used: nothing is sent, and the STOP is held and reported.
func (x *sender) closed(t *testing.T) {
	t.Helper()
	before := x.handed.Load()
	var e *carewire.Error
	require.ErrorAs(t, x.send(), &e)
	require.ErrorIs(t, e, carewire.ErrStore)
	require.Equal(t, carewire.NotSent, e.Sent)
	require.True(t, e.Temporary)
	_, err := x.Receive(context.Background(), provider.Inbound{ID: "in-1", From: customer, To: "+14155550199", Text: "STOP"})
	require.ErrorIs(t, err, carewire.ErrStore)
	require.Equal(t, 1, x.Unrecorded())
	require.Equal(t, before, x.handed.Load())
}

// recovered requires that the store works again and that the STOP goes on file with the next call.
func (x *sender) recovered(t *testing.T) {
	t.Helper()
	before := x.handed.Load()
	require.ErrorIs(t, x.send(), carewire.ErrOptedOut)
	require.Zero(t, x.Unrecorded())
	e, err := x.Evidence(context.Background(), customer)
	require.NoError(t, err)
	require.Len(t, e.OptOuts, 1)
	require.Equal(t, before, x.handed.Load())
}

// code requires an error of this package with a SQLSTATE.
func code(t *testing.T, err error, op, want string) {
	t.Helper()
	isError(t, err, op, nil)
	var pg *pgconn.PgError
	require.ErrorAs(t, err, &pg)
	require.Equal(t, want, pg.Code)
	require.ErrorContains(t, err, "SQLSTATE "+want)
}

func TestPoolExhausted(t *testing.T) {
	t.Parallel()
	pool := pgtest.Pool(t, pgtest.Shared(t), 1, nil)
	o := lenient
	o.Timeout = 200 * time.Millisecond
	require.NoError(t, pgstore.Migrate(t.Context(), pool, &o))
	s, err := pgstore.Open(t.Context(), pool, &o)
	require.NoError(t, err)
	x, of := newSender(t, s), someone()

	conn, err := pool.Acquire(t.Context())
	require.NoError(t, err)
	release := sync.OnceFunc(conn.Release)
	t.Cleanup(release)
	_, err = s.Begin(context.Background(), attempt(of, "k")) // the caller sets no limit; the store does
	isError(t, err, "begin", context.DeadlineExceeded)
	ctx, cancel := context.WithTimeout(t.Context(), time.Millisecond)
	defer cancel()
	isError(t, s.PutOptOut(ctx, stop(of, "1")), "put", context.DeadlineExceeded)
	x.closed(t)
	release()

	snap, err := s.Begin(t.Context(), attempt(of, "k"))
	require.NoError(t, err)
	require.True(t, snap.Held, "a Begin that got no connection holds nothing")
	require.Empty(t, snap.OptOuts)
	x.recovered(t)
}

func TestServerRestart(t *testing.T) {
	t.Parallel()
	for _, mode := range []string{"fast", "immediate"} {
		t.Run(mode, func(t *testing.T) {
			t.Parallel()
			server, s, pool := private(t, 4, nil)
			x, of := newSender(t, s), someone()
			a := attempt(of, "k")
			_, err := s.Begin(t.Context(), a)
			require.NoError(t, err)
			require.NoError(t, s.Finish(t.Context(), outcome(a)))
			require.NoError(t, s.PutOptOut(t.Context(), stop(of, "1")))
			require.NoError(t, x.send())
			fill(t, pool)

			server.Stop(mode)
			_, err = s.Begin(t.Context(), attempt(of, "k"))
			isError(t, err, "begin", nil)
			_, err = s.OptOuts(t.Context(), of)
			isError(t, err, "look up", nil)
			x.closed(t)
			server.Run()

			// No error although every connection of the pool is broken.
			snap, err := s.Begin(t.Context(), attempt(of, "k"))
			require.NoError(t, err)
			require.False(t, snap.Held)
			require.Equal(t, store.Accepted, snap.Prior.State)
			require.Len(t, snap.OptOuts, 1)
			require.Len(t, snap.Disclosures, 1)
			x.recovered(t)
		})
	}
}

// fill opens every connection of a pool.
func fill(t *testing.T, pool *pgxpool.Pool) {
	t.Helper()
	var conns []*pgxpool.Conn
	for range pool.Config().MaxConns {
		c, err := pool.Acquire(t.Context())
		require.NoError(t, err)
		conns = append(conns, c)
	}
	for _, c := range conns {
		c.Release()
	}
}

// blocked makes every call that touches the attempt or its STOP wait, until release is called.
func blocked(t *testing.T, pool *pgxpool.Pool, a store.Attempt, id string) (release func()) {
	t.Helper()
	tx, err := pool.Begin(context.Background())
	require.NoError(t, err)
	t.Cleanup(func() { _ = tx.Rollback(context.Background()) })
	_, err = tx.Exec(t.Context(), "SELECT 1 FROM carewire_attempts WHERE tenant = $1 AND id = $2 FOR UPDATE", a.Of.Tenant, a.ID)
	require.NoError(t, err)
	_, err = tx.Exec(t.Context(), "SELECT 1 FROM carewire_opt_outs WHERE tenant = $1 AND id = $2 FOR UPDATE", a.Of.Tenant, id)
	require.NoError(t, err)
	return func() { require.NoError(t, tx.Rollback(context.Background())) }
}

// The server gives up a statement, on its own timeouts.
func TestStatementTimeout(t *testing.T) {
	t.Parallel()
	for setting, want := range map[string]string{"statement_timeout": "57014", "lock_timeout": "55P03"} {
		t.Run(setting, func(t *testing.T) {
			t.Parallel()
			slow, pool := shared(t, nil)
			s, _ := shared(t, func(c *pgxpool.Config) { c.ConnConfig.RuntimeParams[setting] = "100ms" })
			of := someone()
			a, b := attempt(of, "k"), attempt(of, "k")
			_, err := s.Begin(t.Context(), a)
			require.NoError(t, err)
			require.NoError(t, s.PutOptOut(t.Context(), stop(of, "1")))

			release := blocked(t, pool, a, "1")
			snap, err := s.Begin(t.Context(), b)
			code(t, err, "begin", want)
			require.Zero(t, snap)
			code(t, s.Finish(t.Context(), outcome(a)), "finish", want)
			code(t, s.PutOptOut(t.Context(), stop(of, "1")), "put", want)
			release()

			outs, err := slow.Outcomes(t.Context(), of)
			require.NoError(t, err)
			require.Len(t, outs, 1)
			require.Equal(t, store.Open, outs[0].State)
			require.NoError(t, s.Finish(t.Context(), outcome(a)), "the call may be repeated")
		})
	}
}

// The context ends while the server works.
func TestContextEndsMidway(t *testing.T) {
	t.Parallel()
	s, pool := shared(t, nil)
	of := someone()
	a := attempt(of, "k")
	_, err := s.Begin(t.Context(), a)
	require.NoError(t, err)
	require.NoError(t, s.PutOptOut(t.Context(), stop(of, "1")))
	release := blocked(t, pool, a, "1")
	short := func() context.Context {
		ctx, cancel := context.WithTimeout(t.Context(), 100*time.Millisecond)
		t.Cleanup(cancel)
		return ctx
	}
	_, err = s.Begin(short(), attempt(of, "k"))
	isError(t, err, "begin", context.DeadlineExceeded)
	isError(t, s.Finish(short(), outcome(a)), "finish", context.DeadlineExceeded)
	isError(t, s.PutOptOut(short(), stop(of, "1")), "put", context.DeadlineExceeded)
	cancelled, cancel := context.WithCancel(t.Context())
	time.AfterFunc(50*time.Millisecond, cancel)
	_, err = s.Begin(cancelled, a)
	isError(t, err, "begin", context.Canceled)
	release()

	// What was given up may still have been done; the same calls give the same result.
	require.NoError(t, s.Finish(t.Context(), outcome(a)))
	snap, err := s.Begin(t.Context(), a)
	require.NoError(t, err)
	require.Equal(t, store.Accepted, snap.Prior.State)
	require.Len(t, snap.OptOuts, 1)
	require.Len(t, snap.Disclosures, 1)
}
