// Command twilio goes the whole way through Twilio's adapter, offline: a local
// fake of Twilio takes the messages and calls the webhook, signed as Twilio signs.
//
//	go run ./examples/twilio
package main

import (
	"context"
	"fmt"
	"io"
	"os"

	"github.com/carewire/carewire/examples/internal/fake"
	"github.com/carewire/carewire/provider/twilio"
)

const (
	account  = "AC00000000000000000000000000000001"
	token    = "the fake account's token"
	public   = "https://acme.example/sms"
	ours     = "+14155550199"
	customer = "+14155550100"
)

func main() {
	if err := run(context.Background(), os.Stdout); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func run(ctx context.Context, out io.Writer) error {
	p := fake.Twilio(out, account, token, public, customer, ours)
	defer p.Close()
	// Against the real Twilio only BaseURL is left out.
	tw, err := twilio.New(twilio.Config{AccountSID: account, AuthToken: token, From: ours, PublicURL: public, BaseURL: p.URL})
	if err != nil {
		return err
	}
	return fake.Story(ctx, out, p, tw, customer)
}
