package disclosure

import (
	"context"
	"time"

	"github.com/carewire/carewire/recipient"
)

// Record is one disclosure as it was shown, or the news that a message with one never arrived.
type Record struct {
	ID     string       // unique per recipient; filled by the client
	Of     recipient.ID // filled by the client
	Brand  string
	Kind   Kind      // what Text is: StopLine or Statement
	Text   string    // literally as shown
	Ref    string    // the attempt that carried it, or where the form was
	Failed bool      // the message Ref was not delivered: what it carried does not count
	At     time.Time // when it was shown
}

// Kind is how much of the disclosure a message owes or carries.
type Kind uint8

const (
	// Nothing is owed.
	Nothing Kind = iota
	// StopLine is one line that says how to opt out, owed every 30 days.
	StopLine
	// Statement is the whole disclosure with its five elements.
	Statement
)

// String returns the kind in lower case.
func (k Kind) String() string {
	switch k {
	case StopLine:
		return "stop line"
	case Statement:
		return "statement"
	default:
		return "nothing"
	}
}

// Element is one of the five parts that a disclosure must have. (S7).
type Element string

// The five elements.
const (
	Identity  Element = "identity"   // company name, and why it texts
	Cost      Element = "cost"       // rates may apply, frequency varies
	OptOut    Element = "opt-out"    // reply STOP
	Privacy   Element = "privacy"    // not shared with third parties or affiliates for marketing
	ScopeOnly Element = "scope-only" // only for the purposes outlined
)

// Store keeps disclosures. An implementation must be safe for concurrent use.
type Store interface {
	// PutDisclosure adds a record. When it returns nil, the record is durable
	// and every look-up that starts afterwards, in any process, sees it. A
	// record whose ID is on file for the recipient is the same record: the
	// call changes nothing and returns nil. Strings are kept byte for byte,
	// times at least to the microsecond.
	PutDisclosure(ctx context.Context, r Record) error
	// Disclosures returns every record of id in the order in which they were
	// put: a record whose Put returned before another's began comes first. No
	// record is an empty result without an error; a failed look-up is an error
	// and never an empty result.
	Disclosures(ctx context.Context, id recipient.ID) ([]Record, error)
}
