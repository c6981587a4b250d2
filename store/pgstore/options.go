package pgstore

import (
	"errors"
	"fmt"
	"regexp"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"
)

// Options are what may differ between installations. The zero value, and nil,
// are the defaults. [Open] and [Migrate] take the same.
type Options struct {
	// InsecureVolatileStore opens a server that can lose acknowledged commits
	// in a crash (fsync or synchronous_commit off). The store then says that it
	// is volatile. Default: such a server is refused.
	InsecureVolatileStore bool
	// Schema holds the tables. It must exist. Default: the first of the session's search_path.
	Schema string
	// TablePrefix starts the name of every table and index: lower-case letters,
	// digits and underscores, 32 at most. Default: "carewire_".
	TablePrefix string
	// Timeout limits every call, with the wait for a connection and all
	// repetitions, where the context has no earlier deadline; negative means
	// that there is no limit. Default: 5 s.
	Timeout time.Duration
}

const (
	defaultPrefix  = "carewire_"
	defaultTimeout = 5 * time.Second
)

var errOptions = errors.New("invalid options")

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
	if ok, err := regexp.MatchString(`^[a-z_][a-z0-9_]{0,31}$`, f.TablePrefix); err != nil || !ok {
		return f, fmt.Errorf("%w: TablePrefix", errOptions)
	}
	if strings.ContainsRune(f.Schema, 0) || len(f.Schema) > 63 {
		return f, fmt.Errorf("%w: Schema", errOptions)
	}
	return f, nil
}

// named puts prefix and schema into a statement that is written with the
// default prefix and without schema.
func (o *Options) named(statement string) string {
	name := o.TablePrefix
	if o.Schema != "" {
		name = pgx.Identifier{o.Schema}.Sanitize() + "." + name
	}
	return strings.ReplaceAll(statement, defaultPrefix, name)
}
