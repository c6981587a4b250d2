package sqlitestore

import (
	"context"
	"database/sql"
	"encoding/json"
	"fmt"
	"unicode/utf8"

	"github.com/carewire/carewire/consent"
	"github.com/carewire/carewire/disclosure"
	"github.com/carewire/carewire/optout"
	"github.com/carewire/carewire/recipient"
)

// PutConsent implements [consent.Store].
func (s *Store) PutConsent(ctx context.Context, r consent.Record) error {
	return s.write(ctx, "put consent", func(ctx context.Context, tx *sql.Tx) error { return s.addConsent(ctx, tx, r) })
}

// Consents implements [consent.Store].
func (s *Store) Consents(ctx context.Context, id recipient.ID) ([]consent.Record, error) {
	return look(ctx, s, "look up consents", s.consents, id, scanConsent)
}

// PutOptOut implements [optout.Store].
func (s *Store) PutOptOut(ctx context.Context, r optout.Record) error {
	return s.write(ctx, "put opt-out", func(ctx context.Context, tx *sql.Tx) error { return s.addOptOut(ctx, tx, r) })
}

// OptOuts implements [optout.Store].
func (s *Store) OptOuts(ctx context.Context, id recipient.ID) ([]optout.Record, error) {
	return look(ctx, s, "look up opt-outs", s.optOuts, id, scanOptOut)
}

// PutDisclosure implements [disclosure.Store].
func (s *Store) PutDisclosure(ctx context.Context, r disclosure.Record) error {
	return s.write(ctx, "put disclosure", func(ctx context.Context, tx *sql.Tx) error { return s.addDisclosure(ctx, tx, r) })
}

// Disclosures implements [disclosure.Store].
func (s *Store) Disclosures(ctx context.Context, id recipient.ID) ([]disclosure.Record, error) {
	return look(ctx, s, "look up disclosures", s.disclosures, id, scanDisclosure)
}

// exec runs a prepared statement in a transaction and returns how many rows it changed.
func exec(ctx context.Context, tx *sql.Tx, stmt *sql.Stmt, args ...any) (int64, error) {
	st := tx.StmtContext(ctx, stmt)
	defer st.Close() //nolint:errcheck // nothing is lost
	res, err := st.ExecContext(ctx, args...)
	if err != nil {
		return 0, err
	}
	return res.RowsAffected()
}

func (s *Store) addConsent(ctx context.Context, tx *sql.Tx, r consent.Record) error {
	for _, p := range r.Purposes {
		if !utf8.ValidString(string(p)) {
			return errText // JSON would change it
		}
	}
	purposes, err := json.Marshal(r.Purposes)
	if err != nil {
		return fmt.Errorf("purposes: %w", err)
	}
	_, err = exec(ctx, tx, s.putConsent, r.Of.Tenant, r.Of.Phone.E164(), r.ID, r.Brand, int64(r.Basis), string(purposes),
		r.Ref, r.Shown, r.Where, r.Confirmed, r.Revoked, micros(r.At), micros(r.Until))
	return err
}

func (s *Store) addOptOut(ctx context.Context, tx *sql.Tx, r optout.Record) error {
	_, err := exec(ctx, tx, s.putOptOut, r.Of.Tenant, r.Of.Phone.E164(), r.ID, r.Brand, r.In, micros(r.At), micros(r.Sent), r.Via, r.Text, r.Rule)
	return err
}

func (s *Store) addDisclosure(ctx context.Context, tx *sql.Tx, r disclosure.Record) error {
	_, err := exec(ctx, tx, s.putDisclosure, r.Of.Tenant, r.Of.Phone.E164(), r.ID, r.Brand, int64(r.Kind), r.Text, r.Ref, r.Failed, micros(r.At))
	return err
}

// scanner is a row.
type scanner interface{ Scan(dest ...any) error }

func scanConsent(row scanner, of recipient.ID) (consent.Record, error) {
	r := consent.Record{Of: of}
	var at, until int64
	var purposes []byte
	err := row.Scan(&r.ID, &r.Brand, &r.Basis, &purposes, &r.Ref, &r.Shown, &r.Where, &r.Confirmed, &r.Revoked, &at, &until)
	if err != nil {
		return r, err
	}
	if err := json.Unmarshal(purposes, &r.Purposes); err != nil {
		return r, fmt.Errorf("purposes: %w", err)
	}
	r.At, r.Until = timeOf(at), timeOf(until)
	return r, nil
}

func scanOptOut(row scanner, of recipient.ID) (optout.Record, error) {
	r := optout.Record{Of: of}
	var at, sent int64
	err := row.Scan(&r.ID, &r.Brand, &r.In, &at, &sent, &r.Via, &r.Text, &r.Rule)
	r.At, r.Sent = timeOf(at), timeOf(sent)
	return r, err
}

func scanDisclosure(row scanner, of recipient.ID) (disclosure.Record, error) {
	r := disclosure.Record{Of: of}
	var at int64
	err := row.Scan(&r.ID, &r.Brand, &r.Kind, &r.Text, &r.Ref, &r.Failed, &at)
	r.At = timeOf(at)
	return r, err
}

// look reads all rows of a recipient, outside of a transaction.
func look[R any](ctx context.Context, s *Store, op string, stmt *sql.Stmt, id recipient.ID, scan func(scanner, recipient.ID) (R, error)) ([]R, error) {
	ctx, cancel := limited(ctx, s.timeout)
	defer cancel()
	var rs []R
	err := retry(ctx, func() (err error) {
		rs, err = rows(ctx, stmt, of(id, scan), id.Tenant, id.Phone.E164())
		return err
	})
	if err != nil {
		return nil, wrap(op, err)
	}
	return rs, nil
}

// lookIn reads all rows of a recipient within a transaction.
func lookIn[R any](ctx context.Context, tx *sql.Tx, stmt *sql.Stmt, id recipient.ID, scan func(scanner, recipient.ID) (R, error)) ([]R, error) {
	st := tx.StmtContext(ctx, stmt)
	defer st.Close() //nolint:errcheck // nothing is lost
	return rows(ctx, st, of(id, scan), id.Tenant, id.Phone.E164())
}

// of makes a scan of a recipient's rows.
func of[R any](id recipient.ID, scan func(scanner, recipient.ID) (R, error)) func(scanner) (R, error) {
	return func(row scanner) (R, error) { return scan(row, id) }
}

// rows runs a statement and reads all that it returns.
func rows[R any](ctx context.Context, stmt *sql.Stmt, scan func(scanner) (R, error), args ...any) ([]R, error) {
	rows, err := stmt.QueryContext(ctx, args...)
	if err != nil {
		return nil, err
	}
	defer rows.Close() //nolint:errcheck // rows.Err has told all
	var rs []R
	for rows.Next() {
		r, err := scan(rows)
		if err != nil {
			return nil, err
		}
		rs = append(rs, r)
	}
	if err := rows.Err(); err != nil { // a part is not all
		return nil, err
	}
	return rs, nil
}
