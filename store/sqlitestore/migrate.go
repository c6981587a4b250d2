package sqlitestore

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"strings"
	"time"
)

// Migrate makes the tables, or brings them from an older version of this
// package up to date, and puts the database into WAL mode. It is repeatable and
// may run in several processes at once. A nil o means the defaults.
//
// A database that is newer than this package is left alone and gives a
// [*SchemaError].
func Migrate(ctx context.Context, db *sql.DB, o *Options) error {
	opts, err := o.filled()
	if err != nil {
		return wrap("migrate", err)
	}
	ctx, cancel := limited(ctx, opts.Timeout)
	defer cancel()
	return wrap("migrate", retry(ctx, func() error { return migrate(ctx, db, &opts) }))
}

func migrate(ctx context.Context, db *sql.DB, o *Options) error {
	conn, err := db.Conn(ctx)
	if err != nil {
		return err
	}
	defer conn.Close() //nolint:errcheck // nothing is lost
	var mode string
	if err := conn.QueryRowContext(ctx, "PRAGMA journal_mode=WAL").Scan(&mode); err != nil {
		return err
	}
	if !strings.EqualFold(mode, "wal") {
		return fmt.Errorf("the database stays in journal mode %q and cannot be made durable: use a file", mode)
	}
	return transact(ctx, conn, nil, func(tx *sql.Tx) error {
		// The first statement writes, so that two migrations wait for each other.
		create := o.named(`CREATE TABLE IF NOT EXISTS carewire_schema (version INTEGER NOT NULL) STRICT`)
		if _, err := tx.ExecContext(ctx, create); err != nil {
			return err
		}
		have, err := versionOf(ctx, tx, o)
		switch {
		case err != nil:
			return err
		case have > latest:
			return &SchemaError{Have: have, Want: latest}
		case have == latest:
			return nil
		}
		for _, step := range migrations[have:] {
			if _, err := tx.ExecContext(ctx, o.named(step)); err != nil {
				return err
			}
		}
		if _, err := tx.ExecContext(ctx, o.named(`DELETE FROM carewire_schema`)); err != nil {
			return err
		}
		_, err = tx.ExecContext(ctx, o.named(`INSERT INTO carewire_schema (version) VALUES (?)`), latest)
		return err
	})
}

// rower is what *sql.DB and *sql.Tx have in common here.
type rower interface {
	QueryRowContext(ctx context.Context, query string, args ...any) *sql.Row
}

// versionOf returns the version of the schema, 0 if there is none.
func versionOf(ctx context.Context, db rower, o *Options) (int, error) {
	var version int
	err := db.QueryRowContext(ctx, `SELECT count(*) FROM sqlite_master WHERE type = 'table' AND name = ?`, o.named("carewire_schema")).Scan(&version)
	if err != nil || version == 0 {
		return 0, err
	}
	err = db.QueryRowContext(ctx, o.named(`SELECT version FROM carewire_schema`)).Scan(&version)
	if errors.Is(err, sql.ErrNoRows) {
		return 0, nil
	}
	return version, err
}

// limited returns a context with a time limit, unless the limit is negative.
func limited(ctx context.Context, limit time.Duration) (context.Context, context.CancelFunc) {
	if limit < 0 {
		return context.WithCancel(ctx)
	}
	return context.WithTimeout(ctx, limit)
}
