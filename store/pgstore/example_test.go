package pgstore_test

import (
	"context"
	"fmt"
	"io/fs"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"

	"github.com/carewire/carewire"
	"github.com/carewire/carewire/consent"
	"github.com/carewire/carewire/recipient"
	"github.com/carewire/carewire/store/pgstore"
)

// The migrations are plain files, for teams that run them with a tool of their own.
func ExampleMigrations() {
	files, err := fs.Glob(pgstore.Migrations(), "*.sql")
	fmt.Println(files[0], err)
	// Output: 00001_facts_and_attempts.sql <nil>
}

// Migrate runs at deployment, Open at every start.
func Example() {
	start := func(ctx context.Context, dsn string) (*pgstore.Store, error) {
		pool, err := pgxpool.New(ctx, dsn)
		if err != nil {
			return nil, err
		}
		if err := pgstore.Migrate(ctx, pool, nil); err != nil {
			return nil, err
		}
		return pgstore.Open(ctx, pool, nil)
	}
	ctx, cancel := context.WithCancel(context.Background())
	cancel() // this example runs without a server
	_, err := start(ctx, "postgres://app@127.0.0.1:1/app")
	fmt.Println(err)
	// Output: pgstore: migrate: context canceled
}

// The consent is committed together with the booking that it comes from.
func ExampleStore_Tx() {
	book := func(ctx context.Context, pool *pgxpool.Pool, st *pgstore.Store, sms *carewire.Client, id string, phone recipient.Phone) error {
		return pgx.BeginFunc(ctx, pool, func(tx pgx.Tx) error {
			if _, err := tx.Exec(ctx, "INSERT INTO bookings (id, phone) VALUES ($1, $2)", id, phone.E164()); err != nil {
				return err
			}
			return sms.ConsentIn(ctx, st.Tx(tx), phone, consent.Record{
				Basis: consent.Transaction, Ref: id, Purposes: []consent.Purpose{consent.Service},
			})
		})
	}
	_ = book
}
