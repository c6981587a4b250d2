package bandwidth_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/carewire/carewire/provider"
	"github.com/carewire/carewire/provider/bandwidth"
	"github.com/carewire/carewire/provider/providertest"
	"github.com/carewire/carewire/recipient"
)

const (
	account     = "9900000"
	application = "93de2206-9669-4e07-948d-329f4b722ee2"
	password    = "api-password-of-the-tests"
	callback    = "callback-password-of-the-tests"
	ours        = "+14155550199"
	person      = "+14155550123"
)

func now() time.Time { return time.Date(2026, 11, 25, 1, 30, 0, 0, time.UTC) }

func config() bandwidth.Config {
	return bandwidth.Config{
		AccountID: account, ApplicationID: application, Username: "api", Password: password,
		CallbackUsername: "hook", CallbackPassword: callback, From: ours, Now: now,
	}
}

func adapter(t testing.TB, change ...func(*bandwidth.Config)) *bandwidth.Adapter {
	t.Helper()
	c := config()
	for _, f := range change {
		f(&c)
	}
	a, err := bandwidth.New(c)
	require.NoError(t, err)
	return a
}

type object = map[string]any

func post(events ...object) providertest.Request {
	b, err := json.Marshal(events)
	if err != nil {
		panic(err)
	}
	return providertest.Request{URL: "/bandwidth", Header: http.Header{"Content-Type": {"application/json"}}, Body: string(b)}
}

func signed(q providertest.Request) providertest.Request {
	r := httptest.NewRequest(http.MethodPost, "/", http.NoBody)
	r.SetBasicAuth("hook", callback)
	h := q.Header.Clone()
	if h == nil {
		h = http.Header{}
	}
	h.Set("Authorization", r.Header.Get("Authorization"))
	q.Header = h
	return q
}

// event is one callback; change is about its message.
func event(kind, to string, change object) object {
	m := object{
		"id": "m1", "owner": ours, "applicationId": application, "time": "2026-11-25T01:29:57.123Z", "segmentCount": 1,
		"direction": "in", "to": []string{ours}, "from": person, "text": "Is my visit still on Tuesday? é 😀 &",
	}
	for k, v := range change {
		m[k] = v
	}
	return object{"time": "2026-11-25T01:29:58Z", "type": kind, "to": to, "description": "About " + to, "message": m}
}

func sent(kind string, code int) object {
	e := event(kind, person, object{"id": "m2", "direction": "out", "to": []string{person}, "from": ours, "text": "", "tag": "attempt-9"})
	if code != 0 {
		e["errorCode"] = code
	}
	return e
}

func request(q providertest.Request) *http.Request {
	r := httptest.NewRequest(http.MethodPost, q.URL, http.NoBody)
	r.Header = q.Header
	return r
}

func parse(t testing.TB, a *bandwidth.Adapter, events ...object) []provider.Event {
	t.Helper()
	q := signed(post(events...))
	got, err := a.Parse(request(q), []byte(q.Body))
	require.NoError(t, err)
	return got
}

func fixtures() providertest.Fixtures {
	refused := func(name string, status int, code string, kind provider.Kind) providertest.Refused {
		return providertest.Refused{Name: name, Kind: kind, Code: code, Answer: providertest.Answer{
			Status: status, Body: fmt.Sprintf(`{"type": %q, "description": "About {{to}}: {{text}}", "fieldErrors": [{"fieldName": "to", "description": "'{{to}}'"}]}`, code),
		}}
	}
	full := refused("queue full", 429, "max-message-queue-size-exceeded", provider.Throttled)
	full.Answer.Header = http.Header{"Retry-After": {"1"}}
	full.After = time.Second
	return providertest.Fixtures{
		Accept: providertest.Answer{Status: 202, Body: `{"id": "1589228074636lm4k2je7j7jklbn2", "time": "2026-11-25T01:30:00.123Z",
"to": ["{{to}}"], "from": "` + ours + `", "text": "{{text}}", "applicationId": "` + application + `", "tag": "x", "owner": "` + ours + `",
"direction": "out", "segmentCount": 1}`},
		Receipt: provider.Receipt{ID: "1589228074636lm4k2je7j7jklbn2", From: ours, Segments: 1},
		Refusals: []providertest.Refused{
			refused("validation", 400, "request-validation", provider.Refused),
			refused("authentication", 401, "unauthorized", provider.Refused),
			refused("forbidden", 403, "forbidden", provider.Refused),
			refused("media type", 415, "unsupported-media-type", provider.Refused),
			full,
			{Name: "a sentence for a type", Kind: provider.Refused, Code: "HTTP 400", Answer: providertest.Answer{Status: 400, Body: `{"type": "for {{to}}"}`}},
			{Name: "no JSON", Kind: provider.Refused, Code: "HTTP 404", Answer: providertest.Answer{Status: 404, Body: "{{to}}"}},
		},
		Read: func(r *http.Request, body []byte) (providertest.Sent, error) {
			var m struct {
				ApplicationID, From, Text, Expiration string
				To                                    []string
			}
			if err := json.Unmarshal(body, &m); err != nil {
				return providertest.Sent{}, err
			}
			user, _, ok := r.BasicAuth()
			if r.URL.Path != "/users/"+account+"/messages" || !ok || user != "api" || m.ApplicationID != application || m.From != ours || len(m.To) != 1 {
				return providertest.Sent{}, fmt.Errorf("path %s, from %s", r.URL.Path, m.From)
			}
			s := providertest.Sent{To: m.To[0], Text: m.Text}
			if m.Expiration != "" {
				at, err := time.Parse(time.RFC3339, m.Expiration)
				if err != nil {
					return s, err
				}
				s.TTL = at.Sub(now())
			}
			return s, nil
		},
		HasTTL: true, Secrets: []string{password, callback},
	}
}

