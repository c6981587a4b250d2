package wire

import (
	"context"
	"errors"
	"io"
	"net"
	"net/http"
	"net/http/httptrace"
	"sync/atomic"
	"time"

	"github.com/carewire/carewire/provider"
)

// MaxBody is how much of an answer is read, in bytes.
const MaxBody = 1 << 20

// ErrTooLarge says that an answer was longer than [MaxBody].
var ErrTooLarge = errors.New("wire: the answer is too large")

// Client sends requests, each once. It is safe for concurrent use.
type Client struct{ http *http.Client }

// NewClient makes a Client that uses a copy of c, without redirects. A nil c
// stands for a client of its own with a limit of 30 seconds for a whole
// exchange and of 5 seconds for a connection.
func NewClient(c *http.Client) *Client {
	if c == nil {
		d := net.Dialer{Timeout: 5 * time.Second, KeepAlive: 30 * time.Second}
		c = &http.Client{Timeout: 30 * time.Second, Transport: &http.Transport{
			Proxy:               http.ProxyFromEnvironment,
			DialContext:         d.DialContext,
			ForceAttemptHTTP2:   true,
			MaxIdleConns:        100,
			MaxIdleConnsPerHost: 20,
			IdleConnTimeout:     90 * time.Second,
			TLSHandshakeTimeout: 5 * time.Second,
		}}
	}
	own := *c
	own.CheckRedirect = func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }
	return &Client{http: &own}
}

// HTTP returns the client as net/http knows it, for packages that need one.
// It does not follow redirects.
func (c *Client) HTTP() *http.Client { return c.http }

// Answer is what came back.
type Answer struct {
	Status int
	Header http.Header
	Body   []byte // what arrived, up to MaxBody
	Err    error  // why Body is not whole; nil if it is
}

// Do sends r once and reads the answer. Its error is an [*provider.Error]: of
// kind Unavailable if no connection was had, so that nothing can have been
// sent, and Unknown otherwise.
func (c *Client) Do(r *http.Request) (Answer, error) {
	var p Probe
	resp, err := c.http.Do(r.WithContext(p.Trace(r.Context()))) //nolint:gosec // G704: the URL is the configured one
	if err != nil {
		return Answer{}, p.Failure(err)
	}
	defer func() { _ = resp.Body.Close() }() // nothing is to be done about it
	a := Answer{Status: resp.StatusCode, Header: resp.Header}
	a.Body, err = io.ReadAll(io.LimitReader(resp.Body, MaxBody+1))
	switch {
	case err != nil:
		a.Err = cause(err)
	case len(a.Body) > MaxBody:
		a.Body, a.Err = a.Body[:MaxBody], ErrTooLarge
	}
	return a, nil
}

// Probe watches whether a request got a connection.
type Probe struct{ asked, got atomic.Bool }

// Trace returns a context that reports to p. A transport that does not report
// leaves p without evidence, which reads as "may have been sent".
func (p *Probe) Trace(ctx context.Context) context.Context {
	return httptrace.WithClientTrace(ctx, &httptrace.ClientTrace{
		GetConn: func(string) { p.asked.Store(true) },
		GotConn: func(httptrace.GotConnInfo) { p.got.Store(true) },
	})
}

// Failure classifies the error of a request without an answer.
func (p *Probe) Failure(err error) *provider.Error {
	e := &provider.Error{Kind: provider.Unknown, Err: cause(err)}
	op, ok := errors.AsType[*net.OpError](err)
	if !p.got.Load() && (p.asked.Load() || ok && op.Op == "dial") {
		e.Kind = provider.Unavailable
	}
	return e
}
