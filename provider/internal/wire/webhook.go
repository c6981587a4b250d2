package wire

import (
	"bytes"
	"crypto/hmac"
	"encoding/json"
	"io"
	"net/http"
	"net/url"
	"slices"
	"strings"

	"github.com/carewire/carewire/provider"
	"github.com/carewire/carewire/recipient"
)

// MaxWebhook is how long a webhook's body may be, in bytes.
const MaxWebhook = 64 << 10

// Refuse is the error of a webhook request that is not accepted.
func Refuse(status int, reason string) error {
	return &provider.WebhookError{Status: status, Reason: reason}
}

// Check refuses a request with another method than those given, or with a body
// longer than [MaxWebhook].
func Check(r *http.Request, body []byte, methods ...string) error {
	if !slices.Contains(methods, r.Method) {
		return Refuse(http.StatusMethodNotAllowed, "the provider does not use this method")
	}
	if len(body) > MaxWebhook {
		return Refuse(http.StatusBadRequest, "the body is too large")
	}
	return nil
}

// Same compares two secrets in constant time.
func Same(a, b string) bool { return hmac.Equal([]byte(a), []byte(b)) }

// Form reads a form.
func Form(body string) (url.Values, error) {
	v, err := url.ParseQuery(body)
	if err != nil {
		return nil, Refuse(http.StatusBadRequest, "the form cannot be read")
	}
	return v, nil
}

// Unmarshal reads JSON. Its error is a [*provider.WebhookError].
func Unmarshal(body []byte, v any) error {
	d := json.NewDecoder(bytes.NewReader(body))
	if err := d.Decode(v); err != nil {
		return Refuse(http.StatusBadRequest, "the JSON cannot be read")
	}
	if _, err := d.Token(); err != io.EOF { //nolint:errorlint // Token returns io.EOF itself
		return Refuse(http.StatusBadRequest, "there is something after the JSON")
	}
	return nil
}

// Phone reads a number that a provider writes with or without the plus sign.
// It is the zero Phone for anything else, such as a short code or a name.
func Phone(s string) recipient.Phone {
	s = strings.TrimSpace(s)
	if !strings.HasPrefix(s, "+") {
		s = "+" + s
	}
	p, err := recipient.Parse(s)
	if err != nil {
		return recipient.Phone{}
	}
	return p
}

// Numbers are our own senders: numbers, short codes and names.
type Numbers map[string]struct{}

// NewNumbers makes the set of those in ns that are not empty.
func NewNumbers(ns ...string) Numbers {
	set := Numbers{}
	for _, n := range ns {
		if n = plain(n); n != "" {
			set[n] = struct{}{}
		}
	}
	return set
}

// Has reports whether n is one of ours, with or without a plus sign.
func (s Numbers) Has(n string) bool {
	_, ok := s[plain(n)]
	return ok
}

// plain drops blanks around a number and its plus sign.
func plain(n string) string { return strings.TrimPrefix(strings.TrimSpace(n), "+") }
