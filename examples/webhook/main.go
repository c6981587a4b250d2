// Command webhook is a small company's server: an intake form that asks for a
// number and says what it is for, and the endpoint that the SMS provider calls.
// The provider is simulated, with a page that stands for the customer's phone:
//
//	go run ./examples/webhook
//
// Then book a visit at http://localhost:8080/ and answer at
// http://localhost:8080/phone. Nothing leaves the machine.
package main

import (
	"context"
	"database/sql"
	"errors"
	"flag"
	"log"
	"net/http"
	"os"
	"os/signal"
	"time"

	_ "modernc.org/sqlite"

	"github.com/carewire/carewire"
	"github.com/carewire/carewire/consent"
	"github.com/carewire/carewire/store/sqlitestore"
)

func main() {
	addr := flag.String("addr", "localhost:8080", "where to listen")
	file := flag.String("db", "webhook.db", "SQLite file")
	flag.Parse()
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	if err := serve(ctx, *addr, *file); err != nil {
		log.Fatal(err)
	}
}

func serve(ctx context.Context, addr, file string) error {
	h, closeDB, err := newServer(ctx, file)
	if err != nil {
		return err
	}
	defer closeDB()
	srv := &http.Server{Addr: addr, Handler: h, ReadHeaderTimeout: 5 * time.Second}
	context.AfterFunc(ctx, func() {
		// A graceful shutdown waits for confirmations that are being sent.
		limit, cancel := context.WithTimeout(context.WithoutCancel(ctx), 40*time.Second)
		defer cancel()
		_ = srv.Shutdown(limit)
	})
	log.Printf("the form is at http://%s/ and the customer's phone at http://%s/phone", addr, addr)
	if err := srv.ListenAndServe(); !errors.Is(err, http.ErrServerClosed) {
		return err
	}
	return nil
}

// newServer wires store, simulated carrier, client and pages.
func newServer(ctx context.Context, file string) (http.Handler, func(), error) {
	db, err := sql.Open("sqlite", sqlitestore.DSN(file))
	if err != nil {
		return nil, nil, err
	}
	closeDB := func() { _ = db.Close() }
	if err := sqlitestore.Migrate(ctx, db, nil); err != nil {
		closeDB()
		return nil, nil, err
	}
	store, err := sqlitestore.Open(ctx, db, nil)
	if err != nil {
		closeDB()
		return nil, nil, err
	}
	carrier := &carrier{secret: []byte("shared with the simulated carrier")}
	sms, err := carewire.New(carewire.Config{
		Provider: carrier, Store: store, Secret: []byte("only for this demonstration"),
		Program: carewire.Program{
			Brand: "acme", Company: "Acme Plumbing", About: "service at your address", Contact: "help@acme.example",
			Purposes: []consent.Purpose{consent.Service},
		},
	})
	if err != nil {
		closeDB()
		return nil, nil, err
	}
	mux := http.NewServeMux()
	hook := sms.Webhook(carrier, func(_ context.Context, in carewire.Inbound) error {
		log.Printf("%v, read as %v", in, in.Reading.Intent)
		return nil
	})
	mux.Handle("POST /sms", hook)
	pages := &pages{sms: sms, carrier: carrier, hook: hook}
	pages.routes(mux)
	return mux, closeDB, nil
}
