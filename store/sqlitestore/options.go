package sqlitestore

import (
	"errors"
	"net/url"
	"regexp"
	"strings"
	"time"
)

// Options are what may differ between installations. The zero value, and nil,
// are the defaults. [Open] and [Migrate] take the same.
type Options struct {
	// TablePrefix starts the name of every table and index: lower-case letters,
	// digits and underscores, 32 at most, not starting with a digit or with
	// "sqlite_". Default: "carewire_".
	TablePrefix string
	// Timeout limits every call, with all waiting for locks, where the context
	// has no earlier deadline; negative means that there is no limit. Default: 5 s.
	Timeout time.Duration
}

const (
	defaultPrefix  = "carewire_"
	defaultTimeout = 5 * time.Second
)

var errPrefix = errors.New("invalid TablePrefix")

// filled returns the options with their defaults.
func (o *Options) filled() (Options, error) {
	var f Options
	if o != nil {
		f = *o
	}
	if f.TablePrefix == "" {
		f.TablePrefix = defaultPrefix
	}
	if f.Timeout == 0 {
		f.Timeout = defaultTimeout
	}
	ok, err := regexp.MatchString(`^[a-z_][a-z0-9_]{0,31}$`, f.TablePrefix)
	if err != nil || !ok || strings.HasPrefix(f.TablePrefix, "sqlite_") {
		return f, errPrefix
	}
	return f, nil
}

// named puts the prefix into a statement that is written with the default one.
func (o *Options) named(statement string) string {
	return strings.ReplaceAll(statement, defaultPrefix, o.TablePrefix)
}

// DSN returns the data source name of a database file for the driver of
// modernc.org/sqlite, with what suits this package: synchronous=FULL on every
// connection, deleted content overwritten (secure_delete, so that Erase leaves
// nothing behind), and a wait of 100 ms for locks: SQLite looks ever less often while
// it waits, so that short waits, which a Store repeats, find the gaps that a busy
// process leaves. The path may hold any character but NUL. Other data source
// names do as well; see the package comment.
func DSN(path string) string {
	// Everything that SQLite's URIs or the driver would read as syntax is escaped.
	file := url.URL{Path: path}
	return "file:" + strings.TrimPrefix(file.EscapedPath(), "./") + "?_pragma=busy_timeout(100)&_pragma=synchronous(FULL)&_pragma=secure_delete(ON)"
}
