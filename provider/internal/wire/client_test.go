package wire_test

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"syscall"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/carewire/carewire/provider"
	"github.com/carewire/carewire/provider/internal/wire"
)

// transport is a RoundTripper made of a function.
type transport func(*http.Request) (*http.Response, error)

func (f transport) RoundTrip(r *http.Request) (*http.Response, error) { return f(r) }

func get(ctx context.Context, t *testing.T, url string) *http.Request {
	t.Helper()
	r, err := http.NewRequestWithContext(ctx, http.MethodGet, url, http.NoBody)
	require.NoError(t, err)
	return r
}

func TestFailuresOfATransport(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name string
		err  error
		kind provider.Kind
		is   error // what the cause must be; nil if only its words are known
	}{
		{"dial", &net.OpError{Op: "dial", Err: syscall.ECONNREFUSED}, provider.Unavailable, syscall.ECONNREFUSED},
		{"read", &net.OpError{Op: "read", Err: syscall.ECONNRESET}, provider.Unknown, syscall.ECONNRESET},
		{"EOF", io.ErrUnexpectedEOF, provider.Unknown, nil},
		{"deadline", context.DeadlineExceeded, provider.Unknown, context.DeadlineExceeded},
		{"cancel", fmt.Errorf("x: %w", context.Canceled), provider.Unknown, context.Canceled},
		{"name", &net.DNSError{Name: "secret.example", Err: "no such host"}, provider.Unknown, nil},
		{"certificate", &tls.CertificateVerificationError{Err: errors.New("secret")}, provider.Unknown, nil},
		{"anything", errors.New("secret"), provider.Unknown, nil},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			c := wire.NewClient(&http.Client{Transport: transport(func(*http.Request) (*http.Response, error) { return nil, tt.err })})
			_, err := c.Do(get(t.Context(), t, "http://127.0.0.1/"))
			require.Equal(t, tt.kind, provider.KindOf(err))
			cause := errors.Unwrap(err)
			require.NotContains(t, cause.Error(), "secret")
			if tt.is != nil {
				require.ErrorIs(t, err, tt.is)
			}
		})
	}
}

func TestNoConnectionIsUnavailable(t *testing.T) {
	t.Parallel()
	secure := httptest.NewTLSServer(http.NotFoundHandler())
	defer secure.Close()
	c := wire.NewClient(&http.Client{Transport: &http.Transport{}})

	_, err := c.Do(get(t.Context(), t, secure.URL))
	require.Equal(t, provider.Unavailable, provider.KindOf(err), "a certificate that is not accepted")

	ctx, cancel := context.WithCancel(t.Context())
	slow := &http.Transport{DialContext: func(ctx context.Context, _, _ string) (net.Conn, error) {
		cancel()
		<-ctx.Done()
		return nil, ctx.Err()
	}}
	_, err = wire.NewClient(&http.Client{Transport: slow}).Do(get(ctx, t, "http://127.0.0.1/"))
	require.Equal(t, provider.Unavailable, provider.KindOf(err), "cancelled while connecting")
	require.ErrorIs(t, err, context.Canceled)
}

func TestTheDefaultClientHasLimitsAndNoRedirects(t *testing.T) {
	t.Parallel()
	h := wire.NewClient(nil).HTTP()
	require.Positive(t, h.Timeout)
	require.ErrorIs(t, h.CheckRedirect(nil, nil), http.ErrUseLastResponse)
	theirs := &http.Client{}
	wire.NewClient(theirs)
	require.Nil(t, theirs.CheckRedirect, "the caller's client stays as it is")
}

func TestAnswersAreReadUpToTheLimit(t *testing.T) {
	t.Parallel()
	for n, want := range map[int]error{0: nil, wire.MaxBody: nil, wire.MaxBody + 1: wire.ErrTooLarge} {
		c := wire.NewClient(&http.Client{Transport: transport(func(*http.Request) (*http.Response, error) {
			return &http.Response{StatusCode: 200, Body: io.NopCloser(strings.NewReader(strings.Repeat("a", n)))}, nil
		})})
		a, err := c.Do(get(t.Context(), t, "http://127.0.0.1/"))
		require.NoError(t, err)
		require.Equal(t, want, a.Err)
		require.LessOrEqual(t, len(a.Body), wire.MaxBody)
	}
}
