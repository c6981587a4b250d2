package sinch_test

import (
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
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
	"github.com/carewire/carewire/provider/providertest"
	"github.com/carewire/carewire/provider/sinch"
	"github.com/carewire/carewire/recipient"
)

const (
	plan   = "servicepla000000000000000000000a"
	token  = "api-token-of-the-tests"
	secret = "webhook-secret-of-the-tests"
	ours   = "14155550199"
	person = "14155550123"
)

func now() time.Time { return time.Date(2026, 11, 25, 1, 30, 0, 0, time.UTC) }

func config() sinch.Config {
	return sinch.Config{ServicePlanID: plan, APIToken: token, WebhookSecret: secret, From: "+" + ours, Now: now}
}

func adapter(t testing.TB, change ...func(*sinch.Config)) *sinch.Adapter {
	t.Helper()
	c := config()
	for _, f := range change {
		f(&c)
	}
	a, err := sinch.New(c)
	require.NoError(t, err)
	return a
}

type object = map[string]any

func post(body object) providertest.Request {
	b, err := json.Marshal(body)
	if err != nil {
		panic(err)
	}
	return providertest.Request{URL: "/sinch", Header: http.Header{"Content-Type": {"application/json"}}, Body: string(b)}
}

func signed(q providertest.Request) providertest.Request {
	h := q.Header.Clone()
	if h == nil {
		h = http.Header{}
	}
	m := hmac.New(sha256.New, []byte(secret))
	m.Write([]byte(q.Body + ".nonce1.1795570200"))
	h.Set("X-Sinch-Webhook-Signature", base64.StdEncoding.EncodeToString(m.Sum(nil)))
	h.Set("X-Sinch-Webhook-Signature-Algorithm", "HmacSHA256")
	h.Set("X-Sinch-Webhook-Signature-Nonce", "nonce1")
	h.Set("X-Sinch-Webhook-Signature-Timestamp", "1795570200")
	q.Header = h
	return q
}

func inbound(change object) object {
	m := object{
		"type": "mo_text", "id": "01J1", "from": person, "to": ours, "body": "Is my visit still on Tuesday? é 😀 &",
		"sent_at": "2026-11-25T01:29:56Z", "received_at": "2026-11-25T01:29:57.5Z", "operator_id": "310260",
	}
	for k, v := range change {
		if v == nil {
			delete(m, k)
			continue
		}
		m[k] = v
	}
	return m
}

func report(status string, code int) object {
	return object{
		"type": "recipient_delivery_report_sms", "batch_id": "b1", "recipient": person, "code": code, "status": status,
		"at": "2026-11-25T01:29:57Z", "client_reference": "attempt-9",
	}
}

func request(q providertest.Request) *http.Request {
	r := httptest.NewRequest(http.MethodPost, q.URL, http.NoBody)
	r.Header = q.Header
	return r
}

func parse(t testing.TB, a *sinch.Adapter, body object) []provider.Event {
	t.Helper()
	q := signed(post(body))
	got, err := a.Parse(request(q), []byte(q.Body))
	require.NoError(t, err)
	return got
}

