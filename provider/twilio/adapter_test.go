package twilio_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/carewire/carewire/provider"
	"github.com/carewire/carewire/provider/twilio"
	"github.com/carewire/carewire/recipient"
)

func TestNewNamesWhatIsMissing(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name   string
		change func(*twilio.Config)
		field  string
	}{
		{"account", func(c *twilio.Config) { c.AccountSID = "" }, "AccountSID"},
		{"token", func(c *twilio.Config) { c.AuthToken = " " }, "AuthToken"},
		{"sender", func(c *twilio.Config) { c.From = "" }, "From"},
		{"key without secret", func(c *twilio.Config) { c.KeySID = "SK1" }, "KeySecret"},
		{"secret without key", func(c *twilio.Config) { c.KeySecret = "x" }, "KeySID"},
		{"public URL", func(c *twilio.Config) { c.PublicURL = "" }, "PublicURL"},
		{"public URL without scheme", func(c *twilio.Config) { c.PublicURL = "acme.example/sms" }, "PublicURL"},
		{"base URL", func(c *twilio.Config) { c.BaseURL = "ftp://x" }, "BaseURL"},
		{"sender kind", func(c *twilio.Config) { c.Sender = 9 }, "Sender"},
		{"handling", func(c *twilio.Config) { c.Handling = 9 }, "Handling"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			c := config()
			tt.change(&c)
			_, err := twilio.New(c)
			e, ok := errors.AsType[*provider.ConfigError](err)
			require.True(t, ok, "%v", err)
			require.Equal(t, tt.field, e.Field)
			require.Equal(t, "twilio", e.Adapter)
		})
	}
}

func TestNothingShowsASecret(t *testing.T) {
	t.Parallel()
	c := config()
	c.KeySID, c.KeySecret = "SK1", "key-secret-of-the-tests"
	a, err := twilio.New(c)
	require.NoError(t, err)
	c.HTTPClient = nil
	for _, v := range []any{c, &c, a, *a} {
		b, err := json.Marshal(v)
		require.NoError(t, err)
		for _, shown := range []string{string(b), fmt.Sprint(v), fmt.Sprintf("%+v %#v %q %x", v, v, v, v)} {
			require.NotContains(t, shown, token)
			require.NotContains(t, shown, c.KeySecret)
		}
	}
}

func TestSendWithKeyAndService(t *testing.T) {
	t.Parallel()
	var got url.Values
	var user, pass string
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		user, pass, _ = r.BasicAuth()
		b, _ := io.ReadAll(r.Body)
		got, _ = url.ParseQuery(string(b))
		w.WriteHeader(http.StatusCreated)
		_, _ = io.WriteString(w, `{"sid": "SM1", "from": null, "num_segments": "0", "status": "accepted"}`)
	}))
	defer s.Close()
	a := adapter(t, func(c *twilio.Config) {
		c.KeySID, c.KeySecret, c.From, c.MessagingServiceSID = "SK1", "secret", "", "MG01"
		c.BaseURL, c.PublicURL = s.URL, public+"?k=1#rc=5&rp=all"
	})
	r, err := a.Send(t.Context(), provider.Message{To: recipient.MustParse(person), Text: "Hi", Ref: "a b", TTL: 10 * minute})
	require.NoError(t, err)
	require.Equal(t, provider.Receipt{ID: "SM1"}, r)
	require.Equal(t, []string{"SK1", "secret"}, []string{user, pass})
	require.Equal(t, url.Values{
		"To": {person}, "Body": {"Hi"}, "MessagingServiceSid": {"MG01"}, "ValidityPeriod": {"600"},
		"StatusCallback": {public + "?k=1&carewire-ref=a+b#rc=5&rp=all"},
	}, got, "no sender of its own, and nothing is scheduled")
}

func FuzzParse(f *testing.F) {
	f.Add(inbound(nil).Encode(), "", form)
	f.Add(status(nil).Encode(), "carewire-ref=7", form)
	f.Add(`{"a":1}`, "bodySHA256=00", "application/json")
	a := adapter(f)
	f.Fuzz(func(t *testing.T, body, query, contentType string) {
		r := httptest.NewRequest(http.MethodPost, "/sms", http.NoBody)
		r.URL.RawQuery = query
		r.Header.Set("Content-Type", contentType)
		params, err := url.ParseQuery(body)
		if err != nil {
			params = nil
		}
		u := public
		if query != "" {
			u += "?" + query
		}
		r.Header.Set("X-Twilio-Signature", sign(token, u, params))
		events, err := a.Parse(r, []byte(body))
		if err != nil && len(events) > 0 {
			t.Fatal("events and an error")
		}
		for _, e := range events {
			if (e.Inbound == nil) == (e.Status == nil) {
				t.Fatal("an event is one of the two")
			}
			if e.Inbound != nil && (e.Inbound.From.IsZero() || e.Inbound.ID == "") {
				t.Fatal("a message without sender or id")
			}
		}
	})
}

// BenchmarkParse reads a webhook, signature included, and reports its time as a
// multiple of the least that has to be done: reading the form and one HMAC.
func BenchmarkParse(b *testing.B) {
	q := signed(post(inbound(nil), "?carewire-ref=attempt-9"))
	a, r := adapter(b), request(q)
	const rounds = 500
	start := time.Now()
	for range rounds {
		f, err := url.ParseQuery(q.Body)
		if err != nil || sign(token, public+"?carewire-ref=attempt-9", f) != r.Header.Get("X-Twilio-Signature") {
			b.Fatal("the baseline does not verify", err)
		}
	}
	least := float64(time.Since(start).Nanoseconds()) / rounds
	b.ReportAllocs()
	for b.Loop() {
		if events, err := a.Parse(r, []byte(q.Body)); err != nil || len(events) != 1 {
			b.Fatal(err)
		}
	}
	b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N)/least, "x-plain")
}

func Example() {
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.WriteHeader(http.StatusBadRequest) // what Twilio answers for a person who has said STOP
		_, _ = io.WriteString(w, `{"code": 21610, "status": 400}`)
	}))
	defer server.Close()

	sms, err := twilio.New(twilio.Config{
		AccountSID: account, AuthToken: token, From: "+14155550199",
		PublicURL: "https://acme.example/sms#rc=5&rp=all", BaseURL: server.URL,
	})
	if err != nil {
		fmt.Println(err)
		return
	}
	_, err = sms.Send(context.Background(), provider.Message{
		To: recipient.MustParse("+14155550100"), Text: "Acme: your visit is booked.", Ref: "attempt-1",
	})
	fmt.Println(err)
	// Output: provider: opted out (code 21610)
}
