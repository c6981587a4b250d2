package store

import (
	"context"
	"errors"
	"slices"
	"strings"

	"github.com/carewire/carewire/consent"
	"github.com/carewire/carewire/disclosure"
	"github.com/carewire/carewire/optout"
	"github.com/carewire/carewire/recipient"
)

var (
	_ BulkReader = (*composed)(nil)
	_ BulkWriter = (*composed)(nil)
	_ Walker     = (*composed)(nil)
)

// FactsOf implements [BulkReader]: one call for each distinct role that can,
// and look-ups one by one of each that cannot.
func (s *composed) FactsOf(ctx context.Context, ids []recipient.ID) ([]Facts, error) {
	out := make([]Facts, len(ids))
	b := bulk{ids: ids}
	err := b.read(ctx, s.optOuts, func(i int, f Facts) { out[i].OptOuts = f.OptOuts }, func(i int) (err error) {
		out[i].OptOuts, err = s.optOuts.OptOuts(ctx, ids[i])
		return err
	})
	if err != nil {
		return nil, err
	}
	err = b.read(ctx, s.consents, func(i int, f Facts) { out[i].Consents = f.Consents }, func(i int) (err error) {
		out[i].Consents, err = s.consents.Consents(ctx, ids[i])
		return err
	})
	if err != nil {
		return nil, err
	}
	err = b.read(ctx, s.disclosures, func(i int, f Facts) { out[i].Disclosures = f.Disclosures }, func(i int) (err error) {
		out[i].Disclosures, err = s.disclosures.Disclosures(ctx, ids[i])
		return err
	})
	if err != nil {
		return nil, err
	}
	return out, nil
}

// bulk asks each distinct role once, although it may have several roles.
type bulk struct {
	ids   []recipient.ID
	asked []answer
}

// answer is what one role said in bulk.
type answer struct {
	role  any
	facts []Facts
}

// read passes a role's facts to take, or calls one for each recipient if the
// role cannot read in bulk.
func (b *bulk) read(ctx context.Context, role any, take func(i int, f Facts), one func(i int) error) error {
	i := slices.IndexFunc(b.asked, func(a answer) bool { return same(a.role, role) })
	if i < 0 {
		facts, err := readBulk(ctx, role, b.ids)
		if errors.Is(err, errors.ErrUnsupported) {
			facts, err = nil, nil
		}
		if err != nil {
			return err
		}
		i = len(b.asked)
		b.asked = append(b.asked, answer{role, facts})
	}
	if facts := b.asked[i].facts; facts != nil {
		for i, f := range facts {
			take(i, f)
		}
		return nil
	}
	for i := range b.ids {
		if err := one(i); err != nil {
			return err
		}
	}
	return nil
}

// PutAll implements [BulkWriter]: opt-outs first, each role in one call where
// it can and one by one where it cannot.
func (s *composed) PutAll(ctx context.Context, consents []consent.Record, optOuts []optout.Record, disclosures []disclosure.Record) error {
	err := putBulk(ctx, s.optOuts, nil, optOuts, nil)
	if errors.Is(err, errors.ErrUnsupported) {
		err = putEach(ctx, optOuts, s.optOuts.PutOptOut)
	}
	if err != nil {
		return err
	}
	err = putBulk(ctx, s.consents, consents, nil, nil)
	if errors.Is(err, errors.ErrUnsupported) {
		err = putEach(ctx, consents, s.consents.PutConsent)
	}
	if err != nil {
		return err
	}
	err = putBulk(ctx, s.disclosures, nil, nil, disclosures)
	if errors.Is(err, errors.ErrUnsupported) {
		err = putEach(ctx, disclosures, s.disclosures.PutDisclosure)
	}
	return err
}

// Recipients implements [Walker] by merging the lists of all roles. It returns
// [errors.ErrUnsupported] if one of them has none: a list with gaps would read
// as complete.
func (s *composed) Recipients(ctx context.Context, tenant string, after recipient.Phone, limit int) ([]recipient.ID, error) {
	var all []recipient.ID
	asked := make([]any, 0, 3)
	for _, role := range []any{s.optOuts, s.consents, s.disclosures} {
		if slices.ContainsFunc(asked, func(a any) bool { return same(a, role) }) {
			continue
		}
		asked = append(asked, role)
		w, ok := ability[Walker](role)
		if !ok {
			return nil, errors.ErrUnsupported
		}
		ids, err := w.Recipients(ctx, tenant, after, limit)
		if err != nil {
			return nil, err
		}
		all = append(all, ids...)
	}
	slices.SortFunc(all, func(a, b recipient.ID) int { return strings.Compare(a.Phone.E164(), b.Phone.E164()) })
	all = slices.Compact(all)
	return all[:min(len(all), limit)], nil
}
