package evidence

import (
	"bufio"
	"context"
	"fmt"
	"io"

	"github.com/carewire/carewire/recipient"
	"github.com/carewire/carewire/store"
)

// exportSize is how many people are read at once: few enough that memory stays
// flat however many there are.
const exportSize = 500

// ExportReport is how far an export has come.
type ExportReport struct {
	Recipients int             // lines written by this call
	Events     int             // events in them
	Last       recipient.Phone // the last number that is written; pass it as after to go on after an error
}

// Export writes a pack of everybody of tenant of whom anything is on file, as
// JSON Lines: one pack a line, in the byte order of the numbers, after the
// number after. Every line is a pack that [Read] reads. People who come on
// file meanwhile may or may not be among them.
//
// It needs a store that lists its people ([store.Everybody]); with another the
// error wraps [errors.ErrUnsupported].
func Export(ctx context.Context, w io.Writer, s store.Store, tenant string, after recipient.Phone, p Program, o Options) (ExportReport, error) {
	r := ExportReport{Last: after}
	if o.Now.IsZero() {
		return r, ErrInput
	}
	if o.Library == "" {
		o.Library = Library()
	}
	o.Erased = nil
	out := bufio.NewWriterSize(w, 256<<10)
	for {
		ids, err := store.Everybody(ctx, s, tenant, r.Last, exportSize)
		if err != nil {
			return r, fmt.Errorf("evidence: list people: %w", err)
		}
		if len(ids) == 0 {
			return r, nil
		}
		facts, err := store.FactsOf(ctx, s, ids)
		if err != nil {
			return r, fmt.Errorf("evidence: read facts: %w", err)
		}
		outcomes, err := store.OutcomesOf(ctx, s, ids)
		if err != nil {
			return r, fmt.Errorf("evidence: read attempts: %w", err)
		}
		events := 0
		for i, id := range ids {
			pack := make1(id, facts[i], outcomes[i], p, o)
			line, err := pack.marshal("")
			if err != nil {
				return r, err
			}
			if _, err := out.Write(line); err != nil {
				return r, fmt.Errorf("evidence: write: %w", err)
			}
			events += len(pack.Events)
		}
		if err := out.Flush(); err != nil {
			return r, fmt.Errorf("evidence: write: %w", err)
		}
		r.Recipients, r.Events, r.Last = r.Recipients+len(ids), r.Events+events, ids[len(ids)-1].Phone
	}
}
