// Command ownsender puts the pipeline around what a company already has: a
// function that sends texts, and a contacts table with an opt-out column.
//
//	go run ./examples/ownsender
package main

import (
	"context"
	"database/sql"
	"fmt"
	"io"
	"os"
	"path/filepath"

	_ "modernc.org/sqlite"

	"github.com/carewire/carewire"
	"github.com/carewire/carewire/consent"
	"github.com/carewire/carewire/provider"
	"github.com/carewire/carewire/recipient"
	"github.com/carewire/carewire/store"
	"github.com/carewire/carewire/store/sqlitestore"
)

func main() {
	if err := run(context.Background(), os.Stdout); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

// legacySend is the function that the company has always called.
func legacySend(out io.Writer, to, text string) error {
	_, err := fmt.Fprintf(out, "  %s… ▸ %.60s…\n", to[:5], text)
	return err
}

// newClient puts the pipeline around the sender and the table.
func newClient(ctx context.Context, db *sql.DB, out io.Writer) (*carewire.Client, error) {
	if err := sqlitestore.Migrate(ctx, db, nil); err != nil {
		return nil, err
	}
	ours, err := sqlitestore.Open(ctx, db, nil)
	if err != nil {
		return nil, err
	}
	return carewire.New(carewire.Config{
		Provider: provider.Func(func(_ context.Context, m provider.Message) (provider.Receipt, error) {
			// A plain error counts as "may have been sent": it is not sent again.
			return provider.Receipt{}, legacySend(out, m.To.E164(), m.Text)
		}),
		Store:  store.Compose(ours, contacts{db, ours}, ours, ours),
		Secret: []byte("only for this demonstration"),
		Program: carewire.Program{
			Brand: "acme", Company: "Acme Plumbing", About: "service at your address", Contact: "help@acme.example",
			Purposes: []consent.Purpose{consent.Service},
		},
	})
}

func run(ctx context.Context, out io.Writer) error {
	dir, err := os.MkdirTemp("", "carewire-ownsender")
	if err != nil {
		return err
	}
	defer os.RemoveAll(dir)
	db, err := sql.Open("sqlite", sqlitestore.DSN(filepath.Join(dir, "company.db")))
	if err != nil {
		return err
	}
	defer db.Close()
	if _, err := db.ExecContext(ctx, schema+`
		INSERT INTO contacts (phone, name, sms_opt_out) VALUES ('+14155550100', 'Ana', FALSE), ('+14155550101', 'Ben', TRUE);`); err != nil {
		return err
	}
	sms, err := newClient(ctx, db, out)
	if err != nil {
		return err
	}
	for _, number := range []string{"+14155550100", "+14155550101"} {
		phone, err := recipient.Parse(number)
		if err != nil {
			return err
		}
		if err := sms.Consent(ctx, phone, consent.Record{
			Basis: consent.Transaction, Ref: "booking-881", Purposes: []consent.Purpose{consent.Service},
		}); err != nil {
			return err
		}
		_, err = sms.Send(ctx, carewire.Message{To: phone, Purpose: consent.Service, Key: "booking-881/confirmed", Text: "Your visit is booked."})
		fmt.Fprintf(out, "%v: %v\n", phone, err)
	}
	phone := recipient.MustParse("+14155550100")
	if _, err := sms.Receive(ctx, provider.Inbound{ID: "in-1", From: phone, Text: "STOP"}); err != nil {
		return err
	}
	var out1 bool
	if err := db.QueryRowContext(ctx, `SELECT sms_opt_out FROM contacts WHERE phone = '+14155550100'`).Scan(&out1); err != nil {
		return err
	}
	fmt.Fprintf(out, "after STOP the company's own column says sms_opt_out = %t\n", out1)
	return nil
}
