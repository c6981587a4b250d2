package providers

import (
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"slices"
	"strings"

	"github.com/carewire/carewire/provider"
)

const (
	ours   = "+14155550199"
	person = "+14155550123"
	secret = "a secret of the tests"
	public = "https://acme.example/sms"
	form   = "application/x-www-form-urlencoded"
)

// adapter is both directions of one provider.
type adapter interface {
	provider.Provider
	provider.Webhook
}

// news is what a status callback tells.
type news int

const (
	sent news = iota
	delivered
	optedOut // failed, because the person has opted out
)

// pick returns the word that stands for n.
func (n news) pick(sent, delivered, optedOut string) string {
	return [...]string{sent, delivered, optedOut}[n]
}

// carrier is what one provider looks like on the wire. The requests of inbound,
// report, foreign and stale are signed as the provider signs them.
type carrier struct {
	name     string
	open     func(base string) (adapter, error)
	accepted string                   // body of a 2xx
	status   int                      // of an acceptance
	blocked  string                   // body that says at once that the person has opted out; "" if it only comes later
	late     bool                     // there is a code of a status callback for an opt-out
	ref      func(body string) string // our Ref, as it reached the wire
	inbound  func(id, text, to string) *http.Request
	report   func(ref, id string, what news) *http.Request
	foreign  func() *http.Request  // a STOP at another account; nil if requests name none
	stale    func() *http.Request  // a STOP of an hour ago; nil if the scheme has no time
	forge    func(r *http.Request) // spoils the signature
	unsign   func(r *http.Request) // takes the signature away; nil if it is in the header
}

type object = map[string]any

func digits(s string) string { return strings.TrimPrefix(s, "+") }

func jsonRequest(v any) (*http.Request, string) {
	b, err := json.Marshal(v)
	if err != nil {
		panic(err)
	}
	r := httptest.NewRequest(http.MethodPost, "/sms", strings.NewReader(string(b)))
	r.Header.Set("Content-Type", "application/json")
	return r, string(b)
}

// field returns a top-level string of a JSON body.
func field(name string) func(string) string {
	return func(body string) string {
		var m object
		_ = json.Unmarshal([]byte(body), &m)
		s, _ := m[name].(string)
		return s
	}
}

// inURL returns the Ref from the callback URL that value finds in the body.
func inURL(value func(string) string) func(string) string {
	return func(body string) string {
		u, err := url.Parse(value(body))
		if err != nil {
			return ""
		}
		return u.Query().Get("carewire-ref")
	}
}

func formValue(name string) func(string) string {
	return func(body string) string {
		v, _ := url.ParseQuery(body)
		return v.Get(name)
	}
}

func query(ref string) string {
	if ref == "" {
		return ""
	}
	return "?carewire-ref=" + url.QueryEscape(ref)
}

func header(name string) func(*http.Request) {
	return func(r *http.Request) { r.Header.Set(name, "AAAA"+r.Header.Get(name)[4:]) }
}

func carriers() []carrier {
	return []carrier{
		twilioCarrier(), telnyxCarrier(), plivoCarrier(), vonageCarrier(), bandwidthCarrier(), sinchCarrier(), awssmsCarrier(),
	}
}

// change replaces a part of the body.
func change(r *http.Request, old, other string) {
	body, err := io.ReadAll(r.Body)
	if err != nil {
		panic(err)
	}
	changed := strings.Replace(string(body), old, other, 1)
	r.Body, r.ContentLength = io.NopCloser(strings.NewReader(changed)), int64(len(changed))
}

// joined writes form parameters in the order in which they are signed.
func joined(f url.Values) string {
	keys := make([]string, 0, len(f))
	for k := range f {
		keys = append(keys, k)
	}
	slices.Sort(keys)
	s := ""
	for _, k := range keys {
		s += k + f.Get(k)
	}
	return s
}

func formRequest(f url.Values, query string) *http.Request {
	r := httptest.NewRequest(http.MethodPost, "/sms"+query, strings.NewReader(f.Encode()))
	r.Header.Set("Content-Type", form)
	return r
}
