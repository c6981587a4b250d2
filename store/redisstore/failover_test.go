package redisstore_test

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"testing"
	"time"

	"github.com/redis/go-redis/v9"
	"github.com/stretchr/testify/require"

	"github.com/carewire/carewire/optout"
	"github.com/carewire/carewire/store"
	"github.com/carewire/carewire/store/redisstore"
	"github.com/carewire/carewire/store/redisstore/internal/redistest"
)

// What asynchronous replication loses: an acknowledged STOP, and a claim, so
// that a message could go out to a person who said STOP, and twice.
func TestFailoverLosesWithoutWait(t *testing.T) {
	t.Parallel()
	primary, replica := redistest.Start(t, redistest.Durable()...), redistest.Start(t, redistest.Durable()...)
	replica.Replicate(primary)
	s, of := open(t, primary.Client(nil), nil), someone()
	require.NoError(t, s.PutOptOut(t.Context(), optout.Record{ID: "in", Of: of, Brand: "acme", In: true, At: noon}))
	inSync(t, primary)

	replica.Promote() // it has not heard of what follows, as behind a network that is down
	require.NoError(t, s.PutOptOut(t.Context(), stop(of, "1")), "acknowledged")
	snap, err := s.Begin(t.Context(), attempt(of, "k"))
	require.NoError(t, err)
	require.True(t, snap.Held)
	primary.Kill()

	after := open(t, replica.Client(nil), nil)
	snap, err = after.Begin(t.Context(), attempt(of, "k"))
	require.NoError(t, err)
	require.True(t, snap.Held, "the key was held by another attempt")
	require.Len(t, snap.OptOuts, 1)
	require.Equal(t, "in", snap.OptOuts[0].ID)
	t.Log("LOST in the fail-over: an acknowledged STOP and the claim of a key, as documented")
}

// inSync waits until the replica has everything.
func inSync(t *testing.T, primary *redistest.Server) {
	t.Helper()
	require.Equal(t, int64(1), primary.Client(func(o *redis.Options) { o.ReadTimeout = 20 * time.Second }).Wait(t.Context(), 1, 10*time.Second).Val())
}

// With WAIT nothing is acknowledged that the replica does not have, and a
// repeated call neither, although the primary has it.
func TestFailoverWithWait(t *testing.T) {
	t.Parallel()
	primary, replica := redistest.Start(t, redistest.Durable()...), redistest.Start(t, redistest.Durable()...)
	replica.Replicate(primary)
	s := open(t, primary.Client(nil), &redisstore.Options{WaitReplicas: 1, WaitTimeout: 10 * time.Second})
	of := someone()
	a, settled := attempt(of, "k"), attempt(of, "settled")
	inSync(t, primary)
	_, err := s.Begin(t.Context(), settled)
	require.NoError(t, err)

	replica.Kill()
	for range 3 {
		// A client of its own each time: WAIT counts what its connection wrote.
		s := open(t, primary.Client(nil), &redisstore.Options{WaitReplicas: 1, WaitTimeout: 50 * time.Millisecond})
		isError(t, s.PutOptOut(t.Context(), stop(of, "1")), "put", redisstore.ErrReplicas)
		isError(t, s.Finish(t.Context(), outcome(settled)), "finish", redisstore.ErrReplicas)
		for _, b := range []store.Attempt{a, attempt(of, "k"), settled} {
			snap, err := s.Begin(t.Context(), b)
			isError(t, err, "begin", redisstore.ErrReplicas)
			require.Zero(t, snap)
		}
	}
	replica.Run()
	replica.Replicate(primary)
	inSync(t, primary)
	require.NoError(t, s.PutOptOut(t.Context(), stop(of, "1")))
	require.NoError(t, s.Finish(t.Context(), outcome(settled)))
	snap, err := s.Begin(t.Context(), a)
	require.NoError(t, err)
	require.True(t, snap.Held)
	primary.Kill()
	replica.Promote()

	after := open(t, replica.Client(nil), nil)
	snap, err = after.Begin(t.Context(), attempt(of, "k"))
	require.NoError(t, err)
	require.Equal(t, a.ID, snap.Prior.ID)
	require.Len(t, snap.OptOuts, 1)
	require.Len(t, snap.Disclosures, 1)
}

// A replica answers no look-up, since it may be behind.
func TestReplicaIsRefused(t *testing.T) {
	t.Parallel()
	primary, replica := redistest.Start(t, redistest.Durable()...), redistest.Start(t, redistest.Durable()...)
	s := open(t, replica.Client(func(o *redis.Options) { o.MaxRetries = -1 }), nil)
	of := someone()
	require.NoError(t, s.PutOptOut(t.Context(), stop(of, "1")))
	replica.Replicate(primary)
	for _, look := range []func() error{
		func() error { _, err := s.OptOuts(t.Context(), of); return err },
		func() error { _, err := s.Consents(t.Context(), of); return err },
		func() error { _, err := s.Outcomes(t.Context(), of); return err },
		func() error { _, err := s.Begin(t.Context(), attempt(of, "k")); return err },
	} {
		require.ErrorContains(t, look(), "READONLY")
	}
}

// A primary of a cluster dies under load; its replica takes over, and with
// WAIT what was acknowledged is on file.
func TestClusterFailover(t *testing.T) {
	t.Parallel()
	servers := redistest.Cluster(t, 3, true, append(redistest.Durable(), "--cluster-node-timeout", "1000")...)
	client := cluster(t, servers, nil)
	s := open(t, client, &redisstore.Options{WaitReplicas: 1, WaitTimeout: 500 * time.Millisecond})
	type claim struct {
		stop    optout.Record
		attempt store.Attempt
	}
	var (
		wg    sync.WaitGroup
		mu    sync.Mutex
		acked []claim
		die   = make(chan struct{})
		over  = make(chan struct{})
	)
	for range 4 {
		wg.Go(func() {
			for {
				select {
				case <-over:
					return
				default:
				}
				of := someone()
				x := claim{stop(of, "1"), attempt(of, "k")}
				put := s.PutOptOut(context.Background(), x.stop)
				snap, err := s.Begin(context.Background(), x.attempt)
				if errors.Join(put, err) != nil || !snap.Held {
					time.Sleep(time.Millisecond)
					continue
				}
				mu.Lock()
				acked = append(acked, x)
				if len(acked) == 300 {
					close(die)
				}
				mu.Unlock()
			}
		})
	}
	<-die
	servers[0].Kill()
	require.NoError(t, redistest.Wait(t.Context(), "every slot is served again", func(ctx context.Context) bool {
		for i := range 20 {
			of := someone()
			of.Tenant += fmt.Sprint(i)
			ctx, cancel := context.WithTimeout(ctx, time.Second)
			_, err := s.OptOuts(ctx, of)
			cancel()
			if err != nil {
				return false
			}
		}
		return true
	}))
	close(over)
	wg.Wait()
	plain := open(t, client, nil) // the primary that died has no replica to wait for
	for _, x := range acked {
		snap, err := plain.Begin(t.Context(), attempt(x.attempt.Of, "k"))
		require.NoError(t, err)
		require.Equal(t, x.attempt.ID, snap.Prior.ID, "a key is claimed twice")
		require.Len(t, snap.OptOuts, 1, "an acknowledged STOP is missing")
	}
	t.Logf("%d acknowledged STOPs and claims, all on file after the fail-over", len(acked))
}
