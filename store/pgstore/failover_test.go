package pgstore_test

import (
	"context"
	"fmt"
	"sync"
	"testing"
	"time"

	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/stretchr/testify/require"

	"github.com/carewire/carewire/store"
	"github.com/carewire/carewire/store/pgstore"
	"github.com/carewire/carewire/store/pgstore/internal/pgtest"
)

// pairOfServers is a primary that waits for its replica, and a pool that goes
// to whichever of them can write.
func pairOfServers(t *testing.T) (primary, replica *pgtest.Server, pool *pgxpool.Pool) {
	t.Helper()
	primary = pgtest.Start(t, "wal_level=replica", "max_wal_senders=4")
	replica = primary.Replica("standby")
	primary.Configure("synchronous_standby_names='standby'")
	primary.Reload()
	dsn := fmt.Sprintf("postgres://postgres@%s,%s/postgres?sslmode=disable&target_session_attrs=read-write", primary.Addr(), replica.Addr())
	pool = pgtest.Pool(t, dsn, 4, nil)
	require.NoError(t, pgstore.Migrate(t.Context(), pool, nil))
	require.NoError(t, pgtest.Wait(t.Context(), "the replica is synchronous", func(ctx context.Context) bool {
		var n int
		return pool.QueryRow(ctx, "SELECT count(*) FROM pg_stat_replication WHERE sync_state = 'sync'").Scan(&n) == nil && n == 1
	}))
	return primary, replica, pool
}

// The primary dies under load and its synchronous replica takes over: what was
// acknowledged is on file, claims too, and the same pool finds the new primary.
func TestFailover(t *testing.T) {
	t.Parallel()
	primary, replica, pool := pairOfServers(t)
	s, err := pgstore.Open(t.Context(), pool, nil)
	require.NoError(t, err)
	x, of := newSender(t, s), someone()
	require.NoError(t, x.send())

	var (
		wg    sync.WaitGroup
		mu    sync.Mutex
		stops []string
		held  []store.Attempt
		die   = make(chan struct{})
	)
	for w := range 4 {
		wg.Go(func() {
			for i := 0; ; i++ {
				id := fmt.Sprintf("%d-%d", w, i)
				a := attempt(of, id)
				if s.PutOptOut(context.Background(), stop(of, id)) != nil {
					return
				}
				snap, err := s.Begin(context.Background(), a)
				if err != nil || !snap.Held {
					return
				}
				mu.Lock()
				stops, held = append(stops, id), append(held, a)
				if len(held) == 200 {
					close(die)
				}
				mu.Unlock()
			}
		})
	}
	<-die
	primary.Stop("immediate")
	wg.Wait()
	x.closed(t)
	replica.Promote()

	require.NoError(t, pgtest.Wait(t.Context(), "the pool finds the new primary", func(ctx context.Context) bool {
		ctx, cancel := context.WithTimeout(ctx, time.Second)
		defer cancel()
		return pool.Ping(ctx) == nil
	}))
	rs, err := s.OptOuts(t.Context(), of)
	require.NoError(t, err)
	onFile := map[string]bool{}
	for _, r := range rs {
		onFile[r.ID] = true
	}
	for _, id := range stops {
		require.True(t, onFile[id], "an acknowledged STOP is missing")
	}
	for _, a := range held {
		again := attempt(of, "")
		again.Key = a.Key
		snap, err := s.Begin(t.Context(), again)
		require.NoError(t, err)
		require.False(t, snap.Held, "a key is claimed twice")
	}
	x.recovered(t)
	t.Logf("%d acknowledged STOPs and %d claims, all on file after the fail-over", len(stops), len(held))
}

// While the replica is away nothing is acknowledged, a repeated call neither:
// the first one has been committed on the primary alone.
func TestReplicaAway(t *testing.T) {
	t.Parallel()
	_, replica, pool := pairOfServers(t)
	s, err := pgstore.Open(t.Context(), pool, &pgstore.Options{Timeout: time.Second})
	require.NoError(t, err)
	of := someone()
	a := attempt(of, "k")
	replica.Stop("immediate")
	for range 3 {
		isError(t, s.PutOptOut(t.Context(), stop(of, "1")), "put", context.DeadlineExceeded)
		_, err = s.Begin(t.Context(), a)
		isError(t, err, "begin", context.DeadlineExceeded)
		_, err = s.Begin(t.Context(), attempt(of, "k"))
		isError(t, err, "begin", context.DeadlineExceeded)
	}
	rs, err := s.OptOuts(t.Context(), of)
	require.NoError(t, err)
	require.Len(t, rs, 1, "it is on the primary, but was not acknowledged")
	replica.Run()
	require.NoError(t, pgtest.Wait(t.Context(), "the replica is back", func(ctx context.Context) bool {
		return s.PutOptOut(ctx, stop(of, "1")) == nil
	}))
	snap, err := s.Begin(t.Context(), a)
	require.NoError(t, err)
	require.True(t, snap.Held)
}

// A replica answers nothing, since it may be behind.
func TestReplicaIsRefused(t *testing.T) {
	t.Parallel()
	primary, replica, _ := pairOfServers(t)
	pool := pgtest.Pool(t, replica.DSN(), 2, nil)
	_, err := pgstore.Open(t.Context(), pool, nil)
	isError(t, err, "open", pgstore.ErrReadOnly)
	both := pgtest.Pool(t, primary.DSN(), 2, nil)
	_, err = pgstore.Open(t.Context(), both, nil)
	require.NoError(t, err)
}
