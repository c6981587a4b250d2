package disclosure

import (
	"fmt"
	"io"
	"log/slog"
)

// String returns a form without the text that was shown.
func (r Record) String() string {
	return fmt.Sprintf("disclosure %s of %v for %q: %v, failed %t", r.ID, r.Of.Phone, r.Brand, r.Kind, r.Failed)
}

// Format implements [fmt.Formatter]: every verb prints [Record.String].
func (r Record) Format(s fmt.State, _ rune) { _, _ = io.WriteString(s, r.String()) }

// LogValue implements [slog.LogValuer] with [Record.String].
func (r Record) LogValue() slog.Value { return slog.StringValue(r.String()) }
