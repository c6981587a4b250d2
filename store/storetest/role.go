package storetest

import (
	"context"
	"fmt"

	"github.com/carewire/carewire/consent"
	"github.com/carewire/carewire/disclosure"
	"github.com/carewire/carewire/optout"
	"github.com/carewire/carewire/recipient"
	"github.com/carewire/carewire/store"
)

// role is one of the three kinds of facts, as the cases see it: S is the type
// of the store, R that of its records.
type role[S, R any] struct {
	name   string
	put    func(ctx context.Context, s S, r R) error
	list   func(ctx context.Context, s S, of recipient.ID) ([]R, error)
	sample func(of recipient.ID, id string) R // every field filled in
	bare   func(of recipient.ID, id string) R // nothing but ID and Of
	fields func(r *R) []field
	found  func(s store.Snapshot) []R                   // what Begin found
	attach func(o store.Outcome, rs ...R) store.Outcome // as the facts of an outcome
}

func consentRole[S consent.Store]() role[S, consent.Record] {
	return role[S, consent.Record]{
		name:   "consents",
		put:    func(ctx context.Context, s S, r consent.Record) error { return s.PutConsent(ctx, r) },
		list:   func(ctx context.Context, s S, of recipient.ID) ([]consent.Record, error) { return s.Consents(ctx, of) },
		bare:   func(of recipient.ID, id string) consent.Record { return consent.Record{ID: id, Of: of} },
		fields: consentFields,
		sample: func(of recipient.ID, id string) consent.Record {
			return consent.Record{
				ID: id, Of: of, Brand: "acme", Basis: consent.Form,
				Purposes: []consent.Purpose{consent.Orders, consent.Delivery, "Our own purpose"},
				Ref:      "booking-881", Shown: "You consent to receive messages.", Where: "https://acme.example/book#v7",
				Confirmed: "YES", Revoked: true, At: base, Until: base.AddDate(0, 6, 0),
			}
		},
		found: func(s store.Snapshot) []consent.Record { return s.Consents },
		attach: func(o store.Outcome, rs ...consent.Record) store.Outcome {
			o.Consents = rs
			return o
		},
	}
}

func optOutRole[S optout.Store]() role[S, optout.Record] {
	return role[S, optout.Record]{
		name:   "optouts",
		put:    func(ctx context.Context, s S, r optout.Record) error { return s.PutOptOut(ctx, r) },
		list:   func(ctx context.Context, s S, of recipient.ID) ([]optout.Record, error) { return s.OptOuts(ctx, of) },
		bare:   func(of recipient.ID, id string) optout.Record { return optout.Record{ID: id, Of: of} },
		fields: optOutFields,
		sample: func(of recipient.ID, id string) optout.Record {
			return optout.Record{
				ID: id, Of: of, Brand: "acme", In: true, At: base, Sent: base.Add(-1500001000),
				Via: "person: Kim", Text: "please start again", Rule: "start/keyword/en/start",
			}
		},
		found: func(s store.Snapshot) []optout.Record { return s.OptOuts },
		attach: func(o store.Outcome, rs ...optout.Record) store.Outcome {
			o.OptOuts = rs
			return o
		},
	}
}

func disclosureRole[S disclosure.Store]() role[S, disclosure.Record] {
	return role[S, disclosure.Record]{
		name: "disclosures",
		put:  func(ctx context.Context, s S, r disclosure.Record) error { return s.PutDisclosure(ctx, r) },
		list: func(ctx context.Context, s S, of recipient.ID) ([]disclosure.Record, error) {
			return s.Disclosures(ctx, of)
		},
		bare:   func(of recipient.ID, id string) disclosure.Record { return disclosure.Record{ID: id, Of: of} },
		fields: disclosureFields,
		sample: func(of recipient.ID, id string) disclosure.Record {
			return disclosure.Record{
				ID: id, Of: of, Brand: "acme", Kind: disclosure.Statement, Text: "You can opt out at any time.",
				Ref: "attempt-1", Failed: true, At: base,
			}
		},
		found: func(s store.Snapshot) []disclosure.Record { return s.Disclosures },
		attach: func(o store.Outcome, rs ...disclosure.Record) store.Outcome {
			o.Disclosures = rs
			return o
		},
	}
}

// putAll puts records through one handle.
func (r role[S, R]) putAll(ctx context.Context, s S, rs ...R) error {
	for i := range rs {
		if err := r.put(ctx, s, rs[i]); err != nil {
			return fmt.Errorf("put %+q of %s: %w", r.id(&rs[i]), r.name, err)
		}
	}
	return nil
}

// want demands exactly these records, in this order, of each handle.
func (r role[S, R]) want(ctx context.Context, of recipient.ID, want []R, handles ...S) error {
	for i, s := range handles {
		got, err := r.list(ctx, s, of)
		if err != nil {
			return fmt.Errorf("look-up of %s through handle %d: %w", r.name, i+1, err)
		}
		if err := match(want, got, r.fields); err != nil {
			return fmt.Errorf("look-up of %s through handle %d: %w", r.name, i+1, err)
		}
	}
	return nil
}

// id returns a record's ID, which is its first field.
func (r role[S, R]) id(rec *R) string {
	id, ok := r.fields(rec)[0].at.(*string)
	if !ok {
		return ""
	}
	return *id
}
