// Command quickstart tells the whole story of one customer on a SQLite file,
// against a simulated carrier, offline:
//
//	go run ./examples/quickstart
//	go run ./examples/quickstart -db story.db -until stop     # keeps the state
//	go run ./examples/quickstart -db story.db                 # the STOP survived
package main

import (
	"context"
	"database/sql"
	"flag"
	"fmt"
	"io"
	"os"
	"path/filepath"

	_ "modernc.org/sqlite"

	"github.com/carewire/carewire"
	"github.com/carewire/carewire/consent"
	"github.com/carewire/carewire/recipient"
	"github.com/carewire/carewire/store/sqlitestore"
)

func main() {
	db := flag.String("db", "", "SQLite file that keeps the state; default: a new one that is removed")
	until := flag.String("until", "", "end the story after this step: stop")
	flag.Parse()
	if err := run(context.Background(), os.Stdout, *db, *until); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func run(ctx context.Context, out io.Writer, file, until string) error {
	if file == "" {
		dir, err := os.MkdirTemp("", "carewire-quickstart")
		if err != nil {
			return err
		}
		defer os.RemoveAll(dir)
		file = filepath.Join(dir, "quickstart.db")
	}
	db, err := sql.Open("sqlite", sqlitestore.DSN(file))
	if err != nil {
		return err
	}
	defer db.Close()
	if err := sqlitestore.Migrate(ctx, db, nil); err != nil {
		return err
	}
	store, err := sqlitestore.Open(ctx, db, nil)
	if err != nil {
		return err
	}
	carrier := &carrier{out: out}
	sms, err := carewire.New(carewire.Config{
		Provider: carrier, Store: store, Secret: []byte("only for this demonstration"),
		Program: carewire.Program{
			Brand: "acme", Company: "Acme Plumbing", About: "service at your address", Contact: "help@acme.example",
			Purposes: []consent.Purpose{consent.Service},
		},
	})
	if err != nil {
		return err
	}
	phone, err := recipient.Parse("+14155550100")
	if err != nil {
		return err
	}
	s := &story{ctx: ctx, out: out, sms: sms, carrier: carrier, phone: phone}
	s.tell(until)
	return s.err
}
