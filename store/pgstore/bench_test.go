package pgstore_test

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/stretchr/testify/require"

	"github.com/carewire/carewire"
	"github.com/carewire/carewire/consent"
	"github.com/carewire/carewire/provider"
	"github.com/carewire/carewire/recipient"
	"github.com/carewire/carewire/store/pgstore"
	"github.com/carewire/carewire/store/pgstore/internal/pgtest"
)

// durable starts a server that flushes every commit, and a store with a prefix of its own.
func durable(b *testing.B, prefixes ...string) (*pgxpool.Pool, []*pgstore.Store) {
	b.Helper()
	pool := pgtest.Pool(b, pgtest.Start(b).DSN(), 40, nil)
	var stores []*pgstore.Store
	for _, prefix := range prefixes {
		o := &pgstore.Options{TablePrefix: prefix, Timeout: time.Minute}
		require.NoError(b, pgstore.Migrate(b.Context(), pool, o))
		s, err := pgstore.Open(b.Context(), pool, o)
		require.NoError(b, err)
		stores = append(stores, s)
	}
	return pool, stores
}

// parallel runs f n times with some workers and returns how long it took.
func parallel(b *testing.B, workers, n int, f func(i int) error) time.Duration {
	b.Helper()
	var (
		wg   sync.WaitGroup
		next atomic.Int64
		errs = make([]error, workers)
	)
	start := time.Now()
	for w := range workers {
		wg.Go(func() {
			for i := next.Add(1); i <= int64(n) && errs[w] == nil; i = next.Add(1) {
				errs[w] = f(int(i))
			}
		})
	}
	wg.Wait()
	took := time.Since(start)
	for _, err := range errs {
		require.NoError(b, err)
	}
	return took
}

// BenchmarkSend compares whole Sends, through the client, with a bare loop of
// one INSERT and one UPDATE, each committed, over the same pool: "of-bare" is
// the share of its rate that is reached. The bare loop reads nothing; "of-read"
// compares with one that also looks up the three kinds of facts, in statements
// of their own. One iteration is a few hundred of each, by turns.
func BenchmarkSend(b *testing.B) {
	const people, batch = 500, 400
	pool, stores := durable(b, "carewire_")
	_, err := pool.Exec(b.Context(), `CREATE TABLE bare (tenant text, phone text, id text, key text, sum text, state smallint, at timestamptz,
		provider_id text DEFAULT '', settled timestamptz, PRIMARY KEY (tenant, phone, id))`)
	require.NoError(b, err)
	c, err := carewire.New(carewire.Config{
		Program: carewire.Program{
			Brand: "acme", Company: "Acme Plumbing", About: "service at your address", Contact: "help@acme.example",
			Purposes: []consent.Purpose{consent.Service},
		},
		Provider: provider.Func(func(context.Context, provider.Message) (provider.Receipt, error) {
			return provider.Receipt{ID: "SM1", Segments: 1}, nil
		}),
		Store: stores[0], Secret: []byte("a secret of the benchmarks"),
	})
	require.NoError(b, err)
	send := func(i int) error {
		_, err := c.Send(context.Background(), carewire.Message{
			To: recipient.MustParse(number(i % people)), Purpose: consent.Service, Key: rand.Text(), Text: "Your visit is booked for Tuesday, 10 to 12.",
		})
		return err
	}
	bare := func(i int) error {
		id, phone, now := rand.Text(), number(i%people), time.Now()
		if _, err := pool.Exec(context.Background(), "INSERT INTO bare (tenant, phone, id, key, sum, state, at) VALUES ($1, $2, $3, $4, $5, 1, $6)",
			"", phone, id, "key of "+id, "sum of "+id, now); err != nil {
			return err
		}
		_, err := pool.Exec(context.Background(), "UPDATE bare SET state = 5, provider_id = $4, settled = $5 WHERE tenant = $1 AND phone = $2 AND id = $3",
			"", phone, id, "SM1", now)
		return err
	}
	read := func(i int) error {
		id := recipient.ID{Phone: recipient.MustParse(number(i % people))}
		_, err1 := stores[0].Consents(context.Background(), id)
		_, err2 := stores[0].OptOuts(context.Background(), id)
		_, err3 := stores[0].Disclosures(context.Background(), id)
		return errors.Join(err1, err2, err3, bare(i))
	}
	parallel(b, 8, people, func(i int) error {
		return c.Consent(context.Background(), recipient.MustParse(number(i%people)), consent.Record{
			Basis: consent.Transaction, Ref: "booking-1", Purposes: []consent.Purpose{consent.Service},
		})
	})
	parallel(b, 8, people, send) // the first message, which carries the disclosure
	for _, workers := range []int{1, 8, 32} {
		b.Run(fmt.Sprintf("workers=%d", workers), func(b *testing.B) {
			parallel(b, workers, 2*workers, bare) // prepares the statements
			parallel(b, workers, 2*workers, send)
			parallel(b, workers, 2*workers, read)
			var sends, bares, reads time.Duration
			n := 0
			for b.Loop() {
				bares += parallel(b, workers, batch, bare)
				sends += parallel(b, workers, batch, send)
				reads += parallel(b, workers, batch, read)
				n += batch
			}
			b.ReportMetric(float64(n)/sends.Seconds(), "sends/s")
			b.ReportMetric(float64(n)/bares.Seconds(), "bare/s")
			b.ReportMetric(bares.Seconds()/sends.Seconds(), "of-bare")
			b.ReportMetric(reads.Seconds()/sends.Seconds(), "of-read")
		})
	}
}

