package redistest

import (
	"context"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/redis/go-redis/v9"
)

const slots = 16384

// Cluster starts a cluster of n primaries, and a replica of each if replicas
// is set, and waits until it serves every slot. Arguments are those of [Start].
func Cluster(tb testing.TB, n int, replicas bool, args ...string) []*Server {
	tb.Helper()
	ctx := context.Background()
	args = append([]string{"--cluster-enabled", "yes", "--cluster-node-timeout", "5000"}, args...)
	var servers []*Server
	for i := range n {
		s := Start(tb, args...)
		s.command("CLUSTER", "ADDSLOTSRANGE", i*slots/n, (i+1)*slots/n-1)
		servers = append(servers, s)
	}
	if replicas {
		for range n {
			servers = append(servers, Start(tb, args...))
		}
	}
	for _, s := range servers[1:] {
		s.command("CLUSTER", "MEET", "127.0.0.1", servers[0].port)
	}
	await := func(what string, ready func(*redis.Client) bool) {
		for _, s := range servers {
			c := s.Client(nil)
			if err := Wait(ctx, what, func(context.Context) bool { return ready(c) }); err != nil {
				tb.Fatal(err)
			}
		}
	}
	await("the nodes know each other", func(c *redis.Client) bool {
		return strings.Contains(c.ClusterInfo(ctx).Val(), fmt.Sprintf("cluster_known_nodes:%d", len(servers)))
	})
	for i, s := range servers[n:] {
		s.command("CLUSTER", "REPLICATE", servers[i].Client(nil).ClusterMyID(ctx).Val())
	}
	await("the cluster serves every slot", func(c *redis.Client) bool {
		info := c.ClusterInfo(ctx).Val()
		return strings.Contains(info, "cluster_state:ok") && strings.Contains(info, fmt.Sprintf("cluster_size:%d", n))
	})
	return servers
}

// command runs a command that must succeed.
func (s *Server) command(args ...any) {
	s.tb.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), 10*time.Second)
	defer cancel()
	if err := s.Client(nil).Do(ctx, args...).Err(); err != nil {
		s.tb.Fatalf("%v: %v", args[0], err)
	}
}

// Replicate makes s a replica of primary, and waits until it has everything.
func (s *Server) Replicate(primary *Server) {
	s.tb.Helper()
	s.command("REPLICAOF", "127.0.0.1", primary.port)
	c := s.Client(nil)
	err := Wait(context.Background(), "the replica is in sync", func(ctx context.Context) bool {
		return strings.Contains(c.Info(ctx, "replication").Val(), "master_link_status:up")
	})
	if err != nil {
		s.tb.Fatal(err)
	}
}

// Promote makes a replica a primary.
func (s *Server) Promote() {
	s.tb.Helper()
	s.command("REPLICAOF", "NO", "ONE")
}
