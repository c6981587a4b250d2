package store

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/carewire/carewire/consent"
	"github.com/carewire/carewire/disclosure"
	"github.com/carewire/carewire/optout"
	"github.com/carewire/carewire/recipient"
)

// State is how an attempt stands. States are ranked and only rise; see [Rises].
type State uint8

const (
	// Open is claimed and not settled: in flight, or left behind by a crash.
	Open State = iota + 1
	// Refused by our own rules: nothing was handed over. The key is free.
	Refused
	// Rejected by the provider, definitely. The key is free.
	Rejected
	// Unknown says that the provider may have accepted it. Never sent again.
	Unknown
	// Accepted by the provider.
	Accepted
	// Delivered to the handset.
	Delivered
	// Failed after acceptance.
	Failed
)

// String returns the state in lower case.
func (s State) String() string {
	switch s {
	case Open:
		return "open"
	case Refused:
		return "refused"
	case Rejected:
		return "rejected"
	case Unknown:
		return "unknown"
	case Accepted:
		return "accepted"
	case Delivered:
		return "delivered"
	case Failed:
		return "failed"
	}
	return fmt.Sprintf("state %d", uint8(s))
}

// Holds reports whether an attempt in state s keeps its key from other attempts.
func (s State) Holds() bool { return s != Refused && s != Rejected }

// Rises reports whether an attempt may move from one state to another. Open
// may become anything; Unknown anything that settles it; Accepted only
// Delivered or Failed. All other states are final.
func Rises(from, to State) bool {
	switch from {
	case Open:
		return to > Open && to <= Failed
	case Unknown:
		return to == Rejected || to == Accepted || to == Delivered || to == Failed
	case Accepted:
		return to == Delivered || to == Failed
	case Refused, Rejected, Delivered, Failed:
	}
	return false
}

// Attempt is one try to send one message, or to process one inbound event.
type Attempt struct {
	ID      string // unique over all attempts
	Of      recipient.ID
	Key     string // made by [Key]; unique per recipient among attempts that hold
	Sum     string // keyed sum of what was asked, to notice a key that is used for something else
	Brand   string
	Purpose consent.Purpose
	At      time.Time
}

// Outcome is how an attempt ended, with the facts that it produced.
type Outcome struct {
	Attempt
	State      State
	ProviderID string    // the provider's id of the message
	From       string    // the sender number that was used
	Rule       string    // the rule that refused
	Code       string    // the provider's code
	Approval   string    // who approved the template
	Text       string    // the text as sent; only with Config.KeepText
	Settled    time.Time // when the outcome was known
	// Facts that hold from this moment, all of the attempt's recipient; a store
	// puts them as its Put methods do, in this order. Outcomes need not return
	// them here.
	Consents    []consent.Record
	OptOuts     []optout.Record
	Disclosures []disclosure.Record
}

// Snapshot is what Begin found.
type Snapshot struct {
	// Held is true if the attempt holds its key and is Open: it may go on.
	Held bool
	// Prior is the attempt that stands in the way, if Held is false: at least
	// ID, Sum, State, At and ProviderID. It is zero if Held is true.
	Prior Outcome
	// Every fact on file for the recipient, of all brands, in put order.
	Consents    []consent.Record
	OptOuts     []optout.Record
	Disclosures []disclosure.Record
}

// ErrNotHeld reports a Finish by an attempt that never began.
var ErrNotHeld = errors.New("store: the attempt is not on file")

// Ledger keeps attempts. An implementation must be safe for concurrent use, by
// many processes. Every method returns an error if its context has ended.
// Strings are kept and compared byte for byte; they are valid UTF-8 without
// NUL. Times are kept as instants, at least to the microsecond; the zero time
// stays zero.
type Ledger interface {
	// Begin claims a.Key, unique per recipient, for a, unless another attempt
	// holds it, and returns every fact on file for a.Of, whether a holds or
	// not. A fact whose Put or Finish returned before Begin was called is among
	// them. Of any number of concurrent calls with one key and different IDs
	// exactly one holds; the others are not put on file. The same attempt ID
	// again is the same call while the attempt is Open; once it is settled,
	// Held is false and Prior is the attempt itself. Refused and Rejected
	// attempts hold nothing: another ID gets the key. An error means that
	// nothing is known; the claim may or may not be on file.
	Begin(ctx context.Context, a Attempt) (Snapshot, error)
	// Finish records how an attempt ended and the facts that it produced, all
	// or nothing. It may be repeated. State, Rule, Code and Settled change
	// together and only if the state rises ([Rises]); a Finish that comes late
	// keeps them as they are. ProviderID, From, Approval and Text are filled in
	// while they are empty on file, by a late Finish too, and never change
	// after that: a delivery report neither wipes what the send recorded nor
	// keeps a slower send from recording it. All other fields of the attempt
	// are those of Begin. The facts are stored in any case; one whose ID is on
	// file is left alone. ErrNotHeld if no attempt o.ID of o.Of is on file;
	// nothing is stored then.
	Finish(ctx context.Context, o Outcome) error
	// Outcomes returns every attempt of id in the order of Begin, with what
	// Finish recorded; refused and rejected ones stay on file after their key
	// has passed on. Facts are not repeated here. No attempt is an empty result
	// without an error; a failed look-up is an error and never an empty result.
	Outcomes(ctx context.Context, id recipient.ID) ([]Outcome, error)
}

// Store is everything that the pipeline keeps.
//
// It never gains a method: more abilities are optional interfaces.
type Store interface {
	consent.Store
	optout.Store
	disclosure.Store
	Ledger
}
