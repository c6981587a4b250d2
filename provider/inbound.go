package provider

import (
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"time"

	"github.com/carewire/carewire/recipient"
)

// Flag is what the provider itself took an inbound message for.
type Flag uint8

// The flags.
const (
	FlagNone Flag = iota
	FlagStop
	FlagStart
	FlagHelp
)

// Replied says whether the person already got an answer from the provider or the network.
type Replied uint8

// The three answers.
const (
	RepliedNo Replied = iota
	RepliedYes
	RepliedMaybe
)

// Inbound is a message from a person. It redacts itself under every fmt verb and in log/slog.
type Inbound struct {
	ID      string          `json:"id"` // the provider's id, the same when it is delivered again
	From    recipient.Phone `json:"from"`
	To      string          `json:"to"` // our number or short code
	Text    string          `json:"-"`
	Sent    time.Time       `json:"sent"`    // when the person wrote, by the provider's clock; zero if unknown
	Flag    Flag            `json:"flag"`    // what the provider took it for: an extra signal, never the only one
	Replied Replied         `json:"replied"` // whether the person already got an answer
}

// String returns a form without number and text.
func (in Inbound) String() string {
	return fmt.Sprintf("inbound %s from %v (%d bytes)", in.ID, in.From, len(in.Text))
}

// Format implements [fmt.Formatter]: every verb prints [Inbound.String].
func (in Inbound) Format(s fmt.State, _ rune) { _, _ = io.WriteString(s, in.String()) }

// LogValue implements [slog.LogValuer] without number and text.
func (in Inbound) LogValue() slog.Value {
	return slog.GroupValue(slog.String("id", in.ID), slog.Any("from", in.From), slog.Int("bytes", len(in.Text)))
}

// State is how far a message has come.
type State uint8

// The states of a message at the provider.
const (
	Queued State = iota + 1
	Sent
	Delivered
	Undelivered
	Failed
)

// String returns the state in lower case.
func (s State) String() string {
	switch s {
	case Queued:
		return "queued"
	case Sent:
		return "sent"
	case Delivered:
		return "delivered"
	case Undelivered:
		return "undelivered"
	case Failed:
		return "failed"
	}
	return fmt.Sprintf("state %d", uint8(s))
}

// Status is news about a message that was sent. Order is not guaranteed by any provider.
type Status struct {
	Ref   string          // Message.Ref, if the provider brings it back
	ID    string          // the provider's id of the message
	To    recipient.Phone // whom the message was for
	State State
	Kind  Kind   // why it failed; OptedOut files an opt-out
	Code  string // the provider's code
}

// Event is one thing that a webhook request told: either of the two.
type Event struct {
	Inbound *Inbound
	Status  *Status
}

// Webhook reads a provider's HTTP callbacks. It is safe for concurrent use.
type Webhook interface {
	// Verify checks that body, the raw bytes of the request's body, was sent by
	// the provider: signature only, over the configured public URL, in constant
	// time. It does not read r.Body. Its error is a [*WebhookError].
	Verify(r *http.Request, body []byte) error
	// Parse calls Verify and then returns what the request tells, each event
	// once. It checks that account and receiving number are ours. A request
	// that tells nothing of interest gives no events and no error. Its error
	// is a [*WebhookError].
	Parse(r *http.Request, body []byte) ([]Event, error)
	// Ack writes the answer of success that the provider expects, without any
	// reply to the person.
	Ack(w http.ResponseWriter)
}

// WebhookError says that a webhook request was not accepted, and which HTTP status to answer.
type WebhookError struct {
	Status int    // 400, 401, 403, 405 or 5xx
	Reason string // for the log: no number, text or secret
}

// Error returns status and reason.
func (e *WebhookError) Error() string {
	return fmt.Sprintf("provider: webhook refused (%d): %s", e.Status, e.Reason)
}
