package store

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/carewire/carewire/recipient"
)

// Historian is an optional ability of a ledger: to read the attempts of many
// recipients in one query, and to list recipients of whom attempts are on
// file. It must be safe for concurrent use. Evidence of many people needs it.
type Historian interface {
	// OutcomesOf returns what Outcomes would return for each of ids, in the
	// order of ids; an ID that comes twice is answered twice. ids are at most
	// [BulkLimit], of any tenants. An attempt whose Begin or Finish returned
	// before the call is in the answer as it was left. No attempt is an empty
	// result without an error; a failed look-up is an error and never an empty
	// result.
	OutcomesOf(ctx context.Context, ids []recipient.ID) ([][]Outcome, error)
	// Attempted lists the recipients of tenant of whom an attempt is on file,
	// as [Walker] lists those of whom a fact is: after a number in the byte
	// order of [recipient.Phone.E164], in this order, each once, up to limit.
	// The end is an empty result without an error.
	Attempted(ctx context.Context, tenant string, after recipient.Phone, limit int) ([]recipient.ID, error)
}

// OutcomesOf reads the attempts of any number of recipients, by [Historian]
// where s has it and one by one otherwise. See [FactsOf] for decorators.
func OutcomesOf(ctx context.Context, s Store, ids []recipient.ID) ([][]Outcome, error) {
	out := make([][]Outcome, 0, len(ids))
	h, able := ability[Historian](s)
	for len(ids) > 0 {
		part := ids[:min(len(ids), BulkLimit)]
		answer, err := [][]Outcome(nil), errors.ErrUnsupported
		if able {
			answer, err = h.OutcomesOf(ctx, part)
		}
		if errors.Is(err, errors.ErrUnsupported) {
			answer, err = outcomesOfEach(ctx, s, part)
		}
		if err != nil {
			return nil, err
		}
		if len(answer) != len(part) {
			return nil, fmt.Errorf("store: OutcomesOf answered %d of %d recipients", len(answer), len(part))
		}
		out, ids = append(out, answer...), ids[len(part):]
	}
	return out, nil
}

func outcomesOfEach(ctx context.Context, l Ledger, ids []recipient.ID) ([][]Outcome, error) {
	out := make([][]Outcome, len(ids))
	for i, id := range ids {
		var err error
		if out[i], err = l.Outcomes(ctx, id); err != nil {
			return nil, err
		}
	}
	return out, nil
}

// Everybody lists the recipients of tenant of whom anything is on file, facts
// or attempts, as [Walker] lists those with facts. The error is
// [errors.ErrUnsupported] if s is no [Walker] or no [Historian].
func Everybody(ctx context.Context, s Store, tenant string, after recipient.Phone, limit int) ([]recipient.ID, error) {
	h, ok := ability[Historian](s)
	if !ok {
		return nil, fmt.Errorf("store: list attempted recipients: %w", errors.ErrUnsupported)
	}
	attempted, err := h.Attempted(ctx, tenant, after, limit)
	if err != nil {
		return nil, err
	}
	ids, err := Recipients(ctx, s, tenant, after, limit)
	if err != nil {
		return nil, err
	}
	ids = slices.Concat(ids, attempted)
	slices.SortFunc(ids, func(a, b recipient.ID) int { return strings.Compare(a.Phone.E164(), b.Phone.E164()) })
	ids = slices.Compact(ids)
	return ids[:min(len(ids), limit)], nil
}

var _ Historian = (*composed)(nil)

// OutcomesOf implements [Historian] by the ledger.
func (s *composed) OutcomesOf(ctx context.Context, ids []recipient.ID) ([][]Outcome, error) {
	if h, ok := ability[Historian](s.ledger); ok {
		return h.OutcomesOf(ctx, ids)
	}
	return outcomesOfEach(ctx, s.ledger, ids)
}

// Attempted implements [Historian] by the ledger, or returns [errors.ErrUnsupported].
func (s *composed) Attempted(ctx context.Context, tenant string, after recipient.Phone, limit int) ([]recipient.ID, error) {
	if h, ok := ability[Historian](s.ledger); ok {
		return h.Attempted(ctx, tenant, after, limit)
	}
	return nil, errors.ErrUnsupported
}
