package sqlitestore

import (
	"context"
	"database/sql"
	"database/sql/driver"
	"errors"
	"math/rand/v2"
	"time"
)

// full is PRAGMA synchronous=FULL; 3 is EXTRA.
const full = 2

// How long to wait before a locked database is tried again.
const (
	firstWait = time.Millisecond
	lastWait  = 8 * time.Millisecond
)

// retry calls f until the database is not locked or the context ends.
func retry(ctx context.Context, f func() error) error {
	for wait := firstWait; ; wait = min(2*wait, lastWait) {
		err := f()
		if !locked(err) {
			return err
		}
		t := time.NewTimer(wait/2 + rand.N(wait)) //nolint:gosec // not a secret: waiters must not keep step
		select {
		case <-t.C:
		case <-ctx.Done():
			t.Stop()
			return errors.Join(ctx.Err(), err)
		}
	}
}

// write runs f in one transaction that has SQLite's write lock. The first
// statement of f must write: SQLite then takes the lock before it reads
// anything, as after BEGIN IMMEDIATE, which database/sql cannot ask for.
func (s *Store) write(ctx context.Context, op string, f func(ctx context.Context, tx *sql.Tx) error) error {
	ctx, cancel := limited(ctx, s.timeout)
	defer cancel()
	// Writers of this process wait here, in line, and not for SQLite's lock.
	select {
	case s.writer <- struct{}{}:
		defer func() { <-s.writer }()
	case <-ctx.Done():
		return wrap(op, ctx.Err())
	}
	return wrap(op, retry(ctx, func() error {
		conn, err := s.db.Conn(ctx)
		if err != nil {
			return err
		}
		defer conn.Close() //nolint:errcheck // nothing is lost
		return transact(ctx, conn, s.sync, func(tx *sql.Tx) error { return f(ctx, tx) })
	}))
}

// transact runs f in one transaction of conn with synchronous=FULL. A
// connection of which it is not sure that no transaction is left open is thrown
// away. sync is PRAGMA synchronous, prepared or nil.
func transact(ctx context.Context, conn *sql.Conn, sync *sql.Stmt, f func(tx *sql.Tx) error) error {
	for range 2 {
		tx, err := conn.BeginTx(ctx, nil)
		if err != nil {
			return err
		}
		level, err := levelOf(ctx, tx, sync)
		if err == nil && level >= full {
			if err = f(tx); err == nil {
				if err = tx.Commit(); err != nil {
					discard(conn)
				}
				return err
			}
		}
		if rolled := tx.Rollback(); rolled != nil && !errors.Is(rolled, sql.ErrTxDone) {
			discard(conn)
		}
		if err != nil {
			return err
		}
		// Not within a transaction: SQLite does not change it there.
		if _, err := conn.ExecContext(ctx, "PRAGMA synchronous=FULL"); err != nil {
			return err
		}
	}
	return errNoSync
}

// levelOf asks how a connection writes. It takes no lock.
func levelOf(ctx context.Context, tx *sql.Tx, sync *sql.Stmt) (level int, err error) {
	if sync == nil {
		err = tx.QueryRowContext(ctx, sqlSync).Scan(&level)
		return level, err
	}
	stmt := tx.StmtContext(ctx, sync)
	defer stmt.Close() //nolint:errcheck // nothing is lost
	err = stmt.QueryRowContext(ctx).Scan(&level)
	return level, err
}

// discard makes database/sql close the connection instead of using it again.
func discard(conn *sql.Conn) {
	_ = conn.Raw(func(any) error { return driver.ErrBadConn }) //nolint:errcheck // it returns what it is given
}
