package consent

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/carewire/carewire/recipient"
)

// Basis says how consent came about.
type Basis uint8

const (
	// Transaction is implied consent: the number was given for an order or a booking, named by Record.Ref.
	Transaction Basis = iota + 1
	// SupportRequest is implied consent: the number was given for a support request, named by Record.Ref.
	SupportRequest
	// Form is express consent on an intake form whose text is in Record.Shown.
	Form
	// Inbound is the consent of a conversation that the person started. Only the client writes it.
	Inbound
	// Written is express written consent in two steps (double opt-in), the second in Record.Confirmed.
	Written
)

// String returns the basis in lower case, as it appears in evidence.
func (b Basis) String() string {
	switch b {
	case Transaction:
		return "transaction"
	case SupportRequest:
		return "support request"
	case Form:
		return "form"
	case Inbound:
		return "inbound"
	case Written:
		return "written"
	}
	return fmt.Sprintf("basis %d", uint8(b))
}

// Purpose is what a message is for. Applications may define their own.
type Purpose string

// The usual purposes of customer care, and two that are reserved.
const (
	Authentication Purpose = "authentication" // one-time codes and login alerts
	Orders         Purpose = "orders"         // order confirmations and changes
	Delivery       Purpose = "delivery"       // where a parcel is
	Account        Purpose = "account"        // notices about an account
	Billing        Purpose = "billing"        // invoices, payments, refunds
	Appointments   Purpose = "appointments"   // bookings and reminders
	Support        Purpose = "support"        // tickets and answers
	Service        Purpose = "service"        // work at the customer's place

	Conversation Purpose = "conversation" // reserved: replies to somebody who wrote in
	Marketing    Purpose = "marketing"    // reserved: never sent by a care program
)

// Record is one consent, or the revocation of consents.
type Record struct {
	ID    string       // unique per recipient; filled by the client
	Of    recipient.ID // filled by the client
	Brand string       // filled by the client; a revocation with "" is for all brands of the tenant
	Basis Basis
	// Purposes are the purposes covered; none permits nothing. In a revocation none means all.
	Purposes  []Purpose
	Ref       string    // the order, booking or ticket
	Shown     string    // the text that the person was shown, literally
	Where     string    // where it was shown: a URL, a form's name and version, a call script
	Confirmed string    // the second step of a written consent, literally
	Revoked   bool      // the record takes consents back instead of giving one
	At        time.Time // when the consent was given or taken back
	Until     time.Time // when it ends; zero means that it does not
}

// Store keeps consent records. An implementation must be safe for concurrent use.
type Store interface {
	// PutConsent adds a record. When it returns nil, the record is durable and
	// every look-up that starts afterwards, in any process, sees it. A record
	// whose ID is on file for the recipient is the same record: the call
	// changes nothing and returns nil. Strings are kept byte for byte, times at
	// least to the microsecond.
	PutConsent(ctx context.Context, r Record) error
	// Consents returns every record of id in the order in which they were put:
	// a record whose Put returned before another's began comes first. No
	// record is an empty result without an error; a failed look-up is an error
	// and never an empty result.
	Consents(ctx context.Context, id recipient.ID) ([]Record, error)
}

// ErrNone reports that no consent on file permits a message.
var ErrNone = errors.New("consent: none on file for this brand and purpose")

// ErrInvalid reports a record that may not be filed.
var ErrInvalid = errors.New("consent: invalid record")

// Skew is how far the clocks of the machines that write and read records may
// differ. A consent dated further in the future than that does not count yet.
const Skew = 5 * time.Minute

// Check returns the newest record that permits a message of purpose p from brand at now, or ErrNone.
//
// The records are those on file in put order. A consent counts if it names
// exactly this brand and purpose, has begun, has not ended, and no revocation
// was put after it or is dated after it. Where clocks disagree the answer is
// the quiet one: a consent that was put after a revocation, but is dated
// before it, does not count. Marketing counts only from a written record whose
// second step is on file, a conversation only from an inbound one.
func Check(rs []Record, brand string, p Purpose, now time.Time) (Record, error) {
	for i := len(rs) - 1; i >= 0; i-- {
		if rs[i].permits(brand, p, now) && !revoked(rs, i, p) {
			return rs[i], nil
		}
	}
	return Record{}, ErrNone
}

// permits reports whether r, seen alone, allows a message. (S3, S9, R7.1, R7.4, R7.5)
func (r Record) permits(brand string, p Purpose, now time.Time) bool {
	if r.Revoked || r.Brand != brand || p == "" || !slices.Contains(r.Purposes, p) {
		return false
	}
	if r.At.After(now.Add(Skew)) || !r.Until.IsZero() && !now.Before(r.Until) {
		return false
	}
	return r.Validate() == nil
}

// revoked reports whether a revocation stands against the consent rs[i]. (R7.13)
func revoked(rs []Record, i int, p Purpose) bool {
	for j, v := range rs {
		if !v.Revoked || v.Brand != "" && v.Brand != rs[i].Brand ||
			len(v.Purposes) > 0 && !slices.Contains(v.Purposes, p) {
			continue
		}
		if j > i || rs[i].At.Before(v.At) {
			return true
		}
	}
	return false
}

// Validate reports whether r may be filed, with an error that wraps ErrInvalid
// and says what is missing. Customer care needs no written consent; the weaker
// the basis, the more it must name. (S2, R7.3)
func (r Record) Validate() error {
	if r.Revoked {
		return nil // a refusal is never refused
	}
	switch {
	case len(r.Purposes) == 0 || slices.Contains(r.Purposes, ""):
		return fmt.Errorf("%w: name at least one purpose", ErrInvalid)
	case slices.Contains(r.Purposes, Marketing) && (r.Basis != Written || r.Confirmed == ""):
		return fmt.Errorf("%w: marketing needs written consent confirmed in a second step", ErrInvalid)
	case slices.Contains(r.Purposes, Conversation) && r.Basis != Inbound:
		return fmt.Errorf("%w: consent of a conversation comes from an inbound message only", ErrInvalid)
	}
	switch r.Basis {
	case Transaction, SupportRequest:
		if r.Ref == "" {
			return fmt.Errorf("%w: implied consent names its order, booking or ticket in Ref", ErrInvalid)
		}
	case Form:
		if r.Shown == "" {
			return fmt.Errorf("%w: consent on a form needs the text that was shown", ErrInvalid)
		}
	case Inbound:
		if !slices.Equal(r.Purposes, []Purpose{Conversation}) || r.Until.IsZero() {
			return fmt.Errorf("%w: an inbound message permits its conversation only, and for a limited time", ErrInvalid)
		}
	case Written:
		if r.Shown == "" || r.Confirmed == "" {
			return fmt.Errorf("%w: written consent needs the text shown and the second step", ErrInvalid)
		}
	default:
		return fmt.Errorf("%w: name the basis", ErrInvalid)
	}
	return nil
}
