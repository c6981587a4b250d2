package evidence

import (
	"fmt"
	"io"
	"log/slog"
	"time"

	"github.com/carewire/carewire/consent"
)

// Schema is the version of the JSON form of a [Pack]. A field is never taken
// away from a version or given another meaning; a new field is a new version.
const Schema = "carewire/evidence/1"

// Pack is the evidence about one number, of all brands of one tenant.
type Pack struct {
	Schema    string    `json:"schema"`
	Library   string    `json:"library"`   // module and version that made the pack
	Generated time.Time `json:"generated"` // when it was made
	Program   Program   `json:"program"`   // the program in force when it was made
	Tenant    string    `json:"tenant,omitempty"`
	Phone     string    `json:"phone"`            // E.164
	Erased    []Erasure `json:"erased,omitempty"` // when the person was erased; what is in Events is what was left or came later
	Events    []Event   `json:"events"`           // in the order in which they happened
	Seal      *Seal     `json:"seal,omitempty"`   // proof that the events are those of a signed log
}

// Program says who texts and why. Fill it from the configuration of the client.
type Program struct {
	Brand     string            `json:"brand"`
	Company   string            `json:"company"`
	About     string            `json:"about,omitempty"`
	Contact   string            `json:"contact,omitempty"`
	Purposes  []consent.Purpose `json:"purposes,omitempty"`
	Statement string            `json:"statement,omitempty"` // the disclosure
	Version   string            `json:"version,omitempty"`   // the application's own name of this configuration
}

// Erasure says that personal data of the number were removed. The number was
// then known by a keyed hash only.
type Erasure struct {
	At     time.Time `json:"at"`
	By     string    `json:"by"`
	Reason string    `json:"reason"`
}

// Kind says what happened.
type Kind string

// The kinds of events.
const (
	KindConsent    Kind = "consent"    // consent was given
	KindRevocation Kind = "revocation" // consent was taken back
	KindOptOut     Kind = "opt-out"
	KindOptIn      Kind = "opt-in"
	KindDisclosure Kind = "disclosure" // the person was shown a disclosure
	KindFailure    Kind = "failure"    // a message with a disclosure did not arrive
	KindAttempt    Kind = "attempt"    // a message was to be sent, or one that came in was dealt with
)

// Event is one thing that happened. Exactly one of Consent, OptOut, Disclosure
// and Attempt is set: the record on file, field for field. All other fields
// follow from the records; [Derive] fills them in.
type Event struct {
	N        int       `json:"n"` // 1, 2, 3 … in the pack
	Kind     Kind      `json:"kind"`
	ID       string    `json:"id"` // unique per kind of record
	Brand    string    `json:"brand,omitempty"`
	Received time.Time `json:"received,omitzero"` // when it reached us, or the provider says that the person wrote
	Honoured time.Time `json:"honoured,omitzero"` // when it was on file and in force; of an attempt, when its outcome was known
	// PermittedBy is the ID of the consent that permitted a message, "" if it
	// needed none or none did. (R7.37)
	PermittedBy string `json:"permitted_by,omitempty"`
	// MessagesAfter is how many messages were handed to the provider after an
	// opt-out was honoured and while it stood, other than the one confirmation.
	MessagesAfter int         `json:"messages_after,omitempty"`
	Consent       *Consent    `json:"consent,omitempty"`
	OptOut        *OptOut     `json:"opt_out,omitempty"`
	Disclosure    *Disclosure `json:"disclosure,omitempty"`
	Attempt       *Attempt    `json:"attempt,omitempty"`
}

// Consent is a [consent.Record].
type Consent struct {
	Basis     string            `json:"basis,omitempty"`
	Purposes  []consent.Purpose `json:"purposes,omitempty"`
	Ref       string            `json:"ref,omitempty"`
	Shown     string            `json:"shown,omitempty"`
	Where     string            `json:"where,omitempty"`
	Confirmed string            `json:"confirmed,omitempty"`
	Revoked   bool              `json:"revoked,omitempty"`
	At        time.Time         `json:"at,omitzero"`
	Until     time.Time         `json:"until,omitzero"`
}

// OptOut is an optout.Record.
type OptOut struct {
	In   bool      `json:"in,omitempty"`
	At   time.Time `json:"at,omitzero"`
	Sent time.Time `json:"sent,omitzero"`
	Via  string    `json:"via,omitempty"`
	Text string    `json:"text,omitempty"`
	Rule string    `json:"rule,omitempty"`
}

// Disclosure is a disclosure.Record.
type Disclosure struct {
	Kind   string    `json:"kind"`
	Text   string    `json:"text,omitempty"`
	Ref    string    `json:"ref,omitempty"`
	Failed bool      `json:"failed,omitempty"`
	At     time.Time `json:"at,omitzero"`
}

// Attempt is a store.Outcome without its sum.
type Attempt struct {
	What       string          `json:"what"` // the kind of the key: "message", "confirmation", "help", "inbound", "refusal"
	Key        string          `json:"key,omitempty"`
	Purpose    consent.Purpose `json:"purpose,omitempty"`
	State      string          `json:"state"`
	Rule       string          `json:"rule,omitempty"`     // the rule that refused
	Approval   string          `json:"approval,omitempty"` // who approved the template
	ProviderID string          `json:"provider_id,omitempty"`
	From       string          `json:"from,omitempty"`
	Code       string          `json:"code,omitempty"` // the provider's code
	Text       string          `json:"text,omitempty"` // only with Config.KeepText
	At         time.Time       `json:"at,omitzero"`
	Settled    time.Time       `json:"settled,omitzero"`
}

// Seal is what the package evidence/seal adds: the entries of a signed log
// that are about this person. Its texts are defined there.
type Seal struct {
	Checkpoint string  `json:"checkpoint"`    // a signed note: origin, size and root hash of the log
	Statement  string  `json:"statement"`     // a signed note about this pack
	Key        string  `json:"key,omitempty"` // opens the commitments of this person's entries; "" after an erasure
	Entries    []Entry `json:"entries"`       // all entries about the person, in the order of the log
}

// Entry is one entry of the log.
type Entry struct {
	Index int64    `json:"index"` // its place in the log
	Leaf  string   `json:"leaf"`  // its text
	Event int      `json:"event"` // Event.N of the event that it seals; 0 for an earlier state of an attempt, and for what was erased
	Proof []string `json:"proof"` // that it is in the log
}

// String returns how many events there are, and nothing that is in them.
func (p Pack) String() string { return fmt.Sprintf("evidence pack of %d events", len(p.Events)) }

// Format implements [fmt.Formatter]: every verb prints [Pack.String].
func (p Pack) Format(s fmt.State, _ rune) { _, _ = io.WriteString(s, p.String()) }

// LogValue implements [slog.LogValuer] with [Pack.String].
func (p Pack) LogValue() slog.Value { return slog.StringValue(p.String()) }

// String returns number, kind and ID of the event.
func (e Event) String() string { return fmt.Sprintf("event %d (%s)", e.N, e.Kind) }

// Format implements [fmt.Formatter]: every verb prints [Event.String].
func (e Event) Format(s fmt.State, _ rune) { _, _ = io.WriteString(s, e.String()) }

// LogValue implements [slog.LogValuer] with [Event.String].
func (e Event) LogValue() slog.Value { return slog.StringValue(e.String()) }
