package pgtest

import (
	"context"
	"os"
	"testing"
	"time"

	"github.com/jackc/pgx/v5/pgxpool"
)

// Shared returns the connection string of the shared server.
func Shared(tb testing.TB) string {
	tb.Helper()
	dsn := os.Getenv("CAREWIRE_TEST_POSTGRES")
	if dsn == "" {
		Missing(tb, "CAREWIRE_TEST_POSTGRES names no server (scripts/services.sh start)")
	}
	return dsn
}

// Missing skips a test for want of a server, or fails it where servers are required.
func Missing(tb testing.TB, why string) {
	tb.Helper()
	if os.Getenv("CAREWIRE_REQUIRE_SERVERS") == "1" {
		tb.Fatalf("pgstore cannot be tested: %s", why)
	}
	tb.Skipf("NOT TESTED: pgstore on a real PostgreSQL: %s", why)
}

// Pool makes a pool of at most size connections, closed when the test ends.
// change may adjust its configuration.
func Pool(tb testing.TB, dsn string, size int32, change func(*pgxpool.Config)) *pgxpool.Pool {
	tb.Helper()
	cfg, err := pgxpool.ParseConfig(dsn)
	if err != nil {
		tb.Fatalf("parse the connection string: %v", err)
	}
	cfg.MaxConns = size
	cfg.ConnConfig.ConnectTimeout = 5 * time.Second
	if change != nil {
		change(cfg)
	}
	pool, err := pgxpool.NewWithConfig(context.Background(), cfg)
	if err != nil {
		tb.Fatalf("make a pool: %v", err)
	}
	tb.Cleanup(pool.Close)
	return pool
}
