package main

import (
	"context"
	"database/sql"
	"errors"
	"slices"

	"github.com/carewire/carewire/optout"
	"github.com/carewire/carewire/recipient"
	"github.com/carewire/carewire/store"
)

const schema = `CREATE TABLE contacts (
	phone TEXT PRIMARY KEY,
	name TEXT NOT NULL DEFAULT '',
	sms_opt_out BOOLEAN NOT NULL DEFAULT FALSE
);`

// contacts is the opt-out role over the company's own table. The column says
// who is out, to everybody who reads the table. What a boolean cannot say, who
// wrote what, when and to which brand, is kept by ours.
type contacts struct {
	db   *sql.DB
	ours store.Store
}

var _ optout.Store = contacts{}

// PutOptOut keeps the record and makes the column agree.
func (c contacts) PutOptOut(ctx context.Context, r optout.Record) error {
	before, err := c.ours.OptOuts(ctx, r.Of)
	if err != nil {
		return err
	}
	if err := c.ours.PutOptOut(ctx, r); err != nil {
		return err
	}
	if out, err := c.stands(ctx, r.Of); err != nil || out {
		return errors.Join(err, c.set(ctx, r.Of, true))
	}
	known := slices.ContainsFunc(before, func(b optout.Record) bool { return b.ID == r.ID })
	if !r.In || known { // a START that comes again clears nothing that was set since
		return nil
	}
	if err := c.set(ctx, r.Of, false); err != nil {
		return err
	}
	if out, err := c.stands(ctx, r.Of); err != nil || out { // a STOP came in between
		return errors.Join(err, c.set(ctx, r.Of, true))
	}
	return nil
}

// stands reports whether an opt-out stands among our records.
func (c contacts) stands(ctx context.Context, id recipient.ID) (bool, error) {
	rs, err := c.ours.OptOuts(ctx, id)
	return stand(rs), err
}

func stand(rs []optout.Record) bool {
	_, err := optout.Check(rs, "")
	return err != nil
}

// set sets the column. A person who is not in the table is added.
func (c contacts) set(ctx context.Context, id recipient.ID, out bool) error {
	_, err := c.db.ExecContext(ctx, `INSERT INTO contacts (phone, sms_opt_out) VALUES ($1, $2)
		ON CONFLICT (phone) DO UPDATE SET sms_opt_out = excluded.sms_opt_out`, id.Phone.E164(), out)
	return err
}

// OptOuts returns our records, and one more if the column was set by somebody else.
func (c contacts) OptOuts(ctx context.Context, id recipient.ID) ([]optout.Record, error) {
	rs, err := c.ours.OptOuts(ctx, id)
	if err != nil {
		return nil, err
	}
	var out bool
	err = c.db.QueryRowContext(ctx, `SELECT sms_opt_out FROM contacts WHERE phone = $1`, id.Phone.E164()).Scan(&out)
	if err != nil && !errors.Is(err, sql.ErrNoRows) {
		return nil, err
	}
	return withColumn(rs, id, out), nil
}

func withColumn(rs []optout.Record, id recipient.ID, out bool) []optout.Record {
	if out && !stand(rs) {
		rs = append(rs, optout.Record{ID: "contacts.sms_opt_out", Of: id, Via: "contacts.sms_opt_out", Text: "true", Rule: "column"})
	}
	return rs
}
