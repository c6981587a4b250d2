package redistest

import (
	"os"
	"testing"

	"github.com/redis/go-redis/v9"
)

// Shared returns a client of the shared server. change may adjust its options.
func Shared(tb testing.TB, change func(*redis.Options)) *redis.Client {
	tb.Helper()
	url := os.Getenv("CAREWIRE_TEST_REDIS")
	if url == "" {
		Missing(tb, "CAREWIRE_TEST_REDIS names no server (scripts/services.sh start)")
	}
	o, err := redis.ParseURL(url)
	if err != nil {
		tb.Fatalf("parse the URL: %v", err)
	}
	if change != nil {
		change(o)
	}
	return closing(tb, redis.NewClient(o))
}

// closing closes a client when the test ends.
func closing(tb testing.TB, c *redis.Client) *redis.Client {
	tb.Helper()
	tb.Cleanup(func() {
		if err := c.Close(); err != nil {
			tb.Logf("close the client: %v", err)
		}
	})
	return c
}

// Missing skips a test for want of a server, or fails it where servers are required.
func Missing(tb testing.TB, why string) {
	tb.Helper()
	if os.Getenv("CAREWIRE_REQUIRE_SERVERS") == "1" {
		tb.Fatalf("redisstore cannot be tested: %s", why)
	}
	tb.Skipf("NOT TESTED: redisstore on a real Redis: %s", why)
}
