package pgstore_test

import (
	"testing"

	"github.com/carewire/carewire/store"
	"github.com/carewire/carewire/store/storetest"
)

// TestConformance runs the kit of the storage contract over two pools.
func TestConformance(t *testing.T) {
	t.Parallel()
	a, _ := shared(t, nil)
	b, _ := shared(t, nil)
	storetest.Run(t, func(*testing.T) (store.Store, store.Store) { return a, b })
}

// TestConformancePipeline runs the kit of the pipeline's promises over two pools.
func TestConformancePipeline(t *testing.T) {
	t.Parallel()
	a, _ := shared(t, nil)
	b, _ := shared(t, nil)
	storetest.RunPipeline(t, func(*testing.T) (store.Store, store.Store) { return a, b })
}
