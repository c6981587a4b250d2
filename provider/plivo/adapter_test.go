package plivo_test

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

	"github.com/stretchr/testify/require"

	"github.com/carewire/carewire/provider"
	"github.com/carewire/carewire/provider/plivo"
	"github.com/carewire/carewire/provider/providertest"
	"github.com/carewire/carewire/recipient"
)

func TestNewNamesWhatIsMissing(t *testing.T) {
	t.Parallel()
	for field, change := range map[string]func(*plivo.Config){
		"AuthID":    func(c *plivo.Config) { c.AuthID = "" },
		"AuthToken": func(c *plivo.Config) { c.AuthToken = "" },
		"From":      func(c *plivo.Config) { c.From = "" },
		"PublicURL": func(c *plivo.Config) { c.PublicURL = "" },
		"BaseURL":   func(c *plivo.Config) { c.BaseURL = "x" },
		"Sender":    func(c *plivo.Config) { c.Sender = 8 },
	} {
		c := config()
		change(&c)
		_, err := plivo.New(c)
		e, ok := errors.AsType[*provider.ConfigError](err)
		require.True(t, ok, field)
		require.Equal(t, "plivo."+field, e.Adapter+"."+e.Field)
	}
}

func TestNothingShowsASecret(t *testing.T) {
	t.Parallel()
	c, a := config(), adapter(t)
	for _, v := range []any{c, &c, a, *a} {
		b, err := json.Marshal(v)
		require.NoError(t, err)
		require.NotContains(t, string(b)+fmt.Sprintf("%v %+v %#v %q %x", v, v, v, v, v), token)
	}
}

func TestSignature(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name, public, query, body, base string
		get, refused                    bool
	}{
		{name: "no query", body: "b=2&a=1", base: public + "?a1b2"},
		{name: "query and form", query: "?d=4&c=3", body: "b=2&a=1", base: public + "?c=3&d=4.a1b2"},
		{name: "query alone", query: "?d=4&c=3", base: public + "?c=3&d=4"},
		{name: "nothing", base: public},
		{name: "GET", get: true, query: "?d=4&c=x+y%26", base: public + "?c=x y&&d=4"},
		{name: "values of the query as they stand", query: "?c=x%20y", body: "a=1", base: public + "?c=x%20y.a1"},
		{name: "repeated keys", query: "?c=2&c=1", body: "a=9&a=8", base: public + "?c=1&c=2.a8a9"},
		{name: "empty values", query: "?c=", body: "a=", base: public + "?c=.a"},
		{name: "Unicode", body: "a=%C3%A9%F0%9F%98%80", base: public + "?aé😀"},
		{name: "user information is signed", public: "https://u:p@acme.example/plivo", body: "a=1", base: "https://u:p@acme.example/plivo?a1"},
		{name: "user information is not signed", public: "https://u:p@acme.example/plivo", body: "a=1", base: "https://acme.example/plivo?a1"},
		{name: "the port is part of it", public: "https://acme.example:8443/plivo", body: "a=1", base: "https://acme.example:8443/plivo?a1"},
		{name: "escapes of the path", public: "https://acme.example/pl%20ivo", body: "a=1", base: "https://acme.example/pl ivo?a1"},
		{name: "the fragment is not", public: public + "#x", body: "a=1", base: public + "?a1"},
		{name: "query of the public URL that a proxy took away", public: public + "?k=1", body: "a=1", base: public + "?k=1.a1"},
		{name: "another host", body: "a=1", base: "https://evil.example/plivo?a1", refused: true},
		{name: "the URL alone, as version 2 has it", body: "a=1", base: public, refused: true},
		{name: "another query", query: "?k=2", body: "a=1", base: public + "?k=1.a1", refused: true},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			a := adapter(t, func(c *plivo.Config) {
				if tt.public != "" {
					c.PublicURL = tt.public
				}
			})
			q := providertest.Request{URL: "/plivo" + tt.query, Header: http.Header{}, Body: tt.body}
			if tt.get {
				q.Method = http.MethodGet
			}
			q.Header.Set("X-Plivo-Signature-V3", "AAAA, "+mac(tt.base)+",BBBB")
			q.Header.Set("X-Plivo-Signature-V3-Nonce", nonce)
			err := a.Verify(request(q), []byte(tt.body))
			require.Equal(t, tt.refused, err != nil, "%v", err)
		})
	}
}

func TestVersion2IsNotAccepted(t *testing.T) {
	t.Parallel()
	q := post(inbound(nil), "")
	q.Header.Set("X-Plivo-Signature-V2", mac(public))
	q.Header.Set("X-Plivo-Signature-V2-Nonce", nonce)
	require.Error(t, adapter(t).Verify(request(q), []byte(q.Body)))
}

