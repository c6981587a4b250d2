package store

import (
	"context"
	"errors"
	"reflect"

	"github.com/carewire/carewire/consent"
	"github.com/carewire/carewire/disclosure"
	"github.com/carewire/carewire/optout"
	"github.com/carewire/carewire/recipient"
)

// Compose makes a Store of roles that live in different places, such as a
// team's own opt-out table beside a ledger of ours. None of them may be nil.
//
// A role that is the same value as the ledger is served by the ledger and costs
// no trip of its own. Every other role is foreign. Begin claims first and asks
// the foreign roles afterwards, so that a fact put before Begin is seen; an
// error of any look-up is an error of Begin. Finish puts the facts of foreign
// roles first and settles last, so that a settled attempt always has its facts
// on file. Over foreign roles Finish is not one transaction: if it fails, some
// facts may be on file while the attempt is not settled; a repeated Finish
// completes it. Facts of an attempt that is not on file are not put.
func Compose(c consent.Store, o optout.Store, d disclosure.Store, l Ledger) Store {
	s := &composed{
		consents: c, optOuts: o, disclosures: d, ledger: l,
		ownConsents: same(c, l), ownOptOuts: same(o, l), ownDisclosures: same(d, l),
	}
	if s.ownConsents && s.ownOptOuts && s.ownDisclosures {
		if whole, ok := l.(Store); ok {
			return whole
		}
	}
	return s
}

// same reports whether a role and the ledger are one value.
func same(role, ledger any) bool {
	return reflect.TypeOf(role) == reflect.TypeOf(ledger) &&
		reflect.ValueOf(role).Comparable() && role == ledger
}

// composed is a Store of four parts.
type composed struct {
	consents    consent.Store
	optOuts     optout.Store
	disclosures disclosure.Store
	ledger      Ledger
	// Which roles the ledger serves itself.
	ownConsents, ownOptOuts, ownDisclosures bool
}

func (s *composed) PutConsent(ctx context.Context, r consent.Record) error {
	return s.consents.PutConsent(ctx, r)
}

func (s *composed) Consents(ctx context.Context, id recipient.ID) ([]consent.Record, error) {
	return s.consents.Consents(ctx, id)
}

func (s *composed) PutOptOut(ctx context.Context, r optout.Record) error {
	return s.optOuts.PutOptOut(ctx, r)
}

func (s *composed) OptOuts(ctx context.Context, id recipient.ID) ([]optout.Record, error) {
	return s.optOuts.OptOuts(ctx, id)
}

func (s *composed) PutDisclosure(ctx context.Context, r disclosure.Record) error {
	return s.disclosures.PutDisclosure(ctx, r)
}

func (s *composed) Disclosures(ctx context.Context, id recipient.ID) ([]disclosure.Record, error) {
	return s.disclosures.Disclosures(ctx, id)
}

func (s *composed) Outcomes(ctx context.Context, id recipient.ID) ([]Outcome, error) {
	return s.ledger.Outcomes(ctx, id)
}

// Begin implements [Ledger]: the claim first, then the look-ups, so that
// nothing put before the claim can be missed.
func (s *composed) Begin(ctx context.Context, a Attempt) (Snapshot, error) {
	snap, err := s.ledger.Begin(ctx, a)
	if err != nil {
		return Snapshot{}, err
	}
	if !s.ownConsents {
		if snap.Consents, err = s.consents.Consents(ctx, a.Of); err != nil {
			return Snapshot{}, err
		}
	}
	if !s.ownOptOuts {
		if snap.OptOuts, err = s.optOuts.OptOuts(ctx, a.Of); err != nil {
			return Snapshot{}, err
		}
	}
	if !s.ownDisclosures {
		if snap.Disclosures, err = s.disclosures.Disclosures(ctx, a.Of); err != nil {
			return Snapshot{}, err
		}
	}
	return snap, nil
}

// Finish implements [Ledger]: foreign facts first, the attempt last.
func (s *composed) Finish(ctx context.Context, o Outcome) error {
	foreign := o
	if s.ownConsents {
		foreign.Consents = nil
	} else {
		o.Consents = nil
	}
	if s.ownOptOuts {
		foreign.OptOuts = nil
	} else {
		o.OptOuts = nil
	}
	if s.ownDisclosures {
		foreign.Disclosures = nil
	} else {
		o.Disclosures = nil
	}
	if err := s.putForeign(ctx, foreign); err != nil {
		return err
	}
	return s.ledger.Finish(ctx, o)
}

// putForeign puts the facts that the ledger does not keep.
func (s *composed) putForeign(ctx context.Context, o Outcome) error {
	if len(o.OptOuts)+len(o.Consents)+len(o.Disclosures) == 0 {
		return nil
	}
	// Open never rises: this asks whether the attempt is on file and changes
	// nothing. Any other error is left to the last step: an opt-out goes on
	// file even if the ledger is down.
	probe := Outcome{Attempt: Attempt{ID: o.ID, Of: o.Of}, State: Open}
	if err := s.ledger.Finish(ctx, probe); errors.Is(err, ErrNotHeld) {
		return err
	}
	for _, r := range o.OptOuts {
		if err := s.optOuts.PutOptOut(ctx, r); err != nil {
			return err
		}
	}
	for _, r := range o.Consents {
		if err := s.consents.PutConsent(ctx, r); err != nil {
			return err
		}
	}
	for _, r := range o.Disclosures {
		if err := s.disclosures.PutDisclosure(ctx, r); err != nil {
			return err
		}
	}
	return nil
}

// Volatile implements [Volatile]: the whole is as volatile as its weakest part.
func (s *composed) Volatile() bool {
	return IsVolatile(s.consents) || IsVolatile(s.optOuts) || IsVolatile(s.disclosures) || IsVolatile(s.ledger)
}
