package carewire_test

import (
	"context"
	"fmt"
	"strconv"
	"testing"
	"time"

	"github.com/carewire/carewire"
	"github.com/carewire/carewire/classify"
	"github.com/carewire/carewire/consent"
	"github.com/carewire/carewire/provider"
	"github.com/carewire/carewire/recipient"
	"github.com/carewire/carewire/store/memstore"
)

// benchText has 160 characters, as a long service message has.
const benchText = "Acme Plumbing: Joe will be at your place on Tuesday between 10 and 12 to look at the leak in the kitchen. " +
	"Please clear the space under the sink before he comes"

// BenchmarkSend is a whole Send over the reference store with a provider that
// does nothing, beside the classifier alone in the same run.
func BenchmarkSend(b *testing.B) {
	cfg := whole()
	cfg.Provider = provider.Func(func(context.Context, provider.Message) (provider.Receipt, error) { return provider.Receipt{}, nil })
	cfg.Store = memstore.New()
	c, err := carewire.New(cfg)
	if err != nil {
		b.Fatal(err)
	}
	phones := make([]recipient.Phone, 2000) // many people with few messages each, as in life
	for i := range phones {
		phones[i] = recipient.MustParse(fmt.Sprintf("+1628%07d", 2000000+i))
		if err := c.Consent(ctx, phones[i], consent.Record{Basis: consent.Transaction, Ref: "b", Purposes: []consent.Purpose{consent.Service}}); err != nil {
			b.Fatal(err)
		}
	}
	b.ReportAllocs()
	n := 0
	for b.Loop() {
		m := carewire.Message{To: phones[n%len(phones)], Purpose: consent.Service, Key: strconv.Itoa(n), Text: benchText}
		if _, err := c.Send(ctx, m); err != nil {
			b.Fatal(err)
		}
		n++
	}
	send := float64(b.Elapsed().Nanoseconds()) / float64(n)
	cl := classify.Default()
	start := time.Now()
	for range n {
		if _, err := cl.Classify(ctx, benchText); err != nil {
			b.Fatal(err)
		}
	}
	alone := float64(time.Since(start).Nanoseconds()) / float64(n)
	b.ReportMetric(send/alone, "x-classifier")
}
