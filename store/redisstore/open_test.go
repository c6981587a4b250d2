package redisstore_test

import (
	"context"
	"testing"

	"github.com/redis/go-redis/v9"
	"github.com/stretchr/testify/require"

	"github.com/carewire/carewire/store"
	"github.com/carewire/carewire/store/redisstore"
	"github.com/carewire/carewire/store/redisstore/internal/redistest"
)

// A server that loses what it has acknowledged is refused, and says so when it is allowed.
func TestOpenDurability(t *testing.T) {
	t.Parallel()
	for name, tc := range map[string]struct {
		args     []string
		volatile bool
	}{
		"always":                  {redistest.Durable(), false},
		"every second":            {[]string{"--appendonly", "yes", "--appendfsync", "everysec"}, false},
		"whenever":                {[]string{"--appendonly", "yes", "--appendfsync", "no"}, true},
		"nothing":                 {nil, true},
		"snapshots":               {[]string{"--save", "60 1"}, true},
		"evicts":                  {append(redistest.Durable(), "--maxmemory", "100mb", "--maxmemory-policy", "allkeys-lru"), true},
		"would evict":             {append(redistest.Durable(), "--maxmemory-policy", "allkeys-lru"), false},
		"evicts what may expire":  {append(redistest.Durable(), "--maxmemory", "100mb", "--maxmemory-policy", "volatile-ttl"), false},
		"refuses when it is full": {append(redistest.Durable(), "--maxmemory", "100mb", "--maxmemory-policy", "noeviction"), false},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			c := redistest.Start(t, tc.args...).Client(nil)
			s, err := redisstore.Open(t.Context(), c, &redisstore.Options{Persistent: true}) // what the server says counts more
			if tc.volatile {
				isError(t, err, "open", redisstore.ErrNotDurable)
				s, err = redisstore.Open(t.Context(), c, &lenient)
			}
			require.NoError(t, err)
			require.Equal(t, tc.volatile, s.Volatile())
			require.Equal(t, tc.volatile, store.IsVolatile(s))
		})
	}
}

// Where CONFIG is not permitted somebody must state that the server lasts.
func TestOpenWithoutConfig(t *testing.T) {
	t.Parallel()
	server := redistest.Start(t, "--user", "app", "on", ">pass", "~*", "+@all", "-config")
	c := server.Client(func(o *redis.Options) { o.Username, o.Password = "app", "pass" })
	_, err := redisstore.Open(t.Context(), c, nil)
	isError(t, err, "open", redisstore.ErrNotDurable)
	s, err := redisstore.Open(t.Context(), c, &redisstore.Options{Persistent: true})
	require.NoError(t, err)
	require.False(t, s.Volatile())
	s, err = redisstore.Open(t.Context(), c, &lenient)
	require.NoError(t, err)
	require.True(t, s.Volatile())
}

func TestOpenWithoutServer(t *testing.T) {
	t.Parallel()
	server := redistest.Start(t)
	c := server.Client(func(o *redis.Options) { o.MaxRetries = -1 })
	server.Kill()
	_, err := redisstore.Open(t.Context(), c, &lenient)
	isError(t, err, "open", nil)
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	_, err = redisstore.Open(ctx, c, &lenient)
	isError(t, err, "open", context.Canceled)
}

func TestOptions(t *testing.T) {
	t.Parallel()
	c := redis.NewClient(&redis.Options{Addr: "127.0.0.1:1"})
	t.Cleanup(func() { require.NoError(t, c.Close()) })
	for _, o := range []redisstore.Options{{Prefix: "a{b"}, {Prefix: "}"}, {WaitReplicas: -1}, {WaitTimeout: -1}} {
		_, err := redisstore.Open(t.Context(), c, &o)
		require.ErrorContains(t, err, "invalid options")
	}
	_, err := redisstore.Open(t.Context(), nil, nil)
	require.ErrorContains(t, err, "invalid options")
}
