package sqlitestore_test

import (
	"context"
	"database/sql"
	"database/sql/driver"
	"errors"
	"sync/atomic"
	"testing"

	"github.com/stretchr/testify/require"
	"modernc.org/sqlite"

	"github.com/carewire/carewire/disclosure"
	"github.com/carewire/carewire/optout"
	"github.com/carewire/carewire/store"
	"github.com/carewire/carewire/store/sqlitestore"
)

var errFaulty = errors.New("the disk is gone")

// faults is a driver whose commits and rollbacks fail when it is told so. The
// connections are those of the real driver, so that what is left open stays open.
type faults struct {
	dsn       string
	commits   atomic.Int32 // how many commits fail, and leave the transaction open
	lies      atomic.Int32 // how many commits succeed and say that they failed
	rollbacks atomic.Int32 // how many rollbacks fail, and leave the transaction open
	stuck     atomic.Bool  // PRAGMA synchronous=FULL changes nothing
	opened    atomic.Int32 // how many connections were opened
}

func (f *faults) Driver() driver.Driver { return &sqlite.Driver{} }

func (f *faults) Connect(context.Context) (driver.Conn, error) {
	c, err := f.Driver().Open(f.dsn)
	if err != nil {
		return nil, err
	}
	f.opened.Add(1)
	return &faultyConn{c.(realConn), f}, nil
}

// realConn is what database/sql asks of a connection here.
type realConn interface {
	driver.Conn
	driver.ConnBeginTx
	driver.ConnPrepareContext
	driver.ExecerContext
	driver.QueryerContext
}

type faultyConn struct {
	realConn
	*faults
}

func (c *faultyConn) BeginTx(ctx context.Context, o driver.TxOptions) (driver.Tx, error) {
	tx, err := c.realConn.BeginTx(ctx, o)
	return &faultyTx{tx, c.faults}, err
}

func (c *faultyConn) ExecContext(ctx context.Context, query string, args []driver.NamedValue) (driver.Result, error) {
	if c.stuck.Load() && query == "PRAGMA synchronous=FULL" {
		return driver.ResultNoRows, nil
	}
	return c.realConn.ExecContext(ctx, query, args)
}

type faultyTx struct {
	driver.Tx
	*faults
}

func (t *faultyTx) Commit() error {
	if t.commits.Add(-1) >= 0 {
		return errFaulty
	}
	err := t.Tx.Commit()
	if t.lies.Add(-1) >= 0 {
		return errFaulty
	}
	return err
}

func (t *faultyTx) Rollback() error {
	if t.rollbacks.Add(-1) >= 0 {
		return errFaulty
	}
	return t.Tx.Rollback()
}

// faulty opens a store over one faulty connection at a time.
func faulty(t *testing.T, params string) (*sqlitestore.Store, *faults) {
	t.Helper()
	f := &faults{dsn: "file:" + migrated(t) + params}
	db := sql.OpenDB(f)
	db.SetMaxOpenConns(1)
	t.Cleanup(func() { require.NoError(t, db.Close()) })
	return openStore(t, db), f
}

func outcome(id, key string) store.Outcome {
	return store.Outcome{
		Attempt: attempt(id, key), State: store.Accepted, Settled: noon,
		Disclosures: []disclosure.Record{{ID: "of " + id, Of: someone}},
	}
}

// A commit that failed leaves nothing behind: no fact, and no open transaction
// that the next call would write into or wait for.
func TestCommitFails(t *testing.T) {
	t.Parallel()
	s, f := faulty(t, "")
	_, err := s.Begin(t.Context(), attempt("a", "1"))
	require.NoError(t, err)

	f.commits.Store(3)
	snap, err := s.Begin(t.Context(), attempt("b", "2"))
	require.ErrorIs(t, err, errFaulty)
	require.Zero(t, snap)
	require.ErrorIs(t, s.Finish(t.Context(), outcome("a", "1")), errFaulty)
	require.ErrorIs(t, s.PutOptOut(t.Context(), optout.Record{ID: "1", Of: someone}), errFaulty)

	rs, err := s.OptOuts(t.Context(), someone)
	require.NoError(t, err)
	require.Empty(t, rs)
	ds, err := s.Disclosures(t.Context(), someone)
	require.NoError(t, err)
	require.Empty(t, ds)
	outs, err := s.Outcomes(t.Context(), someone)
	require.NoError(t, err)
	require.Len(t, outs, 1)
	require.Equal(t, store.Open, outs[0].State)
	require.EqualValues(t, 4, f.opened.Load(), "a connection in doubt was used again")

	require.NoError(t, s.Finish(t.Context(), outcome("a", "1")))
}

// A commit that succeeded and whose answer was lost reads as an error. All
// calls may be repeated.
func TestCommitSucceedsAndSaysItFailed(t *testing.T) {
	t.Parallel()
	s, f := faulty(t, "")
	f.lies.Store(1)
	_, err := s.Begin(t.Context(), attempt("a", "1"))
	require.ErrorIs(t, err, errFaulty)
	snap, err := s.Begin(t.Context(), attempt("a", "1"))
	require.NoError(t, err)
	require.True(t, snap.Held, "the same attempt is the same call")

	f.lies.Store(1)
	require.ErrorIs(t, s.Finish(t.Context(), outcome("a", "1")), errFaulty)
	require.NoError(t, s.Finish(t.Context(), outcome("a", "1")))

	f.lies.Store(1)
	require.ErrorIs(t, s.PutOptOut(t.Context(), optout.Record{ID: "1", Of: someone}), errFaulty)
	require.NoError(t, s.PutOptOut(t.Context(), optout.Record{ID: "1", Of: someone}))
	snap, err = s.Begin(t.Context(), attempt("b", "1"))
	require.NoError(t, err)
	require.False(t, snap.Held)
	require.Len(t, snap.OptOuts, 1)
	require.Len(t, snap.Disclosures, 1)
}

// A rollback that failed does not leave its transaction to the next call.
func TestRollbackFails(t *testing.T) {
	t.Parallel()
	s, f := faulty(t, "")
	f.rollbacks.Store(1)
	require.ErrorIs(t, s.Finish(t.Context(), outcome("nobody", "1")), store.ErrNotHeld)
	require.NoError(t, s.PutOptOut(t.Context(), optout.Record{ID: "1", Of: someone}))
	require.EqualValues(t, 2, f.opened.Load(), "a connection in doubt was used again")
}

// A connection that cannot be made to write safely does not write.
func TestNotSynchronous(t *testing.T) {
	t.Parallel()
	s, f := faulty(t, "?_pragma=synchronous(NORMAL)")
	f.stuck.Store(true)
	require.ErrorContains(t, s.PutOptOut(t.Context(), optout.Record{ID: "1", Of: someone}), "synchronous=FULL")
	_, err := s.Begin(t.Context(), attempt("a", "1"))
	require.ErrorContains(t, err, "synchronous=FULL")
	f.stuck.Store(false)
	snap, err := s.Begin(t.Context(), attempt("b", "1"))
	require.NoError(t, err)
	require.True(t, snap.Held)
	require.Empty(t, snap.OptOuts, "it was written all the same")
}
