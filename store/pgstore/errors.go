package pgstore

import (
	"context"
	"errors"
	"fmt"
	"io"
	"strings"
	"unicode/utf8"

	"github.com/jackc/pgx/v5/pgconn"

	"github.com/carewire/carewire/store"
)

// The reasons, for errors.Is, besides [store.ErrNotHeld], the errors of the
// context and those of pgx.
var (
	// ErrValue reports a value that PostgreSQL cannot keep: text that has a NUL
	// or is not UTF-8, or an ID or key of more than 2,500 bytes together with
	// the tenant. Nothing was stored. The call will never succeed.
	ErrValue = errors.New("a text that PostgreSQL cannot keep")
	// ErrNotMigrated reports that the tables are missing or older than this
	// package: run [Migrate].
	ErrNotMigrated = errors.New("the tables are not up to date: run Migrate")
	// ErrNotDurable reports a server or session that acknowledges commits
	// before they are on disk: fsync or synchronous_commit is off.
	ErrNotDurable = errors.New("the server acknowledges commits that a crash can lose")
	// ErrReadOnly reports a session that cannot write, as those on a replica
	// are. Its facts can be old, so that they are not used.
	ErrReadOnly = errors.New("the session is read-only: facts come from the primary only")

	errOtherKey = errors.New("the attempt ID is on file with another key")
	errNoRow    = errors.New("the statement returned no row")
)

// Error is the error of every call. Its text has no number and no text of a
// message; what the server said is reached by errors.Is and errors.As only,
// with [*pgconn.PgError] for example.
type Error struct {
	Op   string // the call: "begin", "finish", "put", "look up", "open", "migrate"
	Code string // SQLSTATE, if the server answered
	err  error
}

// Error returns the call and what kind of failure it was.
func (e *Error) Error() string {
	return "pgstore: " + e.Op + ": " + e.reason()
}

func (e *Error) reason() string {
	if e.Code != "" {
		return "SQLSTATE " + e.Code
	}
	for _, known := range []error{
		ErrValue, ErrNotMigrated, ErrNotDurable, ErrReadOnly, store.ErrNotHeld, errOtherKey, errNoRow,
		errOptions, context.Canceled, context.DeadlineExceeded,
	} {
		if errors.Is(e.err, known) {
			return known.Error()
		}
	}
	var refused *pgconn.ConnectError
	if errors.As(e.err, &refused) {
		return "no connection to the server"
	}
	return "the connection failed"
}

// Format implements [fmt.Formatter]: every verb prints [Error.Error].
func (e *Error) Format(s fmt.State, _ rune) { _, _ = io.WriteString(s, e.Error()) }

// Is reports whether the cause is target.
func (e *Error) Is(target error) bool { return errors.Is(e.err, target) }

// As finds the cause of a type.
func (e *Error) As(target any) bool { return errors.As(e.err, target) }

// wrap makes an *Error of what went wrong.
func wrap(op string, err error) error {
	if err == nil {
		return nil
	}
	e := &Error{Op: op, err: err}
	var pg *pgconn.PgError
	if errors.As(err, &pg) {
		e.Code = pg.Code
	}
	return e
}

// SQLSTATE codes that are acted upon.
const (
	codeUnique         = "23505"
	codeSerialization  = "40001"
	codeDeadlock       = "40P01"
	codeUndefinedTable = "42P01"
	codeAdminShutdown  = "57P01"
	codeCrashShutdown  = "57P02"
)

// again reports whether a call may be repeated at once: the server rolled it
// back because of another one, or the connection broke. Every call of a ledger
// and every Put is the same call when it is repeated.
func again(err error) bool {
	var pg *pgconn.PgError
	if errors.As(err, &pg) {
		switch pg.Code {
		case codeUnique, codeSerialization, codeDeadlock, codeAdminShutdown, codeCrashShutdown:
			return true
		}
		return false
	}
	var refused *pgconn.ConnectError
	for _, final := range []error{ErrValue, ErrReadOnly, store.ErrNotHeld, errOtherKey, errNoRow, context.Canceled, context.DeadlineExceeded} {
		if errors.Is(err, final) {
			return false
		}
	}
	return !errors.As(err, &refused)
}

// maxIndexed is how many bytes of text one entry of an index takes, with
// something left for the number and for what the index adds.
const maxIndexed = 2500

// checkTexts refuses what PostgreSQL cannot keep, before it is asked. The
// first indexed of the texts go into one entry of an index.
func checkTexts(indexed int, texts ...string) error {
	size := 0
	for i, s := range texts {
		if i < indexed {
			size += len(s)
		}
		if strings.IndexByte(s, 0) >= 0 || !utf8.ValidString(s) {
			return ErrValue
		}
	}
	if size > maxIndexed {
		return ErrValue
	}
	return nil
}
