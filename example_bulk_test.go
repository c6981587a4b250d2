package carewire_test

import (
	"context"
	"fmt"
	"strings"

	"github.com/carewire/carewire"
	"github.com/carewire/carewire/consent"
	"github.com/carewire/carewire/provider"
	"github.com/carewire/carewire/recipient"
	"github.com/carewire/carewire/store/memstore"
)

// A list from another system: opt-outs are filed first, and nobody who is out
// gets a text because of a consent in the same list.
func ExampleClient_Import() {
	ctx := context.Background()
	sms, err := carewire.New(carewire.Config{
		Provider: provider.Func(func(context.Context, provider.Message) (provider.Receipt, error) { return provider.Receipt{}, nil }),
		Store:    memstore.New(), InsecureVolatileStore: true, Secret: []byte("only for this example"),
		Program: carewire.Program{
			Brand: "acme", Company: "Acme Plumbing", About: "service at your address", Contact: "help@acme.example",
			Purposes: []consent.Purpose{consent.Service},
		},
	})
	if err != nil {
		fmt.Println(err)
		return
	}
	const file = `mobile,unsubscribed,order
+14155550100,no,booking-881
+14155550101,yes,booking-882
555-0102,no,booking-883
`
	report, err := sms.Import(ctx, carewire.ImportOptions{
		From: strings.NewReader(file), Source: "crm export 2026-11-23",
		Columns: carewire.Columns{Phone: "mobile", OptedOut: "unsubscribed", Ref: "order"},
		Consent: consent.Record{Basis: consent.Transaction, Purposes: []consent.Purpose{consent.Service}},
		Problem: func(p carewire.ImportProblem) { fmt.Println(p) },
	})
	fmt.Println(report.OptOuts, "opt-out,", report.Consents, "consents,", report.Rejected, "rejected,", err)

	permissions, err := sms.CheckMany(ctx, []recipient.Phone{
		recipient.MustParse("+14155550100"), recipient.MustParse("+14155550101"),
	}, consent.Service)
	for _, p := range permissions {
		fmt.Println(p.To, p.Err == nil, err)
	}
	// Output:
	// line 4: invalid message: recipient: not an E.164 phone number: no leading plus sign [import/phone]
	// 1 opt-out, 2 consents, 1 rejected, <nil>
	// +…00 true <nil>
	// +…01 false <nil>
}
