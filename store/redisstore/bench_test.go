package redisstore_test

import (
	"context"
	"crypto/rand"
	"fmt"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/redis/go-redis/v9"
	"github.com/stretchr/testify/require"

	"github.com/carewire/carewire"
	"github.com/carewire/carewire/consent"
	"github.com/carewire/carewire/provider"
	"github.com/carewire/carewire/recipient"
	"github.com/carewire/carewire/store/redisstore"
	"github.com/carewire/carewire/store/redisstore/internal/redistest"
)

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

// durable is a client of a server that flushes every write, and a store on it.
func durable(b *testing.B) (*redis.Client, *redisstore.Store) {
	b.Helper()
	c := redistest.Start(b, redistest.Durable()...).Client(func(o *redis.Options) { o.PoolSize = 40 })
	s, err := redisstore.Open(b.Context(), c, nil)
	require.NoError(b, err)
	return c, s
}

// BenchmarkSend compares whole Sends, through the client, with a bare loop of
// two scripts: one that writes a field and reads a hash of two, one that writes
// a field. "of-bare" is the share of its rate that is reached. One iteration is
// a few hundred of each, by turns.
func BenchmarkSend(b *testing.B) {
	const people, batch = 500, 400
	rdb, st := durable(b)
	c, err := carewire.New(carewire.Config{
		Program: carewire.Program{
			Brand: "acme", Company: "Acme Plumbing", About: "service at your address", Contact: "help@acme.example",
			Purposes: []consent.Purpose{consent.Service},
		},
		Provider: provider.Func(func(context.Context, provider.Message) (provider.Receipt, error) {
			return provider.Receipt{ID: "SM1", Segments: 1}, nil
		}),
		Store: st, Secret: []byte("a secret of the benchmarks"),
	})
	require.NoError(b, err)
	phone := func(i int) recipient.Phone {
		return recipient.MustParse(fmt.Sprintf("+1415%07d", 2000000+i%people))
	}
	send := func(i int) error {
		_, err := c.Send(context.Background(), carewire.Message{
			To: phone(i), Purpose: consent.Service, Key: rand.Text(), Text: "Your visit is booked for Tuesday, 10 to 12.",
		})
		return err
	}
	first := redis.NewScript("redis.call('HSET', KEYS[1], ARGV[1], ARGV[2]) return redis.call('HGETALL', KEYS[2])")
	second := redis.NewScript("redis.call('HSET', KEYS[1], ARGV[1], ARGV[2]) return 1")
	bare := func(i int) error {
		ledger, facts, id := fmt.Sprintf("bare:{%d}:l", i%people), fmt.Sprintf("bare:{%d}:f", i%people), rand.Text()
		if err := first.Run(context.Background(), rdb, []string{ledger, facts}, "b"+id, "an attempt of some length, with key, sum and time").Err(); err != nil {
			return err
		}
		return second.Run(context.Background(), rdb, []string{ledger}, "s"+id, "how it ended").Err()
	}
	parallel(b, 8, people, func(i int) error {
		if err := rdb.HSet(context.Background(), fmt.Sprintf("bare:{%d}:f", i%people), "c", noise(200), "d", noise(500)).Err(); err != nil {
			return err
		}
		return c.Consent(context.Background(), phone(i), consent.Record{
			Basis: consent.Transaction, Ref: "booking-1", Purposes: []consent.Purpose{consent.Service},
		})
	})
	parallel(b, 8, people, send) // the first message, which carries the disclosure
	for _, workers := range []int{1, 8, 32} {
		b.Run(fmt.Sprintf("workers=%d", workers), func(b *testing.B) {
			var sends, bares time.Duration
			n := 0
			for b.Loop() {
				bares += parallel(b, workers, batch, bare)
				sends += parallel(b, workers, batch, send)
				n += batch
			}
			b.ReportMetric(float64(n)/sends.Seconds(), "sends/s")
			b.ReportMetric(float64(n)/bares.Seconds(), "bare/s")
			b.ReportMetric(bares.Seconds()/sends.Seconds(), "of-bare")
		})
	}
}

// BenchmarkBeginFacts measures Begin for one person with many facts.
func BenchmarkBeginFacts(b *testing.B) {
	_, s := durable(b)
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
	took := make([]time.Duration, len(sizes))
	n := 0
	for b.Loop() {
		for i, of := range people {
			took[i] += parallel(b, 1, 20, func(int) error {
				_, err := s.Begin(context.Background(), attempt(of, rand.Text()))
				return err
			})
		}
		n += 20
	}
	for i, size := range sizes {
		b.ReportMetric(float64(took[i].Microseconds())/float64(n), fmt.Sprintf("µs/begin-%d", size))
	}
}
