package twilio_test

import (
	"crypto/sha256"
	"encoding/hex"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/carewire/carewire/provider"
	"github.com/carewire/carewire/provider/twilio"
)

func TestSignedURL(t *testing.T) {
	t.Parallel()
	params := url.Values{"AccountSid": {account}, "Body": {"x"}}
	tests := []struct {
		name, public, request, signed string
		refused                       bool
	}{
		{name: "plain", public: public, request: "/sms", signed: public},
		{name: "the request's host and path do not count", public: public, request: "http://evil.example/other", signed: public},
		{name: "the request's query counts", public: public, request: "/sms?a=1&b=%20x&a=2", signed: public + "?a=1&b=%20x&a=2"},
		{name: "a query of the public URL that arrives", public: public + "?k=1", request: "/sms?k=1", signed: public + "?k=1"},
		{name: "a query of the public URL that a proxy took away", public: public + "?k=1", request: "/sms", signed: public + "?k=1"},
		{name: "another query than the signed one", public: public + "?k=1", request: "/sms?k=2", signed: public + "?k=1", refused: true},
		{name: "a query that a proxy spells in another way", public: public + "?k=ü b", request: "/sms?k=%C3%BC+b", signed: public + "?k=ü b"},
		{name: "query order stays", public: public, request: "/sms?b=1&a=2", signed: public + "?a=2&b=1", refused: true},
		{name: "the fragment is not signed", public: public + "#rc=5&rp=all", request: "/sms", signed: public},
		{name: "fragment and query", public: public + "?k=1#rc=5", request: "/sms?k=1&carewire-ref=7", signed: public + "?k=1&carewire-ref=7"},
		{name: "signed with the port", public: public, request: "/sms", signed: "https://acme.example:443/sms"},
		{name: "signed without the port", public: "https://acme.example:8443/sms", request: "/sms?x", signed: "https://acme.example/sms?x"},
		{name: "signed with another port", public: "https://acme.example:8443/sms", request: "/sms", signed: "https://acme.example:9443/sms", refused: true},
		{name: "the port of http", public: "http://acme.example/sms", request: "/sms", signed: "http://acme.example:80/sms"},
		{name: "another scheme", public: public, request: "/sms", signed: "http://acme.example/sms", refused: true},
		{name: "user information", public: "https://u:p%40s@acme.example/sms", request: "/sms", signed: "https://u:p%40s@acme.example/sms"},
		{name: "user information and port", public: "https://u:p@acme.example/sms", request: "/sms", signed: "https://u:p@acme.example:443/sms"},
		{name: "IPv6", public: "https://[2001:db8::1]/sms", request: "/sms", signed: "https://[2001:db8::1]:443/sms"},
		{name: "IPv6 with its port", public: "https://[2001:db8::1]:443/sms", request: "/sms", signed: "https://[2001:db8::1]/sms"},
		{name: "no path", public: "https://acme.example", request: "/?a=1", signed: "https://acme.example:443?a=1"},
		{name: "escapes stay", public: "https://acme.example/caf%C3%A9/sms", request: "/sms?q=%e2%82%ac", signed: "https://acme.example/caf%C3%A9/sms?q=%e2%82%ac"},
		{name: "the host's case stays", public: "https://Acme.Example/sms", request: "/sms", signed: "https://acme.example/sms", refused: true},
		{name: "signed with a slash for the path", public: "https://acme.example", request: "/", signed: "https://acme.example/"},
		{name: "a path signed with escapes", public: "https://acme.example/café", request: "/", signed: "https://acme.example/caf%C3%A9"},
		{name: "a question mark alone", public: public + "?", request: "/sms", signed: public + "?"},
		{name: "signed with other escapes", public: public, request: "/sms?q=%7e(a+b)*&k", signed: public + "?q=~(a%20b)*&k="},
		{name: "signed with another value", public: public, request: "/sms?q=a+b", signed: public + "?q=a", refused: true},
		{name: "a quote signed as %27", public: public, request: "/sms?q=it's", signed: public + "?q=it%27s"},
		{name: "%27 signed as a quote", public: public, request: "/sms?q=it%27s", signed: "https://acme.example:443/sms?q=it's"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			a := adapter(t, func(c *twilio.Config) { c.PublicURL = tt.public })
			r := httptest.NewRequest(http.MethodPost, tt.request, http.NoBody)
			r.Header.Set("Content-Type", form)
			r.Header.Set("X-Twilio-Signature", sign(token, tt.signed, params))
			err := a.Verify(r, []byte(params.Encode()))
			if tt.refused {
				e, ok := err.(*provider.WebhookError) //nolint:errorlint // Verify promises the type itself
				require.True(t, ok)
				require.Equal(t, http.StatusUnauthorized, e.Status)
				return
			}
			require.NoError(t, err)
		})
	}
}

func TestSignedParameters(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name, body string
		params     url.Values
	}{
		{"order of keys by bytes", "b=2&a=1&B=3&a_=4", url.Values{"B": {"3"}, "a": {"1"}, "a_": {"4"}, "b": {"2"}}},
		{"empty values", "a=&b", url.Values{"a": {""}, "b": {""}}},
		{"repeated keys", "a=2&a=1&a=2", url.Values{"a": {"1", "2"}}},
		{"Unicode", "Body=%C3%A9+%F0%9F%98%80&a=+", url.Values{"Body": {"é 😀"}, "a": {" "}}},
		{"no form at all", "", nil},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			r := httptest.NewRequest(http.MethodPost, "/sms", http.NoBody)
			r.Header.Set("Content-Type", form)
			r.Header.Set("X-Twilio-Signature", sign(token, public, tt.params))
			require.NoError(t, adapter(t).Verify(r, []byte(tt.body)))
		})
	}
}

func TestSignedBodySum(t *testing.T) {
	t.Parallel()
	body := `{"a": "é"}`
	sum := sha256.Sum256([]byte(body))
	query := "?bodySHA256=" + hex.EncodeToString(sum[:])
	upper := "?bodySHA256=" + strings.ToUpper(hex.EncodeToString(sum[:]))
	tests := []struct {
		name, query, body, contentType string
		ok                             bool
	}{
		{"right", query, body, "application/json", true},
		{"right, no content type", query, body, "", true},
		{"right, said to be a form", query, body, form, true},
		{"another body", query, body + " ", "application/json", false},
		{"another body, said to be a form", query, body + " ", form, false},
		{"the sum in upper case", upper, body, "application/json", false},
		{"no sum", "?a=1", body, "application/json", false},
		{"an empty sum", "?bodySHA256=", body, "application/json", false},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			r := httptest.NewRequest(http.MethodPost, "/sms"+tt.query, http.NoBody)
			if tt.contentType != "" {
				r.Header.Set("Content-Type", tt.contentType)
			}
			r.Header.Set("X-Twilio-Signature", sign(token, public+tt.query, nil))
			err := adapter(t).Verify(r, []byte(tt.body))
			require.Equal(t, tt.ok, err == nil, "%v", err)
		})
	}
}

func TestSignedGET(t *testing.T) {
	t.Parallel()
	q := "?" + inbound(nil).Encode()
	r := httptest.NewRequest(http.MethodGet, "/sms"+q, http.NoBody)
	r.Header.Set("X-Twilio-Signature", sign(token, public+q, nil))
	events, err := adapter(t).Parse(r, nil)
	require.NoError(t, err)
	require.Len(t, events, 1)
	require.Equal(t, "SM01", events[0].Inbound.ID)
}
