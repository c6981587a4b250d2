// Command telnyx goes the whole way through Telnyx's adapter, offline: a local
// fake of Telnyx takes the messages and calls the webhook, signed as Telnyx signs.
//
//	go run ./examples/telnyx
package main

import (
	"context"
	"crypto/ed25519"
	"encoding/base64"
	"fmt"
	"io"
	"os"

	"github.com/carewire/carewire/examples/internal/fake"
	"github.com/carewire/carewire/provider/telnyx"
)

const (
	apiKey   = "the fake account's key"
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
	pub, key, err := ed25519.GenerateKey(nil)
	if err != nil {
		return err
	}
	p := fake.Telnyx(out, apiKey, key, customer, ours)
	defer p.Close()
	// Against the real Telnyx only BaseURL is left out.
	tx, err := telnyx.New(telnyx.Config{
		APIKey: apiKey, PublicKey: base64.StdEncoding.EncodeToString(pub), From: ours, PublicURL: "https://acme.example/sms", BaseURL: p.URL,
	})
	if err != nil {
		return err
	}
	return fake.Story(ctx, out, p, tx, customer)
}
