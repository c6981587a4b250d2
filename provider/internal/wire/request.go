package wire

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"net/http"
	"net/url"
	"strings"

	"github.com/carewire/carewire/provider"
)

var (
	errNoRecipient = errors.New("wire: the message has no recipient")
	errRequest     = errors.New("wire: the request cannot be made")
)

// Ready says why m cannot be sent now: Unavailable if ctx has ended, Refused
// if it has no recipient, nil if it can.
func Ready(ctx context.Context, m provider.Message) error {
	if err := ctx.Err(); err != nil {
		return &provider.Error{Kind: provider.Unavailable, Err: err}
	}
	if m.To.IsZero() {
		return &provider.Error{Kind: provider.Refused, Err: errNoRecipient}
	}
	return nil
}

// PostForm makes a request with a form. Its error is Refused.
func PostForm(ctx context.Context, url string, form url.Values) (*http.Request, error) {
	return post(ctx, url, "application/x-www-form-urlencoded", []byte(form.Encode()))
}

// PostJSON makes a request with v as JSON, in which <, > and & stand as they
// are. Its error is Refused.
func PostJSON(ctx context.Context, url string, v any) (*http.Request, error) {
	var b bytes.Buffer
	enc := json.NewEncoder(&b)
	enc.SetEscapeHTML(false)
	if err := enc.Encode(v); err != nil {
		return nil, &provider.Error{Kind: provider.Refused, Err: errRequest}
	}
	return post(ctx, url, "application/json", bytes.TrimRight(b.Bytes(), "\n"))
}

func post(ctx context.Context, url, contentType string, body []byte) (*http.Request, error) {
	r, err := http.NewRequestWithContext(ctx, http.MethodPost, url, bytes.NewReader(body))
	if err != nil {
		return nil, &provider.Error{Kind: provider.Refused, Err: errRequest}
	}
	r.Header.Set("Content-Type", contentType)
	r.Header.Set("Accept", "application/json")
	r.Header.Set("User-Agent", "carewire")
	return r, nil
}

// RefParam is the query parameter that carries Message.Ref in the URL of a status callback.
const RefParam = "carewire-ref"

// WithRef returns the public URL with ref as a query parameter, before the
// fragment if there is one. Everything else stays as it is written.
func WithRef(publicURL, ref string) string {
	if ref == "" {
		return publicURL
	}
	base, fragment, _ := strings.Cut(publicURL, "#")
	sep := "?"
	if strings.Contains(base, "?") {
		sep = "&"
	}
	base += sep + RefParam + "=" + url.QueryEscape(ref)
	if fragment != "" {
		base += "#" + fragment
	}
	return base
}

// Ref returns the ref in a URL made by [WithRef], or "".
func Ref(rawURL string) string {
	base, _, _ := strings.Cut(rawURL, "#")
	_, query, _ := strings.Cut(base, "?")
	return RefOfQuery(query)
}

// RefOfQuery returns the ref in the query of a URL made by [WithRef], or "".
func RefOfQuery(query string) string {
	if !strings.Contains(query, RefParam) {
		return ""
	}
	v, err := url.ParseQuery(query)
	if err != nil {
		return ""
	}
	return v.Get(RefParam)
}
