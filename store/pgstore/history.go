package pgstore

import (
	"context"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/carewire/carewire/consent"
	"github.com/carewire/carewire/recipient"
	"github.com/carewire/carewire/store"
)

var _ store.Historian = (*Store)(nil)

// sqlOutcomesOf reads the attempts of all people of the lists $1 and $2, after
// a row about the session. OFFSET 0 keeps the look-up one by the index for each
// person; a join would read the whole table when many are asked for.
const sqlOutcomesOf = `SELECT 0::bigint AS i, -1::bigint AS ord, coalesce(current_setting('transaction_read_only', true), 'off') COLLATE "C" AS id, '', '', '', '',
	NULL::timestamptz, 0::smallint, '', '', '', '', '', '', NULL::timestamptz
UNION ALL
SELECT w.i, t.ord, t.id, t.key, t.sum, t.brand, t.purpose, t.at, t.state, t.provider_id, t.sender, t.rule, t.code, t.approval, t.body, t.settled
FROM unnest($1::text[], $2::text[]) WITH ORDINALITY AS w (tenant, phone, i)
CROSS JOIN LATERAL (SELECT * FROM carewire_attempts AS a
	WHERE a.tenant = w.tenant COLLATE "C" AND a.phone = w.phone COLLATE "C" OFFSET 0) AS t
ORDER BY 1, 2, 3`

// sqlAttempted lists numbers, after a row about the session.
const sqlAttempted = `SELECT 0 AS kind, coalesce(current_setting('transaction_read_only', true), 'off') COLLATE "C" AS phone
UNION ALL (SELECT DISTINCT 1, phone FROM carewire_attempts WHERE tenant = $1::text AND phone > $2::text ORDER BY phone LIMIT $3::bigint)
ORDER BY 1, 2`

// OutcomesOf implements [store.Historian] in one statement.
func (s *Store) OutcomesOf(ctx context.Context, ids []recipient.ID) ([][]store.Outcome, error) {
	tenants, phones := make([]string, len(ids)), make([]string, len(ids))
	for i, id := range ids {
		tenants[i], phones[i] = id.Tenant, id.Phone.E164()
	}
	var out [][]store.Outcome
	err := s.call(ctx, "look up", func(ctx context.Context, d db) error {
		if err := checkTexts(0, tenants...); err != nil {
			return err
		}
		out = make([][]store.Outcome, len(ids))
		session := ""
		err := query(ctx, d, s.queries.options.named(sqlOutcomesOf), s.planned(tenants, phones), func(rows pgx.Rows) error {
			var i, ord int64
			var o store.Outcome
			var purpose string
			var state int16
			var at, settled *time.Time
			err := rows.Scan(&i, &ord, &o.ID, &o.Key, &o.Sum, &o.Brand, &purpose, &at, &state,
				&o.ProviderID, &o.From, &o.Rule, &o.Code, &o.Approval, &o.Text, &settled)
			switch {
			case err != nil:
				return err
			case ord < 0:
				session = o.ID
				return nil
			case i < 1 || i > int64(len(ids)):
				return fmt.Errorf("%w: a row of nobody", errNoRow)
			}
			o.Of, o.Purpose, o.State = ids[i-1], consent.Purpose(purpose), store.State(state) //nolint:gosec // was a State
			o.At, o.Settled = instant(at), instant(settled)
			out[i-1] = append(out[i-1], o)
			return nil
		})
		return sessionError(err, session)
	})
	if err != nil {
		return nil, err
	}
	return out, nil
}

// Attempted implements [store.Historian].
func (s *Store) Attempted(ctx context.Context, tenant string, after recipient.Phone, limit int) ([]recipient.ID, error) {
	var ids []recipient.ID
	err := s.call(ctx, "list", func(ctx context.Context, d db) error {
		if err := checkTexts(0, tenant); err != nil {
			return err
		}
		ids = nil
		session := ""
		err := query(ctx, d, s.queries.options.named(sqlAttempted), s.planned(tenant, after.E164(), limit), func(rows pgx.Rows) error {
			var kind int
			var text string
			if err := rows.Scan(&kind, &text); err != nil {
				return err
			}
			if kind == 0 {
				session = text
				return nil
			}
			phone, err := recipient.Parse(text)
			ids = append(ids, recipient.ID{Tenant: tenant, Phone: phone})
			return err
		})
		return sessionError(err, session)
	})
	if err != nil {
		return nil, err
	}
	return ids, nil
}

// sessionError is the error of a look-up that started with a row about the session.
func sessionError(err error, session string) error {
	switch {
	case err != nil:
		return err
	case session == "":
		return errNoRow
	case session != "off":
		return ErrReadOnly
	}
	return nil
}
