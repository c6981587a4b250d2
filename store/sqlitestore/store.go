package sqlitestore

import (
	"context"
	"database/sql"
	"errors"
	"strings"
	"time"

	"github.com/carewire/carewire/store"
)

// Store is a [store.Store] in a SQLite database. It is safe for concurrent
// use, by many processes. Make it with [Open].
type Store struct {
	db      *sql.DB
	timeout time.Duration
	named   func(statement string) string // puts in the prefix
	writer  chan struct{}                 // holds one token for each transaction that writes
	all     []*sql.Stmt
	// The statements, prepared once on each connection that uses them.
	sync, putConsent, consents, putOptOut, optOuts, putDisclosure, disclosures,
	claim, byID, holder, outcomes, settle, recipients *sql.Stmt
}

var _ store.Store = (*Store)(nil)

// Open makes a Store of a database, which stays the caller's to close. It
// changes nothing: [Migrate] makes the tables. A nil o means the defaults.
//
// A database whose tables are missing or of another version, or that is not in
// WAL mode, gives a [*SchemaError]; for those that Migrate puts right it is
// [ErrNotMigrated] too.
func Open(ctx context.Context, db *sql.DB, o *Options) (*Store, error) {
	opts, err := o.filled()
	if err != nil {
		return nil, wrap("open", err)
	}
	ctx, cancel := limited(ctx, opts.Timeout)
	defer cancel()
	s := &Store{db: db, timeout: opts.Timeout, named: opts.named, writer: make(chan struct{}, 1)}
	err = retry(ctx, func() error {
		if err := check(ctx, db, &opts); err != nil {
			return err
		}
		return s.prepare(ctx, &opts)
	})
	if err != nil {
		return nil, wrap("open", errors.Join(err, s.Close()))
	}
	return s, nil
}

// check looks whether the database is as this package needs it.
func check(ctx context.Context, db *sql.DB, o *Options) error {
	have, err := versionOf(ctx, db, o)
	if err != nil {
		return err
	}
	if have != latest {
		return &SchemaError{Have: have, Want: latest}
	}
	var mode string
	if err := db.QueryRowContext(ctx, `PRAGMA journal_mode`).Scan(&mode); err != nil {
		return err
	}
	if !strings.EqualFold(mode, "wal") {
		return &SchemaError{Have: have, Want: latest, Journal: mode}
	}
	return nil
}

// prepare prepares every statement.
func (s *Store) prepare(ctx context.Context, o *Options) error {
	for _, p := range []struct {
		stmt **sql.Stmt
		text string
	}{
		{&s.sync, sqlSync},
		{&s.putConsent, sqlPutConsent},
		{&s.consents, sqlConsents},
		{&s.putOptOut, sqlPutOptOut},
		{&s.optOuts, sqlOptOuts},
		{&s.putDisclosure, sqlPutDisclosure},
		{&s.disclosures, sqlDisclosures},
		{&s.claim, sqlClaim},
		{&s.byID, sqlByID},
		{&s.holder, sqlHolder},
		{&s.outcomes, sqlOutcomes},
		{&s.settle, sqlSettle},
		{&s.recipients, sqlRecipients},
	} {
		stmt, err := s.db.PrepareContext(ctx, o.named(p.text)) //nolint:sqlclosecheck // Close closes all
		if err != nil {
			return err
		}
		*p.stmt, s.all = stmt, append(s.all, stmt)
	}
	return nil
}

// Close releases the prepared statements and leaves the database open. It need
// not be called before the database is closed.
func (s *Store) Close() error {
	var errs []error
	for _, stmt := range s.all {
		errs = append(errs, stmt.Close())
	}
	s.all = nil
	return wrap("close", errors.Join(errs...))
}

// zeroTime is how the zero time is kept.
const zeroTime int64 = -62135596800000000

// micros is how a time is kept.
func micros(t time.Time) int64 { return t.UnixMicro() }

// timeOf is the time that micros made a number of.
func timeOf(us int64) time.Time { return time.UnixMicro(us).UTC() }
