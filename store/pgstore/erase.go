package pgstore

import (
	"context"

	"github.com/carewire/carewire/store"
)

var _ store.Eraser = (*Store)(nil)

// sqlErase is one statement. All of its parts see what was on file when it
// began; what is put meanwhile may stay.
const sqlErase = `WITH anonymous AS (
	INSERT INTO carewire_attempts (tenant, phone, id, ord, key, sum, brand, purpose, at, state, rule, settled)
	SELECT $3::text, $4::text, id, ord, id, '', brand, purpose, at, state, rule, settled FROM carewire_attempts
	WHERE tenant = $1::text AND phone = $2::text AND state <> 1
	ON CONFLICT DO NOTHING
), consents AS (
	DELETE FROM carewire_consents WHERE tenant = $1::text AND phone = $2::text
), opt_outs AS (
	DELETE FROM carewire_opt_outs WHERE tenant = $1::text AND phone = $2::text
), disclosures AS (
	DELETE FROM carewire_disclosures WHERE tenant = $1::text AND phone = $2::text
)
DELETE FROM carewire_attempts WHERE tenant = $1::text AND phone = $2::text`

// Erase implements [store.Eraser] in one statement. Rows that are deleted are
// in no look-up and no dump any more. PostgreSQL's files keep their bytes until
// the space is used again: autovacuum frees it, VACUUM FULL writes the tables
// anew at once, and the write-ahead log and backups end with their retention.
func (s *Store) Erase(ctx context.Context, e store.Erasure) error {
	if e.Of == e.As {
		return nil
	}
	return s.call(ctx, "erase", func(ctx context.Context, d db) error {
		if err := checkTexts(0, e.Of.Tenant, e.As.Tenant); err != nil {
			return err
		}
		_, err := d.Exec(ctx, s.queries.options.named(sqlErase), e.Of.Tenant, e.Of.Phone.E164(), e.As.Tenant, e.As.Phone.E164())
		return err
	})
}
