package plivo_test

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"net/http"
	"net/http/httptest"
	"net/url"
	"sort"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/carewire/carewire/provider"
	"github.com/carewire/carewire/provider/plivo"
	"github.com/carewire/carewire/provider/providertest"
)

const (
	authID = "MAXXXXXXXXXXXXXXXXXX"
	token  = "auth-token-of-the-tests"
	ours   = "14155550199"
	person = "14155550123"
	public = "https://acme.example/plivo"
	nonce  = "21190231905510293811"
)

func config() plivo.Config {
	return plivo.Config{AuthID: authID, AuthToken: token, From: "+" + ours, PublicURL: public}
}

func adapter(t testing.TB, change ...func(*plivo.Config)) *plivo.Adapter {
	t.Helper()
	c := config()
	for _, f := range change {
		f(&c)
	}
	a, err := plivo.New(c)
	require.NoError(t, err)
	return a
}

func mac(base string) string {
	m := hmac.New(sha256.New, []byte(token))
	m.Write([]byte(base + "." + nonce))
	return base64.StdEncoding.EncodeToString(m.Sum(nil))
}

// flat writes single-valued parameters in order.
func flat(v url.Values, between, after string) string {
	keys := make([]string, 0, len(v))
	for k := range v {
		keys = append(keys, k)
	}
	sort.Strings(keys)
	s := ""
	for i, k := range keys {
		if i > 0 {
			s += after
		}
		s += k + between + v.Get(k)
	}
	return s
}

// signed is the scheme written down once more, for requests to the public URL.
func signed(q providertest.Request) providertest.Request {
	u, err := url.Parse(q.URL)
	if err != nil {
		return q
	}
	query, form := u.Query(), url.Values{}
	if q.Method != http.MethodGet {
		if form, err = url.ParseQuery(q.Body); err != nil {
			form = url.Values{}
		}
	}
	base := public
	if len(query)+len(form) > 0 {
		base += "?" + flat(query, "=", "&")
	}
	if len(query) > 0 && len(form) > 0 {
		base += "."
	}
	h := q.Header.Clone()
	if h == nil {
		h = http.Header{}
	}
	h.Set("X-Plivo-Signature-V3", mac(base+flat(form, "", "")))
	h.Set("X-Plivo-Signature-V3-Nonce", nonce)
	q.Header = h
	return q
}

func post(fields url.Values, query string) providertest.Request {
	return providertest.Request{
		URL: "/behind/a/proxy" + query, Body: fields.Encode(),
		Header: http.Header{"Content-Type": {"application/x-www-form-urlencoded"}},
	}
}

func inbound(change url.Values) url.Values {
	f := url.Values{
		"From": {person}, "To": {ours}, "Text": {"Is my visit still on Tuesday? é 😀 &"}, "Type": {"sms"}, "MessageUUID": {"u1"},
		"Units": {"1"}, "TotalRate": {"0.0055"}, "TotalAmount": {"0.0055"}, "MessageIntent": {""},
	}
	for k, v := range change {
		f[k] = v
	}
	return f
}

func report(status, code string) url.Values {
	return url.Values{
		"From": {ours}, "To": {person}, "MessageUUID": {"u2"}, "ParentMessageUUID": {"u2"}, "PartInfo": {"1 of 1"},
		"Status": {status}, "ErrorCode": {code}, "Units": {"1"},
	}
}

func request(q providertest.Request) *http.Request {
	if q.Method == "" {
		q.Method = http.MethodPost
	}
	r := httptest.NewRequest(q.Method, q.URL, http.NoBody)
	r.Header = q.Header
	return r
}

func parse(t testing.TB, a *plivo.Adapter, q providertest.Request) []provider.Event {
	t.Helper()
	q = signed(q)
	events, err := a.Parse(request(q), []byte(q.Body))
	require.NoError(t, err)
	return events
}
