package carewire

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"log/slog"

	"github.com/carewire/carewire/consent"
	"github.com/carewire/carewire/recipient"
)

// Message is what is meant: one text to one person, for one purpose. All four
// fields are required. It redacts itself under every fmt verb, in log/slog and
// in JSON.
type Message struct {
	To      recipient.Phone
	Purpose consent.Purpose
	// Key names the occasion, such as "booking-881/confirmed". Any number of
	// Sends with one key hand the provider at most one message. A key is good
	// for 24 hours; it is unique per person and brand.
	Key  string
	Text string // without disclosure and opt-out line: the client adds them when they are due
}

// Receipt is what became of a message that was accepted.
type Receipt struct {
	AttemptID  string // our id, found again in Evidence
	ProviderID string // the provider's id
	Disclosed  bool   // the text carried the disclosure statement
	Replayed   bool   // an earlier call with this key had sent it: nothing was sent now
	Segments   int    // how many SMS segments the text took
}

// Sender sends messages: a [Client], or a Client inside [Middleware].
type Sender interface {
	Send(ctx context.Context, m Message) (Receipt, error)
}

// SenderFunc makes a Sender of a function.
type SenderFunc func(ctx context.Context, m Message) (Receipt, error)

// Send calls f.
func (f SenderFunc) Send(ctx context.Context, m Message) (Receipt, error) { return f(ctx, m) }

// Middleware wraps a Sender from outside: retries, rate limits, quiet hours,
// metrics. What keeps the law is not middleware: it is inside the [Client],
// and cannot be left out or put in the wrong order.
type Middleware func(Sender) Sender

// Chain wraps s. The first middleware given sees a message first; nil ones are skipped.
func Chain(s Sender, mw ...Middleware) Sender {
	for i := len(mw) - 1; i >= 0; i-- {
		if mw[i] != nil {
			s = mw[i](s)
		}
	}
	return s
}

// Rule is a check of the application's own, run before anything is claimed or
// sent. It may only refuse: an error refuses the message, and an [*Error]
// passes on its Rule and Findings. Everything else it says is not printed.
type Rule func(ctx context.Context, m Message) error

// String returns a form without number and text.
func (m Message) String() string {
	return fmt.Sprintf("%s message %q to %v (%d bytes)", m.Purpose, m.Key, m.To, len(m.Text))
}

// Format implements [fmt.Formatter]: every verb prints [Message.String].
func (m Message) Format(s fmt.State, _ rune) { _, _ = io.WriteString(s, m.String()) }

// LogValue implements [slog.LogValuer] without number and text.
func (m Message) LogValue() slog.Value {
	return slog.GroupValue(slog.String("key", m.Key), slog.String("purpose", string(m.Purpose)),
		slog.Any("to", m.To), slog.Int("bytes", len(m.Text)))
}

// MarshalJSON implements [json.Marshaler] without number and text. A queue
// keeps the fields of a message in a type of its own.
func (m Message) MarshalJSON() ([]byte, error) {
	return json.Marshal(struct {
		To      recipient.Phone `json:"to"`
		Purpose consent.Purpose `json:"purpose"`
		Key     string          `json:"key"`
		Bytes   int             `json:"bytes"`
	}{m.To, m.Purpose, m.Key, len(m.Text)})
}
