package seal_test

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/jackc/pgx/v5/pgconn"
	"github.com/jackc/pgx/v5/pgxpool"

	"github.com/carewire/carewire"
	"github.com/carewire/carewire/consent"
	"github.com/carewire/carewire/evidence/seal"
	"github.com/carewire/carewire/provider"
	"github.com/carewire/carewire/recipient"
	"github.com/carewire/carewire/store"
	"github.com/carewire/carewire/store/memstore"
	"github.com/carewire/carewire/store/pgstore"
)

// BenchmarkSendSealed compares the throughput of Send with and without a
// sealer beside it, by turns in one run, with eight senders.
func BenchmarkSendSealed(b *testing.B) {
	b.Run("sqlitestore", func(b *testing.B) {
		s, db, err := openSQLite(b.Context(), filepath.Join(b.TempDir(), "store.db"))
		if err != nil {
			b.Fatal(err)
		}
		b.Cleanup(func() { _ = db.Close() })
		compare(b, s)
	})
	b.Run("pgstore", func(b *testing.B) {
		dsn := os.Getenv("CAREWIRE_TEST_POSTGRES")
		if dsn == "" {
			b.Skip("NOT MEASURED: CAREWIRE_TEST_POSTGRES names no server (scripts/services.sh start)")
		}
		pool, err := pgxpool.New(b.Context(), dsn)
		if err != nil {
			b.Fatal(err)
		}
		b.Cleanup(pool.Close)
		o := &pgstore.Options{InsecureVolatileStore: true, Timeout: time.Minute}
		if err := pgstore.Migrate(b.Context(), pool, o); err != nil {
			b.Fatal(err)
		}
		s, err := pgstore.Open(b.Context(), pool, o)
		if err != nil {
			b.Fatal(err)
		}
		compare(b, s)
	})
}

// compare sends for a while without and with a sealer, in turns.
func compare(b *testing.B, st store.Store) {
	b.Helper()
	plain, sealing := newSending(b, st, "plain"), newSending(b, seal.Watch(st), "sealed")
	storage, err := seal.OpenFile(b.TempDir())
	if err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() { _ = storage.Close() })
	signer, _ := newKey(b)
	w := sealing.store.(*seal.Watched)
	s, err := seal.New(b.Context(), seal.Config{
		Store: w, Watched: w, Tenant: sealing.tenant, Origin: "acme.example/carewire", Secret: secret, Signer: signer, Storage: storage,
	})
	if err != nil {
		b.Fatal(err)
	}
	ctx, cancel := context.WithCancel(b.Context())
	var wg sync.WaitGroup
	if _, err := s.Sweep(ctx); err != nil { // the consents of before
		b.Fatal(err)
	}
	base, _, err := storage.State(ctx)
	if err != nil {
		b.Fatal(err)
	}
	wg.Go(func() { _ = s.Run(ctx, func(err error) { b.Error(err) }) })
	const turn = 2500 * time.Millisecond
	plain.send(b, turn/4, func() {})
	plain.sent, plain.time = 0, 0
	var costs []float64
	for b.Loop() {
		turns := []func(){
			func() { plain.send(b, turn, func() {}) },
			func() {
				sealing.send(b, turn, func() { // all of it is sealed within the time that counts
					if _, err := s.SealOnce(ctx); err != nil {
						b.Error(err)
					}
				})
			},
		}
		if len(costs)%2 == 1 { // who comes first must not matter
			slices.Reverse(turns)
		}
		turns[0]()
		turns[1]()
		costs = append(costs, 100*(1-sealing.last/plain.last))
	}
	cancel()
	wg.Wait()
	p, q := plain.rate(), sealing.rate()
	b.ReportMetric(p, "plain/s")
	b.ReportMetric(q, "sealed/s")
	slices.Sort(costs)
	b.ReportMetric(costs[len(costs)/2], "%cost-median")
	b.ReportMetric(100*(p-q)/p, "%cost")
	size, _, err := storage.State(b.Context())
	if err != nil {
		b.Fatal(err)
	}
	b.ReportMetric(float64(size-base)/float64(sealing.n.Load()), "entries/Send")
}

