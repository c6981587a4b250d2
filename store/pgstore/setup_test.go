package pgstore_test

import (
	"context"
	"crypto/rand"
	"testing"
	"time"

	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/stretchr/testify/require"

	"github.com/carewire/carewire/consent"
	"github.com/carewire/carewire/disclosure"
	"github.com/carewire/carewire/optout"
	"github.com/carewire/carewire/recipient"
	"github.com/carewire/carewire/store"
	"github.com/carewire/carewire/store/pgstore"
	"github.com/carewire/carewire/store/pgstore/internal/pgtest"
)

// lenient are the options on the shared server, which runs without fsync and
// may be slow when every package is tested at once.
var lenient = pgstore.Options{InsecureVolatileStore: true, Timeout: time.Minute}

var noon = time.Date(2026, 11, 23, 12, 0, 0, 0, time.UTC)

// shared opens a store on the shared server.
func shared(t *testing.T, change func(*pgxpool.Config)) (*pgstore.Store, *pgxpool.Pool) {
	t.Helper()
	pool := pgtest.Pool(t, pgtest.Shared(t), 4, change)
	require.NoError(t, pgstore.Migrate(t.Context(), pool, &lenient))
	s, err := pgstore.Open(t.Context(), pool, &lenient)
	require.NoError(t, err)
	return s, pool
}

// private opens a store on a server of its own.
func private(t *testing.T, size int32, o *pgstore.Options, settings ...string) (*pgtest.Server, *pgstore.Store, *pgxpool.Pool) {
	t.Helper()
	server := pgtest.Start(t, settings...)
	pool := pgtest.Pool(t, server.DSN(), size, nil)
	require.NoError(t, pgstore.Migrate(t.Context(), pool, o))
	s, err := pgstore.Open(t.Context(), pool, o)
	require.NoError(t, err)
	return server, s, pool
}

// someone is a recipient that no other test has.
func someone() recipient.ID {
	return recipient.ID{Tenant: "t" + rand.Text(), Phone: recipient.MustParse("+99900000001")}
}

func attempt(of recipient.ID, key string) store.Attempt {
	return store.Attempt{ID: "a" + rand.Text(), Of: of, Key: store.Key(store.KeyMessage, "acme", key), Brand: "acme", Purpose: consent.Service, At: noon}
}

func stop(of recipient.ID, id string) optout.Record {
	return optout.Record{ID: id, Of: of, Brand: "acme", At: noon, Via: "inbound", Text: "STOP"}
}

func outcome(a store.Attempt) store.Outcome {
	return store.Outcome{
		Attempt: a, State: store.Accepted, ProviderID: "SM1", Settled: noon,
		Disclosures: []disclosure.Record{{ID: "d-" + a.ID, Of: a.Of, Brand: "acme", Kind: disclosure.Statement, Text: "…", At: noon}},
	}
}

// isError requires an error of this package that wraps target and prints no number.
func isError(t *testing.T, err error, op string, target error) {
	t.Helper()
	var e *pgstore.Error
	require.ErrorAs(t, err, &e)
	require.Equal(t, op, e.Op)
	if target != nil {
		require.ErrorIs(t, err, target)
	}
	require.NotContains(t, err.Error(), "9990000", "the error has a number")
}

func exec(t *testing.T, pool *pgxpool.Pool, sql string, args ...any) {
	t.Helper()
	_, err := pool.Exec(context.Background(), sql, args...)
	require.NoError(t, err)
}
