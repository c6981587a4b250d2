// Command firstmessage is the program on the README's first page: a first
// lawful message and the webhook, against the provider and the file that the
// environment names. Its test runs it against a provider on this machine.
package main

import (
	"context"
	"database/sql"
	"log"
	"net/http"
	"os"

	_ "modernc.org/sqlite"

	"github.com/carewire/carewire"
	"github.com/carewire/carewire/consent"
	"github.com/carewire/carewire/provider/twilio"
	"github.com/carewire/carewire/recipient"
	"github.com/carewire/carewire/store/sqlitestore"
)

// README.
func main() {
	ctx := context.Background()
	db, err := sql.Open("sqlite", sqlitestore.DSN("carewire.db"))
	check(err)
	check(sqlitestore.Migrate(ctx, db, nil))
	st, err := sqlitestore.Open(ctx, db, nil)
	check(err)
	tw, err := twilio.New(twilio.Config{AccountSID: os.Getenv("TWILIO_SID"), AuthToken: os.Getenv("TWILIO_TOKEN"),
		From: "+14155550199", PublicURL: "https://acme.example/sms", BaseURL: os.Getenv("TWILIO_URL")})
	check(err)
	sms, err := carewire.New(carewire.Config{Provider: tw, Store: st, Secret: []byte(os.Getenv("SMS_SECRET")),
		Program: carewire.Program{Brand: "acme", Company: "Acme Plumbing", About: "service at your address",
			Contact: "help@acme.example", Purposes: []consent.Purpose{consent.Service}}})
	check(err)
	http.Handle("/sms", sms.Webhook(tw, nil)) // STOP, START and HELP are dealt with here
	phone, err := recipient.Parse("+14155550100")
	check(err)
	check(sms.Consent(ctx, phone, consent.Record{Basis: consent.Transaction, Ref: "booking-881",
		Purposes: []consent.Purpose{consent.Service}}))
	_, err = sms.Send(ctx, carewire.Message{To: phone, Purpose: consent.Service,
		Key: "booking-881/confirmed", Text: "Your visit is booked for Tuesday, 10 to 12."})
	check(err)
	check(http.ListenAndServe(os.Getenv("ADDR"), nil))
}

func check(err error) {
	if err != nil {
		log.Fatal(err)
	}
}
