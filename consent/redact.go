package consent

import (
	"fmt"
	"io"
	"log/slog"
)

// String returns a form without the texts that the person was shown.
func (r Record) String() string {
	what := "consent"
	if r.Revoked {
		what = "revocation"
	}
	return fmt.Sprintf("%s %s of %v for %q: %v %v", what, r.ID, r.Of.Phone, r.Brand, r.Basis, r.Purposes)
}

// Format implements [fmt.Formatter]: every verb prints [Record.String].
func (r Record) Format(s fmt.State, _ rune) { _, _ = io.WriteString(s, r.String()) }

// LogValue implements [slog.LogValuer] with [Record.String].
func (r Record) LogValue() slog.Value { return slog.StringValue(r.String()) }
