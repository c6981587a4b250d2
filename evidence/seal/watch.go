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
const notesLimit = 1 << 18

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
	attempts []string
}

// Watch makes a [Watched] of a store. Give it to the client as its store, and
// to [Config.Watched].
func Watch(s store.Store) *Watched {
	return &Watched{Store: s, notes: map[recipient.ID]news{}}
}

// Unwrap returns the store that is watched, so that its abilities are found.
func (w *Watched) Unwrap() store.Store { return w.Store }

// note remembers that there may be news, after a call whatever it returned.
func (w *Watched) note(of recipient.ID, facts bool, attempt string) {
	w.mu.Lock()
	defer w.mu.Unlock()
	n, known := w.notes[of]
	if !known && len(w.notes) >= notesLimit {
		w.lost = true
		return
	}
	n.facts = n.facts || facts
	if attempt != "" && (len(n.attempts) == 0 || n.attempts[len(n.attempts)-1] != attempt) {
		n.attempts = append(n.attempts, attempt)
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

// giveBack notes again what could not be dealt with.
func (w *Watched) giveBack(notes map[recipient.ID]news, lost bool) {
	for id, n := range notes {
		w.note(id, n.facts, "")
		for _, a := range n.attempts {
			w.note(id, false, a)
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
	defer w.note(r.Of, true, "")
	return w.Store.PutConsent(ctx, r)
}

// PutOptOut implements [optout.Store].
func (w *Watched) PutOptOut(ctx context.Context, r optout.Record) error {
	defer w.note(r.Of, true, "")
	return w.Store.PutOptOut(ctx, r)
}

// PutDisclosure implements [disclosure.Store].
func (w *Watched) PutDisclosure(ctx context.Context, r disclosure.Record) error {
	defer w.note(r.Of, true, "")
	return w.Store.PutDisclosure(ctx, r)
}

// PutAll implements [store.BulkWriter].
func (w *Watched) PutAll(ctx context.Context, cs []consent.Record, os []optout.Record, ds []disclosure.Record) error {
	defer func() {
		for _, r := range cs {
			w.note(r.Of, true, "")
		}
		for _, r := range os {
			w.note(r.Of, true, "")
		}
		for _, r := range ds {
			w.note(r.Of, true, "")
		}
	}()
	return store.PutAll(ctx, w.Store, cs, os, ds)
}

// Begin implements [store.Ledger].
func (w *Watched) Begin(ctx context.Context, a store.Attempt) (store.Snapshot, error) {
	defer w.note(a.Of, false, a.ID)
	return w.Store.Begin(ctx, a)
}

// Finish implements [store.Ledger].
func (w *Watched) Finish(ctx context.Context, o store.Outcome) error {
	defer w.note(o.Of, len(o.Consents)+len(o.OptOuts)+len(o.Disclosures) > 0, o.ID)
	return w.Store.Finish(ctx, o)
}

// Erase implements [store.Eraser]: it seals that the person is erased, throws
// the key of the person's entries away, and then erases in the store.
func (w *Watched) Erase(ctx context.Context, e store.Erasure) error {
	if !store.CanErase(w.Store) {
		return fmt.Errorf("seal: erase: %w", errors.ErrUnsupported)
	}
	w.mu.Lock()
	erase := w.erase
	w.mu.Unlock()
	if erase != nil {
		if err := erase(ctx, e); err != nil {
			return err
		}
	}
	return store.Erase(ctx, w.Store, e)
}
