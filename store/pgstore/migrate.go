package pgstore

import (
	"context"
	"crypto/sha256"
	"embed"
	"encoding/binary"
	"fmt"
	"io/fs"
	"strings"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"
)

//go:embed migrations/*.sql
var migrations embed.FS

// Migrations are the migrations as plain SQL files, in the order of their
// names and with the annotations of goose. They name the tables with the
// default prefix. A team that runs them itself needs no [Migrate]; both keep
// the version in the table carewire_schema and can take turns.
func Migrations() fs.FS {
	files, err := fs.Sub(migrations, "migrations")
	if err != nil {
		return migrations // the directory is embedded: this does not happen
	}
	return files
}

// latest is the version that the statements of this package need.
const latest = 1

// Migrate makes the tables, or brings them up to date. Any number of
// processes may call it at the same time: an advisory lock lets one work and
// the others find everything done. All changes are one transaction. It is
// never called by [Open]; a role that may only read and write rows will do for
// everything else.
func Migrate(ctx context.Context, pool *pgxpool.Pool, o *Options) error {
	opts, err := o.filled()
	if err != nil {
		return wrap("migrate", err)
	}
	err = pgx.BeginFunc(ctx, pool, func(tx pgx.Tx) error { return migrate(ctx, tx, &opts) })
	return wrap("migrate", err)
}

func migrate(ctx context.Context, tx pgx.Tx, o *Options) error {
	if _, err := tx.Exec(ctx, "SELECT pg_advisory_xact_lock($1)", lockOf(o)); err != nil {
		return err
	}
	if o.Schema != "" { // the files name no schema: their tables go where the path points
		if _, err := tx.Exec(ctx, "SET LOCAL search_path TO "+pgx.Identifier{o.Schema}.Sanitize()); err != nil {
			return err
		}
	}
	version := 0
	var exists bool
	if err := tx.QueryRow(ctx, "SELECT to_regclass($1) IS NOT NULL", o.named("carewire_schema")).Scan(&exists); err != nil {
		return err
	}
	if exists {
		var err error
		if version, err = versionOf(ctx, tx, o); err != nil {
			return err
		}
	}
	files, err := fs.ReadDir(Migrations(), ".")
	if err != nil {
		return err
	}
	for i, f := range files {
		if i < version {
			continue
		}
		up, err := upPart(f.Name())
		if err != nil {
			return err
		}
		if _, err := tx.Exec(ctx, strings.ReplaceAll(up, defaultPrefix, o.TablePrefix)); err != nil {
			return err
		}
	}
	return nil
}

// lockOf is the advisory lock of one set of tables.
func lockOf(o *Options) int64 {
	sum := sha256.Sum256(fmt.Appendf(nil, "carewire migrate %q %q", o.Schema, o.TablePrefix))
	return int64(binary.BigEndian.Uint64(sum[:])) //nolint:gosec // any 64 bits will do
}

// upPart returns the statements of a file that come after "-- +goose Up".
func upPart(name string) (string, error) {
	b, err := fs.ReadFile(Migrations(), name)
	if err != nil {
		return "", err
	}
	_, rest, ok := strings.Cut(string(b), "-- +goose Up\n")
	up, _, down := strings.Cut(rest, "-- +goose Down\n")
	if !ok || !down {
		return "", fmt.Errorf("pgstore: migration %s lacks an annotation", name)
	}
	return up, nil
}

// versionOf returns the version of the tables, or ErrNotMigrated.
func versionOf(ctx context.Context, d db, o *Options) (int, error) {
	version := -1
	err := query(ctx, d, o.named("SELECT version FROM carewire_schema"), nil,
		func(r pgx.Rows) error { return r.Scan(&version) })
	switch {
	case isCode(err, codeUndefinedTable):
		return 0, ErrNotMigrated
	case err != nil:
		return 0, err
	case version < 0:
		return 0, ErrNotMigrated
	}
	return version, nil
}
