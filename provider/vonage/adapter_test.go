package vonage_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/carewire/carewire/provider"
	"github.com/carewire/carewire/provider/providertest"
	"github.com/carewire/carewire/provider/vonage"
	"github.com/carewire/carewire/recipient"
)

func TestNewNamesWhatIsMissing(t *testing.T) {
	t.Parallel()
	tests := []struct {
		field  string
		change func(*vonage.Config)
	}{
		{"ApplicationID", func(c *vonage.Config) { c.ApplicationID = "" }},
		{"PrivateKey", func(c *vonage.Config) { c.PrivateKey = nil }},
		{"PrivateKey", func(c *vonage.Config) { c.PrivateKey = []byte("x") }},
		{"Secrets", func(c *vonage.Config) { c.Secrets = nil }},
		{"Secrets", func(c *vonage.Config) { c.Secrets = map[string]string{"k": ""} }},
		{"From", func(c *vonage.Config) { c.From = "" }},
		{"PublicURL", func(c *vonage.Config) { c.PublicURL = "x" }},
		{"MaxAge", func(c *vonage.Config) { c.MaxAge = -1 }},
	}
	for _, tt := range tests {
		c := config()
		tt.change(&c)
		_, err := vonage.New(c)
		e, ok := errors.AsType[*provider.ConfigError](err)
		require.True(t, ok, tt.field)
		require.Equal(t, "vonage."+tt.field, e.Adapter+"."+e.Field)
	}
}

func TestNothingShowsASecret(t *testing.T) {
	t.Parallel()
	c, a := config(), adapter(t)
	inner := strings.Split(string(keyPEM()), "\n")[3]
	for _, v := range []any{c, &c, a, *a} {
		b, err := json.Marshal(v)
		require.NoError(t, err)
		shown := string(b) + fmt.Sprintf("%v %+v %#v %q %x", v, v, v, v, v)
		require.NotContains(t, shown, secret)
		require.NotContains(t, shown, inner)
	}
}

func TestToken(t *testing.T) {
	t.Parallel()
	const body = `{"channel":"sms"}`
	rs256 := func() string { // the attack of signing with HS256 what says RS256
		return token(`{"typ":"JWT","alg":"RS256"}`, claims(body, nil), secret)
	}
	good := token(hs256, claims(body, nil), secret)
	parts := strings.Split(good, ".")
	tests := []struct {
		name, authorization string
		status              int // 0 = accepted
	}{
		{"right", "Bearer " + good, 0},
		{"the scheme in lower case", "bearer  " + good, 0},
		{"no api_key, one secret", "Bearer " + token(hs256, claims(body, object{"api_key": nil}), secret), 0},
		{"upper-case hash", "Bearer " + token(hs256, claims(body, object{"payload_hash": strings.ToUpper(claims(body, nil)["payload_hash"].(string))}), secret), 0},
		{"another secret", "Bearer " + token(hs256, claims(body, nil), "other"), 401},
		{"no hash", "Bearer " + token(hs256, claims(body, object{"payload_hash": nil}), secret), 401},
		{"the hash of another body", "Bearer " + token(hs256, claims("x", nil), secret), 401},
		{"alg none", "Bearer " + token(`{"alg":"none"}`, claims(body, nil), secret), 401},
		{"alg none without signature", "Bearer " + parts[0] + "." + parts[1] + ".", 401},
		{"alg HS512", "Bearer " + token(`{"alg":"HS512"}`, claims(body, nil), secret), 401},
		{"alg RS256", "Bearer " + rs256(), 401},
		{"two parts", "Bearer " + parts[0] + "." + parts[1], 401},
		{"no iat", "Bearer " + token(hs256, claims(body, object{"iat": nil}), secret), 401},
		{"not a token", "Bearer x", 401},
		{"nothing", "", 503},
		{"no token", "Bearer ", 503},
		{"Basic", "Basic " + good, 503},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			r := httptest.NewRequest(http.MethodPost, "/", http.NoBody)
			r.Header.Set("Authorization", tt.authorization)
			err := adapter(t).Verify(r, []byte(body))
			if tt.status == 0 {
				require.NoError(t, err)
				return
			}
			e, ok := errors.AsType[*provider.WebhookError](err)
			require.True(t, ok, "%v", err)
			require.Equal(t, tt.status, e.Status)
		})
	}
}

