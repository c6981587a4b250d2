package store

import (
	"fmt"
	"io"
	"log/slog"
)

// String returns a form without the text of the message.
func (o Outcome) String() string {
	return fmt.Sprintf("attempt %s for %v: %v, rule %q, code %q", o.ID, o.Of.Phone, o.State, o.Rule, o.Code)
}

// Format implements [fmt.Formatter]: every verb prints [Outcome.String].
func (o Outcome) Format(s fmt.State, _ rune) { _, _ = io.WriteString(s, o.String()) }

// LogValue implements [slog.LogValuer] with [Outcome.String].
func (o Outcome) LogValue() slog.Value { return slog.StringValue(o.String()) }
