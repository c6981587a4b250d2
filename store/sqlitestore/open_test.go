package sqlitestore_test

import (
	"context"
	"database/sql"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/carewire/carewire/consent"
	"github.com/carewire/carewire/optout"
	"github.com/carewire/carewire/store"
	"github.com/carewire/carewire/store/sqlitestore"
)

// tables counts what is in a database.
func tables(t *testing.T, db *sql.DB) (n int) {
	t.Helper()
	require.NoError(t, db.QueryRowContext(t.Context(), `SELECT count(*) FROM sqlite_master WHERE type = 'table'`).Scan(&n))
	return n
}

func TestOpenDoesNotMigrate(t *testing.T) {
	t.Parallel()
	db := openDB(t, sqlitestore.DSN(filepath.Join(t.TempDir(), "new.db")))
	s, err := sqlitestore.Open(t.Context(), db, nil)
	require.Nil(t, s)
	require.ErrorIs(t, err, sqlitestore.ErrNotMigrated)
	var schema *sqlitestore.SchemaError
	require.ErrorAs(t, err, &schema)
	require.Equal(t, sqlitestore.SchemaError{Have: 0, Want: 1}, *schema)
	require.EqualError(t, err, "sqlitestore: open: schema version 0, want 1: call Migrate")
	require.Zero(t, tables(t, db), "Open made tables")
}

func TestOpenRefusesNewerSchema(t *testing.T) {
	t.Parallel()
	db := openDB(t, sqlitestore.DSN(migrated(t)))
	_, err := db.ExecContext(t.Context(), `UPDATE carewire_schema SET version = 99`)
	require.NoError(t, err)
	for name, call := range map[string]func() error{
		"open":    func() error { _, err := sqlitestore.Open(t.Context(), db, nil); return err },
		"migrate": func() error { return sqlitestore.Migrate(t.Context(), db, nil) },
	} {
		err := call()
		var schema *sqlitestore.SchemaError
		require.ErrorAs(t, err, &schema, name)
		require.Equal(t, 99, schema.Have, name)
		require.NotErrorIs(t, err, sqlitestore.ErrNotMigrated, name)
		require.ErrorContains(t, err, "update the package", name)
	}
}

// A table of versions without a version is what a half-made database has.
func TestMigrateEmptySchemaTable(t *testing.T) {
	t.Parallel()
	db := openDB(t, filepath.Join(t.TempDir(), "half.db"))
	_, err := db.ExecContext(t.Context(), `CREATE TABLE carewire_schema (version INTEGER NOT NULL) STRICT`)
	require.NoError(t, err)
	_, err = sqlitestore.Open(t.Context(), db, nil)
	require.ErrorIs(t, err, sqlitestore.ErrNotMigrated)
	require.NoError(t, sqlitestore.Migrate(t.Context(), db, nil))
	openStore(t, db)
}

func TestOpenDemandsWAL(t *testing.T) {
	t.Parallel()
	db := openDB(t, migrated(t))
	_, err := db.ExecContext(t.Context(), `PRAGMA journal_mode=DELETE`)
	require.NoError(t, err)
	_, err = sqlitestore.Open(t.Context(), db, nil)
	require.ErrorIs(t, err, sqlitestore.ErrNotMigrated)
	require.EqualError(t, err, `sqlitestore: open: journal mode "delete", want "wal": call Migrate`)
	require.NoError(t, sqlitestore.Migrate(t.Context(), db, nil))
	openStore(t, db)
}

// A database in memory is gone with the process, whatever it is told.
func TestMigrateRefusesMemory(t *testing.T) {
	t.Parallel()
	db := openDB(t, ":memory:")
	db.SetMaxOpenConns(1)
	require.ErrorContains(t, sqlitestore.Migrate(t.Context(), db, nil), "use a file")
	require.Zero(t, tables(t, db))
}

