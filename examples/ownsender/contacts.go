package main

import (
	"context"
	"database/sql"
	"errors"
	"time"

	"github.com/carewire/carewire/optout"
	"github.com/carewire/carewire/recipient"
)

const schema = `CREATE TABLE contacts (
	phone TEXT PRIMARY KEY,
	name TEXT NOT NULL DEFAULT '',
	sms_opt_out BOOLEAN NOT NULL DEFAULT FALSE
);`

// contacts is the opt-out role over the company's own table. A boolean column
// knows who is out and nothing else: it returns the opt-out that stands, for
// all brands, and keeps neither words nor times. The ledger beside it does.
type contacts struct{ db *sql.DB }

// PutOptOut sets or clears the column. A person who is not in the table is added.
func (c contacts) PutOptOut(ctx context.Context, r optout.Record) error {
	_, err := c.db.ExecContext(ctx, `INSERT INTO contacts (phone, sms_opt_out) VALUES ($1, $2)
		ON CONFLICT (phone) DO UPDATE SET sms_opt_out = excluded.sms_opt_out`, r.Of.Phone.E164(), !r.In)
	return err
}

// OptOuts returns the opt-out that the column says, or nothing.
func (c contacts) OptOuts(ctx context.Context, id recipient.ID) ([]optout.Record, error) {
	var out bool
	err := c.db.QueryRowContext(ctx, `SELECT sms_opt_out FROM contacts WHERE phone = $1`, id.Phone.E164()).Scan(&out)
	if errors.Is(err, sql.ErrNoRows) || err == nil && !out {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	return []optout.Record{{ID: "column", Of: id, At: time.Unix(0, 0).UTC(), Via: "contacts.sms_opt_out", Rule: "column"}}, nil
}

var _ optout.Store = contacts{}
