package storetest

import (
	"context"
	"slices"

	"github.com/carewire/carewire/store"
)

// BulkCases are the cases of Bulk for a store with all abilities.
func BulkCases() []Case[store.Store] { return cases(slices.Concat(bulkChecks(), walkChecks())) }

// ImportCheck is RunImport of so many rows over two handles, without its testing.T.
func ImportCheck(ctx context.Context, a, b store.Store, path string, rows int, logf func(string, ...any)) error {
	return (&listOf{rows: rows, path: path, pair: newPair(a, b)}).check(ctx, logf)
}
