package sqlitestore_test

import (
	"context"
	"database/sql"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/carewire/carewire/consent"
	"github.com/carewire/carewire/disclosure"
	"github.com/carewire/carewire/optout"
	"github.com/carewire/carewire/recipient"
	"github.com/carewire/carewire/store"
	"github.com/carewire/carewire/store/sqlitestore"
)

// level returns how the only connection of a pool writes.
func level(t *testing.T, db *sql.DB) (n int) {
	t.Helper()
	require.NoError(t, db.QueryRowContext(t.Context(), `PRAGMA synchronous`).Scan(&n))
	return n
}

// writes are all calls that write.
func writes(s *sqlitestore.Store) map[string]func(ctx context.Context) error {
	return map[string]func(ctx context.Context) error{
		"PutConsent": func(ctx context.Context) error { return s.PutConsent(ctx, consent.Record{ID: "1", Of: someone}) },
		"PutOptOut":  func(ctx context.Context) error { return s.PutOptOut(ctx, optout.Record{ID: "1", Of: someone}) },
		"PutDisclosure": func(ctx context.Context) error {
			return s.PutDisclosure(ctx, disclosure.Record{ID: "1", Of: someone})
		},
		"Begin":  func(ctx context.Context) error { _, err := s.Begin(ctx, attempt("b", "other")); return err },
		"Finish": func(ctx context.Context) error { return s.Finish(ctx, store.Outcome{Attempt: attempt("a", "1")}) },
	}
}

// Whatever the pool was opened with, and whatever the application does to a
// connection in between: what writes, writes with synchronous=FULL at least.
func TestEveryWriteIsSynchronous(t *testing.T) {
	t.Parallel()
	db := openDB(t, "file:"+migrated(t)+"?_pragma=synchronous(OFF)")
	db.SetMaxOpenConns(1)
	s := openStore(t, db)
	_, err := s.Begin(t.Context(), attempt("a", "1"))
	require.NoError(t, err)
	require.Equal(t, 2, level(t, db))
	for name, write := range writes(s) {
		for _, weak := range []string{"OFF", "NORMAL"} {
			_, err := db.ExecContext(t.Context(), `PRAGMA synchronous=`+weak)
			require.NoError(t, err)
			require.NoError(t, write(t.Context()), name)
			require.Equal(t, 2, level(t, db), "%s with %s", name, weak)
		}
	}
	_, err = db.ExecContext(t.Context(), `PRAGMA synchronous=EXTRA`)
	require.NoError(t, err)
	for name, write := range writes(s) {
		require.NoError(t, write(t.Context()), name)
		require.Equal(t, 3, level(t, db), "%s lowered it", name)
	}
}

func TestMigrateIsSynchronous(t *testing.T) {
	t.Parallel()
	db := openDB(t, "file:"+migrated(t)+"?_pragma=synchronous(OFF)")
	db.SetMaxOpenConns(1)
	require.NoError(t, sqlitestore.Migrate(t.Context(), db, &sqlitestore.Options{TablePrefix: "again_"}))
	require.Equal(t, 2, level(t, db))
}

// lock takes SQLite's write lock, as another process would, until the returned function is called.
func lock(t *testing.T, path string) (unlock func()) {
	t.Helper()
	conn, err := openDB(t, path).Conn(t.Context())
	require.NoError(t, err)
	_, err = conn.ExecContext(t.Context(), `BEGIN IMMEDIATE`)
	require.NoError(t, err)
	return func() {
		_, err := conn.ExecContext(context.WithoutCancel(t.Context()), `ROLLBACK`)
		require.NoError(t, err)
		require.NoError(t, conn.Close())
	}
}

func TestLockedUntilTheContextEnds(t *testing.T) {
	t.Parallel()
	path := migrated(t)
	s := openStore(t, openDB(t, path))
	_, err := s.Begin(t.Context(), attempt("a", "1"))
	require.NoError(t, err)
	unlock := lock(t, path)
	for name, write := range writes(s) {
		ctx, cancel := context.WithTimeout(t.Context(), 20*time.Millisecond)
		require.ErrorIs(t, write(ctx), context.DeadlineExceeded, name)
		cancel()
	}
	rs, err := s.OptOuts(t.Context(), someone)
	require.NoError(t, err, "a look-up waits for nobody")
	require.Empty(t, rs)
	unlock()
	for name, write := range writes(s) {
		require.NoError(t, write(t.Context()), name)
	}
}

func TestLockedUntilTheTimeout(t *testing.T) {
	t.Parallel()
	path := migrated(t)
	s, err := sqlitestore.Open(t.Context(), openDB(t, path), &sqlitestore.Options{Timeout: 2 * time.Second})
	require.NoError(t, err)
	unlock := lock(t, path)
	defer unlock()
	require.ErrorIs(t, s.PutOptOut(t.Context(), optout.Record{ID: "1", Of: someone}), context.DeadlineExceeded)
	require.ErrorIs(t, sqlitestore.Migrate(t.Context(), openDB(t, path), &sqlitestore.Options{TablePrefix: "x_", Timeout: 2 * time.Second}), context.DeadlineExceeded)
}

