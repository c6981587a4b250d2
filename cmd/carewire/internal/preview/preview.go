// Package preview shows what a message would look like when it is sent.
package preview

import (
	"context"
	"errors"
	"fmt"
	"io"
	"slices"
	"time"

	"github.com/carewire/carewire"
	"github.com/carewire/carewire/cmd/carewire/internal/program"
	"github.com/carewire/carewire/consent"
	"github.com/carewire/carewire/disclosure"
	"github.com/carewire/carewire/provider"
	"github.com/carewire/carewire/recipient"
)

// Both is a message as the first one to a person, and as a later one.
type Both struct {
	First, Later carewire.Preview
}

// now is when everything happens: nothing depends on the real time.
var now = time.Unix(1_767_225_600, 0)

// Of asks a client that has a consent for purpose on file and no disclosure,
// and again after the disclosure. Nothing is sent.
func Of(ctx context.Context, p *program.Program, purpose consent.Purpose, text string) (both Both, _ error) {
	c, st, err := p.Client(now)
	if err != nil {
		return both, err
	}
	to, err := someone(p.Countries)
	if err != nil {
		return both, err
	}
	id := recipient.ID{Tenant: p.Tenant, Phone: to}
	r := consent.Record{
		ID: "preview", Of: id, Brand: p.Brand, Basis: consent.Transaction, Ref: "preview",
		Purposes: []consent.Purpose{purpose}, At: now,
	}
	if purpose == consent.Conversation {
		r.Basis, r.Until = consent.Inbound, now.Add(time.Hour)
	}
	if err := st.PutConsent(ctx, r); err != nil {
		return both, err
	}
	m := carewire.Message{To: to, Purpose: purpose, Key: "preview", Text: text}
	if both.First, err = c.Preview(ctx, m); err != nil {
		return both, err
	}
	err = st.PutDisclosure(ctx, disclosure.Record{
		ID: "preview", Of: id, Brand: p.Brand, Kind: disclosure.Statement, Text: "shown before", At: now,
	})
	if err != nil {
		return both, err
	}
	both.Later, err = c.Preview(ctx, m)
	return both, err
}

// someone is a number that belongs to nobody, in the first country of a program.
func someone(countries []string) (recipient.Phone, error) {
	if len(countries) == 0 || slices.Contains(countries, "1") {
		return recipient.Parse("+14155550100")
	}
	return recipient.Parse("+" + countries[0] + "20000000")
}

// Refused reports whether one of the two would not be sent.
func (b Both) Refused() bool { return b.First.Err != nil || b.Later.Err != nil }

// Print writes both. text is what was asked about, for the words that a
// refusal points at.
func (b Both) Print(w io.Writer, text string) error {
	if err := one(w, "First message", b.First, text); err != nil {
		return err
	}
	if _, err := fmt.Fprintln(w); err != nil {
		return err
	}
	return one(w, "Later message", b.Later, text)
}

func one(w io.Writer, title string, p carewire.Preview, text string) error {
	if p.Err != nil {
		return refusal(w, title, p.Err, text)
	}
	_, err := fmt.Fprintf(w, "%s: %s, %d units, %s%s%s\n\n%s\n", title,
		p.Count.Encoding, p.Count.Units, segments(p.Count.Segments), added(p.Added), forced(p.Count), p.Text)
	return err
}

// refusal says why a message would not go out, with the words that are to blame.
func refusal(w io.Writer, title string, cause error, text string) error {
	var e *carewire.Error
	if !errors.As(cause, &e) {
		_, err := fmt.Fprintf(w, "%s: refused: %v\n", title, cause)
		return err
	}
	if _, err := fmt.Fprintf(w, "%s: refused [%s]: %v\n", title, e.Rule, e.Err); err != nil {
		return err
	}
	for _, f := range e.Findings {
		if f.Start < 0 || f.End > len(text) || f.Start > f.End {
			continue // of a classifier that counts another text
		}
		if _, err := fmt.Fprintf(w, "  %s: %q\n", f.Rule, text[f.Start:f.End]); err != nil {
			return err
		}
	}
	return nil
}

func added(k disclosure.Kind) string {
	if k == disclosure.Nothing {
		return ""
	}
	return ", with the " + k.String()
}

func segments(n int) string {
	if n == 1 {
		return "1 segment"
	}
	return fmt.Sprintf("%d segments", n)
}

// forced names the first character that no GSM-7 text can hold.
func forced(c provider.Count) string {
	if len(c.Forced) == 0 {
		return ""
	}
	return fmt.Sprintf(", forced by %q (%U)", c.Forced[0].Rune, c.Forced[0].Rune)
}
