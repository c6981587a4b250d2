package optout

import (
	"context"
	"errors"
	"time"

	"github.com/carewire/carewire/recipient"
)

// Record is one opt-out, or the opt-in that lifts opt-outs.
type Record struct {
	ID    string       // unique per recipient; filled by the client
	Of    recipient.ID // filled by the client
	Brand string       // the brand that is meant; "" in an opt-out means all brands of the tenant
	In    bool         // the person wants messages again; false is the opt-out
	At    time.Time    // when it was filed
	Sent  time.Time    // when the provider says that the person wrote; zero if unknown
	Via   string       // how it came: "inbound", "provider", or "person: " and who filed it
	Text  string       // the person's words, literally, or the reason given
	Rule  string       // which rule of Read, or which provider code, made it an opt-out
}

// Store keeps opt-outs. An implementation must be safe for concurrent use.
type Store interface {
	// PutOptOut adds a record. When it returns nil, the record is durable and
	// every look-up that starts afterwards, in any process, sees it. A record
	// whose ID is on file for the recipient is the same record: the call
	// changes nothing and returns nil. Strings are kept byte for byte, times at
	// least to the microsecond.
	PutOptOut(ctx context.Context, r Record) error
	// OptOuts returns every record of id in the order in which they were put:
	// a record whose Put returned before another's began comes first. A store
	// with less to tell, such as a boolean column, may return only the records
	// that stand. No record is an empty result without an error; a failed
	// look-up is an error and never an empty result.
	OptOuts(ctx context.Context, id recipient.ID) ([]Record, error)
}

// ErrOptedOut reports that an opt-out stands.
var ErrOptedOut = errors.New("optout: the person has opted out")
