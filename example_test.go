package carewire_test

import (
	"context"
	"errors"
	"fmt"

	"github.com/carewire/carewire"
	"github.com/carewire/carewire/consent"
	"github.com/carewire/carewire/provider"
	"github.com/carewire/carewire/recipient"
	"github.com/carewire/carewire/store/memstore"
)

// One customer: consent, a first message, a STOP, and silence.
func Example() {
	ctx := context.Background()
	sms, err := carewire.New(carewire.Config{
		Provider: provider.Func(func(_ context.Context, m provider.Message) (provider.Receipt, error) {
			return provider.Receipt{ID: "SM1"}, nil // your send function
		}),
		Store: memstore.New(), InsecureVolatileStore: true, // a test; a database otherwise
		Secret: []byte("16 bytes or more, from your secrets"),
		Program: carewire.Program{
			Brand: "acme", Company: "Acme Plumbing", About: "service at your address", Contact: "help@acme.example",
			Purposes: []consent.Purpose{consent.Service},
		},
	})
	if err != nil {
		fmt.Println(err)
		return
	}
	phone := recipient.MustParse("+14155550100")
	visit := carewire.Message{To: phone, Purpose: consent.Service, Key: "booking-881/confirmed", Text: "Your visit is booked."}

	_, err = sms.Send(ctx, visit)
	fmt.Println(err)

	err = sms.Consent(ctx, phone, consent.Record{Basis: consent.Transaction, Ref: "booking-881", Purposes: []consent.Purpose{consent.Service}})
	fmt.Println(err)
	r, err := sms.Send(ctx, visit)
	fmt.Println(r.Disclosed, r.Segments, err)

	_, err = sms.Receive(ctx, provider.Inbound{ID: "in-1", From: phone, Text: "please stop texting me"})
	fmt.Println(err)
	visit.Key = "booking-881/reminder"
	_, err = sms.Send(ctx, visit)
	fmt.Println(errors.Is(err, carewire.ErrOptedOut))
	// Output:
	// carewire: not sent: no consent on file [consent/none]
	// <nil>
	// true 3 <nil>
	// <nil>
	// true
}
