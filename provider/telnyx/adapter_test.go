package telnyx_test

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
	"github.com/carewire/carewire/provider/providertest"
	"github.com/carewire/carewire/provider/telnyx"
	"github.com/carewire/carewire/recipient"
)

func TestNewNamesWhatIsMissing(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name   string
		change func(*telnyx.Config)
		field  string
	}{
		{"key", func(c *telnyx.Config) { c.APIKey = "" }, "APIKey"},
		{"public key", func(c *telnyx.Config) { c.PublicKey = "" }, "PublicKey"},
		{"short public key", func(c *telnyx.Config) { c.PublicKey = "AAAA" }, "PublicKey"},
		{"sender", func(c *telnyx.Config) { c.From = "" }, "From"},
		{"public URL", func(c *telnyx.Config) { c.PublicURL = "/telnyx" }, "PublicURL"},
		{"handling", func(c *telnyx.Config) { c.Handling = 7 }, "Handling"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			c := config()
			tt.change(&c)
			_, err := telnyx.New(c)
			e, ok := errors.AsType[*provider.ConfigError](err)
			require.True(t, ok, "%v", err)
			require.Equal(t, "telnyx."+tt.field, e.Adapter+"."+e.Field)
		})
	}
}

func TestNothingShowsASecret(t *testing.T) {
	t.Parallel()
	c, a := config(), adapter(t)
	for _, v := range []any{c, &c, a, *a} {
		b, err := json.Marshal(v)
		require.NoError(t, err)
		require.NotContains(t, string(b)+fmt.Sprintf("%v %+v %#v %q %x", v, v, v, v, v), apiKey)
	}
}

func TestAge(t *testing.T) {
	t.Parallel()
	for seconds, ok := range map[int]bool{0: true, 300: true, -300: true, 301: false, -301: false} {
		q := signedAt(event("message.received", inbound(nil)), now().Add(time.Duration(seconds)*time.Second))
		err := adapter(t).Verify(request(q), []byte(q.Body))
		require.Equal(t, ok, err == nil, "%d seconds: %v", seconds, err)
	}
	q := signed(event("message.received", inbound(nil)))
	q.Header.Del("Telnyx-Timestamp")
	require.Error(t, adapter(t).Verify(request(q), []byte(q.Body)), "no time")
}

// TestOptedOutInAWebhook keeps the rule about code 40300: Telnyx's own pages
// disagree about what it means in a webhook.
func TestOptedOutInAWebhook(t *testing.T) {
	t.Parallel()
	tests := []struct {
		title, detail string
		want          provider.Kind
	}{
		{"Blocked due to STOP message", "", provider.OptedOut},
		{"Blocked", "messages cannot be sent due to an existing block rule", provider.OptedOut},
		{"Blocked", `the user replied "stop".`, provider.OptedOut},
		{"Unreachable", "the handset is not reachable", provider.Refused},
		{"Stopped", "an unstoppable nonstop message", provider.Refused},
		{"", "", provider.Refused},
	}
	for _, tt := range tests {
		q := event("message.finalized", outbound("delivery_failed", object{"code": "40300", "title": tt.title, "detail": tt.detail}))
		events := parse(t, adapter(t), q)
		require.Len(t, events, 1)
		require.Equal(t, tt.want, events[0].Status.Kind, tt.title)
		require.Equal(t, "40300", events[0].Status.Code)
	}
}

func TestStates(t *testing.T) {
	t.Parallel()
	for name, want := range map[string]provider.State{
		"queued": provider.Queued, "sending": provider.Queued, "sent": provider.Sent, "delivery_unconfirmed": provider.Sent,
		"delivered": provider.Delivered, "delivery_failed": provider.Undelivered, "sending_failed": provider.Failed,
		"expired": provider.Failed, "webhook_delivered": 0,
	} {
		events := parse(t, adapter(t), event("message.sent", outbound(name)))
		if want == 0 {
			require.Empty(t, events, name)
			continue
		}
		require.Len(t, events, 1, name)
		require.Equal(t, want, events[0].Status.State, name)
	}
}

func TestTheRefMayStandInTheRequest(t *testing.T) {
	t.Parallel()
	p := outbound("delivered")
	delete(p, "webhook_url")
	q := event("message.finalized", p)
	q.URL += "?carewire-ref=attempt-7"
	require.Equal(t, "attempt-7", parse(t, adapter(t), q)[0].Status.Ref)
}

func TestWhoAnswers(t *testing.T) {
	t.Parallel()
	off := func(c *telnyx.Config) { c.Handling = provider.HandlingOff }
	on := func(*telnyx.Config) {}
	short := func(c *telnyx.Config) { off(c); c.Sender = provider.ShortCode }
	free := func(c *telnyx.Config) { off(c); c.Sender = provider.TollFree }
	tests := []struct {
		text   string
		change func(*telnyx.Config)
		want   provider.Replied
	}{
		{"Stop All", on, provider.RepliedYes},
		{"unstop", on, provider.RepliedYes},
		{"HELP", on, provider.RepliedMaybe},
		{"revoke", on, provider.RepliedNo},
		{"stop!", on, provider.RepliedMaybe},
		{"STOP", off, provider.RepliedNo},
		{"STOP", short, provider.RepliedYes},
		{"STOP", free, provider.RepliedYes},
		{"quit", free, provider.RepliedNo},
	}
	for _, tt := range tests {
		events := parse(t, adapter(t, tt.change), event("message.received", inbound(object{"text": tt.text})))
		require.Equal(t, tt.want, events[0].Inbound.Replied, tt.text)
	}
	for name, want := range map[string]provider.Flag{"STOP": provider.FlagStop, "START": provider.FlagStart, "HELP": provider.FlagHelp} {
		in := parse(t, adapter(t, off), event("message.received", inbound(object{"autoresponse_type": name})))[0].Inbound
		require.Equal(t, want, in.Flag)
		require.Equal(t, provider.RepliedYes, in.Replied)
	}
}

func FuzzParse(f *testing.F) {
	f.Add(event("message.received", inbound(nil)).Body)
	f.Add(event("message.finalized", outbound("delivery_failed", object{"code": "40300"})).Body)
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
		_, _ = io.WriteString(w, `{"data": {"id": "40385f64", "parts": 1, "from": {"phone_number": "+14155550199"}}}`)
	}))
	defer server.Close()

	c := config() // API key, public key, sender and public URL
	c.BaseURL = server.URL
	sms, err := telnyx.New(c)
	if err != nil {
		fmt.Println(err)
		return
	}
	r, err := sms.Send(context.Background(), provider.Message{
		To: recipient.MustParse("+14155550100"), Text: "Acme: your visit is booked.", Ref: "attempt-1",
	})
	fmt.Println(r.ID, r.Segments, err)
	// Output: 40385f64 1 <nil>
}
