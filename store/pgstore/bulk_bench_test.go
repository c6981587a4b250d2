package pgstore_test

import (
	"context"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/stretchr/testify/require"

	"github.com/carewire/carewire"
	"github.com/carewire/carewire/consent"
	"github.com/carewire/carewire/provider"
	"github.com/carewire/carewire/recipient"
	"github.com/carewire/carewire/store/pgstore"
	"github.com/carewire/carewire/store/pgstore/internal/pgtest"
)

// benchClient is a client over a server of its own that writes to disk.
func benchClient(b *testing.B) (*carewire.Client, *pgxpool.Pool) {
	b.Helper()
	pool := pgtest.Pool(b, pgtest.Start(b).DSN(), 2, nil)
	require.NoError(b, pgstore.Migrate(b.Context(), pool, nil))
	s, err := pgstore.Open(b.Context(), pool, nil)
	require.NoError(b, err)
	c, err := carewire.New(carewire.Config{
		Provider: provider.Func(func(context.Context, provider.Message) (provider.Receipt, error) { return provider.Receipt{}, nil }),
		Store:    s, Secret: []byte("0123456789abcdef"),
		Program: carewire.Program{
			Brand: "acme", Company: "Acme Plumbing", About: "service at your address", Contact: "help@acme.example",
			Purposes: []consent.Purpose{consent.Service},
		},
	})
	require.NoError(b, err)
	return c, pool
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

// BenchmarkImport compares an import with one COPY of the same consents and
// opt-outs into bare tables of the same shape and indexes, in the same run.
// "of-copy" is the share of COPY's rate that is reached.
func BenchmarkImport(b *testing.B) {
	const rows = 20_000
	c, pool := benchClient(b)
	for _, table := range []string{"consents", "opt_outs"} {
		_, err := pool.Exec(b.Context(), "CREATE TABLE bare_"+table+" (LIKE carewire_"+table+" INCLUDING ALL)")
		require.NoError(b, err)
	}
	var ours, theirs time.Duration
	n := 0
	for b.Loop() {
		o := list(n, rows)
		start := time.Now()
		r, err := c.Import(b.Context(), o)
		if err != nil || r.Consents != rows || r.OptOuts != rows/10 {
			b.Fatal(r, err)
		}
		middle := time.Now()
		copyRows(b, pool, n, rows)
		ours, theirs = ours+middle.Sub(start), theirs+time.Since(middle)
		n += rows
	}
	b.ReportMetric(float64(n)/ours.Seconds(), "rows/s")
	b.ReportMetric(float64(n)/theirs.Seconds(), "copy-rows/s")
	b.ReportMetric(float64(theirs)/float64(ours), "of-copy")
}

// copyRows is what a program would do that checks nothing.
func copyRows(b *testing.B, pool *pgxpool.Pool, from, n int) {
	b.Helper()
	at := time.Now()
	_, err := pool.CopyFrom(b.Context(), pgx.Identifier{"bare_consents"},
		[]string{"tenant", "phone", "id", "ord", "brand", "basis", "purposes", "ref", "shown", "place", "confirmed", "revoked", "at"},
		pgx.CopyFromSlice(n, func(i int) ([]any, error) {
			id := fmt.Sprintf("c-%030d", from+i)
			return []any{"", number(from + i), id, int64(from + i), "acme", int16(1), []string{"service"}, fmt.Sprint("order-", from+i), "", "", "", false, at}, nil
		}))
	require.NoError(b, err)
	_, err = pool.CopyFrom(b.Context(), pgx.Identifier{"bare_opt_outs"},
		[]string{"tenant", "phone", "id", "ord", "brand", "opt_in", "at", "via", "words", "rule"},
		pgx.CopyFromSlice(n/10, func(i int) ([]any, error) {
			id := fmt.Sprintf("o-%030d", from+i)
			return []any{"", number(from + 10*i + 9), id, int64(from + i), "acme", false, at, "import: list", "out: true", "import"}, nil
		}))
	require.NoError(b, err)
}

// BenchmarkCheckMany compares asking about 10,000 people at once with asking
// about each alone, by CheckMany and by Preview, in the same run. The aim is 8
// times.
func BenchmarkCheckMany(b *testing.B) {
	const people = 10_000
	c, _ := benchClient(b)
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
	const some = 2000
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
