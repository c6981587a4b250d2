package pgstore

import (
	"context"

	"github.com/jackc/pgx/v5"

	"github.com/carewire/carewire/consent"
	"github.com/carewire/carewire/disclosure"
	"github.com/carewire/carewire/optout"
)

// Tx puts and reads facts within a transaction of the application, so that a
// consent is on file exactly if the booking is that it comes from. Make it
// with [Store.Tx].
//
// What it puts counts for others once the transaction is committed. Calls are
// not repeated, and have no time limit but that of the context; after an error
// the transaction can only be rolled back. The order of records is right in a
// transaction of every isolation level; one that is REPEATABLE READ or stricter
// reads what was on file when it began, and putting an ID that was put since
// is a serialization failure. Opt-outs belong into a transaction of their own:
// they must not be rolled back with anything else.
type Tx struct {
	facts
}

var (
	_ consent.Store    = (*Tx)(nil)
	_ optout.Store     = (*Tx)(nil)
	_ disclosure.Store = (*Tx)(nil)
)

// Tx returns the facts of s as a transaction of the same database sees them.
// The caller commits it. A Tx is for one goroutine at a time, as tx is.
func (s *Store) Tx(tx pgx.Tx) *Tx {
	run := func(ctx context.Context, op string, f func(context.Context, db) error) error {
		if err := ctx.Err(); err != nil {
			return wrap(op, err)
		}
		return wrap(op, f(ctx, tx))
	}
	return &Tx{facts{run, s.queries}}
}
