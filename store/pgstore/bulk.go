package pgstore

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"

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

// bulkRows is how many records one statement of PutAll puts.
const bulkRows = 1000

// Look-ups of many people. The first column is the place in the question.
var sqlFactsOf = "SELECT 0::bigint, s.* FROM (" + strings.TrimSuffix(sqlSessionRow, "\nUNION ALL ") + ") s" +
	ofMany(sqlConsents) + ofMany(sqlOptOuts) + ofMany(sqlDisclosures)

// ofMany makes a look-up of one person one of all people of the lists $1 and
// $2. OFFSET 0 keeps it one look-up in the index for each of them: the planner
// would rather read a table of a hundred thousand rows from end to end.
func ofMany(one string) string {
	each := strings.Replace(one, "tenant = $1::text AND phone = $2::text", `tenant = w.tenant COLLATE "C" AND phone = w.phone COLLATE "C" OFFSET 0`, 1)
	return "\nUNION ALL SELECT w.i, t.* FROM unnest($1::text[], $2::text[]) WITH ORDINALITY AS w (tenant, phone, i)\nCROSS JOIN LATERAL (" + each + ") t"
}

// sqlRecipients lists numbers, after a row about the session. Each table gives
// as many as are wanted, so that no more of it is read.
const sqlRecipients = `SELECT 0 AS kind, coalesce(current_setting('transaction_read_only', true), 'off') COLLATE "C" AS phone
UNION ALL (SELECT 1, u.phone FROM (
	(SELECT DISTINCT phone FROM carewire_consents WHERE tenant = $1::text AND phone > $2::text ORDER BY phone LIMIT $3::bigint)
	UNION
	(SELECT DISTINCT phone FROM carewire_opt_outs WHERE tenant = $1::text AND phone > $2::text ORDER BY phone LIMIT $3::bigint)
	UNION
	(SELECT DISTINCT phone FROM carewire_disclosures WHERE tenant = $1::text AND phone > $2::text ORDER BY phone LIMIT $3::bigint)
) u ORDER BY u.phone LIMIT $3::bigint)
ORDER BY 1, 2`

// fewRows is below how many rows the plan of a statement may be an old one.
const fewRows = 10

// planned is put before the parameters of statements over many rows: such a
// statement is planned each time, since a plan made while a table was small
// would be kept while it grows.
func (s *Store) planned(args ...any) []any {
	if s.pool.Config().ConnConfig.DefaultQueryExecMode == pgx.QueryExecModeCacheStatement {
		return append([]any{pgx.QueryExecModeCacheDescribe}, args...)
	}
	return args
}

// FactsOf implements [store.BulkReader] in one statement.
func (s *Store) FactsOf(ctx context.Context, ids []recipient.ID) ([]store.Facts, error) {
	tenants, phones := make([]string, len(ids)), make([]string, len(ids))
	for i, id := range ids {
		tenants[i], phones[i] = id.Tenant, id.Phone.E164()
	}
	args := []any{tenants, phones}
	if len(ids) >= fewRows {
		args = s.planned(args...)
	}
	var out []store.Facts
	err := s.call(ctx, "look up", func(ctx context.Context, d db) error {
		if err := checkTexts(0, tenants...); err != nil {
			return err
		}
		session := ""
		found := make([][]row, len(ids))
		err := query(ctx, d, s.queries.options.named(sqlFactsOf), args, func(rows pgx.Rows) error {
			var i int64
			var r row
			err := rows.Scan(&i, &r.kind, &r.ord, &r.id, &r.brand, &r.n, &r.flag, &r.at, &r.second, &r.a, &r.b, &r.c, &r.d, &r.list)
			if err != nil {
				return err
			}
			switch {
			case r.kind == kindHead:
				session = r.id
			case i < 1 || i > int64(len(ids)):
				return fmt.Errorf("%w: a row of nobody", errNoRow)
			default:
				found[i-1] = append(found[i-1], r)
			}
			return nil
		})
		switch {
		case err != nil:
			return err
		case session == "":
			return errNoRow
		case session != "off":
			return ErrReadOnly
		}
		out = make([]store.Facts, len(ids))
		for i, rows := range found {
			putOrder(rows)
			for j := range rows {
				add(&out[i], &rows[j], ids[i])
			}
		}
		return nil
	})
	if err != nil {
		return nil, err
	}
	return out, nil
}

// add puts a row into the list of its kind.
func add(f *store.Facts, r *row, of recipient.ID) {
	switch r.kind {
	case kindConsent:
		f.Consents = append(f.Consents, r.consent(of))
	case kindOptOut:
		f.OptOuts = append(f.OptOuts, r.optOut(of))
	case kindDisclosure:
		f.Disclosures = append(f.Disclosures, r.disclosure(of))
	}
}

// PutAll implements [store.BulkWriter]: one statement for every 1,000 records
// of a role, opt-outs first. [Options.Timeout] is for each statement.
func (s *Store) PutAll(ctx context.Context, consents []consent.Record, optOuts []optout.Record, disclosures []disclosure.Record) error {
	if err := ctx.Err(); err != nil {
		return wrap("put", err)
	}
	puts := []func() error{
		func() error { return putMany(ctx, s, optOutTable, optOuts, optOutOf) },
		func() error { return putMany(ctx, s, consentTable, consents, consentOf) },
		func() error { return putMany(ctx, s, disclosureTable, disclosures, disclosureOf) },
	}
	for _, put := range puts {
		if err := put(); err != nil {
			return err
		}
	}
	return nil
}

// entry is a record as it is put, with its place in the list.
type entry struct {
	of      recipient.ID
	id      string
	n       int64
	args    []any
	invalid error
}

