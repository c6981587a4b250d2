package sqlitestore_test

import (
	"context"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/carewire/carewire"
	"github.com/carewire/carewire/consent"
	"github.com/carewire/carewire/provider"
	"github.com/carewire/carewire/recipient"
	"github.com/carewire/carewire/store/sqlitestore"
)

// benchClient is a client over a file of its own.
func benchClient(b *testing.B) *carewire.Client {
	b.Helper()
	c, err := carewire.New(carewire.Config{
		Provider: provider.Func(func(context.Context, provider.Message) (provider.Receipt, error) { return provider.Receipt{}, nil }),
		Store:    openStore(b, openDB(b, sqlitestore.DSN(migrated(b)))), Secret: []byte("0123456789abcdef"),
		Program: carewire.Program{
			Brand: "acme", Company: "Acme Plumbing", About: "service at your address", Contact: "help@acme.example",
			Purposes: []consent.Purpose{consent.Service},
		},
	})
	require.NoError(b, err)
	return c
}

func number(i int) string { return fmt.Sprintf("+1415%07d", 2_000_000+i) }

// list is a file of so many consents; every tenth person is out.
func list(from, n int) carewire.ImportOptions {
	var file strings.Builder
	file.WriteString("mobile,out,order\n")
	for i := from; i < from+n; i++ {
		fmt.Fprintf(&file, "%s,%t,order-%d\n", number(i), i%10 == 9, i)
	}
	return carewire.ImportOptions{
		From: strings.NewReader(file.String()), Source: "list",
		Columns: carewire.Columns{Phone: "mobile", OptedOut: "out", Ref: "order"},
		Consent: consent.Record{Basis: consent.Transaction, Purposes: []consent.Purpose{consent.Service}},
	}
}

// BenchmarkImport compares an import with filing consents one by one, each on
// disk before the next, in the same run.
func BenchmarkImport(b *testing.B) {
	const rows, few = 20_000, 500
	c := benchClient(b)
	n := 0
	for b.Loop() {
		if r, err := c.Import(b.Context(), list(n, rows)); err != nil || r.Consents != rows || r.OptOuts != rows/10 {
			b.Fatal(r, err)
		}
		n += rows
	}
	each := b.Elapsed().Seconds() / float64(n)
	start := time.Now()
	for i := range few {
		r := consent.Record{Basis: consent.Transaction, Ref: "1", Purposes: []consent.Purpose{consent.Service}}
		if err := c.Consent(b.Context(), recipient.MustParse(number(n+i)), r); err != nil {
			b.Fatal(err)
		}
	}
	b.ReportMetric(1/each, "rows/s")
	b.ReportMetric(time.Since(start).Seconds()/few/each, "x-one-by-one")
}

// BenchmarkCheckMany compares asking about 10,000 people at once with asking
// about each alone, by CheckMany and by Preview, in the same run.
func BenchmarkCheckMany(b *testing.B) {
	const people, some = 10_000, 2000
	c := benchClient(b)
	_, err := c.Import(b.Context(), list(0, people))
	require.NoError(b, err)
	phones := make([]recipient.Phone, people)
	for i := range phones {
		phones[i] = recipient.MustParse(number(i))
	}
	n := 0
	for b.Loop() {
		if _, err := c.CheckMany(b.Context(), phones, consent.Service); err != nil {
			b.Fatal(err)
		}
		n += people
	}
	each := float64(b.Elapsed().Nanoseconds()) / float64(n)
	start := time.Now()
	for i := range some {
		if _, err := c.CheckMany(b.Context(), phones[i:i+1], consent.Service); err != nil {
			b.Fatal(err)
		}
	}
	single := float64(time.Since(start).Nanoseconds()) / some
	start = time.Now()
	for i := range some {
		m := carewire.Message{To: phones[i], Purpose: consent.Service, Key: "k", Text: "Acme Plumbing: your visit is booked for Tuesday."}
		if _, err := c.Preview(b.Context(), m); err != nil {
			b.Fatal(err)
		}
	}
	preview := float64(time.Since(start).Nanoseconds()) / some
	b.ReportMetric(each, "ns/number")
	b.ReportMetric(single/each, "x-single")
	b.ReportMetric(preview/each, "x-preview")
}
