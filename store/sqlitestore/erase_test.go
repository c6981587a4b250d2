package sqlitestore_test

import (
	"testing"

	"github.com/carewire/carewire/store"
	"github.com/carewire/carewire/store/sqlitestore"
	"github.com/carewire/carewire/store/storetest"
)

func TestErasing(t *testing.T) {
	t.Parallel()
	path := migrated(t)
	one := openStore(t, openDB(t, sqlitestore.DSN(path)))
	two := openStore(t, openDB(t, sqlitestore.DSN(path)))
	storetest.Erasing(t, func(*testing.T) (a, b store.Store) { return one, two })
}
