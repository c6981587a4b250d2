package store

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/carewire/carewire/recipient"
)

// Erasure is the wish to remove what is on file about one person.
type Erasure struct {
	Of     recipient.ID // whose
	As     recipient.ID // under what their attempts go on: no person; its number is made of a keyed hash
	At     time.Time    // when it was asked for
	By     string       // the person who answers for it
	Reason string
}

// Eraser is an optional ability of a store, or of one of its roles: to remove
// what is personal. It must be safe for concurrent use.
type Eraser interface {
	// Erase removes every consent, opt-out and disclosure of e.Of, and all of
	// its attempts that are not Open go on under e.As with nothing left but ID,
	// Brand, Purpose, State, Rule, At and Settled; their Key becomes their ID,
	// so that none stands in the way of another. Attempts that are Open are
	// removed with the rest: their Finish reports [ErrNotHeld]. When it returns
	// nil, this is durable, every look-up that starts afterwards sees it, and
	// the store's own files hold neither number nor texts any more, as far as
	// its package says so. It may be repeated, also after an error, after which
	// any part may have been done. Facts and attempts that are put meanwhile may
	// stay. Nobody else's are touched, those of e.Of's number with another
	// tenant neither.
	Erase(ctx context.Context, e Erasure) error
}

// CanErase reports whether s is an [Eraser], or wraps one. A decorator that is
// one and has Unwrap can erase if what it wraps can.
func CanErase(s Store) bool {
	e, ok := ability[Eraser](s)
	if !ok {
		return false
	}
	if c, partly := e.(interface{ canErase() bool }); partly {
		return c.canErase()
	}
	if u, wraps := e.(interface{ Unwrap() Store }); wraps { // a decorator can if what it wraps can
		return CanErase(u.Unwrap())
	}
	return true
}

// Erase erases by [Eraser]. The error is [errors.ErrUnsupported] if s cannot.
// See [FactsOf] for decorators.
func Erase(ctx context.Context, s Store, e Erasure) error {
	r, ok := ability[Eraser](s)
	if !ok || !CanErase(s) {
		return fmt.Errorf("store: erase: %w", errors.ErrUnsupported)
	}
	return r.Erase(ctx, e)
}

var _ Eraser = (*composed)(nil)

// Erase implements [Eraser] by each distinct part, the ledger last. It returns
// [errors.ErrUnsupported], and has erased nothing, if one of them cannot.
func (s *composed) Erase(ctx context.Context, e Erasure) error {
	if !s.canErase() {
		return errors.ErrUnsupported
	}
	for _, part := range s.parts() {
		r, _ := ability[Eraser](part) //nolint:errcheck // canErase has asked
		if err := r.Erase(ctx, e); err != nil {
			return err
		}
	}
	return nil
}

// canErase reports whether every part is an Eraser.
func (s *composed) canErase() bool {
	for _, part := range s.parts() {
		r, ok := ability[Eraser](part)
		if !ok {
			return false
		}
		if c, partly := r.(interface{ canErase() bool }); partly && !c.canErase() {
			return false
		}
	}
	return true
}

// parts are the distinct parts, the ledger last.
func (s *composed) parts() []any {
	var ps []any
	if !s.ownConsents {
		ps = append(ps, s.consents)
	}
	if !s.ownOptOuts && (s.ownConsents || !same(s.optOuts, s.consents)) {
		ps = append(ps, s.optOuts)
	}
	if !s.ownDisclosures && (s.ownConsents || !same(s.disclosures, s.consents)) && (s.ownOptOuts || !same(s.disclosures, s.optOuts)) {
		ps = append(ps, s.disclosures)
	}
	return append(ps, s.ledger)
}
