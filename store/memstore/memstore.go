package memstore

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"sync"

	"github.com/carewire/carewire/consent"
	"github.com/carewire/carewire/disclosure"
	"github.com/carewire/carewire/optout"
	"github.com/carewire/carewire/recipient"
	"github.com/carewire/carewire/store"
)

// errOtherKey reports a Begin that is not the same call, although it says so.
var errOtherKey = errors.New("memstore: the attempt ID is on file with another key")

// Store is a [store.Store] in memory. It is safe for concurrent use by the
// goroutines of one process. Make it with [New].
type Store struct {
	mu     sync.Mutex
	people map[recipient.ID]*person
	walk   []recipient.ID // all of people in order; nil when it must be made again
}

var (
	_ store.Store    = (*Store)(nil)
	_ store.Volatile = (*Store)(nil)
)

// person is everything on file for one recipient.
type person struct {
	consents    facts[consent.Record]
	optOuts     facts[optout.Record]
	disclosures facts[disclosure.Record]
	attempts    []store.Outcome // in the order of Begin, without facts
	byID        map[string]int  // index of each attempt
	holder      map[string]int  // index of the newest attempt of each key
}

// facts are the records of one role in put order.
type facts[R any] struct {
	records []R
	known   map[string]bool // by record ID
}

// put adds a record unless its ID is known.
func (f *facts[R]) put(id string, r R) {
	if f.known[id] {
		return
	}
	if f.known == nil {
		f.known = map[string]bool{}
	}
	f.known[id] = true
	f.records = append(f.records, r)
}

// New makes an empty Store.
func New() *Store { return &Store{people: map[recipient.ID]*person{}} }

// Volatile implements [store.Volatile]: everything is lost with the process.
func (*Store) Volatile() bool { return true }

// open locks the store and returns what is on file for id. The caller unlocks,
// unless there is an error.
func (s *Store) open(ctx context.Context, id recipient.ID) (*person, error) {
	if err := ctx.Err(); err != nil {
		return nil, fmt.Errorf("memstore: %w", err)
	}
	s.mu.Lock()
	return s.person(id), nil
}

// person returns what is on file for id, under the lock.
func (s *Store) person(id recipient.ID) *person {
	p := s.people[id]
	if p == nil {
		p = &person{byID: map[string]int{}, holder: map[string]int{}}
		s.people[id], s.walk = p, nil
	}
	return p
}

// PutConsent implements [consent.Store].
func (s *Store) PutConsent(ctx context.Context, r consent.Record) error {
	p, err := s.open(ctx, r.Of)
	if err != nil {
		return err
	}
	defer s.mu.Unlock()
	p.consents.put(r.ID, copyConsent(r))
	return nil
}

// Consents implements [consent.Store].
func (s *Store) Consents(ctx context.Context, id recipient.ID) ([]consent.Record, error) {
	p, err := s.open(ctx, id)
	if err != nil {
		return nil, err
	}
	defer s.mu.Unlock()
	return copyConsents(p.consents.records), nil
}

// PutOptOut implements [optout.Store].
func (s *Store) PutOptOut(ctx context.Context, r optout.Record) error {
	p, err := s.open(ctx, r.Of)
	if err != nil {
		return err
	}
	defer s.mu.Unlock()
	p.optOuts.put(r.ID, r)
	return nil
}

// OptOuts implements [optout.Store].
func (s *Store) OptOuts(ctx context.Context, id recipient.ID) ([]optout.Record, error) {
	p, err := s.open(ctx, id)
	if err != nil {
		return nil, err
	}
	defer s.mu.Unlock()
	return slices.Clone(p.optOuts.records), nil
}

// PutDisclosure implements [disclosure.Store].
func (s *Store) PutDisclosure(ctx context.Context, r disclosure.Record) error {
	p, err := s.open(ctx, r.Of)
	if err != nil {
		return err
	}
	defer s.mu.Unlock()
	p.disclosures.put(r.ID, r)
	return nil
}

// Disclosures implements [disclosure.Store].
func (s *Store) Disclosures(ctx context.Context, id recipient.ID) ([]disclosure.Record, error) {
	p, err := s.open(ctx, id)
	if err != nil {
		return nil, err
	}
	defer s.mu.Unlock()
	return slices.Clone(p.disclosures.records), nil
}

// copyConsent copies the only reference that a record holds.
func copyConsent(r consent.Record) consent.Record {
	r.Purposes = slices.Clone(r.Purposes)
	return r
}

// copyConsents copies records that leave the store.
func copyConsents(rs []consent.Record) []consent.Record {
	out := slices.Clone(rs)
	for i := range out {
		out[i] = copyConsent(out[i])
	}
	return out
}
