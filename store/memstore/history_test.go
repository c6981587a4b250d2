package memstore_test

import (
	"testing"

	"github.com/carewire/carewire/store"
	"github.com/carewire/carewire/store/memstore"
	"github.com/carewire/carewire/store/storetest"
)

func TestHistory(t *testing.T) {
	t.Parallel()
	storetest.History(t, func(*testing.T) (a, b store.Store) {
		s := memstore.New()
		return s, s
	})
}
