package redisstore

import (
	"context"
	"fmt"
	"strings"
	"sync"

	"github.com/redis/go-redis/v9"
)

// check asks every server for its configuration.
func (s *Store) check(ctx context.Context) error {
	var (
		mu  sync.Mutex
		bad []string
	)
	ask := func(ctx context.Context, c redis.Cmdable) error {
		// A server that is not there is an error of its own.
		if err := c.Ping(ctx).Err(); err != nil {
			return err
		}
		why := s.weakness(ctx, c)
		mu.Lock()
		defer mu.Unlock()
		if why != "" {
			bad = append(bad, why)
		}
		return nil
	}
	var err error
	switch c := s.client.(type) {
	case *redis.ClusterClient:
		err = c.ForEachMaster(ctx, func(ctx context.Context, c *redis.Client) error { return ask(ctx, c) })
	case *redis.Ring:
		err = c.ForEachShard(ctx, func(ctx context.Context, c *redis.Client) error { return ask(ctx, c) })
	default:
		err = ask(ctx, s.client)
	}
	if err != nil {
		return err
	}
	s.volatile = len(bad) > 0
	if s.volatile && !s.options.InsecureVolatileStore {
		return fmt.Errorf("%w: %s", ErrNotDurable, bad[0])
	}
	return nil
}

// weakness says how a server loses what it has acknowledged, or "".
func (s *Store) weakness(ctx context.Context, c redis.Cmdable) string {
	said := map[string]string{}
	for _, name := range []string{"appendonly", "appendfsync", "maxmemory", "maxmemory-policy"} {
		answer, err := c.ConfigGet(ctx, name).Result()
		if err != nil || answer[name] == "" {
			if s.options.Persistent {
				continue
			}
			return "it does not say: CONFIG GET " + name + " is not permitted; state Options.Persistent if it is durable"
		}
		said[name] = answer[name]
	}
	switch {
	case said["appendonly"] == "no":
		return "it keeps no append-only file; snapshots (save) lose minutes"
	case said["appendfsync"] == "no":
		return "appendfsync is no"
	case said["maxmemory"] != "" && said["maxmemory"] != "0" && strings.HasPrefix(said["maxmemory-policy"], "allkeys"):
		return "maxmemory-policy is " + said["maxmemory-policy"] + ", which evicts opt-outs"
	}
	return ""
}