func TestProvider(t *testing.T) {
	t.Parallel()
	providertest.Run(t, func(t *testing.T, baseURL string, client *http.Client) provider.Provider {
		return adapter(t, func(c *bandwidth.Config) { c.BaseURL, c.HTTPClient = baseURL, client })
	}, fixtures())
}

func TestWebhook(t *testing.T) {
	t.Parallel()
	someone := recipient.MustParse(person)
	in := &provider.Inbound{
		ID: "m1", From: someone, To: ours, Text: "Is my visit still on Tuesday? é 😀 &", Sent: time.Date(2026, 11, 25, 1, 29, 57, 123e6, time.UTC),
	}
	done := &provider.Status{Ref: "attempt-9", ID: "m2", To: someone, State: provider.Delivered}
	other := event("message-received", ours, object{"applicationId": "other"})
	providertest.RunWebhook(t, func(t *testing.T) provider.Webhook { return adapter(t) }, providertest.WebhookFixtures{
		Sign: signed, SignatureHeader: "Authorization", BodyNotSigned: true, Secrets: []string{password, callback},
		Valid: []providertest.Delivery{
			{Name: "inbound", Request: post(event("message-received", ours, nil)), Events: []provider.Event{{Inbound: in}}},
			{Name: "delivered", Request: post(sent("message-delivered", 0)), Events: []provider.Event{{Status: done}}},
			{
				Name:    "several, one of them twice, one of another application",
				Request: post(event("message-received", ours, nil), other, sent("message-delivered", 0), event("message-received", ours, nil)),
				Events:  []provider.Event{{Inbound: in}, {Status: done}},
			},
			{Name: "opted out", Request: post(sent("message-failed", 4775)), Events: []provider.Event{{Status: &provider.Status{
				Ref: "attempt-9", ID: "m2", To: someone, State: provider.Failed, Kind: provider.OptedOut, Code: "4775",
			}}}},
			{Name: "nothing of interest", Request: post(event("suggestion-response", ours, nil))},
			{Name: "an empty list", Request: post()},
		},
		Foreign: []providertest.Foreign{
			{Name: "application", Request: post(other), Status: 403},
			{Name: "application of a status", Request: post(event("message-sent", person, object{"applicationId": "other"})), Status: 403},
			{Name: "number", Request: post(event("message-received", "+14155550198", nil)), Status: 403},
		},
	})
}

func TestNewNamesWhatIsMissing(t *testing.T) {
	t.Parallel()
	for field, change := range map[string]func(*bandwidth.Config){
		"AccountID":        func(c *bandwidth.Config) { c.AccountID = "" },
		"ApplicationID":    func(c *bandwidth.Config) { c.ApplicationID = "" },
		"Username":         func(c *bandwidth.Config) { c.Username = "" },
		"Password":         func(c *bandwidth.Config) { c.Password = "" },
		"CallbackUsername": func(c *bandwidth.Config) { c.CallbackUsername = "" },
		"CallbackPassword": func(c *bandwidth.Config) { c.CallbackPassword = "" },
		"From":             func(c *bandwidth.Config) { c.From = "" },
		"BaseURL":          func(c *bandwidth.Config) { c.BaseURL = "x" },
	} {
		c := config()
		change(&c)
		_, err := bandwidth.New(c)
		e, ok := errors.AsType[*provider.ConfigError](err)
		require.True(t, ok, field)
		require.Equal(t, "bandwidth."+field, e.Adapter+"."+e.Field)
	}
}

