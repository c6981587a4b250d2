package sqlitestore

import (
	"context"

	"github.com/carewire/carewire/recipient"
	"github.com/carewire/carewire/store"
)

var _ store.Historian = (*Store)(nil)

const sqlAttempted = `SELECT DISTINCT phone FROM carewire_attempts WHERE tenant = ? AND phone > ? ORDER BY phone LIMIT ?`

// OutcomesOf implements [store.Historian]: one query for each tenant.
func (s *Store) OutcomesOf(ctx context.Context, ids []recipient.ID) ([][]store.Outcome, error) {
	if err := ctx.Err(); err != nil {
		return nil, wrap("outcomes", err)
	}
	out := make([][]store.Outcome, len(ids))
	at := map[string]map[string][]int{} // by tenant and number
	for i, id := range ids {
		if at[id.Tenant] == nil {
			at[id.Tenant] = map[string][]int{}
		}
		at[id.Tenant][id.Phone.E164()] = append(at[id.Tenant][id.Phone.E164()], i)
	}
	for tenant, numbers := range at {
		b := bulk{s: s, tenant: tenant, numbers: numbers, ids: ids}
		err := lookAll(ctx, b, sqlOutcomes, scanOutcome, func(i int, o store.Outcome) {
			o.Of = ids[i]
			out[i] = append(out[i], o)
		})
		if err != nil {
			return nil, err
		}
	}
	return out, nil
}

// Attempted implements [store.Historian].
func (s *Store) Attempted(ctx context.Context, tenant string, after recipient.Phone, limit int) ([]recipient.ID, error) {
	ctx, cancel := limited(ctx, s.timeout)
	defer cancel()
	var ids []recipient.ID
	err := retry(ctx, func() error {
		stmt, err := s.db.PrepareContext(ctx, s.named(sqlAttempted))
		if err != nil {
			return err
		}
		defer stmt.Close() //nolint:errcheck // nothing is lost
		ids, err = rows(ctx, stmt, func(row scanner) (recipient.ID, error) {
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
		return nil, wrap("attempted recipients", err)
	}
	return ids, nil
}