func TestLockedForAWhile(t *testing.T) {
	t.Parallel()
	path := migrated(t)
	s, err := sqlitestore.Open(t.Context(), openDB(t, path), &sqlitestore.Options{Timeout: -1})
	require.NoError(t, err)
	unlock := lock(t, path)
	done := make(chan error)
	go func() { done <- s.PutOptOut(t.Context(), optout.Record{ID: "1", Of: someone}) }()
	select {
	case err := <-done:
		t.Fatalf("it did not wait: %v", err)
	case <-time.After(50 * time.Millisecond):
	}
	unlock()
	require.NoError(t, <-done)
	rs, err := s.OptOuts(t.Context(), someone)
	require.NoError(t, err)
	require.Len(t, rs, 1)
}

// Whoever waits in line within the process also goes by its context.
func TestWaitingInLine(t *testing.T) {
	t.Parallel()
	path := migrated(t)
	s := openStore(t, openDB(t, path))
	unlock := lock(t, path)
	first := make(chan error)
	go func() { first <- s.PutOptOut(t.Context(), optout.Record{ID: "1", Of: someone}) }()
	time.Sleep(10 * time.Millisecond)
	ctx, cancel := context.WithTimeout(t.Context(), 10*time.Millisecond)
	defer cancel()
	require.ErrorIs(t, s.PutOptOut(ctx, optout.Record{ID: "2", Of: someone}), context.DeadlineExceeded)
	unlock()
	require.NoError(t, <-first)
}

func TestAttemptWithAnotherKey(t *testing.T) {
	t.Parallel()
	s := openStore(t, openDB(t, sqlitestore.DSN(migrated(t))))
	_, err := s.Begin(t.Context(), attempt("a", "1"))
	require.NoError(t, err)
	snap, err := s.Begin(t.Context(), attempt("a", "2"))
	require.ErrorContains(t, err, "another key")
	require.Zero(t, snap)
}

// JSON would change a purpose that is not UTF-8: nothing is stored then, neither
// the record nor the outcome that carries it.
func TestPurposeThatIsNoText(t *testing.T) {
	t.Parallel()
	s := openStore(t, openDB(t, sqlitestore.DSN(migrated(t))))
	_, err := s.Begin(t.Context(), attempt("a", "1"))
	require.NoError(t, err)
	r := consent.Record{ID: "1", Of: someone, Purposes: []consent.Purpose{"\xff"}}
	require.Error(t, s.PutConsent(t.Context(), r))
	require.Error(t, s.Finish(t.Context(), store.Outcome{Attempt: attempt("a", "1"), State: store.Accepted, Consents: []consent.Record{r}}))
	rs, err := s.Consents(t.Context(), someone)
	require.NoError(t, err)
	require.Empty(t, rs)
	outs, err := s.Outcomes(t.Context(), someone)
	require.NoError(t, err)
	require.Equal(t, store.Open, outs[0].State)
}

// Errors of all calls over a database that is broken, and no number in them.
func TestErrorsAreDiscreet(t *testing.T) {
	t.Parallel()
	db := openDB(t, sqlitestore.DSN(migrated(t)))
	s := openStore(t, db)
	for _, table := range []string{"attempts", "consents", "opt_outs", "disclosures"} {
		_, err := db.ExecContext(t.Context(), `DROP TABLE carewire_`+table)
		require.NoError(t, err)
	}
	calls := writes(s)
	calls["Consents"] = func(ctx context.Context) error { _, err := s.Consents(ctx, someone); return err }
	calls["OptOuts"] = func(ctx context.Context) error { _, err := s.OptOuts(ctx, someone); return err }
	calls["Disclosures"] = func(ctx context.Context) error { _, err := s.Disclosures(ctx, someone); return err }
	calls["Outcomes"] = func(ctx context.Context) error { _, err := s.Outcomes(ctx, someone); return err }
	calls["FactsOf"] = func(ctx context.Context) error { _, err := s.FactsOf(ctx, []recipient.ID{someone}); return err }
	calls["Recipients"] = func(ctx context.Context) error {
		_, err := s.Recipients(ctx, someone.Tenant, recipient.Phone{}, 10)
		return err
	}
	calls["PutAll"] = func(ctx context.Context) error {
		return s.PutAll(ctx, nil, []optout.Record{{ID: "1", Of: someone}}, nil)
	}
	for name, call := range calls {
		err := call(t.Context())
		require.ErrorContains(t, err, "sqlitestore: ", name)
		require.ErrorContains(t, err, "no such table", name)
		require.NotContains(t, err.Error(), "5550100", name)
	}
}

func TestCloseLeavesTheDatabaseOpen(t *testing.T) {
	t.Parallel()
	db := openDB(t, sqlitestore.DSN(migrated(t)))
	s, err := sqlitestore.Open(t.Context(), db, nil)
	require.NoError(t, err)
	require.NoError(t, s.Close())
	require.NoError(t, s.Close())
	require.NoError(t, db.PingContext(t.Context()))
	_, err = s.OptOuts(t.Context(), someone)
	require.Error(t, err, "a closed store answers")
}
