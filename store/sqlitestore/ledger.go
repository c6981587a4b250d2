package sqlitestore

import (
	"context"
	"database/sql"
	"errors"

	"github.com/carewire/carewire/recipient"
	"github.com/carewire/carewire/store"
)

// Begin implements [store.Ledger]: one transaction, which claims first and
// then reads.
func (s *Store) Begin(ctx context.Context, a store.Attempt) (store.Snapshot, error) {
	var snap store.Snapshot
	err := s.write(ctx, "begin", func(ctx context.Context, tx *sql.Tx) (err error) {
		snap = store.Snapshot{}
		if snap.Held, snap.Prior, err = s.take(ctx, tx, a); err != nil {
			return err
		}
		if snap.OptOuts, err = lookIn(ctx, tx, s.optOuts, a.Of, scanOptOut); err != nil {
			return err
		}
		if snap.Consents, err = lookIn(ctx, tx, s.consents, a.Of, scanConsent); err != nil {
			return err
		}
		snap.Disclosures, err = lookIn(ctx, tx, s.disclosures, a.Of, scanDisclosure)
		return err
	})
	if err != nil {
		return store.Snapshot{}, err
	}
	return snap, nil
}

// take claims the key of a, or returns the attempt that stands in the way.
func (s *Store) take(ctx context.Context, tx *sql.Tx, a store.Attempt) (held bool, prior store.Outcome, err error) {
	claimed, err := exec(ctx, tx, s.claim, a.Of.Tenant, a.Of.Phone.E164(), a.ID, a.Key, a.Sum, a.Brand, string(a.Purpose), micros(a.At), zeroTime)
	if err != nil || claimed == 1 {
		return claimed == 1, store.Outcome{}, err
	}
	mine, err := s.attempt(ctx, tx, s.byID, a.Of, a.ID)
	switch {
	case errors.Is(err, sql.ErrNoRows): // another attempt holds the key
	case err != nil:
		return false, store.Outcome{}, err
	case mine.Key != a.Key:
		return false, store.Outcome{}, errOtherKey
	case mine.State == store.Open:
		return true, store.Outcome{}, nil
	default:
		return false, mine, nil
	}
	prior, err = s.attempt(ctx, tx, s.holder, a.Of, a.Key)
	if errors.Is(err, sql.ErrNoRows) {
		err = errNoHolder
	}
	return false, prior, err
}

// attempt reads one attempt.
func (s *Store) attempt(ctx context.Context, tx *sql.Tx, stmt *sql.Stmt, of recipient.ID, by string) (store.Outcome, error) {
	st := tx.StmtContext(ctx, stmt)
	defer st.Close() //nolint:errcheck // nothing is lost
	return scanOutcome(st.QueryRowContext(ctx, of.Tenant, of.Phone.E164(), by), of)
}

// Finish implements [store.Ledger]: one transaction.
func (s *Store) Finish(ctx context.Context, o store.Outcome) error {
	return s.write(ctx, "finish", func(ctx context.Context, tx *sql.Tx) error {
		n, err := exec(ctx, tx, s.settle, o.Of.Tenant, o.Of.Phone.E164(), o.ID, int64(o.State), risesFrom(o.State),
			o.Rule, o.Code, micros(o.Settled), o.ProviderID, o.From, o.Approval, o.Text)
		switch {
		case err != nil:
			return err
		case n == 0:
			return store.ErrNotHeld
		}
		for _, r := range o.OptOuts {
			if err := s.addOptOut(ctx, tx, r); err != nil {
				return err
			}
		}
		for _, r := range o.Consents {
			if err := s.addConsent(ctx, tx, r); err != nil {
				return err
			}
		}
		for _, r := range o.Disclosures {
			if err := s.addDisclosure(ctx, tx, r); err != nil {
				return err
			}
		}
		return nil
	})
}

// risesFrom is the set of states from which an attempt may move to a state, one bit each.
func risesFrom(to store.State) (set int64) {
	for from := store.Open; from <= store.Failed; from++ {
		if store.Rises(from, to) {
			set |= 1 << from
		}
	}
	return set
}

// Outcomes implements [store.Ledger].
func (s *Store) Outcomes(ctx context.Context, id recipient.ID) ([]store.Outcome, error) {
	return look(ctx, s, "outcomes", s.outcomes, id, scanOutcome)
}

func scanOutcome(row scanner, of recipient.ID) (store.Outcome, error) {
	o := store.Outcome{Attempt: store.Attempt{Of: of}}
	var at, settled int64
	err := row.Scan(&o.ID, &o.Key, &o.Sum, &o.Brand, &o.Purpose, &at, &o.State,
		&o.ProviderID, &o.From, &o.Rule, &o.Code, &o.Approval, &o.Text, &settled)
	o.At, o.Settled = timeOf(at), timeOf(settled)
	return o, err
}