// sending is a client that sends to many people.
type sending struct {
	store  store.Store
	tenant string
	client *carewire.Client
	phones []recipient.Phone
	n      atomic.Int64 // the last key
	sent   int64        // within time
	time   time.Duration
	last   float64 // rate of the last turn
}

func newSending(b *testing.B, st store.Store, name string) *sending {
	b.Helper()
	s := &sending{store: st, tenant: name + strconv.FormatInt(time.Now().UnixNano(), 36)}
	var err error
	s.client, err = carewire.New(carewire.Config{
		Program: carewire.Program{
			Tenant: s.tenant, Brand: "acme", Company: "Acme Plumbing", About: "service at your address", Contact: "help@acme.example",
			Purposes: []consent.Purpose{consent.Service},
		},
		Provider: provider.Func(func(context.Context, provider.Message) (provider.Receipt, error) {
			return provider.Receipt{ID: "x"}, nil
		}),
		Store: st, Secret: secret, InsecureVolatileStore: true,
	})
	if err != nil {
		b.Fatal(err)
	}
	for i := range 2000 {
		s.phones = append(s.phones, recipient.MustParse(fmt.Sprintf("+1628%07d", 2000000+i)))
	}
	var cs []consent.Record
	for i, p := range s.phones {
		cs = append(cs, consent.Record{
			ID: fmt.Sprint(i), Of: recipient.ID{Tenant: s.tenant, Phone: p}, Brand: "acme", Basis: consent.Transaction, Ref: "b",
			Purposes: []consent.Purpose{consent.Service}, At: time.Now().Add(-time.Hour).UTC().Truncate(time.Microsecond),
		})
	}
	if err := store.PutAll(b.Context(), st, cs, nil, nil); err != nil {
		b.Fatal(err)
	}
	return s
}

// send sends from eight goroutines for a while.
func (s *sending) send(b *testing.B, d time.Duration, after func()) {
	b.Helper()
	start, from := time.Now(), s.n.Load()
	var wg sync.WaitGroup
	for range 8 {
		wg.Go(func() {
			for time.Since(start) < d {
				n := s.n.Add(1)
				m := carewire.Message{To: s.phones[int(n)%len(s.phones)], Purpose: consent.Service, Key: strconv.FormatInt(n, 10), Text: "Acme Plumbing: Joe will be at your place on Tuesday between 10 and 12."}
				if _, err := s.client.Send(b.Context(), m); err != nil {
					b.Errorf("%v, %t", err, errors.Is(err, context.DeadlineExceeded))
					var pg *pgconn.PgError
					if errors.As(err, &pg) {
						b.Error(pg)
					}
					return
				}
			}
		})
	}
	wg.Wait()
	after()
	took, sent := time.Since(start), s.n.Load()-from
	s.time, s.sent, s.last = s.time+took, s.sent+sent, float64(sent)/took.Seconds()
}

func (s *sending) rate() float64 { return float64(s.sent) / s.time.Seconds() }

// BenchmarkSeal is what sealing costs an entry, without the store.
func BenchmarkSeal(b *testing.B) {
	bb := setup(b, memstore.New())
	n := 0
	for b.Loop() {
		b.StopTimer()
		for range 1000 {
			n++
			id := person(n % 900)
			a := store.Attempt{ID: strconv.Itoa(n), Of: id, Key: strconv.Itoa(n), Brand: "acme", At: start}
			if _, err := bb.w.Begin(b.Context(), a); err != nil {
				b.Fatal(err)
			}
			if err := bb.w.Finish(b.Context(), store.Outcome{Attempt: a, State: store.Accepted, ProviderID: "x", From: "y", Settled: start}); err != nil {
				b.Fatal(err)
			}
		}
		b.StartTimer()
		if _, err := bb.s.SealOnce(b.Context()); err != nil {
			b.Fatal(err)
		}
	}
	b.ReportMetric(float64(b.Elapsed().Microseconds())/float64(n), "µs/entry")
}
