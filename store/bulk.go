package store

import (
	"context"
	"errors"
	"fmt"

	"github.com/carewire/carewire/consent"
	"github.com/carewire/carewire/disclosure"
	"github.com/carewire/carewire/optout"
	"github.com/carewire/carewire/recipient"
)

// BulkLimit is how many recipients one call of [BulkReader] is asked about at most.
const BulkLimit = 1000

// Facts are the facts on file about one recipient, of all brands, each list in put order.
type Facts struct {
	Consents    []consent.Record
	OptOuts     []optout.Record
	Disclosures []disclosure.Record
}

// BulkReader is an optional ability of a store, or of one of its roles: to
// read the facts of many recipients in one query. It must be safe for
// concurrent use.
type BulkReader interface {
	// FactsOf returns what Consents, OptOuts and Disclosures would return for
	// each of ids, in the order of ids; an ID that comes twice is answered
	// twice. A role alone fills in its own list. ids are at most [BulkLimit],
	// of any tenants. A fact whose Put returned before FactsOf was called is
	// among them. No fact is an empty Facts without an error; a failed look-up
	// is an error and never an empty result.
	FactsOf(ctx context.Context, ids []recipient.ID) ([]Facts, error)
}

// BulkWriter is an optional ability of a store, or of one of its roles: to put
// many facts in one call. It must be safe for concurrent use.
type BulkWriter interface {
	// PutAll puts records of any recipients as the Put methods do. Those of one
	// recipient and role are put in the order of their list. When it returns
	// nil, every record is durable and every look-up that starts afterwards, in
	// any process, sees it. A record whose ID is on file for the recipient, or
	// earlier in its list, is the same record and is left alone. After an error
	// any of the records may be on file; the call may be repeated. A role alone
	// is given its own list only.
	PutAll(ctx context.Context, consents []consent.Record, optOuts []optout.Record, disclosures []disclosure.Record) error
}

// Walker is an optional ability of a store, or of one of its roles: to list
// its recipients. It must be safe for concurrent use.
type Walker interface {
	// Recipients returns up to limit recipients of tenant of whom a fact is on
	// file: those after a number in the byte order of [recipient.Phone.E164], in
	// this order and each once. The zero Phone comes before all numbers. A
	// recipient of whom only attempts are on file is left out. The end is an
	// empty result without an error; a failed look-up is an error and never an
	// empty result. A recipient whose first fact was put before the call is not
	// passed over. limit is at least 1.
	Recipients(ctx context.Context, tenant string, after recipient.Phone, limit int) ([]recipient.ID, error)
}

// FactsOf reads the facts of any number of recipients, by [BulkReader] where s
// has it and by three look-ups for each recipient otherwise. The answer is in
// the order of ids.
//
// All abilities in this file are found as [Volatile] is: a decorator without
// the method is looked through by Unwrap, which passes by what the decorator
// does. One that changes, adds or copies facts on their way has the methods
// itself; if they return [errors.ErrUnsupported], its Put methods and look-ups
// are called one by one.
func FactsOf(ctx context.Context, s Store, ids []recipient.ID) ([]Facts, error) {
	out := make([]Facts, 0, len(ids))
	for len(ids) > 0 {
		part := ids[:min(len(ids), BulkLimit)]
		facts, err := readBulk(ctx, s, part)
		if errors.Is(err, errors.ErrUnsupported) {
			facts, err = readEach(ctx, s, part)
		}
		if err != nil {
			return nil, err
		}
		out, ids = append(out, facts...), ids[len(part):]
	}
	return out, nil
}

// PutAll puts many facts, by [BulkWriter] where s has it and one by one
// otherwise, opt-outs first. See [FactsOf] for decorators.
func PutAll(ctx context.Context, s Store, consents []consent.Record, optOuts []optout.Record, disclosures []disclosure.Record) error {
	err := putBulk(ctx, s, consents, optOuts, disclosures)
	if !errors.Is(err, errors.ErrUnsupported) {
		return err
	}
	if err := putEach(ctx, optOuts, s.PutOptOut); err != nil {
		return err
	}
	if err := putEach(ctx, consents, s.PutConsent); err != nil {
		return err
	}
	return putEach(ctx, disclosures, s.PutDisclosure)
}

// Recipients lists recipients by [Walker]. The error is
// [errors.ErrUnsupported] if s cannot. See [FactsOf] for decorators.
func Recipients(ctx context.Context, s Store, tenant string, after recipient.Phone, limit int) ([]recipient.ID, error) {
	w, ok := ability[Walker](s)
	if !ok {
		return nil, fmt.Errorf("store: list recipients: %w", errors.ErrUnsupported)
	}
	return w.Recipients(ctx, tenant, after, limit)
}

// ability finds an optional interface in s, a store or a role, or in what it wraps.
func ability[A any](s any) (a A, ok bool) {
	for s != nil {
		if a, ok = s.(A); ok {
			return a, true
		}
		u, wraps := s.(interface{ Unwrap() Store })
		if !wraps {
			break
		}
		s = u.Unwrap()
	}
	return a, false
}

// readBulk asks a store or a role for facts in one call, or returns ErrUnsupported.
func readBulk(ctx context.Context, s any, ids []recipient.ID) ([]Facts, error) {
	r, ok := ability[BulkReader](s)
	if !ok {
		return nil, errors.ErrUnsupported
	}
	facts, err := r.FactsOf(ctx, ids)
	if err != nil {
		return nil, err
	}
	if len(facts) != len(ids) {
		return nil, fmt.Errorf("store: FactsOf answered %d of %d recipients", len(facts), len(ids))
	}
	return facts, nil
}

// readEach asks for facts one by one.
func readEach(ctx context.Context, s Store, ids []recipient.ID) ([]Facts, error) {
	out := make([]Facts, len(ids))
	for i, id := range ids {
		var err error
		if out[i].OptOuts, err = s.OptOuts(ctx, id); err != nil {
			return nil, err
		}
		if out[i].Consents, err = s.Consents(ctx, id); err != nil {
			return nil, err
		}
		if out[i].Disclosures, err = s.Disclosures(ctx, id); err != nil {
			return nil, err
		}
	}
	return out, nil
}

// putBulk gives a store or a role facts in one call, or returns ErrUnsupported.
func putBulk(ctx context.Context, s any, consents []consent.Record, optOuts []optout.Record, disclosures []disclosure.Record) error {
	if len(consents)+len(optOuts)+len(disclosures) == 0 {
		return nil
	}
	w, ok := ability[BulkWriter](s)
	if !ok {
		return errors.ErrUnsupported
	}
	return w.PutAll(ctx, consents, optOuts, disclosures)
}

// putEach puts records one by one and stops at the first error.
func putEach[R any](ctx context.Context, rs []R, put func(context.Context, R) error) error {
	for _, r := range rs {
		if err := put(ctx, r); err != nil {
			return err
		}
	}
	return nil
}
