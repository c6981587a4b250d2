package pgstore

import (
	"context"
	"fmt"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/carewire/carewire/consent"
	"github.com/carewire/carewire/recipient"
	"github.com/carewire/carewire/store"
)

// Begin implements [store.Ledger] in one statement.
func (s *Store) Begin(ctx context.Context, a store.Attempt) (store.Snapshot, error) {
	var snap store.Snapshot
	err := s.call(ctx, "begin", func(ctx context.Context, d db) (err error) {
		snap, err = s.begin(ctx, d, a)
		return err
	})
	if err != nil {
		return store.Snapshot{}, err
	}
	return snap, nil
}

func (s *Store) begin(ctx context.Context, d db, a store.Attempt) (store.Snapshot, error) {
	if err := checkAttempt(a); err != nil {
		return store.Snapshot{}, err
	}
	claim, rows, err := read(ctx, d, s.queries.begin, []any{
		a.Of.Tenant, a.Of.Phone.E164(), a.ID, a.Key, a.Sum, a.Brand, string(a.Purpose), column(a.At),
	})
	if err != nil {
		return store.Snapshot{}, err
	}
	var snap store.Snapshot
	switch holder := claim.attempt(a.Of); {
	case holder.ID == a.ID && holder.Key != a.Key:
		return store.Snapshot{}, errOtherKey
	case holder.ID == a.ID && holder.State == store.Open:
		snap.Held = true
	default:
		snap.Prior = holder
	}
	for i := range rows {
		switch r := &rows[i]; r.kind {
		case kindConsent:
			snap.Consents = append(snap.Consents, r.consent(a.Of))
		case kindOptOut:
			snap.OptOuts = append(snap.OptOuts, r.optOut(a.Of))
		case kindDisclosure:
			snap.Disclosures = append(snap.Disclosures, r.disclosure(a.Of))
		default:
			return store.Snapshot{}, fmt.Errorf("%w: a row of kind %d", errNoRow, r.kind)
		}
	}
	return snap, nil
}

func checkAttempt(a store.Attempt) error {
	if err := checkTexts(2, a.Of.Tenant, a.ID, a.Sum, a.Brand, string(a.Purpose)); err != nil {
		return err
	}
	return checkTexts(2, a.Of.Tenant, a.Key)
}

// Finish implements [store.Ledger] in one statement.
func (s *Store) Finish(ctx context.Context, o store.Outcome) error {
	return s.call(ctx, "finish", func(ctx context.Context, d db) error {
		if err := checkOutcome(o); err != nil {
			return err
		}
		sql, args := s.queries.finishFor(o)
		tag, err := d.Exec(ctx, sql, args...)
		if err == nil && tag.RowsAffected() == 0 {
			err = store.ErrNotHeld
		}
		return err
	})
}

func checkOutcome(o store.Outcome) error {
	if err := checkTexts(2, o.Of.Tenant, o.ID, o.Rule, o.Code, o.ProviderID, o.From, o.Approval, o.Text); err != nil {
		return err
	}
	for _, r := range o.Consents {
		if err := checkConsent(r); err != nil {
			return err
		}
	}
	for _, r := range o.OptOuts {
		if err := checkOptOut(r); err != nil {
			return err
		}
	}
	for _, r := range o.Disclosures {
		if err := checkDisclosure(r); err != nil {
			return err
		}
	}
	return nil
}

// finishFor returns the statement that settles o and puts its facts, if the attempt is on file.
func (q *queries) finishFor(o store.Outcome) (string, []any) {
	args := []any{
		o.Of.Tenant, o.Of.Phone.E164(), o.ID, int16(o.State), risesFrom(o.State),
		o.Rule, o.Code, column(o.Settled), o.ProviderID, o.From, o.Approval, o.Text,
	}
	var inserts []string
	add := func(t table, n int, next [][]any) {
		if n == 0 {
			return
		}
		sql := t.insert(n, len(args)+1, "a, ")
		inserts = append(inserts, fmt.Sprintf("f%d AS (%s)", len(inserts), sql))
		for _, a := range next {
			args = append(args, a...)
		}
	}
	consents := rowsOf(o.Consents, consentArgs)
	add(consentTable, len(consents), consents)
	optOuts := rowsOf(o.OptOuts, optOutArgs)
	add(optOutTable, len(optOuts), optOuts)
	disclosures := rowsOf(o.Disclosures, disclosureArgs)
	add(disclosureTable, len(disclosures), disclosures)
	if len(inserts) == 0 {
		return q.finish, args
	}
	sql := "WITH a AS (" + sqlFinish + " RETURNING 1),\n" + strings.Join(inserts, ",\n") + "\nSELECT 1 FROM a"
	return q.options.named(sql), args
}

// rowsOf returns the parameters of records, without a second one of the same ID.
func rowsOf[R any](records []R, args func(R) []any) [][]any {
	var rows [][]any
	seen := map[any]bool{}
	for _, r := range records {
		a := args(r)
		if id := a[0]; !seen[id] {
			seen[id] = true
			rows = append(rows, a)
		}
	}
	return rows
}

// risesFrom returns the states from which an attempt may rise to state to.
func risesFrom(to store.State) []int16 {
	from := []int16{}
	for s := store.Open; s <= store.Failed; s++ {
		if store.Rises(s, to) {
			from = append(from, int16(s))
		}
	}
	return from
}

// Outcomes implements [store.Ledger].
func (s *Store) Outcomes(ctx context.Context, id recipient.ID) ([]store.Outcome, error) {
	var outs []store.Outcome
	err := s.call(ctx, "look up", func(ctx context.Context, d db) error {
		outs = nil
		session := ""
		err := query(ctx, d, s.queries.outcomes, []any{id.Tenant, id.Phone.E164()}, func(r pgx.Rows) error {
			ord, o, err := scanOutcome(r)
			switch {
			case err != nil:
				return err
			case ord < 0:
				session = o.ID
			default:
				o.Of = id
				outs = append(outs, o)
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
		return nil
	})
	if err != nil {
		return nil, err
	}
	return outs, nil
}

func scanOutcome(r pgx.Rows) (ord int64, o store.Outcome, err error) {
	var (
		purpose     string
		at, settled *time.Time
		state       int16
	)
	err = r.Scan(&ord, &o.ID, &o.Key, &o.Sum, &o.Brand, &purpose, &at, &state,
		&o.ProviderID, &o.From, &o.Rule, &o.Code, &o.Approval, &o.Text, &settled)
	o.Purpose, o.At, o.Settled = consent.Purpose(purpose), instant(at), instant(settled)
	o.State = store.State(state) //nolint:gosec // was a State
	return ord, o, err
}
