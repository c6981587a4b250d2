package carewire

import (
	"context"
	"fmt"
	"io"
	"log/slog"

	"github.com/carewire/carewire/disclosure"
	"github.com/carewire/carewire/provider"
)

// Preview is what a Send would do.
type Preview struct {
	Text  string          // the final text; "" if the message would be refused
	Added disclosure.Kind // what was put under the caller's text
	Count provider.Count  // encoding and segments of Text
	Err   error           // why the message would be refused, an *Error; nil if it would go out
}

// String returns a form without the text.
func (p Preview) String() string {
	return fmt.Sprintf("preview: %d bytes, %d segments, added %v, error %v", len(p.Text), p.Count.Segments, p.Added, p.Err)
}

// Format implements [fmt.Formatter]: every verb prints [Preview.String].
func (p Preview) Format(s fmt.State, _ rune) { _, _ = io.WriteString(s, p.String()) }

// LogValue implements [slog.LogValuer] with [Preview.String].
func (p Preview) LogValue() slog.Value { return slog.StringValue(p.String()) }

// Preview does everything that Send does, except claim, send and record. Its
// own error says that it could not tell; a refusal is in Preview.Err.
func (c *Client) Preview(ctx context.Context, m Message) (Preview, error) {
	m, refused := c.checkMessage(m)
	if refused == nil {
		_, refused = c.checkBody(ctx, m)
	}
	if refused != nil {
		return Preview{Err: refused}, nil //nolint:nilerr // a refusal is the answer
	}
	if c.held.has(m.To) {
		return Preview{Err: refusal("opt-out/held", ErrOptedOut)}, nil
	}
	e, err := c.factsOn(ctx, m)
	if err != nil {
		return Preview{}, err
	}
	v, refused := c.decide(m, e, c.now())
	if refused != nil {
		return Preview{Err: refused}, nil //nolint:nilerr // a refusal is the answer
	}
	return Preview{Text: v.text, Added: v.added, Count: provider.Segments(v.text)}, nil
}

// factsOn reads what is on file without claiming anything.
func (c *Client) factsOn(ctx context.Context, m Message) (f facts, err error) {
	id := c.id(m.To)
	if f.optOuts, err = c.cfg.Store.OptOuts(ctx, id); err != nil {
		return f, storeError("store/opt-outs", err)
	}
	if f.consents, err = c.cfg.Store.Consents(ctx, id); err != nil {
		return f, storeError("store/consents", err)
	}
	if f.disclosures, err = c.cfg.Store.Disclosures(ctx, id); err != nil {
		return f, storeError("store/disclosures", err)
	}
	return f, nil
}
