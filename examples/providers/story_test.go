package providers

import (
	"context"
	"io"
	"net/http"
	"net/http/httptest"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/carewire/carewire"
	"github.com/carewire/carewire/consent"
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
	hook   http.Handler
	url    string

	mu       sync.Mutex
	requests int
	refs     []string
	answer   func(w http.ResponseWriter, ref string) // nil accepts
}

func open(t *testing.T, c carrier) *scene {
	t.Helper()
	s := &scene{t: t, c: c}
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

func (s *scene) over(p provider.Provider) *carewire.Client {
	s.t.Helper()
	cl, err := carewire.New(carewire.Config{
		Provider: p, Store: memstore.New(), InsecureVolatileStore: true, Secret: []byte("0123456789abcdef"),
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

func TestStopThroughEveryProvider(t *testing.T) {
	t.Parallel()
	for _, c := range carriers() {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			s := open(t, c)
			r, err := s.send("k1")
			require.NoError(t, err)
			require.True(t, r.Disclosed)
			require.Equal(t, []string{r.AttemptID}, s.refs, "our Ref reaches the wire")

			require.Equal(t, 2, s.deliver(c.report(r.AttemptID, "accepted1", false))/100)
			require.Equal(t, store.Delivered, s.state(r.AttemptID))

			require.Equal(t, 2, s.deliver(c.inbound("in1", "STOP", ours))/100)
			before := s.file()
			require.Len(t, before.OptOuts, 1, "on file with the 2xx")
			require.Equal(t, "STOP", before.OptOuts[0].Text)
			sent := s.count()
			_, err = s.send("k2")
			require.ErrorIs(t, err, carewire.ErrOptedOut)
			require.Equal(t, sent, s.count(), "nothing reaches the provider")

			before = s.file()
			require.Equal(t, 2, s.deliver(c.inbound("in1", "STOP", ours))/100, "delivered again")
			require.Equal(t, 2, s.deliver(c.report(r.AttemptID, "accepted1", false))/100, "delivered again")
			after := s.file()
			require.Len(t, after.OptOuts, len(before.OptOuts))
			require.Len(t, after.Outcomes, len(before.Outcomes))
			require.Equal(t, store.Delivered, s.state(r.AttemptID))
			require.Equal(t, sent, s.count())
		})
	}
}

func TestForgedRequestsOfEveryProvider(t *testing.T) {
	t.Parallel()
	for _, c := range carriers() {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			s := open(t, c)
			forged := c.inbound("in1", "STOP", ours)
			c.forge(forged)
			require.GreaterOrEqual(t, s.deliver(forged), 400)
			unsigned := c.inbound("in1", "STOP", ours)
			unsigned.Header = http.Header{"Content-Type": unsigned.Header["Content-Type"]}
			require.GreaterOrEqual(t, s.deliver(unsigned), 400)
			s.deliver(c.inbound("in2", "STOP", "+14155550111")) // somebody else's number: refused or passed over
			if c.stale != nil {
				require.GreaterOrEqual(t, s.deliver(c.stale()), 400)
			}
			e := s.file()
			require.Empty(t, e.OptOuts)
			require.Empty(t, e.Outcomes, "nothing was filed")
			_, err := s.send("k1")
			require.NoError(t, err)
		})
	}
}

func TestTheProvidersOwnOptOut(t *testing.T) {
	t.Parallel()
	for _, c := range carriers() {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			if c.blocked != "" { // said at once
				s := open(t, c)
				s.answer = func(w http.ResponseWriter, _ string) {
					w.Header().Set("Content-Type", "application/json")
					w.WriteHeader(http.StatusBadRequest)
					_, _ = io.WriteString(w, c.blocked)
				}
				_, err := s.send("k1")
				require.ErrorIs(t, err, carewire.ErrOptedOut)
				_, err = s.send("k2")
				require.ErrorIs(t, err, carewire.ErrOptedOut)
				require.Len(t, s.file().OptOuts, 1)
				require.Equal(t, 1, s.count(), "the second is refused by what is on file")
			}
			s := open(t, c) // said later
			r, err := s.send("k1")
			require.NoError(t, err)
			require.Equal(t, 2, s.deliver(c.report(r.AttemptID, "accepted1", true))/100)
			require.Equal(t, 2, s.deliver(c.report(r.AttemptID, "accepted1", true))/100)
			require.Equal(t, store.Failed, s.state(r.AttemptID))
			_, err = s.send("k2")
			if c.name == "sinch" { // it has no code for an opt-out
				require.NoError(t, err)
				require.Empty(t, s.file().OptOuts)
				return
			}
			require.ErrorIs(t, err, carewire.ErrOptedOut)
			require.Len(t, s.file().OptOuts, 1)
		})
	}
}

// The status callback comes while the provider has not answered the send yet.
func TestAReportThatOvertakesTheAnswer(t *testing.T) {
	t.Parallel()
	for _, c := range carriers() {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			s := open(t, c)
			s.answer = func(w http.ResponseWriter, ref string) {
				if code := s.deliver(c.report(ref, "accepted1", false)); code/100 != 2 {
					t.Errorf("the early report was answered %d", code)
				}
				w.Header().Set("Content-Type", "application/json")
				w.WriteHeader(c.status)
				_, _ = io.WriteString(w, c.accepted)
			}
			r, err := s.send("k1")
			require.NoError(t, err)
			require.Equal(t, store.Delivered, s.state(r.AttemptID), "a late answer does not move it back")
			require.Len(t, s.file().Disclosures, 1, "and its facts are on file")
		})
	}
}

// A connection that is cut after the request was read may have sent the
// message: it is never sent again, by nobody.
func TestALostAnswer(t *testing.T) {
	t.Parallel()
	for _, c := range carriers() {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			s := open(t, c)
			s.answer = func(http.ResponseWriter, string) { panic(http.ErrAbortHandler) }
			a, err := c.open(s.url)
			require.NoError(t, err)
			spare := 0
			p := provider.First(a, provider.Func(func(context.Context, provider.Message) (provider.Receipt, error) {
				spare++
				return provider.Receipt{}, nil
			}))
			s.client = s.over(p)
			to := recipient.MustParse(person)
			require.NoError(t, s.client.Consent(t.Context(), to, consent.Record{
				Basis: consent.Transaction, Ref: "b", Purposes: []consent.Purpose{consent.Service},
			}))
			sender := carewire.Chain(s.client, carewire.Retry(carewire.RetryOptions{Base: time.Millisecond}))
			m := carewire.Message{To: to, Purpose: consent.Service, Key: "k1", Text: "Your visit is booked."}
			for range 2 {
				_, err = sender.Send(t.Context(), m)
				var e *carewire.Error
				require.ErrorAs(t, err, &e)
				require.Equal(t, carewire.MaybeSent, e.Sent)
			}
			require.Equal(t, 1, s.count())
			require.Zero(t, spare)
		})
	}
}
