package sqlitestore_test

import (
	"testing"

	"github.com/carewire/carewire/store"
	"github.com/carewire/carewire/store/sqlitestore"
	"github.com/carewire/carewire/store/storetest"
)

// Two pools on one file stand for two processes. All cases share the file.
func TestContract(t *testing.T) {
	t.Parallel()
	path := migrated(t)
	one := openStore(t, openDB(t, sqlitestore.DSN(path)))
	two := openStore(t, openDB(t, sqlitestore.DSN(path)))
	storetest.Run(t, func(*testing.T) (a, b store.Store) { return one, two })
}

// What a program promises holds over this store.
func TestPipeline(t *testing.T) {
	t.Parallel()
	path := migrated(t)
	one := openStore(t, openDB(t, sqlitestore.DSN(path)))
	two := openStore(t, openDB(t, sqlitestore.DSN(path)))
	storetest.RunPipeline(t, func(*testing.T) (a, b store.Store) { return one, two })
}

func TestBulk(t *testing.T) {
	t.Parallel()
	path := migrated(t)
	one := openStore(t, openDB(t, sqlitestore.DSN(path)))
	two := openStore(t, openDB(t, sqlitestore.DSN(path)))
	storetest.Bulk(t, func(*testing.T) (a, b store.Store) { return one, two })
}

// The same over pools that were opened with nothing: no wait for locks, and
// synchronous as the driver has it.
func TestContractWithPlainPools(t *testing.T) {
	t.Parallel()
	path := migrated(t)
	one, two := openDB(t, path), openDB(t, path)
	two.SetMaxOpenConns(1)
	a, b := openStore(t, one), openStore(t, two)
	storetest.Run(t, func(*testing.T) (store.Store, store.Store) { return a, b })
}
