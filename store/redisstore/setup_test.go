package redisstore_test

import (
	"crypto/rand"
	"testing"
	"time"

	"github.com/redis/go-redis/v9"
	"github.com/stretchr/testify/require"

	"github.com/carewire/carewire/consent"
	"github.com/carewire/carewire/disclosure"
	"github.com/carewire/carewire/optout"
	"github.com/carewire/carewire/recipient"
	"github.com/carewire/carewire/store"
	"github.com/carewire/carewire/store/redisstore"
	"github.com/carewire/carewire/store/redisstore/internal/redistest"
)

// lenient are the options on the shared server, which keeps nothing on disk.
var lenient = redisstore.Options{InsecureVolatileStore: true}

var noon = time.Date(2026, 11, 23, 12, 0, 0, 0, time.UTC)

// shared opens a store on the shared server.
func shared(t *testing.T) *redisstore.Store {
	t.Helper()
	return open(t, redistest.Shared(t, nil), &lenient)
}

func open(t *testing.T, c redis.UniversalClient, o *redisstore.Options) *redisstore.Store {
	t.Helper()
	s, err := redisstore.Open(t.Context(), c, o)
	require.NoError(t, err)
	return s
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
	var e *redisstore.Error
	require.ErrorAs(t, err, &e)
	require.Equal(t, op, e.Op)
	if target != nil {
		require.ErrorIs(t, err, target)
	}
	require.NotContains(t, err.Error(), "9990000", "the error has a number")
}
