package optout

import (
	"fmt"
	"io"
	"log/slog"
)

// String returns a form without the person's words.
func (r Record) String() string {
	what := "opt-out"
	if r.In {
		what = "opt-in"
	}
	return fmt.Sprintf("%s %s of %v for %q by rule %q", what, r.ID, r.Of.Phone, r.Brand, r.Rule)
}

// Format implements [fmt.Formatter]: every verb prints [Record.String].
func (r Record) Format(s fmt.State, _ rune) { _, _ = io.WriteString(s, r.String()) }

// LogValue implements [slog.LogValuer] with [Record.String].
func (r Record) LogValue() slog.Value { return slog.StringValue(r.String()) }
