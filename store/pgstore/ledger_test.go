package pgstore_test

import (
	"context"
	"testing"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/stretchr/testify/require"

	"github.com/carewire/carewire/store"
	"github.com/carewire/carewire/store/pgstore"
	"github.com/carewire/carewire/store/pgstore/internal/pgtest"
)

// begun is what a Begin in another goroutine came to.
type begun struct {
	snap store.Snapshot
	err  error
}

// waiting starts a Begin and returns when the server says that it waits for a lock.
func waiting(t *testing.T, s *pgstore.Store, pool *pgxpool.Pool, a store.Attempt) <-chan begun {
	t.Helper()
	done := make(chan begun, 1)
	go func() {
		snap, err := s.Begin(context.Background(), a)
		done <- begun{snap, err}
	}()
	// Other tests wait for locks as well, but for none of this attempt's.
	const waits = `SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND application_name = $1`
	require.NoError(t, pgtest.Wait(t.Context(), "the second Begin waits", func(ctx context.Context) bool {
		var n int
		return pool.QueryRow(ctx, waits, t.Name()).Scan(&n) == nil && n == 1
	}))
	return done
}

// Two claims of one key: the second waits for the first, and goes by how it ended.
func TestConcurrentClaims(t *testing.T) {
	t.Parallel()
	ctx := context.Background()
	for name, tc := range map[string]struct {
		sameID, settled, rollback bool
		held                      bool
	}{
		"other, committed":               {held: false},
		"other, rolled back":             {rollback: true, held: true},
		"same ID, committed":             {sameID: true, held: true},
		"same ID, rolled back":           {sameID: true, rollback: true, held: true},
		"other, is being rejected":       {settled: true, held: true},
		"other, rejection rolled back":   {settled: true, rollback: true, held: false},
		"same ID, is being rejected":     {settled: true, sameID: true, held: false},
		"same ID, rejected, rolled back": {settled: true, sameID: true, rollback: true, held: true},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s, pool := shared(t, func(c *pgxpool.Config) { c.ConnConfig.RuntimeParams["application_name"] = t.Name() })
			first := attempt(someone(), "k")
			second := first
			if !tc.sameID {
				second = attempt(first.Of, "k")
			}
			if tc.settled {
				_, err := s.Begin(ctx, first)
				require.NoError(t, err)
			}
			tx, err := pool.Begin(ctx)
			require.NoError(t, err)
			t.Cleanup(func() { _ = tx.Rollback(ctx) })
			if tc.settled {
				o := outcome(first)
				o.State = store.Rejected
				require.NoError(t, s.FinishIn(ctx, tx, o))
			} else {
				_, err = s.BeginIn(ctx, tx, first)
				require.NoError(t, err)
			}
			done := waiting(t, s, pool, second)
			require.NoError(t, end(ctx, tx, tc.rollback))
			got := <-done
			require.NoError(t, got.err)
			require.Equal(t, tc.held, got.snap.Held)
			if !tc.held {
				require.Equal(t, first.ID, got.snap.Prior.ID)
			}
		})
	}
}

func end(ctx context.Context, tx pgx.Tx, rollback bool) error {
	if rollback {
		return tx.Rollback(ctx)
	}
	return tx.Commit(ctx)
}
