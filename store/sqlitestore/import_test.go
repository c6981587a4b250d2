package sqlitestore_test

import (
	"testing"

	"github.com/carewire/carewire/store"
	"github.com/carewire/carewire/store/sqlitestore"
	"github.com/carewire/carewire/store/storetest"
)

// Not parallel: it measures the memory of the process.
func TestImport(t *testing.T) {
	path := migrated(t)
	one := openStore(t, openDB(t, sqlitestore.DSN(path)))
	two := openStore(t, openDB(t, sqlitestore.DSN(path)))
	storetest.RunImport(t, func(*testing.T) (a, b store.Store) { return one, two })
}