func TestWhoAnswers(t *testing.T) {
	t.Parallel()
	on := func(*plivo.Config) {}
	off := func(c *plivo.Config) { c.Handling = provider.HandlingOff }
	short := func(c *plivo.Config) { c.Sender = provider.ShortCode }
	shortOn := func(c *plivo.Config) { short(c); c.Handling = provider.HandlingOn }
	freeOff := func(c *plivo.Config) { off(c); c.Sender = provider.TollFree }
	tests := []struct {
		text, intent string
		change       func(*plivo.Config)
		want         provider.Replied
		flag         provider.Flag
	}{
		{"Stop \n", "", on, provider.RepliedYes, 0},
		{"STOP", "optout", on, provider.RepliedYes, provider.FlagStop},
		{"enough", "optout", on, provider.RepliedYes, provider.FlagStop},
		{"enough", "optout", off, provider.RepliedNo, provider.FlagStop},
		{"START", "optin", on, provider.RepliedYes, provider.FlagStart},
		{"HELP", "help", on, provider.RepliedMaybe, provider.FlagHelp},
		{"cancel", "", on, provider.RepliedMaybe, 0},
		{"revoke", "", on, provider.RepliedNo, 0},
		{"STOP", "", off, provider.RepliedNo, 0},
		{"STOP", "", freeOff, provider.RepliedYes, 0},
		{"STOP", "", short, provider.RepliedNo, 0},
		{"STOP", "", shortOn, provider.RepliedYes, 0},
	}
	for _, tt := range tests {
		in := parse(t, adapter(t, tt.change), post(inbound(url.Values{"Text": {tt.text}, "MessageIntent": {tt.intent}}), ""))[0].Inbound
		require.Equal(t, tt.want, in.Replied, "%+v", tt.text)
		require.Equal(t, tt.flag, in.Flag, tt.text)
	}
}

func TestStatuses(t *testing.T) {
	t.Parallel()
	tests := []struct {
		status, code string
		state        provider.State
		kind         provider.Kind
	}{
		{"queued", "", provider.Queued, 0},
		{"sent", "000", provider.Sent, 0},
		{"read", "000", provider.Delivered, 0},
		{"undelivered", "080", provider.Undelivered, provider.Unknown},
		{"undelivered", "050", provider.Undelivered, provider.BadRecipient},
		{"failed", "30", provider.Failed, provider.Filtered},
		{"rejected", "900", provider.Failed, provider.Refused},
		{"failed", "12345", provider.Failed, provider.Unknown},
	}
	for _, tt := range tests {
		s := parse(t, adapter(t), post(report(tt.status, tt.code), ""))[0].Status
		require.Equal(t, tt.state, s.State, tt)
		require.Equal(t, tt.kind, s.Kind, tt)
	}
	require.Empty(t, parse(t, adapter(t), post(report("teleported", ""), "")))
	require.Empty(t, parse(t, adapter(t), post(inbound(url.Values{"From": {"12345"}}), "")), "from a short code")
	pack := func(c *plivo.Config) { c.From, c.PowerpackUUID = "", "p1" }
	require.Len(t, parse(t, adapter(t, pack), post(inbound(url.Values{"PowerpackUUID": {"p1"}}), "")), 1)
}

func FuzzParse(f *testing.F) {
	f.Add(inbound(nil).Encode(), "")
	f.Add(report("failed", "200").Encode(), "carewire-ref=7")
	a := adapter(f)
	f.Fuzz(func(t *testing.T, body, query string) {
		r := httptest.NewRequest(http.MethodPost, "/", http.NoBody)
		r.URL.RawQuery = query
		q := signed(providertest.Request{URL: "/?" + query, Body: body})
		r.Header = q.Header
		events, err := a.Parse(r, []byte(body))
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
		_, _ = io.WriteString(w, `{"message_uuid": ["db3ce55a"], "api_id": "db342550"}`)
	}))
	defer server.Close()

	sms, err := plivo.New(plivo.Config{
		AuthID: authID, AuthToken: token, From: "+14155550199", PublicURL: "https://acme.example/plivo", BaseURL: server.URL,
	})
	if err != nil {
		fmt.Println(err)
		return
	}
	r, err := sms.Send(context.Background(), provider.Message{
		To: recipient.MustParse("+14155550100"), Text: "Acme: your visit is booked.", Ref: "attempt-1",
	})
	fmt.Println(r.ID, err)
	// Output: db3ce55a <nil>
}
