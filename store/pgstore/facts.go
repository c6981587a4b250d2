package pgstore

import (
	"context"

	"github.com/jackc/pgx/v5"

	"github.com/carewire/carewire/consent"
	"github.com/carewire/carewire/disclosure"
	"github.com/carewire/carewire/optout"
	"github.com/carewire/carewire/recipient"
)

// facts are the three roles of facts, over a pool or within a transaction.
type facts struct {
	run     func(ctx context.Context, op string, f func(context.Context, db) error) error
	queries *queries
}

// PutConsent implements [consent.Store].
func (f *facts) PutConsent(ctx context.Context, r consent.Record) error {
	return f.put(ctx, f.queries.putConsent, r.Of, checkConsent(r), consentArgs(r))
}

// Consents implements [consent.Store].
func (f *facts) Consents(ctx context.Context, id recipient.ID) ([]consent.Record, error) {
	return list(ctx, f, f.queries.consents, id, (*row).consent)
}

// PutOptOut implements [optout.Store].
func (f *facts) PutOptOut(ctx context.Context, r optout.Record) error {
	return f.put(ctx, f.queries.putOptOut, r.Of, checkOptOut(r), optOutArgs(r))
}

// OptOuts implements [optout.Store]. Of an opt-out and an opt-in that were put
// at the same time the opt-out comes last.
func (f *facts) OptOuts(ctx context.Context, id recipient.ID) ([]optout.Record, error) {
	return list(ctx, f, f.queries.optOuts, id, (*row).optOut)
}

// PutDisclosure implements [disclosure.Store].
func (f *facts) PutDisclosure(ctx context.Context, r disclosure.Record) error {
	return f.put(ctx, f.queries.putDisclosed, r.Of, checkDisclosure(r), disclosureArgs(r))
}

// Disclosures implements [disclosure.Store].
func (f *facts) Disclosures(ctx context.Context, id recipient.ID) ([]disclosure.Record, error) {
	return list(ctx, f, f.queries.disclosures, id, (*row).disclosure)
}

// put runs an insert of one record, unless invalid says that it cannot be kept.
func (f *facts) put(ctx context.Context, sql string, of recipient.ID, invalid error, args []any) error {
	return f.run(ctx, "put", func(ctx context.Context, d db) error {
		if invalid != nil {
			return invalid
		}
		_, err := d.Exec(ctx, sql, append([]any{of.Tenant, of.Phone.E164()}, args...)...)
		return err
	})
}

// list runs a look-up.
func list[R any](ctx context.Context, f *facts, sql string, of recipient.ID, record func(*row, recipient.ID) R) ([]R, error) {
	var records []R
	err := f.run(ctx, "look up", func(ctx context.Context, d db) error {
		head, rows, err := read(ctx, d, sql, []any{of.Tenant, of.Phone.E164()})
		if err != nil {
			return err
		}
		if head.id != "off" {
			return ErrReadOnly
		}
		records = nil
		for i := range rows {
			records = append(records, record(&rows[i], of))
		}
		return nil
	})
	if err != nil {
		return nil, err
	}
	return records, nil
}

// read runs a statement whose result starts with a row of its own, followed by
// facts, and returns the facts in put order.
func read(ctx context.Context, d db, sql string, args []any) (head row, rows []row, err error) {
	heads := 0
	err = query(ctx, d, sql, args, func(r pgx.Rows) error {
		var one row
		if err := one.scan(r); err != nil {
			return err
		}
		if one.kind == kindHead {
			head, heads = one, heads+1
		} else {
			rows = append(rows, one)
		}
		return nil
	})
	if err == nil && heads != 1 {
		err = errNoRow
	}
	putOrder(rows)
	return head, rows, err
}

func consentArgs(r consent.Record) []any {
	purposes := make([]string, len(r.Purposes))
	for i, p := range r.Purposes {
		purposes[i] = string(p)
	}
	return []any{
		r.ID, r.Brand, int16(r.Basis), purposes, r.Ref, r.Shown, r.Where, r.Confirmed, r.Revoked, column(r.At), column(r.Until),
	}
}

func optOutArgs(r optout.Record) []any {
	return []any{r.ID, r.Brand, r.In, column(r.At), column(r.Sent), r.Via, r.Text, r.Rule}
}

func disclosureArgs(r disclosure.Record) []any {
	return []any{r.ID, r.Brand, int16(r.Kind), r.Text, r.Ref, r.Failed, column(r.At)}
}

func checkConsent(r consent.Record) error {
	for _, p := range r.Purposes {
		if err := checkTexts(0, string(p)); err != nil {
			return err
		}
	}
	return checkTexts(2, r.Of.Tenant, r.ID, r.Brand, r.Ref, r.Shown, r.Where, r.Confirmed)
}

func checkOptOut(r optout.Record) error {
	return checkTexts(2, r.Of.Tenant, r.ID, r.Brand, r.Via, r.Text, r.Rule)
}

func checkDisclosure(r disclosure.Record) error {
	return checkTexts(2, r.Of.Tenant, r.ID, r.Brand, r.Text, r.Ref)
}
