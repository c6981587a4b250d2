package provider

import (
	"context"
	"fmt"
	"io"
	"log/slog"
	"time"

	"github.com/carewire/carewire/recipient"
)

// Message is what goes out. It redacts itself under every fmt verb and in log/slog.
type Message struct {
	To   recipient.Phone `json:"to"`
	Text string          `json:"-"`   // final text, ready for the wire
	Ref  string          `json:"ref"` // our attempt ID; status reports should bring it back
	TTL  time.Duration   `json:"ttl"` // after this the message is of no use; 0 leaves it to the provider
}

// Receipt is what the provider said when it accepted a message.
type Receipt struct {
	ID       string // the provider's id of the message
	From     string // the sender number or id, if known
	Segments int    // what the provider will charge; 0 if it did not say
}

// Provider hands one message to an SMS provider.
type Provider interface {
	// Send hands m to the provider once. It never repeats a request by itself,
	// obeys ctx, and is safe for concurrent use. A nil error means that the
	// provider has accepted the message. An error is best an [*Error] whose
	// Kind says what is known: every kind except Unknown promises that the
	// provider has not accepted the message. Any other error, and a panic,
	// counts as Unknown. Errors must contain no number, text or secret.
	Send(ctx context.Context, m Message) (Receipt, error)
}

// Func makes a Provider of any function, so that any sender can be wrapped.
type Func func(ctx context.Context, m Message) (Receipt, error)

// Send calls f.
func (f Func) Send(ctx context.Context, m Message) (Receipt, error) { return f(ctx, m) }

// String returns a form without number and text.
func (m Message) String() string {
	return fmt.Sprintf("message %s to %v (%d bytes)", m.Ref, m.To, len(m.Text))
}

// Format implements [fmt.Formatter]: every verb prints [Message.String].
func (m Message) Format(s fmt.State, _ rune) { _, _ = io.WriteString(s, m.String()) }

// LogValue implements [slog.LogValuer] without number and text.
func (m Message) LogValue() slog.Value {
	return slog.GroupValue(slog.String("ref", m.Ref), slog.Any("to", m.To), slog.Int("bytes", len(m.Text)))
}
