package pgstore_test

import (
	"io/fs"
	"strings"
	"sync"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/carewire/carewire/store/pgstore"
	"github.com/carewire/carewire/store/pgstore/internal/pgtest"
)

func TestOpenNeverMigrates(t *testing.T) {
	t.Parallel()
	pool := pgtest.Pool(t, pgtest.Shared(t), 2, nil)
	o := lenient
	o.TablePrefix = "absent_"
	_, err := pgstore.Open(t.Context(), pool, &o)
	isError(t, err, "open", pgstore.ErrNotMigrated)
	var n int
	require.NoError(t, pool.QueryRow(t.Context(), "SELECT count(*) FROM pg_class WHERE relname LIKE 'absent\\_%'").Scan(&n))
	require.Zero(t, n)
}

// Many processes migrate at once, in a schema and with a prefix of their own.
func TestMigrate(t *testing.T) {
	t.Parallel()
	pool := pgtest.Pool(t, pgtest.Shared(t), 8, nil)
	exec(t, pool, `DROP SCHEMA IF EXISTS "Own ""tables" CASCADE`)
	exec(t, pool, `CREATE SCHEMA "Own ""tables"`)
	o := lenient
	o.Schema, o.TablePrefix = `Own "tables`, "sms_"
	var wg sync.WaitGroup
	errs := make([]error, 8)
	for i := range errs {
		wg.Go(func() { errs[i] = pgstore.Migrate(t.Context(), pool, &o) })
	}
	wg.Wait()
	for _, err := range errs {
		require.NoError(t, err)
	}
	require.NoError(t, pgstore.Migrate(t.Context(), pool, &o), "again")
	s, err := pgstore.Open(t.Context(), pool, &o)
	require.NoError(t, err)
	roundTrip(t, s, s)

	exec(t, pool, `UPDATE "Own ""tables".sms_schema SET version = 0`)
	_, err = pgstore.Open(t.Context(), pool, &o)
	isError(t, err, "open", pgstore.ErrNotMigrated)
	exec(t, pool, `DELETE FROM "Own ""tables".sms_schema`)
	_, err = pgstore.Open(t.Context(), pool, &o)
	isError(t, err, "open", pgstore.ErrNotMigrated)
}

func TestMigrateFails(t *testing.T) {
	t.Parallel()
	pool := pgtest.Pool(t, pgtest.Shared(t), 2, nil)
	o := lenient
	o.Schema = "no_such_schema"
	isError(t, pgstore.Migrate(t.Context(), pool, &o), "migrate", nil)
}

// The files are what goose takes: numbered without a gap, with both parts, and
// what Down leaves behind is nothing.
func TestMigrationFiles(t *testing.T) {
	t.Parallel()
	files, err := fs.ReadDir(pgstore.Migrations(), ".")
	require.NoError(t, err)
	require.Len(t, files, pgstore.Latest)
	pool := pgtest.Pool(t, pgtest.Shared(t), 2, nil)
	tx, err := pool.Begin(t.Context())
	require.NoError(t, err)
	defer func() { require.NoError(t, tx.Rollback(t.Context())) }()
	_, err = tx.Exec(t.Context(), "CREATE SCHEMA down; SET LOCAL search_path TO down")
	require.NoError(t, err)
	var downs []string
	for i, f := range files {
		b, err := fs.ReadFile(pgstore.Migrations(), f.Name())
		require.NoError(t, err)
		require.Regexp(t, `^0000`+string(rune('1'+i))+`_\w+\.sql$`, f.Name())
		up, down, ok := strings.Cut(string(b), "-- +goose Down\n")
		require.True(t, ok)
		require.True(t, strings.HasPrefix(up, "-- +goose Up\n"))
		_, err = tx.Exec(t.Context(), up)
		require.NoError(t, err)
		downs = append(downs, down)
	}
	for i := len(downs) - 1; i >= 0; i-- {
		_, err = tx.Exec(t.Context(), downs[i])
		require.NoError(t, err)
	}
	var left int
	require.NoError(t, tx.QueryRow(t.Context(), "SELECT count(*) FROM pg_class WHERE relnamespace = 'down'::regnamespace").Scan(&left))
	require.Zero(t, left)
}

func TestOptions(t *testing.T) {
	t.Parallel()
	for _, o := range []pgstore.Options{
		{TablePrefix: "Upper_"},
		{TablePrefix: "a b"},
		{TablePrefix: "a;--"},
		{TablePrefix: "1a"},
		{TablePrefix: strings.Repeat("a", 33)},
		{Schema: "a\x00"},
		{Schema: strings.Repeat("a", 64)},
	} {
		_, err := pgstore.Open(t.Context(), nil, &o)
		require.ErrorContains(t, err, "invalid options")
		require.ErrorContains(t, pgstore.Migrate(t.Context(), nil, &o), "invalid options")
	}
}