func fixtures() providertest.Fixtures {
	refused := func(name string, status int, code string, kind provider.Kind) providertest.Refused {
		return providertest.Refused{Name: name, Kind: kind, Code: code, Answer: providertest.Answer{
			Status: status, Body: fmt.Sprintf(`{"code": %q, "text": "About {{to}}: {{text}}"}`, code),
		}}
	}
	return providertest.Fixtures{
		Accept: providertest.Answer{Status: 201, Body: `{"id": "01FC66621XXXXX119Z8PMV1QPQ", "to": ["{{to}}"], "from": "` + ours + `",
"canceled": false, "body": "{{text}}", "type": "mt_text", "created_at": "2026-11-25T01:30:00Z", "delivery_report": "per_recipient"}`},
		Receipt: provider.Receipt{ID: "01FC66621XXXXX119Z8PMV1QPQ", From: ours},
		Refusals: []providertest.Refused{
			refused("syntax", 400, "syntax_constraint_violation", provider.Refused),
			refused("a word that looks like a delivery code", 400, "404", provider.Refused),
			refused("authentication", 401, "unauthorized", provider.Refused),
			refused("forbidden", 403, "missing_callback_url", provider.Refused),
			refused("too many requests", 429, "too_many_requests", provider.Throttled),
			{Name: "no JSON", Kind: provider.Refused, Code: "HTTP 404", Answer: providertest.Answer{Status: 404, Body: "{{to}}"}},
		},
		Read: func(r *http.Request, body []byte) (providertest.Sent, error) {
			var m struct {
				To               []string
				From, Body, Type string
				Report           string `json:"delivery_report"`
				Expire           string `json:"expire_at"`
			}
			if err := json.Unmarshal(body, &m); err != nil {
				return providertest.Sent{}, err
			}
			if r.URL.Path != "/"+plan+"/batches" || r.Header.Get("Authorization") != "Bearer "+token ||
				m.From != ours || m.Type != "mt_text" || m.Report != "per_recipient" || len(m.To) != 1 {
				return providertest.Sent{}, fmt.Errorf("path %s, from %s, type %s", r.URL.Path, m.From, m.Type)
			}
			s := providertest.Sent{To: m.To[0], Text: m.Body}
			if m.Expire != "" {
				at, err := time.Parse(time.RFC3339, m.Expire)
				if err != nil || at.Sub(now()) > 72*time.Hour {
					return s, fmt.Errorf("expire_at %s: %w", m.Expire, err)
				}
				s.TTL = at.Sub(now())
			}
			return s, nil
		},
		HasTTL: true, Secrets: []string{token, secret},
	}
}

func TestProvider(t *testing.T) {
	t.Parallel()
	providertest.Run(t, func(t *testing.T, baseURL string, client *http.Client) provider.Provider {
		return adapter(t, func(c *sinch.Config) { c.BaseURL, c.HTTPClient = baseURL, client })
	}, fixtures())
}

func TestWebhook(t *testing.T) {
	t.Parallel()
	someone := recipient.MustParse("+" + person)
	full := object{"type": "delivery_report_sms", "batch_id": "b1", "client_reference": "attempt-9", "statuses": []object{
		{"code": 0, "status": "Delivered", "count": 1, "recipients": []string{person}},
		{"code": 15, "status": "Failed", "count": 1, "recipients": []string{"14155550124"}},
		{"code": 400, "status": "Queued", "count": 3},
	}}
	providertest.RunWebhook(t, func(t *testing.T) provider.Webhook { return adapter(t) }, providertest.WebhookFixtures{
		Sign: signed, SignatureHeader: "X-Sinch-Webhook-Signature", Secrets: []string{token, secret},
		Valid: []providertest.Delivery{
			{Name: "inbound", Request: post(inbound(nil)), Events: []provider.Event{{Inbound: &provider.Inbound{
				ID: "01J1", From: someone, To: ours, Text: "Is my visit still on Tuesday? é 😀 &", Sent: time.Date(2026, 11, 25, 1, 29, 56, 0, time.UTC),
			}}}},
			{Name: "delivered", Request: post(report("Delivered", 0)), Events: []provider.Event{{Status: &provider.Status{
				Ref: "attempt-9", ID: "b1", To: someone, State: provider.Delivered,
			}}}},
			{Name: "full report", Request: post(full), Events: []provider.Event{
				{Status: &provider.Status{Ref: "attempt-9", ID: "b1", To: someone, State: provider.Delivered}},
				{Status: &provider.Status{
					Ref: "attempt-9", ID: "b1", To: recipient.MustParse("+14155550124"), State: provider.Failed, Kind: provider.Filtered, Code: "15",
				}},
			}},
			{Name: "media", Request: post(object{"type": "mo_media", "body": object{"subject": "x"}, "to": ours})},
			{Name: "the Conversation API", Request: post(object{"app_id": "x", "message_delivery_report": object{"status": "DELIVERED"}})},
		},
		Foreign: []providertest.Foreign{{Name: "number", Request: post(inbound(object{"to": "14155550198"})), Status: 403}},
	})
}

func TestSignatureCoversNonceAndTime(t *testing.T) {
	t.Parallel()
	for _, header := range []string{"Nonce", "Timestamp", "Algorithm"} {
		for _, value := range []string{"", "other"} {
			q := signed(post(inbound(nil)))
			q.Header.Set("X-Sinch-Webhook-Signature-"+header, value)
			ok := header == "Algorithm" && value == "" // the only one that may be left out
			require.Equal(t, ok, adapter(t).Verify(request(q), []byte(q.Body)) == nil, header+value)
		}
	}
}

