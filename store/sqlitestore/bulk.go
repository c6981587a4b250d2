package sqlitestore

import (
	"context"
	"database/sql"

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

// bulkSize is how many records one transaction of PutAll puts: enough that the
// disk is not what takes the time, and few enough that others get their turn.
const bulkSize = 500

// FactsOf implements [store.BulkReader].
func (s *Store) FactsOf(ctx context.Context, ids []recipient.ID) ([]store.Facts, error) {
	out := make([]store.Facts, len(ids))
	for i, id := range ids {
		var err error
		if out[i].Consents, err = s.Consents(ctx, id); err != nil {
			return nil, err
		}
		if out[i].OptOuts, err = s.OptOuts(ctx, id); err != nil {
			return nil, err
		}
		if out[i].Disclosures, err = s.Disclosures(ctx, id); err != nil {
			return nil, err
		}
	}
	return out, nil
}

// PutAll implements [store.BulkWriter]: a few hundred records in one
// transaction, opt-outs first. [Options.Timeout] is for each transaction.
func (s *Store) PutAll(ctx context.Context, consents []consent.Record, optOuts []optout.Record, disclosures []disclosure.Record) error {
	if err := ctx.Err(); err != nil {
		return wrap("put all", err)
	}
	if err := putAll(ctx, s, optOuts, s.addOptOut); err != nil {
		return err
	}
	if err := putAll(ctx, s, consents, s.addConsent); err != nil {
		return err
	}
	return putAll(ctx, s, disclosures, s.addDisclosure)
}

// putAll puts records in transactions of bulkSize.
func putAll[R any](ctx context.Context, s *Store, rs []R, add func(context.Context, *sql.Tx, R) error) error {
	for len(rs) > 0 {
		part := rs[:min(len(rs), bulkSize)]
		err := s.write(ctx, "put all", func(ctx context.Context, tx *sql.Tx) error {
			for _, r := range part {
				if err := add(ctx, tx, r); err != nil {
					return err
				}
			}
			return nil
		})
		if err != nil {
			return err
		}
		rs = rs[len(part):]
	}
	return nil
}

// Recipients implements [store.Walker].
func (s *Store) Recipients(ctx context.Context, tenant string, after recipient.Phone, limit int) ([]recipient.ID, error) {
	ctx, cancel := limited(ctx, s.timeout)
	defer cancel()
	var ids []recipient.ID
	err := retry(ctx, func() (err error) {
		ids, err = rows(ctx, s.recipients, func(row scanner) (recipient.ID, error) {
			var number string
			if err := row.Scan(&number); err != nil {
				return recipient.ID{}, err
			}
			phone, err := recipient.Parse(number)
			return recipient.ID{Tenant: tenant, Phone: phone}, err
		}, tenant, after.E164(), limit)
		return err
	})
	if err != nil {
		return nil, wrap("recipients", err)
	}
	return ids, nil
}
