// Package fake stands in for SMS providers on the local machine: it takes
// messages by the provider's own API, and calls the webhook with requests that
// are signed as the provider signs them.
package fake

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
)

// Provider is one provider and one customer's phone.
type Provider struct {
	URL  string // of the API
	Hook string // where the webhook is reached; set before anything is sent

	out   io.Writer
	wire  wire
	close func()

	mu      sync.Mutex
	serial  int
	blocked bool
	pending []*http.Request // status callbacks
}

// wire is how one provider speaks.
type wire interface {
	// message reads a request to the API. to and text are "" if it is refused.
	message(r *http.Request, body []byte) (to, text, callback string)
	accepted(id string) (status int, body string)
	optedOut() (status int, body string)
	inbound(hook, id, text string) (*http.Request, error)
	delivered(hook, callback, id, to string) (*http.Request, error)
}

func start(out io.Writer, w wire) *Provider {
	p := &Provider{out: out, wire: w}
	srv := httptest.NewServer(http.HandlerFunc(p.serve))
	p.URL, p.close = srv.URL, srv.Close
	return p
}

// Close stops the provider.
func (p *Provider) Close() { p.close() }

// Block makes the provider block the customer, as it does when a STOP has
// reached it but not us.
func (p *Provider) Block(blocked bool) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.blocked = blocked
}

func (p *Provider) serve(w http.ResponseWriter, r *http.Request) {
	body, err := io.ReadAll(r.Body)
	if err != nil {
		return
	}
	to, text, callback := p.wire.message(r, body)
	p.mu.Lock()
	defer p.mu.Unlock()
	p.serial++
	id := fmt.Sprintf("SM%032d", p.serial)
	status, answer := p.wire.accepted(id)
	switch {
	case to == "":
		status, answer = http.StatusUnauthorized, "{}"
	case p.blocked:
		status, answer = p.wire.optedOut()
		fmt.Fprintf(p.out, "\n  Provider ✗ %s\n", answer)
	default:
		fmt.Fprintf(p.out, "\n  Acme ▸ %s\n", strings.ReplaceAll(text, "\n", "\n         "))
		if report, err := p.wire.delivered(p.Hook, callback, id, to); err == nil {
			p.pending = append(p.pending, report)
		}
	}
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(status)
	_, _ = io.WriteString(w, answer)
}

// Settle delivers the status callbacks of all messages.
func (p *Provider) Settle(ctx context.Context) error {
	p.mu.Lock()
	pending := p.pending
	p.pending = nil
	p.mu.Unlock()
	for _, r := range pending {
		if err := p.call(ctx, r); err != nil {
			return err
		}
	}
	return nil
}

// Say sends a text from the customer's phone, and returns when the webhook has
// acknowledged it. The provider answers its own keywords itself.
func (p *Provider) Say(ctx context.Context, text string) error {
	fmt.Fprintf(p.out, "\n%30s %s\n", "Customer ▸", text)
	p.mu.Lock()
	p.serial++
	id := fmt.Sprintf("SM%032d", p.serial)
	switch strings.ToUpper(text) {
	case "STOP", "UNSUBSCRIBE", "END", "QUIT", "STOPALL", "CANCEL":
		p.blocked = true
		fmt.Fprintf(p.out, "\n  Provider ▸ You have successfully been unsubscribed.\n")
	case "START", "UNSTOP":
		p.blocked = false
	}
	p.mu.Unlock()
	r, err := p.wire.inbound(p.Hook, id, text)
	if err != nil {
		return err
	}
	return p.call(ctx, r)
}

func (p *Provider) call(ctx context.Context, r *http.Request) error {
	resp, err := http.DefaultClient.Do(r.WithContext(ctx))
	if err != nil {
		return err
	}
	defer resp.Body.Close()
	if _, err := io.Copy(io.Discard, resp.Body); err != nil {
		return err
	}
	if resp.StatusCode/100 != 2 {
		return fmt.Errorf("the webhook answered %s", resp.Status)
	}
	return nil
}
