package carewire_test

import (
	"context"
	"errors"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/carewire/carewire"
	"github.com/carewire/carewire/consent"
	"github.com/carewire/carewire/optout"
	"github.com/carewire/carewire/provider"
	"github.com/carewire/carewire/recipient"
	"github.com/carewire/carewire/store"
	"github.com/carewire/carewire/store/memstore"
)

const (
	secret = "0123456789abcdef-marked-secret"
	number = "+14155550142"
	body   = "Your visit is booked for Tuesday, 10 to 12."
)

var (
	ctx  = context.Background()
	anna = recipient.MustParse(number)
	noon = time.Date(2026, 3, 2, 12, 0, 0, 0, time.UTC)
)

// bench is a client with everything around it under the test's control.
type bench struct {
	t      *testing.T
	client *carewire.Client
	store  *flaky
	log    []string // what was called, in order

	mu     sync.Mutex
	now    time.Time
	handed []provider.Message
	answer func(context.Context, provider.Message) (provider.Receipt, error)
}

// setup makes a bench; change may adjust the Config.
func setup(t *testing.T, change func(*carewire.Config)) *bench {
	t.Helper()
	b := &bench{t: t, now: noon}
	b.store = &flaky{Store: memstore.New(), note: b.note}
	cfg := carewire.Config{
		Program: carewire.Program{
			Tenant: "t", Brand: "acme", Company: "Acme Plumbing", About: "service at your address", Contact: "help@acme.example",
			Purposes: []consent.Purpose{consent.Service, consent.Authentication},
		},
		Provider: provider.Func(b.send), Store: b.store, Secret: []byte(secret),
		InsecureVolatileStore: true, Now: b.clock,
	}
	if change != nil {
		change(&cfg)
	}
	c, err := carewire.New(cfg)
	require.NoError(t, err)
	b.client = c
	return b
}

func (b *bench) clock() time.Time {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.now
}

func (b *bench) pass(d time.Duration) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.now = b.now.Add(d)
}

func (b *bench) note(what string) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.log = append(b.log, what)
}

func (b *bench) send(ctx context.Context, m provider.Message) (provider.Receipt, error) {
	b.note("provider")
	b.mu.Lock()
	b.handed = append(b.handed, m)
	answer := b.answer
	b.mu.Unlock()
	if answer != nil {
		return answer(ctx, m)
	}
	return provider.Receipt{ID: "SM1"}, nil
}

// texts returns what was handed to the provider since the last call.
func (b *bench) texts() []string {
	b.mu.Lock()
	defer b.mu.Unlock()
	var out []string
	for _, m := range b.handed {
		out = append(out, m.Text)
	}
	b.handed = nil
	return out
}

// consented files consent of anna.
func (b *bench) consented() *bench {
	b.t.Helper()
	require.NoError(b.t, b.client.Consent(ctx, anna, consent.Record{
		Basis: consent.Transaction, Ref: "booking-881", Purposes: []consent.Purpose{consent.Service, consent.Authentication},
	}))
	return b
}

func (b *bench) say(id, text string) carewire.Inbound {
	b.t.Helper()
	in, err := b.client.Receive(ctx, provider.Inbound{ID: id, From: anna, To: "+14155550199", Text: text})
	require.NoError(b.t, err)
	return in
}

func message(key string) carewire.Message {
	return carewire.Message{To: anna, Purpose: consent.Service, Key: key, Text: body}
}

// refused requires an error of the client and returns it.
func refused(t *testing.T, err, reason error) *carewire.Error {
	t.Helper()
	require.ErrorIs(t, err, reason)
	var e *carewire.Error
	require.ErrorAs(t, err, &e)
	return e
}

var errDown = errors.New("server at +14155550142 is down, password hunter2")

// flaky is a store that can be down, in part.
type flaky struct {
	store.Store
	note func(string)

	mu   sync.Mutex
	down map[string]bool
}

func (f *flaky) fail(methods ...string) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.down = map[string]bool{}
	for _, m := range methods {
		f.down[m] = true
	}
}

func (f *flaky) call(method string) error {
	f.note(method)
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.down[method] || f.down["all"] {
		return errDown
	}
	return nil
}

func (f *flaky) Begin(ctx context.Context, a store.Attempt) (store.Snapshot, error) {
	if err := f.call("Begin"); err != nil {
		return store.Snapshot{}, err
	}
	return f.Store.Begin(ctx, a)
}

func (f *flaky) Finish(ctx context.Context, o store.Outcome) error {
	if err := f.call("Finish"); err != nil {
		return err
	}
	return f.Store.Finish(ctx, o)
}

func (f *flaky) PutOptOut(ctx context.Context, r optout.Record) error {
	if err := f.call("PutOptOut"); err != nil {
		return err
	}
	return f.Store.PutOptOut(ctx, r)
}

func (f *flaky) PutConsent(ctx context.Context, r consent.Record) error {
	if err := f.call("PutConsent"); err != nil {
		return err
	}
	return f.Store.PutConsent(ctx, r)
}

func (f *flaky) Unwrap() store.Store { return f.Store }