func TestNewNamesWhatIsMissing(t *testing.T) {
	t.Parallel()
	for field, change := range map[string]func(*sinch.Config){
		"ServicePlanID": func(c *sinch.Config) { c.ServicePlanID = "" },
		"APIToken":      func(c *sinch.Config) { c.APIToken = "" },
		"WebhookSecret": func(c *sinch.Config) { c.WebhookSecret = "" },
		"From":          func(c *sinch.Config) { c.From = "" },
		"PublicURL":     func(c *sinch.Config) { c.PublicURL = "x" },
	} {
		c := config()
		change(&c)
		_, err := sinch.New(c)
		e, ok := errors.AsType[*provider.ConfigError](err)
		require.True(t, ok, field)
		require.Equal(t, "sinch."+field, e.Adapter+"."+e.Field)
	}
}

func TestNothingShowsASecret(t *testing.T) {
	t.Parallel()
	c, a := config(), adapter(t)
	for _, v := range []any{c, &c, a, *a} {
		b, err := json.Marshal(v)
		require.NoError(t, err)
		shown := string(b) + fmt.Sprintf("%v %+v %#v %q %x", v, v, v, v, v)
		require.NotContains(t, shown, token)
		require.NotContains(t, shown, secret)
	}
}

func TestStatuses(t *testing.T) {
	t.Parallel()
	tests := []struct {
		status string
		code   int
		state  provider.State
		kind   provider.Kind
	}{
		{"Queued", 400, provider.Queued, 0},
		{"Dispatched", 401, provider.Sent, 0},
		{"Unknown", 0, provider.Sent, 0},
		{"Expired", 406, provider.Undelivered, provider.Unknown},
		{"Deleted", 0, provider.Undelivered, provider.Unknown},
		{"Failed", 300, provider.Failed, provider.BadRecipient},
		{"Aborted", 412, provider.Failed, provider.Refused},
		{"Cancelled", 407, provider.Failed, provider.Refused},
		{"Rejected", 62, provider.Failed, provider.Filtered},
		{"Failed", 64, provider.Failed, provider.Throttled},
	}
	for _, tt := range tests {
		s := parse(t, adapter(t), report(tt.status, tt.code))[0].Status
		require.Equal(t, tt.state, s.State, tt)
		require.Equal(t, tt.kind, s.Kind, tt)
	}
	require.Empty(t, parse(t, adapter(t), report("Teleported", 0)))
}

func TestInbound(t *testing.T) {
	t.Parallel()
	late := parse(t, adapter(t), inbound(object{"sent_at": nil}))[0].Inbound
	require.Equal(t, time.Date(2026, 11, 25, 1, 29, 57, 5e8, time.UTC), late.Sent)
	require.Empty(t, parse(t, adapter(t), inbound(object{"from": "12345"})))
	stop := inbound(object{"body": "STOP"})
	require.Equal(t, provider.RepliedNo, parse(t, adapter(t), stop)[0].Inbound.Replied)
	on := adapter(t, func(c *sinch.Config) { c.Handling = provider.HandlingOn })
	require.Equal(t, provider.RepliedMaybe, parse(t, on, stop)[0].Inbound.Replied)
}

func FuzzParse(f *testing.F) {
	f.Add(post(inbound(nil)).Body)
	f.Add(post(report("Failed", 15)).Body)
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
		w.WriteHeader(http.StatusCreated)
		_, _ = io.WriteString(w, `{"id": "01FC66621XXXXX119Z8PMV1QPQ"}`)
	}))
	defer server.Close()

	c := config() // service plan, token, webhook secret and sender
	c.BaseURL = server.URL
	sms, err := sinch.New(c)
	if err != nil {
		fmt.Println(err)
		return
	}
	r, err := sms.Send(context.Background(), provider.Message{
		To: recipient.MustParse("+14155550100"), Text: "Acme: your visit is booked.", Ref: "attempt-1",
	})
	fmt.Println(r.ID, err)
	// Output: 01FC66621XXXXX119Z8PMV1QPQ <nil>
}