func optOutOf(r optout.Record) entry {
	return entry{of: r.Of, id: r.ID, args: optOutArgs(r), invalid: checkOptOut(r)}
}

func consentOf(r consent.Record) entry {
	return entry{of: r.Of, id: r.ID, args: consentArgs(r), invalid: checkConsent(r)}
}

func disclosureOf(r disclosure.Record) entry {
	return entry{of: r.Of, id: r.ID, args: disclosureArgs(r), invalid: checkDisclosure(r)}
}

// putMany puts the records of one role.
func putMany[R any](ctx context.Context, s *Store, t table, rs []R, of func(R) entry) error {
	sql := s.queries.options.named(t.insertMany())
	for len(rs) > 0 {
		part := rs[:min(len(rs), bulkRows)]
		es, err := entries(part, of)
		if err != nil {
			return wrap("put", err)
		}
		args := t.columnsOf(es)
		if len(es) >= fewRows {
			args = s.planned(args...)
		}
		err = s.call(ctx, "put", func(ctx context.Context, d db) error {
			_, err := d.Exec(ctx, sql, args...)
			return err
		})
		if err != nil {
			return err
		}
		rs = rs[len(part):]
	}
	return nil
}

// entries are records in the order of the primary key, so that two calls do not
// wait for each other in a circle, and without a second one of the same ID.
func entries[R any](rs []R, of func(R) entry) ([]entry, error) {
	es := make([]entry, len(rs))
	for i, r := range rs {
		es[i] = of(r)
		if es[i].invalid != nil {
			return nil, es[i].invalid
		}
		es[i].n = int64(i)
	}
	slices.SortStableFunc(es, func(x, y entry) int {
		return cmp.Or(cmp.Compare(x.of.Tenant, y.of.Tenant), cmp.Compare(x.of.Phone.E164(), y.of.Phone.E164()), cmp.Compare(x.id, y.id))
	})
	return slices.CompactFunc(es, func(x, y entry) bool { return x.of == y.of && x.id == y.id }), nil
}

// insertMany makes a statement that puts records of any recipients. Its
// parameters are columns: tenant, phone, the place in the list, and those of t.
// What it does about a record that is on file is what insert does.
func (t table) insertMany() string {
	var params, names, values strings.Builder
	for i, typ := range append([]string{"text", "text", "bigint"}, t.types...) {
		if typ == "text[]" {
			typ = "text" // a list of lists would have to be as wide everywhere
		}
		fmt.Fprintf(&params, ", $%d::%s[]", i+1, typ)
	}
	for i, name := range t.columns {
		names.WriteString(", " + name)
		values.WriteString(", u." + name)
		if t.types[i] == "text[]" {
			values.WriteString("::text[]")
		}
	}
	return fmt.Sprintf(`INSERT INTO %s AS t (tenant, phone, ord%s)
SELECT u.tenant, u.phone, greatest((SELECT (extract(epoch FROM clock_timestamp()) * 1000000)::bigint),
	(SELECT coalesce(max(o.ord), 0) + 1 FROM %s o WHERE o.tenant = u.tenant COLLATE "C" AND o.phone = u.phone COLLATE "C")) + u.n%s
FROM unnest(%s) AS u (tenant, phone, n%s)
ON CONFLICT (tenant, phone, id) DO UPDATE SET id = t.id`,
		t.name, names.String(), t.name, values.String(), strings.TrimPrefix(params.String(), ", "), names.String())
}

// columnsOf are the parameters of insertMany.
func (t table) columnsOf(es []entry) []any {
	tenants, phones, places := make([]string, len(es)), make([]string, len(es)), make([]int64, len(es))
	for i, e := range es {
		tenants[i], phones[i], places[i] = e.of.Tenant, e.of.Phone.E164(), e.n
	}
	args := []any{tenants, phones, places}
	for i, typ := range t.types {
		switch typ {
		case "smallint":
			args = append(args, columnOf[int16](es, i))
		case "boolean":
			args = append(args, columnOf[bool](es, i))
		case "timestamptz":
			args = append(args, columnOf[*time.Time](es, i))
		case "text[]":
			args = append(args, literals(columnOf[[]string](es, i)))
		default:
			args = append(args, columnOf[string](es, i))
		}
	}
	return args
}

func columnOf[T any](es []entry, i int) []T {
	out := make([]T, len(es))
	for j, e := range es {
		out[j], _ = e.args[i].(T) //nolint:errcheck // the type is that of the table
	}
	return out
}

// literals writes lists as PostgreSQL reads them.
func literals(lists [][]string) []string {
	escape := strings.NewReplacer(`\`, `\\`, `"`, `\"`)
	out := make([]string, len(lists))
	for i, list := range lists {
		quoted := make([]string, len(list))
		for j, s := range list {
			quoted[j] = `"` + escape.Replace(s) + `"`
		}
		out[i] = "{" + strings.Join(quoted, ",") + "}"
	}
	return out
}

// Recipients implements [store.Walker].
func (s *Store) Recipients(ctx context.Context, tenant string, after recipient.Phone, limit int) ([]recipient.ID, error) {
	var ids []recipient.ID
	err := s.call(ctx, "list", func(ctx context.Context, d db) error {
		if err := checkTexts(0, tenant); err != nil {
			return err
		}
		ids = nil
		session := ""
		err := query(ctx, d, s.queries.options.named(sqlRecipients), s.planned(tenant, after.E164(), limit), func(rows pgx.Rows) error {
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
		switch {
		case err != nil:
			return err
		case session == "":
			return errNoRow
		case session != "off":
			return ErrReadOnly
		}
		return nil
	})
	if err != nil {
		return nil, err
	}
	return ids, nil
}
