package carewire_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/carewire/carewire"
	"github.com/carewire/carewire/consent"
	"github.com/carewire/carewire/recipient"
	"github.com/carewire/carewire/store/memstore"
)

// benchBulk makes a client over the reference store.
func benchBulk(b *testing.B) *carewire.Client {
	b.Helper()
	cfg := whole()
	cfg.Store = memstore.New()
	c, err := carewire.New(cfg)
	if err != nil {
		b.Fatal(err)
	}
	return c
}

// BenchmarkImport is an import of 10,000 rows into the reference store, in
// rows a second: what reading, checking and deriving ids costs without I/O.
func BenchmarkImport(b *testing.B) {
	const rows = 10_000
	file := longList(rows)
	n := 0
	for b.Loop() {
		o := longOptions(0)
		o.From = strings.NewReader(file)
		if r, err := benchBulk(b).Import(ctx, o); err != nil || r.Consents != rows {
			b.Fatal(r, err)
		}
		n += rows
	}
	b.ReportMetric(float64(n)/b.Elapsed().Seconds(), "rows/s")
}

// BenchmarkCheckMany asks about 10,000 people at once, beside asking about
// each alone, in the same run.
func BenchmarkCheckMany(b *testing.B) {
	const people = 10_000
	c := benchBulk(b)
	o := longOptions(people)
	if _, err := c.Import(ctx, o); err != nil {
		b.Fatal(err)
	}
	phones := make([]recipient.Phone, people)
	for i := range phones {
		phones[i] = recipient.MustParse(fmt.Sprintf("+1415%07d", 2000000+i))
	}
	n := 0
	for b.Loop() {
		if _, err := c.CheckMany(ctx, phones, consent.Service); err != nil {
			b.Fatal(err)
		}
		n += people
	}
	each := float64(b.Elapsed().Nanoseconds()) / float64(n)
	start := time.Now()
	for i := range phones {
		if _, err := c.CheckMany(ctx, phones[i:i+1], consent.Service); err != nil {
			b.Fatal(err)
		}
	}
	b.ReportMetric(each, "ns/number")
	b.ReportMetric(float64(time.Since(start).Nanoseconds())/people/each, "x-single")
}