// BenchmarkBeginPeople compares Begin with a thousand and with a million people
// on file, each with a consent, a disclosure and an attempt.
func BenchmarkBeginPeople(b *testing.B) {
	sizes := []int{1000, 1000000}
	pool, stores := durable(b, "few_", "many_")
	for i, prefix := range []string{"few_", "many_"} {
		load(b, pool, prefix, sizes[i])
	}
	var took [2]time.Duration
	n := 0
	for b.Loop() {
		for i, s := range stores {
			took[i] += parallel(b, 1, 200, func(int) error {
				_, err := s.Begin(context.Background(), attempt(recipient.ID{Tenant: "t", Phone: recipient.MustParse(number(int(randomBelow(sizes[i]))))}, rand.Text()))
				return err
			})
		}
		n += 200
	}
	for i, size := range sizes {
		b.ReportMetric(float64(took[i].Microseconds())/float64(n), fmt.Sprintf("µs/%d", size))
	}
	b.ReportMetric(took[1].Seconds()/took[0].Seconds(), "many/few")
}

var counter atomic.Uint64

// randomBelow spreads over 0 to n-1 without repeating itself soon.
func randomBelow(n int) uint64 { return counter.Add(1) * 2654435761 % uint64(n) }

// load files n people as they are after their first message.
func load(b *testing.B, pool *pgxpool.Pool, prefix string, n int) {
	b.Helper()
	for _, sql := range []string{
		`INSERT INTO ` + prefix + `consents SELECT 't', '+1415' || 2000000 + i, 'c-' || md5(i::text), 1, 'acme', 1, '{service}', 'booking-' || i, '', '', '', false, now(), NULL
			FROM generate_series(0, $1 - 1) i`,
		`INSERT INTO ` + prefix + `disclosures SELECT 't', '+1415' || 2000000 + i, 'd-' || md5(i::text), 1, 'acme', 2, false, now(), repeat('statement ', 40), md5(i::text)
			FROM generate_series(0, $1 - 1) i`,
		`INSERT INTO ` + prefix + `attempts SELECT 't', '+1415' || 2000000 + i, md5(i::text), 1, '7:message4:acme10:' || i, md5(i::text), 'acme', 'service', now(), 5, 'SM' || i, '', '', '', '', '', now()
			FROM generate_series(0, $1 - 1) i`,
	} {
		_, err := pool.Exec(b.Context(), sql, n)
		require.NoError(b, err)
	}
	for _, table := range []string{"consents", "disclosures", "attempts"} {
		_, err := pool.Exec(b.Context(), "VACUUM ANALYZE "+prefix+table)
		require.NoError(b, err)
	}
	_, err := pool.Exec(b.Context(), "CHECKPOINT")
	require.NoError(b, err)
}

// BenchmarkBeginFacts measures Begin and Put for one person with many facts.
func BenchmarkBeginFacts(b *testing.B) {
	_, stores := durable(b, "carewire_")
	s := stores[0]
	sizes := []int{10, 100, 1000}
	people := make([]recipient.ID, len(sizes))
	for i, size := range sizes {
		people[i] = someone()
		for f := range size {
			require.NoError(b, s.PutConsent(b.Context(), consent.Record{
				ID: fmt.Sprint(f), Of: people[i], Brand: "acme", Basis: consent.Transaction, Ref: "booking-881",
				Purposes: []consent.Purpose{consent.Service}, At: noon,
			}))
		}
	}
	begins, puts := make([]time.Duration, len(sizes)), make([]time.Duration, len(sizes))
	n := 0
	for b.Loop() {
		for i, of := range people {
			begins[i] += parallel(b, 1, 20, func(int) error {
				_, err := s.Begin(context.Background(), attempt(of, rand.Text()))
				return err
			})
			puts[i] += parallel(b, 1, 20, func(int) error {
				return s.PutConsent(context.Background(), consent.Record{ID: "0", Of: of})
			})
		}
		n += 20
	}
	for i, size := range sizes {
		b.ReportMetric(float64(begins[i].Microseconds())/float64(n), fmt.Sprintf("µs/begin-%d", size))
		b.ReportMetric(float64(puts[i].Microseconds())/float64(n), fmt.Sprintf("µs/put-%d", size))
	}
}
