package redisstore_test

import (
	"testing"

	"github.com/carewire/carewire/store"
	"github.com/carewire/carewire/store/storetest"
)

// TestConformance runs the kit of the storage contract over two clients.
func TestConformance(t *testing.T) {
	t.Parallel()
	a, b := shared(t), shared(t)
	storetest.Run(t, func(*testing.T) (store.Store, store.Store) { return a, b })
}

// TestConformancePipeline runs the kit of the pipeline's promises over two clients.
func TestConformancePipeline(t *testing.T) {
	t.Parallel()
	a, b := shared(t), shared(t)
	storetest.RunPipeline(t, func(*testing.T) (store.Store, store.Store) { return a, b })
}
