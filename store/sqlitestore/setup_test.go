package sqlitestore_test

import (
	"database/sql"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	_ "modernc.org/sqlite"

	"github.com/carewire/carewire/consent"
	"github.com/carewire/carewire/recipient"
	"github.com/carewire/carewire/store"
	"github.com/carewire/carewire/store/sqlitestore"
)

var (
	someone = recipient.ID{Tenant: "tenant", Phone: recipient.MustParse("+14155550100")}
	noon    = time.Date(2026, 11, 23, 12, 0, 0, 0, time.UTC)
)

func TestMain(m *testing.M) {
	if path, ok := os.LookupEnv(asChild); ok {
		os.Exit(child(path))
	}
	os.Exit(m.Run())
}

// openDB opens a pool on a data source name and closes it with the test.
func openDB(t testing.TB, dsn string) *sql.DB {
	t.Helper()
	db, err := sql.Open("sqlite", dsn)
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, db.Close()) })
	return db
}

// migrated returns the path of a new database file with tables.
func migrated(t testing.TB) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "carewire.db")
	db, err := sql.Open("sqlite", sqlitestore.DSN(path))
	require.NoError(t, err)
	require.NoError(t, sqlitestore.Migrate(t.Context(), db, nil))
	require.NoError(t, db.Close())
	return path
}

// openStore opens a store over a pool.
func openStore(t testing.TB, db *sql.DB) *sqlitestore.Store {
	t.Helper()
	s, err := sqlitestore.Open(t.Context(), db, nil)
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, s.Close()) })
	return s
}

func attempt(id, key string) store.Attempt {
	return store.Attempt{
		ID: id, Of: someone, Key: store.Key(store.KeyMessage, "acme", key), Sum: "sum", Brand: "acme",
		Purpose: consent.Orders, At: noon,
	}
}
