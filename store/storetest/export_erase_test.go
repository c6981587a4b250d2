package storetest

import (
	"slices"

	"github.com/carewire/carewire/store"
)

// EraseCases are the cases of Erasing and History.
func EraseCases() []Case[store.Store] { return cases(slices.Concat(eraseChecks(), historyChecks())) }
