package redisstore_test

import (
	"testing"

	"github.com/redis/go-redis/v9"
	"github.com/stretchr/testify/require"

	"github.com/carewire/carewire/store"
	"github.com/carewire/carewire/store/redisstore"
	"github.com/carewire/carewire/store/redisstore/internal/redistest"
	"github.com/carewire/carewire/store/storetest"
)

func addrs(servers []*redistest.Server) []string {
	var out []string
	for _, s := range servers {
		out = append(out, s.Addr())
	}
	return out
}

func cluster(t *testing.T, servers []*redistest.Server, change func(*redis.ClusterOptions)) *redis.ClusterClient {
	t.Helper()
	o := &redis.ClusterOptions{Addrs: addrs(servers)}
	if change != nil {
		change(o)
	}
	c := redis.NewClusterClient(o)
	t.Cleanup(func() { require.NoError(t, c.Close()) })
	return c
}

// All keys of a person are in one slot: the contract holds on a cluster, and
// WAIT goes to the server that has the key. A client that reads from replicas
// still gets facts from primaries.
func TestCluster(t *testing.T) {
	t.Parallel()
	servers := redistest.Cluster(t, 3, true, redistest.Durable()...)
	a := open(t, cluster(t, servers, func(o *redis.ClusterOptions) { o.ReadOnly, o.RouteRandomly = true, true }), nil)
	b := open(t, cluster(t, servers, nil), &redisstore.Options{WaitReplicas: 1})
	require.False(t, a.Volatile())
	storetest.Run(t, func(*testing.T) (store.Store, store.Store) { return a, b })
	storetest.RunPipeline(t, func(*testing.T) (store.Store, store.Store) { return a, b })
}

// Every server of a cluster is asked whether it lasts.
func TestClusterWithOneVolatileServer(t *testing.T) {
	t.Parallel()
	servers := redistest.Cluster(t, 3, false, redistest.Durable()...)
	require.NoError(t, servers[2].Client(nil).ConfigSet(t.Context(), "appendonly", "no").Err())
	_, err := redisstore.Open(t.Context(), cluster(t, servers, nil), nil)
	isError(t, err, "open", redisstore.ErrNotDurable)
}

// A ring of servers keeps a person on one of them, but cannot wait for replicas.
func TestRing(t *testing.T) {
	t.Parallel()
	shards := map[string]string{"a": redistest.Start(t).Addr(), "b": redistest.Start(t).Addr()}
	ring := redis.NewRing(&redis.RingOptions{Addrs: shards})
	t.Cleanup(func() { require.NoError(t, ring.Close()) })
	_, err := redisstore.Open(t.Context(), ring, nil)
	isError(t, err, "open", redisstore.ErrNotDurable)
	s := open(t, ring, &lenient)
	require.True(t, s.Volatile())
	storetest.Run(t, func(*testing.T) (store.Store, store.Store) { return s, s })
	_, err = redisstore.Open(t.Context(), ring, &redisstore.Options{WaitReplicas: 1})
	require.ErrorContains(t, err, "invalid options")
}