func TestMigrateAgainAndAtOnce(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "carewire.db")
	var wg sync.WaitGroup
	errs := make([]error, 6)
	for i := range errs {
		db := openDB(t, path) // no wait for locks
		wg.Go(func() { errs[i] = sqlitestore.Migrate(t.Context(), db, nil) })
	}
	wg.Wait()
	require.NoError(t, errors.Join(errs...))
	db := openDB(t, path)
	before := tables(t, db)
	require.Equal(t, 5, before)
	s := openStore(t, db)
	require.NoError(t, s.PutOptOut(t.Context(), optout.Record{ID: "1", Of: someone}))
	require.NoError(t, sqlitestore.Migrate(t.Context(), db, nil))
	require.Equal(t, before, tables(t, db))
	rs, err := s.OptOuts(t.Context(), someone)
	require.NoError(t, err)
	require.Len(t, rs, 1)
}

func TestTablePrefix(t *testing.T) {
	t.Parallel()
	for _, bad := range []string{"Acme_", "1_", "a-b", "a b", "a;", `a"`, "sqlite_x", "é", strings.Repeat("a", 33), "a\x00", "a\n"} {
		o := &sqlitestore.Options{TablePrefix: bad}
		db := openDB(t, filepath.Join(t.TempDir(), "x.db"))
		require.ErrorContains(t, sqlitestore.Migrate(t.Context(), db, o), "TablePrefix", "%q", bad)
		_, err := sqlitestore.Open(t.Context(), db, o)
		require.ErrorContains(t, err, "TablePrefix", "%q", bad)
	}

	db := openDB(t, sqlitestore.DSN(migrated(t)))
	acme := &sqlitestore.Options{TablePrefix: "acme_"}
	_, err := sqlitestore.Open(t.Context(), db, acme)
	require.ErrorIs(t, err, sqlitestore.ErrNotMigrated)
	require.NoError(t, sqlitestore.Migrate(t.Context(), db, acme))
	one, err := sqlitestore.Open(t.Context(), db, acme)
	require.NoError(t, err)
	two := openStore(t, db)
	require.NoError(t, one.PutConsent(t.Context(), consent.Record{ID: "1", Of: someone}))
	rs, err := two.Consents(t.Context(), someone)
	require.NoError(t, err)
	require.Empty(t, rs, "stores with other prefixes share facts")
	snap, err := one.Begin(t.Context(), attempt("a", "1"))
	require.NoError(t, err)
	require.True(t, snap.Held)
	require.Len(t, snap.Consents, 1)
}

// Every character of a path is the path's.
func TestDSN(t *testing.T) {
	t.Parallel()
	for _, name := range []string{"plain.db", "a b.db", "a?mode=memory", "a#b.db", "a%41.db", "a&_pragma=synchronous(OFF)", "é.db", "a+b;c,d.db", "100%.db"} {
		path := filepath.Join(t.TempDir(), name)
		require.NoError(t, sqlitestore.Migrate(t.Context(), openDB(t, sqlitestore.DSN(path)), nil), name)
		_, err := os.Stat(path)
		require.NoError(t, err, "%q is not the file", name)
		var level, wait int
		db := openDB(t, sqlitestore.DSN(path))
		require.NoError(t, db.QueryRowContext(t.Context(), `PRAGMA synchronous`).Scan(&level))
		require.Equal(t, 2, level)
		require.NoError(t, db.QueryRowContext(t.Context(), `PRAGMA busy_timeout`).Scan(&wait))
		require.Positive(t, wait)
	}
}

func TestDSNRelative(t *testing.T) {
	t.Chdir(t.TempDir())
	for _, name := range []string{"a b?.db", "sub:name.db", "./c.db", filepath.Join("..", "up.db")} {
		require.NoError(t, sqlitestore.Migrate(context.Background(), openDB(t, sqlitestore.DSN(name)), nil), name)
		_, err := os.Stat(name)
		require.NoError(t, err, "%q is not the file", name)
	}
}

func TestNotVolatile(t *testing.T) {
	t.Parallel()
	require.False(t, store.IsVolatile(openStore(t, openDB(t, sqlitestore.DSN(migrated(t))))))
}
