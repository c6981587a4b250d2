package providers

import (
	"context"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"sync"
	"sync/atomic"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/carewire/carewire"
	"github.com/carewire/carewire/consent"
	"github.com/carewire/carewire/optout"
	"github.com/carewire/carewire/provider"
	"github.com/carewire/carewire/recipient"
	"github.com/carewire/carewire/store"
	"github.com/carewire/carewire/store/memstore"
)

// scene is a client, its adapter and a server that stands for the provider.
type scene struct {
	t      *testing.T
	c      carrier
	client *carewire.Client
	store  *outage
	hook   http.Handler
	url    string

	mu       sync.Mutex
	requests int
	refs     []string
	answer   func(w http.ResponseWriter, ref string) // nil accepts
}

func open(t *testing.T, c carrier) *scene {
	t.Helper()
	s := &scene{t: t, c: c, store: &outage{Store: memstore.New()}}
	srv := httptest.NewServer(http.HandlerFunc(s.serve))
	t.Cleanup(srv.Close)
	s.url = srv.URL
	a, err := c.open(srv.URL)
	require.NoError(t, err)
	s.client = s.over(a)
	s.hook = s.client.Webhook(a, nil)
	require.NoError(t, s.client.Consent(t.Context(), recipient.MustParse(person), consent.Record{
		Basis: consent.Transaction, Ref: "booking-1", Purposes: []consent.Purpose{consent.Service},
	}))
	return s
}

// outage is a store that can be down for writers.
type outage struct {
	store.Store
	down atomic.Bool
}

var errDown = errors.New("the store is down")

func (o *outage) Begin(ctx context.Context, a store.Attempt) (store.Snapshot, error) {
	if o.down.Load() {
		return store.Snapshot{}, errDown
	}
	return o.Store.Begin(ctx, a)
}

func (o *outage) PutOptOut(ctx context.Context, r optout.Record) error {
	if o.down.Load() {
		return errDown
	}
	return o.Store.PutOptOut(ctx, r)
}

// over makes a client of p, on the scene's store.
func (s *scene) over(p provider.Provider) *carewire.Client {
	s.t.Helper()
	cl, err := carewire.New(carewire.Config{
		Provider: p, Store: s.store, InsecureVolatileStore: true, Secret: []byte("0123456789abcdef"),
		Program: carewire.Program{
			Brand: "acme", Company: "Acme Plumbing", About: "service at your address", Contact: "help@acme.example",
			Purposes: []consent.Purpose{consent.Service},
		},
	})
	require.NoError(s.t, err)
	return cl
}

// serve plays the provider's API.
func (s *scene) serve(w http.ResponseWriter, r *http.Request) {
	body, _ := io.ReadAll(r.Body)
	ref := s.c.ref(string(body))
	s.mu.Lock()
	s.requests++
	s.refs = append(s.refs, ref)
	answer := s.answer
	s.mu.Unlock()
	if answer != nil {
		answer(w, ref)
		return
	}
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(s.c.status)
	_, _ = io.WriteString(w, s.c.accepted)
}

// reply sets how the provider's API answers from now on.
func (s *scene) reply(answer func(w http.ResponseWriter, ref string)) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.answer = answer
}

func (s *scene) count() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.requests
}

func (s *scene) send(key string) (carewire.Receipt, error) {
	return s.client.Send(s.t.Context(), carewire.Message{
		To: recipient.MustParse(person), Purpose: consent.Service, Key: key, Text: "Your visit is booked for Tuesday, 10 to 12.",
	})
}

// deliver calls the webhook as the provider does, and returns the status.
func (s *scene) deliver(r *http.Request) int {
	w := httptest.NewRecorder()
	s.hook.ServeHTTP(w, r)
	return w.Code
}

func (s *scene) file() carewire.Evidence {
	s.t.Helper()
	e, err := s.client.Evidence(s.t.Context(), recipient.MustParse(person))
	require.NoError(s.t, err)
	return e
}

func (s *scene) state(id string) store.State {
	for _, o := range s.file().Outcomes {
		if o.ID == id {
			return o.State
		}
	}
	return 0
}

// unchanged checks that everything on file is as it was, record by record.
func (s *scene) unchanged(before carewire.Evidence) {
	s.t.Helper()
	after := s.file()
	require.Equal(s.t, before.String(), after.String())
	require.Equal(s.t, before.Consents, after.Consents)
	require.Equal(s.t, before.OptOuts, after.OptOuts)
	require.Equal(s.t, before.Disclosures, after.Disclosures)
	for i := range before.Outcomes {
		require.Equal(s.t, before.Outcomes[i].State, after.Outcomes[i].State)
	}
}
