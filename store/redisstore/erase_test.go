package redisstore_test

import (
	"testing"

	"github.com/carewire/carewire/store"
	"github.com/carewire/carewire/store/storetest"
)

// TestErasing runs the kit of erasure over two clients.
func TestErasing(t *testing.T) {
	t.Parallel()
	a, b := shared(t), shared(t)
	storetest.Erasing(t, func(*testing.T) (store.Store, store.Store) { return a, b })
}
