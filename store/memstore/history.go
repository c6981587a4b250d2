package memstore

import (
	"context"
	"fmt"
	"slices"

	"github.com/carewire/carewire/recipient"
	"github.com/carewire/carewire/store"
)

var _ store.Historian = (*Store)(nil)

// OutcomesOf implements [store.Historian].
func (s *Store) OutcomesOf(ctx context.Context, ids []recipient.ID) ([][]store.Outcome, error) {
	if err := ctx.Err(); err != nil {
		return nil, fmt.Errorf("memstore: %w", err)
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	out := make([][]store.Outcome, len(ids))
	for i, id := range ids {
		if p := s.people[id]; p != nil {
			out[i] = slices.Clone(p.attempts)
		}
	}
	return out, nil
}

// Attempted implements [store.Historian].
func (s *Store) Attempted(ctx context.Context, tenant string, after recipient.Phone, limit int) ([]recipient.ID, error) {
	if err := ctx.Err(); err != nil {
		return nil, fmt.Errorf("memstore: %w", err)
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.list(tenant, after, limit, func(p *person) bool { return len(p.attempts) > 0 }), nil
}

// list lists people in the order of their numbers, under the lock.
func (s *Store) list(tenant string, after recipient.Phone, limit int, who func(*person) bool) []recipient.ID {
	if s.walk == nil {
		for id := range s.people {
			s.walk = append(s.walk, id)
		}
		slices.SortFunc(s.walk, byNumber)
	}
	from, found := slices.BinarySearchFunc(s.walk, recipient.ID{Tenant: tenant, Phone: after}, byNumber)
	if found {
		from++
	}
	var out []recipient.ID
	for _, id := range s.walk[from:] {
		if id.Tenant != tenant || len(out) == limit {
			break
		}
		if who(s.people[id]) {
			out = append(out, id)
		}
	}
	return out
}
