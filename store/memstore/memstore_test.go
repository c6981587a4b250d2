package memstore_test

import (
	"context"
	"strconv"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/carewire/carewire/consent"
	"github.com/carewire/carewire/recipient"
	"github.com/carewire/carewire/store"
	"github.com/carewire/carewire/store/memstore"
	"github.com/carewire/carewire/store/storetest"
)

var someone = recipient.ID{Tenant: "tenant", Phone: recipient.MustParse("+14155550100")}

func TestContract(t *testing.T) {
	t.Parallel()
	storetest.Run(t, func(*testing.T) (a, b store.Store) {
		s := memstore.New()
		return s, s
	})
}

func TestPipeline(t *testing.T) {
	t.Parallel()
	storetest.RunPipeline(t, func(*testing.T) (a, b store.Store) {
		s := memstore.New()
		return s, s
	})
}

func TestVolatile(t *testing.T) {
	t.Parallel()
	require.True(t, store.IsVolatile(memstore.New()))
}

// An ID that comes back with another key is a mistake of the caller: it must
// not read as a claim of that key.
func TestAttemptWithAnotherKey(t *testing.T) {
	t.Parallel()
	s := memstore.New()
	a := store.Attempt{ID: "a", Of: someone, Key: store.Key(store.KeyMessage, "acme", "1")}
	_, err := s.Begin(t.Context(), a)
	require.NoError(t, err)
	a.Key = store.Key(store.KeyMessage, "acme", "2")
	snap, err := s.Begin(t.Context(), a)
	require.Error(t, err)
	require.Zero(t, snap)
}

func TestStoresDoNotShare(t *testing.T) {
	t.Parallel()
	one, two := memstore.New(), memstore.New()
	require.NoError(t, one.PutConsent(t.Context(), consent.Record{ID: "1", Of: someone}))
	rs, err := two.Consents(t.Context(), someone)
	require.NoError(t, err)
	require.Empty(t, rs)
}

func BenchmarkBeginFinish(b *testing.B) {
	ctx, s := context.Background(), memstore.New()
	for i := 0; b.Loop(); i++ {
		a := store.Attempt{ID: strconv.Itoa(i), Of: someone, Key: strconv.Itoa(i)}
		if _, err := s.Begin(ctx, a); err != nil {
			b.Fatal(err)
		}
		if err := s.Finish(ctx, store.Outcome{Attempt: a, State: store.Accepted}); err != nil {
			b.Fatal(err)
		}
	}
}
