package redisstore_test

import (
	"testing"
	"time"

	"github.com/redis/go-redis/v9"
	"github.com/stretchr/testify/require"

	"github.com/carewire/carewire/optout"
	"github.com/carewire/carewire/recipient"
	"github.com/carewire/carewire/store"
	"github.com/carewire/carewire/store/redisstore"
	"github.com/carewire/carewire/store/redisstore/internal/redistest"
	"github.com/carewire/carewire/store/storetest"
)

func TestConformanceBulk(t *testing.T) {
	t.Parallel()
	a, b := shared(t), shared(t)
	storetest.Bulk(t, func(*testing.T) (store.Store, store.Store) { return a, b })
}

func TestBulkRefusesWhatCannotBeKept(t *testing.T) {
	t.Parallel()
	s := shared(t)
	of := someone()
	bad := stop(of, "2")
	bad.Text = "\xff"
	isError(t, s.PutAll(t.Context(), nil, []optout.Record{stop(of, "1"), bad}, nil), "put", redisstore.ErrValue)
	facts, err := s.FactsOf(t.Context(), []recipient.ID{of})
	require.NoError(t, err)
	require.Empty(t, facts[0].OptOuts, "a call that cannot succeed puts nothing")
}

// A pipeline goes to all servers of a cluster, and to primaries only. With
// WAIT, records are put one by one.
func TestBulkOnACluster(t *testing.T) {
	t.Parallel()
	servers := redistest.Cluster(t, 3, true, redistest.Durable()...)
	a := open(t, cluster(t, servers, func(o *redis.ClusterOptions) { o.ReadOnly, o.RouteRandomly = true, true }), nil)
	b := open(t, cluster(t, servers, nil), &redisstore.Options{WaitReplicas: 1})
	storetest.Bulk(t, func(*testing.T) (store.Store, store.Store) { return a, b })
}

func TestBulkOnARing(t *testing.T) {
	t.Parallel()
	shards := map[string]string{"a": redistest.Start(t).Addr(), "b": redistest.Start(t).Addr()}
	ring := redis.NewRing(&redis.RingOptions{Addrs: shards})
	t.Cleanup(func() { require.NoError(t, ring.Close()) })
	s := open(t, ring, &lenient)
	storetest.Bulk(t, func(*testing.T) (store.Store, store.Store) { return s, s })
}

// One round trip for many people, and with WAIT one too; too few replicas are an error.
func TestBulkWaitsForReplicas(t *testing.T) {
	t.Parallel()
	w := &wire{}
	primary, replica := redistest.Start(t, redistest.Durable()...), redistest.Start(t, redistest.Durable()...)
	replica.Replicate(primary)
	client := primary.Client(func(o *redis.Options) { o.Dialer, o.PoolSize = w.dial, 1 })
	var ids []recipient.ID
	var rs []optout.Record
	for range 500 {
		of := someone()
		ids, rs = append(ids, of), append(rs, stop(of, "1"))
	}
	for replicas, want := range map[int]error{0: nil, 1: nil, 2: redisstore.ErrReplicas} {
		s := open(t, client, &redisstore.Options{WaitReplicas: replicas, WaitTimeout: 2 * time.Second})
		put := func() error { return s.PutAll(t.Context(), nil, rs, nil) }
		read := func() error { _, err := s.FactsOf(t.Context(), ids); return err }
		require.ErrorIs(t, put(), want) // the script is sent
		require.NoError(t, read())
		require.Equal(t, 1, w.trips(t, want, put))
		require.Equal(t, 1, w.trips(t, nil, read))
	}
}
