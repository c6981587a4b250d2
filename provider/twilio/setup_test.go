package twilio_test

import (
	"crypto/hmac"
	"crypto/sha1"
	"encoding/base64"
	"net/http"
	"net/http/httptest"
	"net/url"
	"sort"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/carewire/carewire/provider"
	"github.com/carewire/carewire/provider/providertest"
	"github.com/carewire/carewire/provider/twilio"
)

const (
	account = "ACaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"
	token   = "auth-token-of-the-tests"
	ours    = "+14155550199"
	public  = "https://acme.example/sms"
	person  = "+14155550123"
	form    = "application/x-www-form-urlencoded"
)

func config() twilio.Config {
	return twilio.Config{AccountSID: account, AuthToken: token, From: ours, PublicURL: public}
}

func adapter(t testing.TB, change ...func(*twilio.Config)) *twilio.Adapter {
	t.Helper()
	c := config()
	for _, f := range change {
		f(&c)
	}
	a, err := twilio.New(c)
	require.NoError(t, err)
	return a
}

// sign is the scheme written down once more, as plainly as possible.
func sign(key, u string, params url.Values) string {
	s := u
	keys := make([]string, 0, len(params))
	for k := range params {
		keys = append(keys, k)
	}
	sort.Strings(keys)
	for _, k := range keys {
		seen := map[string]bool{}
		values := append([]string(nil), params[k]...)
		sort.Strings(values)
		for _, v := range values {
			if !seen[v] {
				s += k + v
			}
			seen[v] = true
		}
	}
	mac := hmac.New(sha1.New, []byte(key))
	mac.Write([]byte(s))
	return base64.StdEncoding.EncodeToString(mac.Sum(nil))
}

// signed is a webhook request as Twilio sends it to the public URL with query.
func signed(q providertest.Request) providertest.Request {
	u, err := url.Parse(q.URL)
	if err != nil {
		return q
	}
	whole := public
	if u.RawQuery != "" {
		whole += "?" + u.RawQuery
	}
	params := url.Values{}
	if q.Method != http.MethodGet {
		if params, err = url.ParseQuery(q.Body); err != nil {
			params = url.Values{}
		}
	}
	h := q.Header.Clone()
	if h == nil {
		h = http.Header{}
	}
	h.Set("X-Twilio-Signature", sign(token, whole, params))
	q.Header = h
	return q
}

func post(fields url.Values, query string) providertest.Request {
	return providertest.Request{
		URL: "http://10.0.0.7:8080/behind/a/proxy" + query, Header: http.Header{"Content-Type": {form}}, Body: fields.Encode(),
	}
}

// request makes an HTTP request of it.
func request(q providertest.Request) *http.Request {
	if q.Method == "" {
		q.Method = http.MethodPost
	}
	r := httptest.NewRequest(q.Method, q.URL, http.NoBody)
	r.Header = q.Header
	return r
}

// inbound is the form of a message from the person.
func inbound(change url.Values) url.Values {
	f := url.Values{
		"ToCountry": {"US"}, "ToState": {"CA"}, "SmsMessageSid": {"SM01"}, "NumMedia": {"0"}, "ToCity": {""},
		"FromZip": {"94105"}, "SmsSid": {"SM01"}, "FromState": {"CA"}, "SmsStatus": {"received"},
		"Body": {"Is my visit still on Tuesday? 5 é 😀"}, "FromCountry": {"US"}, "To": {ours}, "NumSegments": {"1"},
		"MessageSid": {"SM01"}, "AccountSid": {account}, "From": {person}, "ApiVersion": {"2010-04-01"},
	}
	for k, v := range change {
		f[k] = v
	}
	return f
}

// status is the form of a status callback.
func status(change url.Values) url.Values {
	f := url.Values{
		"SmsSid": {"SM02"}, "SmsStatus": {"delivered"}, "MessageStatus": {"delivered"}, "To": {person},
		"MessageSid": {"SM02"}, "AccountSid": {account}, "From": {ours}, "ApiVersion": {"2010-04-01"},
		"RawDlrDoneDate": {"2611250130"},
	}
	for k, v := range change {
		f[k] = v
	}
	return f
}

func parse(t testing.TB, a *twilio.Adapter, q providertest.Request) []provider.Event {
	t.Helper()
	events, err := a.Parse(request(signed(q)), []byte(q.Body))
	require.NoError(t, err)
	return events
}

const minute = time.Minute