func TestNothingShowsASecret(t *testing.T) {
	t.Parallel()
	c, a := config(), adapter(t)
	for _, v := range []any{c, &c, a, *a} {
		b, err := json.Marshal(v)
		require.NoError(t, err)
		shown := string(b) + fmt.Sprintf("%v %+v %#v %q %x", v, v, v, v, v)
		require.NotContains(t, shown, password)
		require.NotContains(t, shown, callback)
	}
}

func TestCredentials(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		user, pass string
		ok         bool
	}{{"hook", callback, true}, {"Hook", callback, false}, {"hook", callback + "x", false}, {"hook", "", false}, {"", callback, false}, {"api", password, false}} {
		r := httptest.NewRequest(http.MethodPost, "/", http.NoBody)
		r.SetBasicAuth(tt.user, tt.pass)
		require.Equal(t, tt.ok, adapter(t).Verify(r, []byte("[]")) == nil, tt.user)
	}
}

func TestStatuses(t *testing.T) {
	t.Parallel()
	tests := []struct {
		kind  string
		code  int
		state provider.State
		why   provider.Kind
	}{
		{"message-sending", 0, provider.Queued, 0},
		{"message-sent", 0, provider.Sent, 0},
		{"message-read", 0, provider.Delivered, 0},
		{"message-failed", 4482, provider.Failed, provider.OptedOut},
		{"message-failed", 4772, provider.Failed, provider.OptedOut},
		{"message-failed", 4720, provider.Failed, provider.BadRecipient},
		{"message-failed", 4770, provider.Failed, provider.Filtered},
		{"message-failed", 4780, provider.Failed, provider.Throttled},
		{"message-failed", 4795, provider.Failed, provider.Refused},
		{"message-failed", 5620, provider.Failed, provider.Unknown},
		{"message-failed", 9902, provider.Sent, provider.Unknown},
	}
	for _, tt := range tests {
		s := parse(t, adapter(t), sent(tt.kind, tt.code))[0].Status
		require.Equal(t, tt.state, s.State, tt)
		require.Equal(t, tt.why, s.Kind, tt)
	}
}

func TestWhoAnswers(t *testing.T) {
	t.Parallel()
	stop := event("message-received", ours, object{"text": "STOP"})
	require.Equal(t, provider.RepliedNo, parse(t, adapter(t), stop)[0].Inbound.Replied)
	free := adapter(t, func(c *bandwidth.Config) { c.Sender = provider.TollFree })
	require.Equal(t, provider.RepliedYes, parse(t, free, stop)[0].Inbound.Replied)
	require.Empty(t, parse(t, adapter(t), event("message-received", ours, object{"from": "12345"})))
}

func FuzzParse(f *testing.F) {
	f.Add(post(event("message-received", ours, nil)).Body)
	f.Add(post(sent("message-failed", 4775), sent("message-failed", 4775)).Body)
	a := adapter(f)
	f.Fuzz(func(t *testing.T, body string) {
		q := signed(providertest.Request{URL: "/", Body: body})
		events, err := a.Parse(request(q), []byte(body))
		if err != nil && len(events) > 0 {
			t.Fatal("events and an error")
		}
		for _, e := range events {
			if (e.Inbound == nil) == (e.Status == nil) {
				t.Fatal("an event is one of the two")
			}
		}
	})
}

func Example() {
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.WriteHeader(http.StatusAccepted)
		_, _ = io.WriteString(w, `{"id": "1589228074636lm4k2je7j7jklbn2", "segmentCount": 1}`)
	}))
	defer server.Close()

	c := config() // account, application, both pairs of credentials, and sender
	c.BaseURL = server.URL
	sms, err := bandwidth.New(c)
	if err != nil {
		fmt.Println(err)
		return
	}
	r, err := sms.Send(context.Background(), provider.Message{
		To: recipient.MustParse("+14155550100"), Text: "Acme: your visit is booked.", Ref: "attempt-1",
	})
	fmt.Println(r.ID, r.Segments, err)
	// Output: 1589228074636lm4k2je7j7jklbn2 1 <nil>
}
