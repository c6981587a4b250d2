package pgstore

import (
	"context"

	"github.com/jackc/pgx/v5"

	"github.com/carewire/carewire/store"
)

// Latest is the version that the statements need.
const Latest = latest

// BeginIn is Begin within a transaction, to hold it open in a test.
func (s *Store) BeginIn(ctx context.Context, tx pgx.Tx, a store.Attempt) (store.Snapshot, error) {
	return s.begin(ctx, tx, a)
}

// FinishIn is Finish within a transaction, to hold it open in a test.
func (s *Store) FinishIn(ctx context.Context, tx pgx.Tx, o store.Outcome) error {
	sql, args := s.queries.finishFor(o)
	_, err := tx.Exec(ctx, sql, args...)
	return err
}

// Statements returns the statements of Begin and Finish.
func (s *Store) Statements() (begin, finish string) { return s.queries.begin, s.queries.finish }
