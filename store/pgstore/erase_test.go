package pgstore_test

import (
	"testing"

	"github.com/carewire/carewire/store"
	"github.com/carewire/carewire/store/storetest"
)

func TestErasing(t *testing.T) {
	t.Parallel()
	a, _ := shared(t, nil)
	b, _ := shared(t, nil)
	storetest.Erasing(t, func(*testing.T) (store.Store, store.Store) { return a, b })
}
