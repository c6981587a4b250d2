package store_test

import (
	"errors"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/carewire/carewire/store"
	"github.com/carewire/carewire/store/memstore"
	"github.com/carewire/carewire/store/storetest"
)

// Roles that live in different places are erased as one store is.
func TestComposeErases(t *testing.T) {
	t.Parallel()
	storetest.Erasing(t, func(*testing.T) (a, b store.Store) {
		s := store.Compose(memstore.New(), memstore.New(), memstore.New(), memstore.New())
		return s, s
	})
}

func TestComposeHasHistory(t *testing.T) {
	t.Parallel()
	storetest.History(t, func(*testing.T) (a, b store.Store) {
		s := store.Compose(memstore.New(), memstore.New(), memstore.New(), memstore.New())
		return s, s
	})
}

func TestCanErase(t *testing.T) {
	t.Parallel()
	mem := memstore.New()
	cannot := opaque{mem}
	for name, tc := range map[string]struct {
		s    store.Store
		want bool
	}{
		"able":               {mem, true},
		"opaque":             {cannot, false},
		"decorated":          {silent{silent{mem}}, true},
		"decorated opaque":   {silent{cannot}, false},
		"composed":           {store.Compose(mem, memstore.New(), mem, mem), true},
		"one role cannot":    {store.Compose(mem, cannot, mem, mem), false},
		"the ledger cannot":  {store.Compose(mem, mem, mem, cannot), false},
		"decorated composed": {silent{store.Compose(mem, cannot, mem, mem)}, false},
	} {
		require.Equal(t, tc.want, store.CanErase(tc.s), name)
		err := store.Erase(t.Context(), tc.s, store.Erasure{Of: someone, As: someone})
		require.Equal(t, !tc.want, errors.Is(err, errors.ErrUnsupported), name)
	}
}
