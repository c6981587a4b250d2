package seal

import (
	"context"
	"errors"
	"fmt"
	"sync"

	"github.com/carewire/carewire/consent"
	"github.com/carewire/carewire/disclosure"
	"github.com/carewire/carewire/optout"
	"github.com/carewire/carewire/recipient"
	"github.com/carewire/carewire/store"
)

// notesLimit is how many people are noted at most; with more, everybody is looked at.
const notesLimit = 1 << 16

// Watched is a store that notes who has something new. It asks the store that
// it wraps nothing more than it is asked itself.
type Watched struct {
	store.Store
	mu    sync.Mutex
	notes map[recipient.ID]news
	lost  bool // there were too many: look at everybody
	erase func(context.Context, store.Erasure) error
}

// news is what may be new about a person.
type news struct {
	facts    bool
	attempts map[string]seen
}

// seen is what was seen of one attempt. Of an attempt that began here and was
// finished here once, without an error, it is known how it is on file; all
// others are read.
type seen struct {
	outcome  store.Outcome
	began    bool
	finished int
	unsure   bool
}

// known reports whether the attempt need not be read.
func (s seen) known() bool { return s.began && s.finished == 1 && !s.unsure }

// and is what was seen before and what is seen now.
func (s seen) and(now seen) seen {
	if now.began {
		s.outcome.Attempt, s.began = now.outcome.Attempt, true
	}
	if now.finished > 0 {
		attempt := s.outcome.Attempt
		s.outcome = now.outcome
		s.outcome.Consents, s.outcome.OptOuts, s.outcome.Disclosures = nil, nil, nil
		if s.began {
			s.outcome.Attempt = attempt
		}
	}
	s.finished, s.unsure = s.finished+now.finished, s.unsure || now.unsure
	return s
}

// Watch makes a [Watched] of a store. Give it to the client as its store, and
// to [Config.Watched].
func Watch(s store.Store) *Watched {
	return &Watched{Store: s, notes: map[recipient.ID]news{}}
}

// Unwrap returns the store that is watched, so that its abilities are found.
func (w *Watched) Unwrap() store.Store { return w.Store }

// note remembers that there may be news, after a call whatever it returned.
func (w *Watched) note(of recipient.ID, facts bool, attempt string, now seen) {
	w.mu.Lock()
	defer w.mu.Unlock()
	n, known := w.notes[of]
	if !known && len(w.notes) >= notesLimit {
		w.lost = true
		return
	}
	n.facts = n.facts || facts
	if attempt != "" {
		if n.attempts == nil {
			n.attempts = map[string]seen{}
		}
		n.attempts[attempt] = n.attempts[attempt].and(now)
	}
	w.notes[of] = n
}

// take returns all notes of a tenant and forgets them.
func (w *Watched) take(tenant string) (map[recipient.ID]news, bool) {
	w.mu.Lock()
	defer w.mu.Unlock()
	mine := map[recipient.ID]news{}
	for id, n := range w.notes {
		if id.Tenant == tenant {
			mine[id] = n
			delete(w.notes, id)
		}
	}
	lost := w.lost
	w.lost = false
	return mine, lost
}

// giveBack notes again what could not be dealt with. It is read next time.
func (w *Watched) giveBack(notes map[recipient.ID]news, lost bool) {
	for id, n := range notes {
		w.note(id, n.facts, "", seen{})
		for a := range n.attempts {
			w.note(id, false, a, seen{unsure: true})
		}
	}
	if lost {
		w.mu.Lock()
		w.lost = true
		w.mu.Unlock()
	}
}

// PutConsent implements [consent.Store].
func (w *Watched) PutConsent(ctx context.Context, r consent.Record) error {
	defer w.note(r.Of, true, "", seen{})
	return w.Store.PutConsent(ctx, r)
}

// PutOptOut implements [optout.Store].
func (w *Watched) PutOptOut(ctx context.Context, r optout.Record) error {
	defer w.note(r.Of, true, "", seen{})
	return w.Store.PutOptOut(ctx, r)
}

// PutDisclosure implements [disclosure.Store].
func (w *Watched) PutDisclosure(ctx context.Context, r disclosure.Record) error {
	defer w.note(r.Of, true, "", seen{})
	return w.Store.PutDisclosure(ctx, r)
}

// PutAll implements [store.BulkWriter].
func (w *Watched) PutAll(ctx context.Context, cs []consent.Record, os []optout.Record, ds []disclosure.Record) error {
	defer func() {
		for _, r := range cs {
			w.note(r.Of, true, "", seen{})
		}
		for _, r := range os {
			w.note(r.Of, true, "", seen{})
		}
		for _, r := range ds {
			w.note(r.Of, true, "", seen{})
		}
	}()
	return store.PutAll(ctx, w.Store, cs, os, ds)
}

// Begin implements [store.Ledger].
func (w *Watched) Begin(ctx context.Context, a store.Attempt) (store.Snapshot, error) {
	snap, err := w.Store.Begin(ctx, a)
	if err != nil || snap.Held {
		w.note(a.Of, false, a.ID, seen{outcome: store.Outcome{Attempt: a}, began: err == nil, unsure: err != nil})
	}
	return snap, err
}

// Finish implements [store.Ledger].
func (w *Watched) Finish(ctx context.Context, o store.Outcome) error {
	err := w.Store.Finish(ctx, o)
	w.note(o.Of, len(o.Consents)+len(o.OptOuts)+len(o.Disclosures) > 0, o.ID, seen{outcome: o, finished: 1, unsure: err != nil})
	return err
}

// Erase implements [store.Eraser]: it seals what is new
// about the person and that the person is erased, throws
// the key of the person's entries away, and then erases in the store.
func (w *Watched) Erase(ctx context.Context, e store.Erasure) error {
	if !store.CanErase(w.Store) {
		return fmt.Errorf("seal: erase: %w", errors.ErrUnsupported)
	}
	w.mu.Lock()
	erase := w.erase
	delete(w.notes, e.Of) // all of it is read now
	w.mu.Unlock()
	if erase != nil {
		if err := erase(ctx, e); err != nil {
			return err
		}
	}
	err := store.Erase(ctx, w.Store, e)
	w.mu.Lock()
	delete(w.notes, e.Of)
	w.mu.Unlock()
	return err
}
