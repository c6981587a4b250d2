package memstore_test

import (
	"testing"

	"github.com/carewire/carewire/store"
	"github.com/carewire/carewire/store/memstore"
	"github.com/carewire/carewire/store/storetest"
)

func TestErasing(t *testing.T) {
	t.Parallel()
	storetest.Erasing(t, func(*testing.T) (a, b store.Store) {
		s := memstore.New()
		return s, s
	})
}
