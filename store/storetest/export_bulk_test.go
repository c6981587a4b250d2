package storetest

import (
	"slices"

	"github.com/carewire/carewire/store"
)

// BulkCases are the cases of Bulk for a store with all abilities.
func BulkCases() []Case[store.Store] { return cases(slices.Concat(bulkChecks(), walkChecks())) }
