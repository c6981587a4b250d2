package memstore

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/carewire/carewire/consent"
	"github.com/carewire/carewire/disclosure"
	"github.com/carewire/carewire/optout"
	"github.com/carewire/carewire/recipient"
	"github.com/carewire/carewire/store"
)

var (
	_ store.BulkReader = (*Store)(nil)
	_ store.BulkWriter = (*Store)(nil)
	_ store.Walker     = (*Store)(nil)
)

// FactsOf implements [store.BulkReader].
func (s *Store) FactsOf(ctx context.Context, ids []recipient.ID) ([]store.Facts, error) {
	if err := ctx.Err(); err != nil {
		return nil, fmt.Errorf("memstore: %w", err)
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	out := make([]store.Facts, len(ids))
	for i, id := range ids {
		if p := s.people[id]; p != nil {
			out[i] = store.Facts{
				Consents:    copyConsents(p.consents.records),
				OptOuts:     slices.Clone(p.optOuts.records),
				Disclosures: slices.Clone(p.disclosures.records),
			}
		}
	}
	return out, nil
}

// PutAll implements [store.BulkWriter].
func (s *Store) PutAll(ctx context.Context, consents []consent.Record, optOuts []optout.Record, disclosures []disclosure.Record) error {
	if err := ctx.Err(); err != nil {
		return fmt.Errorf("memstore: %w", err)
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, r := range optOuts {
		s.person(r.Of).optOuts.put(r.ID, r)
	}
	for _, r := range consents {
		s.person(r.Of).consents.put(r.ID, copyConsent(r))
	}
	for _, r := range disclosures {
		s.person(r.Of).disclosures.put(r.ID, r)
	}
	return nil
}

// Recipients implements [store.Walker].
func (s *Store) Recipients(ctx context.Context, tenant string, after recipient.Phone, limit int) ([]recipient.ID, error) {
	if err := ctx.Err(); err != nil {
		return nil, fmt.Errorf("memstore: %w", err)
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.walk == nil {
		for id := range s.people {
			s.walk = append(s.walk, id)
		}
		slices.SortFunc(s.walk, byNumber)
	}
	var out []recipient.ID
	from, found := slices.BinarySearchFunc(s.walk, recipient.ID{Tenant: tenant, Phone: after}, byNumber)
	if found {
		from++
	}
	for _, id := range s.walk[from:] {
		if id.Tenant != tenant || len(out) == limit {
			break
		}
		if s.people[id].hasFacts() {
			out = append(out, id)
		}
	}
	return out, nil
}

// byNumber orders recipients by tenant, then by number, byte by byte.
func byNumber(a, b recipient.ID) int {
	if c := strings.Compare(a.Tenant, b.Tenant); c != 0 {
		return c
	}
	return strings.Compare(a.Phone.E164(), b.Phone.E164())
}

func (p *person) hasFacts() bool {
	return len(p.consents.records)+len(p.optOuts.records)+len(p.disclosures.records) > 0
}
