package pgstore_test

import (
	"testing"

	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/stretchr/testify/require"

	"github.com/carewire/carewire/store"
	"github.com/carewire/carewire/store/pgstore"
	"github.com/carewire/carewire/store/pgstore/internal/pgtest"
)

// A server that acknowledges what a crash can lose is refused, and says so when it is allowed.
func TestOpenDurability(t *testing.T) {
	t.Parallel()
	server := pgtest.Start(t)
	for name, tc := range map[string]struct {
		commit   string
		volatile bool
	}{
		"default":       {"on", false},
		"on this disk":  {"local", false},
		"not yet there": {"off", true},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			pool := pgtest.Pool(t, server.DSN(), 2, func(c *pgxpool.Config) {
				c.ConnConfig.RuntimeParams["synchronous_commit"] = tc.commit
			})
			require.NoError(t, pgstore.Migrate(t.Context(), pool, nil))
			s, err := pgstore.Open(t.Context(), pool, nil)
			if tc.volatile {
				isError(t, err, "open", pgstore.ErrNotDurable)
				s, err = pgstore.Open(t.Context(), pool, &pgstore.Options{InsecureVolatileStore: true})
			}
			require.NoError(t, err)
			require.Equal(t, tc.volatile, s.Volatile())
			require.Equal(t, tc.volatile, store.IsVolatile(s))
		})
	}
	t.Run("fsync off", func(t *testing.T) {
		t.Parallel()
		pool := pgtest.Pool(t, pgtest.Start(t, "fsync=off").DSN(), 2, nil)
		require.NoError(t, pgstore.Migrate(t.Context(), pool, nil))
		_, err := pgstore.Open(t.Context(), pool, nil)
		isError(t, err, "open", pgstore.ErrNotDurable)
	})
}

// A session that cannot write may be on a replica: it is refused, at Open and afterwards.
func TestReadOnlySession(t *testing.T) {
	t.Parallel()
	s, pool := shared(t, func(c *pgxpool.Config) { c.MaxConns = 1 })
	of := someone()
	require.NoError(t, s.PutOptOut(t.Context(), stop(of, "1")))
	exec(t, pool, "SET default_transaction_read_only = on")

	_, err := pgstore.Open(t.Context(), pool, &lenient)
	isError(t, err, "open", pgstore.ErrReadOnly)
	_, err = s.OptOuts(t.Context(), of)
	isError(t, err, "look up", pgstore.ErrReadOnly)
	_, err = s.Consents(t.Context(), of)
	isError(t, err, "look up", pgstore.ErrReadOnly)
	_, err = s.Disclosures(t.Context(), of)
	isError(t, err, "look up", pgstore.ErrReadOnly)
	_, err = s.Outcomes(t.Context(), of)
	isError(t, err, "look up", pgstore.ErrReadOnly)
	_, err = s.Begin(t.Context(), attempt(of, "k"))
	require.ErrorContains(t, err, "SQLSTATE 25006")
	require.ErrorContains(t, s.PutOptOut(t.Context(), stop(of, "2")), "SQLSTATE 25006")
}

// A statement that returns no row is an error, and never an empty snapshot.
func TestNoRowIsAnError(t *testing.T) {
	t.Parallel()
	pool := pgtest.Pool(t, pgtest.Shared(t), 2, nil)
	o := lenient
	o.TablePrefix = "norow_"
	require.NoError(t, pgstore.Migrate(t.Context(), pool, &o))
	s, err := pgstore.Open(t.Context(), pool, &o)
	require.NoError(t, err)
	exec(t, pool, `CREATE OR REPLACE FUNCTION norow() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NULL; END';
		DROP TRIGGER IF EXISTS norow ON norow_attempts;
		CREATE TRIGGER norow BEFORE INSERT ON norow_attempts FOR EACH ROW EXECUTE FUNCTION norow()`)
	snap, err := s.Begin(t.Context(), attempt(someone(), "k"))
	isError(t, err, "begin", nil)
	require.ErrorContains(t, err, "no row")
	require.Zero(t, snap)
}
