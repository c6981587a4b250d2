package providertest

import (
	"context"
	"errors"
	"net/http"
	"slices"
	"testing"
	"time"

	"github.com/carewire/carewire/provider"
)

// Run checks the provider that open makes against the contract of
// [provider.Provider]. Each case has a server of its own on the loopback
// interface; the clause that a case is about is printed when it fails.
func Run(t *testing.T, open Open, f Fixtures) {
	t.Helper()
	if f.Read == nil || f.Accept.Status == 0 || len(f.Refusals) == 0 {
		t.Fatal("providertest: Fixtures need Accept, Refusals and Read")
	}
	for _, c := range cases(f) {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			b := &bench{tb: t, f: f, limit: limit, open: func(u string, h *http.Client) provider.Provider { return open(t, u, h) }}
			c.run(b)
			if t.Failed() {
				t.Logf("the clause: %s", c.clause)
			}
		})
	}
}

// testCase is one thing that a server can do, and what the contract says about it.
type testCase struct {
	name, clause string
	run          func(b *bench)
}

// bench is what a case works with.
type bench struct {
	tb
	f     Fixtures
	limit time.Duration
	open  func(baseURL string, c *http.Client) provider.Provider
}

// result is what a Send gave.
type result struct {
	receipt provider.Receipt
	err     error
}

// against opens the provider on s.
func (b *bench) against(s *server) provider.Provider {
	p := b.open(s.URL, s.client(b))
	leaks(b, "the provider", p, hidden(b.f.Secrets))
	return p
}

// send sends m and fails the case if Send does not return in time or if its
// error shows what it must not.
func (b *bench) send(ctx context.Context, p provider.Provider, s *server, m provider.Message) result {
	b.Helper()
	done := make(chan result, 1)
	go func() {
		r, err := p.Send(ctx, m)
		done <- result{r, err}
	}()
	timer := time.NewTimer(b.limit)
	defer timer.Stop()
	select {
	case r := <-done:
		b.discreet(r.err, s)
		return r
	case <-timer.C:
		b.Fatalf("Send has not returned %v after it should have", b.limit)
		return result{}
	}
}

// discreet checks what the error shows, down to its last cause.
func (b *bench) discreet(err error, s *server) {
	b.Helper()
	secrets := b.f.Secrets
	if s != nil {
		secrets = slices.Concat(secrets, authorizations(s.requests()))
	}
	for _, e := range chain(err) {
		leaks(b, "an error", e, hidden(secrets))
	}
}

// want checks the kind of an error.
func (b *bench) want(err error, kind provider.Kind) {
	b.Helper()
	if err == nil {
		b.Fatalf("Send reported success, want an error of kind %v", kind)
		return
	}
	if got := provider.KindOf(err); got != kind {
		b.Errorf("the error's kind is %v, want %v", got, kind)
	}
}

// once checks how often the server was asked.
func (b *bench) once(s *server) {
	b.Helper()
	if n := len(s.requests()); n != 1 {
		b.Errorf("%d requests reached the server, want 1", n)
	}
}

// unknown checks that one request was made and that the error promises nothing.
func (b *bench) unknown(s *server) {
	b.Helper()
	r := b.send(b.Context(), b.against(s), s, kitMessage())
	b.want(r.err, provider.Unknown)
	b.once(s)
}

// code checks code and waiting time of an error.
func (b *bench) code(err error, code string, after time.Duration) {
	b.Helper()
	e, ok := errors.AsType[*provider.Error](err)
	if !ok {
		return // want has failed already
	}
	if e.Code != code {
		b.Errorf("the error's code is %q, want %q", e.Code, code)
	}
	if e.After != after {
		b.Errorf("the error's After is %v, want %v", e.After, after)
	}
}