func TestTheAPIKeyChoosesTheSecret(t *testing.T) {
	t.Parallel()
	a := adapter(t, func(c *vonage.Config) { c.Secrets["sub"] = "secret-of-the-subaccount" })
	q := post(inbound(nil))
	require.NoError(t, a.Verify(request(with(q, token(hs256, claims(q.Body, object{"api_key": "sub"}), "secret-of-the-subaccount"))), []byte(q.Body)))
	require.Error(t, a.Verify(request(with(q, token(hs256, claims(q.Body, object{"api_key": "sub"}), secret))), []byte(q.Body)))
	require.Error(t, a.Verify(request(with(q, token(hs256, claims(q.Body, object{"api_key": nil}), secret))), []byte(q.Body)))
}

func TestAge(t *testing.T) {
	t.Parallel()
	a := adapter(t, func(c *vonage.Config) { c.MaxAge = 24 * time.Hour })
	for d, ok := range map[time.Duration]bool{0: true, -24 * time.Hour: true, 24*time.Hour + time.Second: false, -25 * time.Hour: false} {
		q := post(inbound(nil))
		q = with(q, token(hs256, claims(q.Body, object{"iat": now().Add(d).Unix()}), secret))
		require.Equal(t, ok, a.Verify(request(q), []byte(q.Body)) == nil, d)
	}
}

func TestStatuses(t *testing.T) {
	t.Parallel()
	tests := []struct {
		status, code string
		state        provider.State
		kind         provider.Kind
	}{
		{"submitted", "", provider.Sent, 0},
		{"delivered", "1000", provider.Delivered, 0},
		{"undeliverable", "1180", provider.Undelivered, provider.Unknown},
		{"undeliverable", "1190", provider.Undelivered, provider.BadRecipient},
		{"rejected", "1280", provider.Failed, provider.Filtered},
		{"rejected", "1241", provider.Failed, provider.Unknown},
	}
	for _, tt := range tests {
		s := parse(t, adapter(t), status(tt.status, object{"title": tt.code}))[0].Status
		require.Equal(t, tt.state, s.State, tt)
		require.Equal(t, tt.kind, s.Kind, tt)
	}
	require.Empty(t, parse(t, adapter(t), status("teleported", nil)))
	require.Empty(t, parse(t, adapter(t), inbound(object{"from": "12345"})))
	require.True(t, parse(t, adapter(t), inbound(object{"timestamp": "yesterday"}))[0].Inbound.Sent.IsZero())
}

func TestWhoAnswers(t *testing.T) {
	t.Parallel()
	on := func(c *vonage.Config) { c.Handling = provider.HandlingOn }
	free := func(c *vonage.Config) { c.Sender = provider.TollFree }
	for _, tt := range []struct {
		text   string
		change func(*vonage.Config)
		want   provider.Replied
	}{
		{"STOP", func(*vonage.Config) {}, provider.RepliedNo},
		{"STOP", on, provider.RepliedMaybe},
		{"see you", on, provider.RepliedNo},
		{"STOP", free, provider.RepliedYes},
	} {
		require.Equal(t, tt.want, parse(t, adapter(t, tt.change), inbound(object{"text": tt.text}))[0].Inbound.Replied, tt.text)
	}
}

func FuzzParse(f *testing.F) {
	f.Add(post(inbound(nil)).Body, "")
	f.Add(post(status("rejected", object{"title": "1240"})).Body, "a.b.c")
	a := adapter(f)
	f.Fuzz(func(t *testing.T, body, tok string) {
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
		if strings.Count(tok, ".") > 0 && a.Verify(request(with(q, tok)), []byte(body)) == nil && !strings.HasSuffix(q.Header.Get("Authorization"), tok) {
			t.Fatal("a token from nowhere is accepted")
		}
	})
}

func Example() {
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.WriteHeader(http.StatusAccepted)
		_, _ = io.WriteString(w, `{"message_uuid": "aaaaaaaa-bbbb-4ccc-8ddd-0123456789ab"}`)
	}))
	defer server.Close()

	c := config() // application, private key, signature secrets and sender
	c.BaseURL = server.URL
	sms, err := vonage.New(c)
	if err != nil {
		fmt.Println(err)
		return
	}
	r, err := sms.Send(context.Background(), provider.Message{
		To: recipient.MustParse("+14155550100"), Text: "Acme: your visit is booked.", Ref: "attempt-1",
	})
	fmt.Println(r.ID, err)
	// Output: aaaaaaaa-bbbb-4ccc-8ddd-0123456789ab <nil>
}
