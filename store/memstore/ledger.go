package memstore

import (
	"context"
	"fmt"
	"slices"

	"github.com/carewire/carewire/recipient"
	"github.com/carewire/carewire/store"
)

// Begin implements [store.Ledger].
func (s *Store) Begin(ctx context.Context, a store.Attempt) (store.Snapshot, error) {
	p, err := s.open(ctx, a.Of)
	if err != nil {
		return store.Snapshot{}, err
	}
	defer s.mu.Unlock()
	snap := store.Snapshot{
		Consents:    copyConsents(p.consents.records),
		OptOuts:     slices.Clone(p.optOuts.records),
		Disclosures: slices.Clone(p.disclosures.records),
	}
	if snap.Held, snap.Prior, err = p.claim(a); err != nil {
		return store.Snapshot{}, err
	}
	return snap, nil
}

// claim gives a its key, or returns the attempt that stands in the way.
func (p *person) claim(a store.Attempt) (held bool, prior store.Outcome, err error) {
	if i, ok := p.byID[a.ID]; ok {
		switch mine := p.attempts[i]; {
		case mine.Key != a.Key:
			return false, store.Outcome{}, errOtherKey
		case mine.State == store.Open:
			return true, store.Outcome{}, nil
		default:
			return false, mine, nil
		}
	}
	if i, ok := p.holder[a.Key]; ok && p.attempts[i].State.Holds() {
		return false, p.attempts[i], nil
	}
	p.byID[a.ID], p.holder[a.Key] = len(p.attempts), len(p.attempts)
	p.attempts = append(p.attempts, store.Outcome{Attempt: a, State: store.Open})
	return true, store.Outcome{}, nil
}

// Finish implements [store.Ledger].
func (s *Store) Finish(ctx context.Context, o store.Outcome) error {
	p, err := s.open(ctx, o.Of)
	if err != nil {
		return err
	}
	defer s.mu.Unlock()
	i, ok := p.byID[o.ID]
	if !ok {
		return fmt.Errorf("memstore: %w", store.ErrNotHeld)
	}
	settle(&p.attempts[i], o)
	for _, r := range o.Consents {
		p.consents.put(r.ID, copyConsent(r))
	}
	for _, r := range o.OptOuts {
		p.optOuts.put(r.ID, r)
	}
	for _, r := range o.Disclosures {
		p.disclosures.put(r.ID, r)
	}
	return nil
}

// settle writes into the attempt on file what o adds to it.
func settle(on *store.Outcome, o store.Outcome) {
	if store.Rises(on.State, o.State) {
		on.State, on.Rule, on.Code, on.Settled = o.State, o.Rule, o.Code, o.Settled
	}
	fill(&on.ProviderID, o.ProviderID)
	fill(&on.From, o.From)
	fill(&on.Approval, o.Approval)
	fill(&on.Text, o.Text)
}

// fill sets a field that is still empty.
func fill(field *string, value string) {
	if *field == "" {
		*field = value
	}
}

// Outcomes implements [store.Ledger].
func (s *Store) Outcomes(ctx context.Context, id recipient.ID) ([]store.Outcome, error) {
	p, err := s.open(ctx, id)
	if err != nil {
		return nil, err
	}
	defer s.mu.Unlock()
	return slices.Clone(p.attempts), nil
}
