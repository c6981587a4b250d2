package fake

import (
	"context"
	"database/sql"
	"fmt"
	"io"
	"net/http/httptest"
	"os"
	"path/filepath"

	_ "modernc.org/sqlite" // the database of the story

	"github.com/carewire/carewire"
	"github.com/carewire/carewire/consent"
	"github.com/carewire/carewire/provider"
	"github.com/carewire/carewire/recipient"
	"github.com/carewire/carewire/store/sqlitestore"
)

// Adapter is both directions of a provider.
type Adapter interface {
	provider.Provider
	provider.Webhook
}

// Story tells what happens between a company, its provider and a customer,
// with the real adapter, a real database and signed webhooks over HTTP.
func Story(ctx context.Context, out io.Writer, p *Provider, a Adapter, customer string) error {
	dir, err := os.MkdirTemp("", "carewire-story")
	if err != nil {
		return err
	}
	defer os.RemoveAll(dir)
	db, err := sql.Open("sqlite", sqlitestore.DSN(filepath.Join(dir, "story.db")))
	if err != nil {
		return err
	}
	defer db.Close()
	if err := sqlitestore.Migrate(ctx, db, nil); err != nil {
		return err
	}
	st, err := sqlitestore.Open(ctx, db, nil)
	if err != nil {
		return err
	}
	sms, err := client(a, st)
	if err != nil {
		return err
	}
	srv := httptest.NewServer(sms.Webhook(a, nil))
	defer srv.Close()
	p.Hook = srv.URL + "/sms"
	phone, err := recipient.Parse(customer)
	if err != nil {
		return err
	}
	if err := sms.Consent(ctx, phone, consent.Record{
		Basis: consent.Transaction, Ref: "booking-881", Purposes: []consent.Purpose{consent.Service},
	}); err != nil {
		return err
	}
	return tell(ctx, out, p, sms, phone)
}

// client is the company's, over its store and provider.
func client(a Adapter, st *sqlitestore.Store) (*carewire.Client, error) {
	return carewire.New(carewire.Config{
		Provider: a, Store: st, Secret: []byte("only for this demonstration"),
		Program: carewire.Program{
			Brand: "acme", Company: "Acme Plumbing", About: "service at your address", Contact: "help@acme.example",
			Purposes: []consent.Purpose{consent.Service},
		},
	})
}

// tell goes through the conversation.
func tell(ctx context.Context, out io.Writer, p *Provider, sms *carewire.Client, phone recipient.Phone) error {
	fmt.Fprintln(out, "Consent on file: a booking, for texts about it.")
	send := func(key, text string) {
		_, err := sms.Send(ctx, carewire.Message{To: phone, Purpose: consent.Service, Key: "booking-881/" + key, Text: text})
		if err != nil {
			fmt.Fprintf(out, "\n       ✗ %s\n         [%v]\n", text, err)
		}
	}
	var err error
	say := func(text string) {
		if err == nil {
			err = p.Say(ctx, text)
		}
	}
	send("booked", "Your visit is booked for Tuesday, 10 to 12.")
	if err := p.Settle(ctx); err != nil {
		return err
	}
	if err := standing(ctx, out, sms, phone); err != nil {
		return err
	}
	say("please stop texting me") // no keyword of the provider's: we read it, and we answer
	send("reminder", "Your visit is tomorrow.")
	say("START")
	send("moved", "Your visit has moved to Wednesday.")
	say("STOP") // the provider's own keyword: it blocks and answers, we only file
	send("invoice", "Your invoice is ready.")
	say("START")
	p.Block(true) // a STOP that only the provider knows of
	send("receipt", "We have received your payment.")
	p.Block(false)
	send("survey", "How was the visit?")
	if err == nil {
		err = p.Settle(ctx)
	}
	if err != nil {
		return err
	}
	return tally(ctx, out, sms, phone)
}

// standing prints how the attempts on file stand.
func standing(ctx context.Context, out io.Writer, sms *carewire.Client, phone recipient.Phone) error {
	e, err := sms.Evidence(ctx, phone)
	if err != nil {
		return err
	}
	for _, o := range e.Outcomes {
		fmt.Fprintf(out, "\n       ✓ %s, says the status callback\n", o.State)
	}
	return nil
}

// tally prints what is on file in the end.
func tally(ctx context.Context, out io.Writer, sms *carewire.Client, phone recipient.Phone) error {
	e, err := sms.Evidence(ctx, phone)
	if err != nil {
		return err
	}
	fmt.Fprintln(out, "\nOn file:")
	for _, r := range e.OptOuts {
		what := "opt-out"
		if r.In {
			what = "opt-in"
		}
		fmt.Fprintf(out, "  %-8s %-22s %q\n", what, r.Rule, r.Text)
	}
	states := map[string]int{}
	for _, o := range e.Outcomes {
		states[o.State.String()]++
	}
	fmt.Fprintf(out, "  attempts: %v\n", states)
	return nil
}
