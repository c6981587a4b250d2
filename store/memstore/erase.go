package memstore

import (
	"context"
	"fmt"

	"github.com/carewire/carewire/store"
)

var _ store.Eraser = (*Store)(nil)

// Erase implements [store.Eraser].
func (s *Store) Erase(ctx context.Context, e store.Erasure) error {
	if err := ctx.Err(); err != nil {
		return fmt.Errorf("memstore: %w", err)
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	p := s.people[e.Of]
	if p == nil || e.Of == e.As {
		return nil
	}
	as := s.person(e.As)
	for _, o := range p.attempts {
		if _, known := as.byID[o.ID]; known || o.State == store.Open {
			continue
		}
		as.byID[o.ID], as.holder[o.ID] = len(as.attempts), len(as.attempts)
		as.attempts = append(as.attempts, store.Outcome{
			Attempt: store.Attempt{ID: o.ID, Of: e.As, Key: o.ID, Brand: o.Brand, Purpose: o.Purpose, At: o.At},
			State:   o.State, Rule: o.Rule, Settled: o.Settled,
		})
	}
	delete(s.people, e.Of)
	s.walk = nil
	return nil
}
