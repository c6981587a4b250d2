package pgstore

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
	"github.com/jackc/pgx/v5/pgxpool"

	"github.com/carewire/carewire/store"
)

// Store is a [store.Store] in PostgreSQL. It is safe for concurrent use, by
// many processes. Make it with [Open].
type Store struct {
	facts
	pool     *pgxpool.Pool
	queries  *queries
	timeout  time.Duration
	volatile bool
}

var (
	_ store.Store    = (*Store)(nil)
	_ store.Volatile = (*Store)(nil)
)

// db is what a pool and a transaction have in common.
type db interface {
	Query(ctx context.Context, sql string, args ...any) (pgx.Rows, error)
	Exec(ctx context.Context, sql string, args ...any) (pgconn.CommandTag, error)
}

// Open makes a Store of a pool, which stays the caller's to close. It changes
// nothing: [Migrate] makes the tables. A nil o means the defaults.
//
// It asks the server, once, whether the tables are there ([ErrNotMigrated]),
// whether it can write ([ErrReadOnly]) and whether its commits last
// ([ErrNotDurable]).
func Open(ctx context.Context, pool *pgxpool.Pool, o *Options) (*Store, error) {
	opts, err := o.filled()
	if err != nil {
		return nil, wrap("open", err)
	}
	s := &Store{pool: pool, queries: newQueries(&opts), timeout: opts.Timeout}
	s.facts = facts{run: s.call, queries: s.queries}
	err = s.call(ctx, "open", func(ctx context.Context, d db) error {
		return s.check(ctx, d, &opts)
	})
	if err != nil {
		return nil, err
	}
	return s, nil
}

// check asks the server what Open promises.
func (s *Store) check(ctx context.Context, d db, o *Options) error {
	var readOnly, fsync, commit string
	err := query(ctx, d, sqlSession, nil, func(r pgx.Rows) error { return r.Scan(&readOnly, &fsync, &commit) })
	if err != nil {
		return err
	}
	s.volatile = fsync == "off" || commit == "off"
	switch {
	case readOnly == "on":
		return ErrReadOnly
	case s.volatile && !o.InsecureVolatileStore:
		return fmt.Errorf("%w: fsync is %s, synchronous_commit is %s", ErrNotDurable, fsync, commit)
	}
	version, err := versionOf(ctx, d, o)
	if err == nil && version < latest {
		return ErrNotMigrated
	}
	return err
}

// Volatile implements [store.Volatile]: it reports whether the server can lose
// acknowledged commits in a crash.
func (s *Store) Volatile() bool { return s.volatile }

// maxTries is how often a call is made in all.
const maxTries = 3

// call makes a call within the time limit, and again if it may succeed at once.
func (s *Store) call(ctx context.Context, op string, f func(context.Context, db) error) error {
	if s.timeout > 0 {
		var cancel context.CancelFunc
		ctx, cancel = context.WithTimeout(ctx, s.timeout)
		defer cancel()
	}
	var err error
	for range maxTries {
		if err = ctx.Err(); err != nil {
			break
		}
		if err = f(ctx, s.pool); err == nil || !again(err) {
			break
		}
	}
	return wrap(op, err)
}

// query runs a statement and scans every row. It returns nil only when the
// server has said that the statement is committed.
func query(ctx context.Context, d db, sql string, args []any, scan func(pgx.Rows) error) error {
	rows, err := d.Query(ctx, sql, args...)
	if err != nil {
		return err
	}
	defer rows.Close()
	for rows.Next() {
		if err := scan(rows); err != nil {
			return err
		}
	}
	return rows.Err()
}

// isCode reports whether the server answered with a SQLSTATE.
func isCode(err error, code string) bool {
	var pg *pgconn.PgError
	return errors.As(err, &pg) && pg.Code == code
}
