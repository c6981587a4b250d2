package sqlitestore

import (
	"context"
	"database/sql"
	"slices"
	"strings"

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

// FactsOf implements [store.BulkReader]: one query for each role and tenant.
func (s *Store) FactsOf(ctx context.Context, ids []recipient.ID) ([]store.Facts, error) {
	if err := ctx.Err(); err != nil {
		return nil, wrap("look up facts", err)
	}
	out := make([]store.Facts, len(ids))
	if len(ids) < fewIDs {
		return out, s.factsOfEach(ctx, ids, out)
	}
	at := map[string]map[string][]int{} // by tenant and number
	for i, id := range ids {
		if at[id.Tenant] == nil {
			at[id.Tenant] = map[string][]int{}
		}
		at[id.Tenant][id.Phone.E164()] = append(at[id.Tenant][id.Phone.E164()], i)
	}
	for tenant, numbers := range at {
		b := bulk{s: s, tenant: tenant, numbers: numbers, ids: ids}
		err := lookAll(ctx, b, sqlConsents, scanConsent, func(i int, r consent.Record) {
			r.Of, r.Purposes = ids[i], slices.Clone(r.Purposes)
			out[i].Consents = append(out[i].Consents, r)
		})
		if err != nil {
			return nil, err
		}
		err = lookAll(ctx, b, sqlOptOuts, scanOptOut, func(i int, r optout.Record) {
			r.Of = ids[i]
			out[i].OptOuts = append(out[i].OptOuts, r)
		})
		if err != nil {
			return nil, err
		}
		err = lookAll(ctx, b, sqlDisclosures, scanDisclosure, func(i int, r disclosure.Record) {
			r.Of = ids[i]
			out[i].Disclosures = append(out[i].Disclosures, r)
		})
		if err != nil {
			return nil, err
		}
	}
	return out, nil
}

// fewIDs is below how many ids prepared look-ups, one by one, are faster.
const fewIDs = 4

func (s *Store) factsOfEach(ctx context.Context, ids []recipient.ID, out []store.Facts) (err error) {
	for i, id := range ids {
		if out[i].OptOuts, err = s.OptOuts(ctx, id); err != nil {
			return err
		}
		if out[i].Consents, err = s.Consents(ctx, id); err != nil {
			return err
		}
		if out[i].Disclosures, err = s.Disclosures(ctx, id); err != nil {
			return err
		}
	}
	return nil
}

// bulk is a question about many numbers of one tenant.
type bulk struct {
	s       *Store
	tenant  string
	numbers map[string][]int // which of ids have the number
	ids     []recipient.ID
}

// lookAll reads all rows of many recipients. one is the statement that reads
// those of one recipient; every row is added to all ids that ask about it.
func lookAll[R any](ctx context.Context, b bulk, one string, scan func(scanner, recipient.ID) (R, error), add func(i int, r R)) error {
	text := strings.Replace(one, "SELECT id", "SELECT phone, id", 1)
	text = strings.Replace(text, "phone = ?", "phone IN (?"+strings.Repeat(", ?", len(b.numbers)-1)+")", 1)
	args := make([]any, 1, 1+len(b.numbers))
	args[0] = b.tenant
	for number := range b.numbers {
		args = append(args, number)
	}
	type found struct {
		number string
		record R
	}
	ctx, cancel := limited(ctx, b.s.timeout)
	defer cancel()
	var all []found
	err := retry(ctx, func() error {
		stmt, err := b.s.db.PrepareContext(ctx, b.s.named(text))
		if err != nil {
			return err
		}
		defer stmt.Close() //nolint:errcheck // nothing is lost
		all, err = rows(ctx, stmt, func(row scanner) (found, error) {
			var f found
			var err error
			f.record, err = scan(after{row, &f.number}, recipient.ID{})
			return f, err
		}, args...)
		return err
	})
	if err != nil {
		return wrap("look up facts", err)
	}
	for _, f := range all {
		for _, i := range b.numbers[f.number] {
			add(i, f.record)
		}
	}
	return nil
}

// after is a row without its first column, which is read into first.
type after struct {
	row   scanner
	first any
}

// Scan implements scanner.
func (a after) Scan(dest ...any) error { return a.row.Scan(append([]any{a.first}, dest...)...) }

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
