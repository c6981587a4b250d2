package sqlitestore

import (
	"context"
	"errors"
	"fmt"
	"strings"
)

// ErrNotMigrated reports a database without the tables that this version of
// the package needs: call [Migrate]. The error is a [*SchemaError].
var ErrNotMigrated = errors.New("the tables are not up to date: call Migrate")

// SchemaError reports a database that this version of the package cannot work
// with as it is.
type SchemaError struct {
	Have    int    // the schema's version; 0 if there are no tables
	Want    int    // the version that this package needs
	Journal string // the journal mode, if it is that which is wrong: "wal" is needed
}

// Error says what to do.
func (e *SchemaError) Error() string {
	switch {
	case e.Have > e.Want:
		return fmt.Sprintf("schema version %d is newer than this package, which knows %d: update the package", e.Have, e.Want)
	case e.Journal != "":
		return fmt.Sprintf("journal mode %q, want \"wal\": call Migrate", e.Journal)
	}
	return fmt.Sprintf("schema version %d, want %d: call Migrate", e.Have, e.Want)
}

// Is reports whether target is [ErrNotMigrated] and Migrate would help.
func (e *SchemaError) Is(target error) bool { return target == ErrNotMigrated && e.Have <= e.Want }

var (
	errOtherKey = errors.New("the attempt ID is on file with another key")
	errNoHolder = errors.New("the claim was refused and nobody holds the key")
	errText     = errors.New("a purpose that is not UTF-8")
	errNoSync   = errors.New("the connection cannot be switched to synchronous=FULL")
)

// wrap names the call in an error.
func wrap(op string, err error) error {
	if err == nil {
		return nil
	}
	return fmt.Errorf("sqlitestore: %s: %w", op, err)
}

// Result codes of SQLite; the low byte of an extended code.
const (
	codeBusy   = 5
	codeLocked = 6
)

// locked reports whether a call failed because another connection has a lock.
func locked(err error) bool {
	if err == nil || errors.Is(err, context.Canceled) || errors.Is(err, context.DeadlineExceeded) {
		return false
	}
	var coded interface{ Code() int }
	if errors.As(err, &coded) {
		c := coded.Code() & 0xff
		return c == codeBusy || c == codeLocked
	}
	// Other drivers have codes of other shapes. SQLite's own words are the same everywhere.
	said := err.Error()
	return strings.Contains(said, "database is locked") || strings.Contains(said, "database table is locked")
}
