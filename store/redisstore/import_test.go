package redisstore_test

import (
	"testing"

	"github.com/carewire/carewire/store"
	"github.com/carewire/carewire/store/storetest"
)

// Not parallel: it measures the memory of the process.
func TestImport(t *testing.T) {
	a, b := shared(t), shared(t)
	storetest.RunImport(t, func(*testing.T) (store.Store, store.Store) { return a, b })
}
