package vonage_test

import (
	"crypto"
	"crypto/rsa"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/carewire/carewire/provider"
	"github.com/carewire/carewire/provider/providertest"
	"github.com/carewire/carewire/provider/vonage"
	"github.com/carewire/carewire/recipient"
)

// checkToken checks the token of a send as Vonage does.
func checkToken(authorization string) error {
	token, ok := strings.CutPrefix(authorization, "Bearer ")
	parts := strings.Split(token, ".")
	if !ok || len(parts) != 3 {
		return errors.New("no token")
	}
	sum := sha256.Sum256([]byte(parts[0] + "." + parts[1]))
	sig, err := base64.RawURLEncoding.DecodeString(parts[2])
	if err != nil {
		return err
	}
	if err := rsa.VerifyPKCS1v15(&key().PublicKey, crypto.SHA256, sum[:], sig); err != nil {
		return err
	}
	b, err := base64.RawURLEncoding.DecodeString(parts[1])
	if err != nil {
		return err
	}
	var c struct {
		App string `json:"application_id"`
		IAT int64  `json:"iat"`
		EXP int64  `json:"exp"`
		JTI string `json:"jti"`
	}
	if err := json.Unmarshal(b, &c); err != nil {
		return err
	}
	if c.App != application || c.IAT != now().Unix() || c.EXP <= c.IAT || c.JTI == "" {
		return fmt.Errorf("claims %s", b)
	}
	return nil
}

func fixtures() providertest.Fixtures {
	refused := func(name string, status int, fragment, code string, kind provider.Kind) providertest.Refused {
		return providertest.Refused{
			Name: name, Kind: kind, Code: code,
			Answer: providertest.Answer{Status: status, Body: fmt.Sprintf(
				`{"type": "https://developer.vonage.com/api-errors/messages%s", "title": "About {{to}}", "detail": "{{text}}", "instance": "bf0ca0bf927b3b52e3cb03217e1a1ddf"}`, fragment)},
		}
	}
	return providertest.Fixtures{
		Accept:  providertest.Answer{Status: 202, Body: `{"message_uuid": "aaaaaaaa-bbbb-4ccc-8ddd-0123456789ab"}`},
		Receipt: provider.Receipt{ID: "aaaaaaaa-bbbb-4ccc-8ddd-0123456789ab"},
		Refusals: []providertest.Refused{
			refused("sender", 422, "#1120", "1120", provider.Refused),
			refused("barred", 422, "#1050", "1050", provider.BadRecipient),
			refused("opted out, if it should ever come at once", 422, "#1240", "1240", provider.OptedOut),
			refused("spam", 422, "#1210", "1210", provider.Filtered),
			refused("a temporary code is definite in a 4xx", 422, "#1230", "1230", provider.Refused),
			refused("credentials", 401, "#unauthorized", "unauthorized", provider.Refused),
			refused("balance", 402, "#low-balance", "low-balance", provider.Refused),
			refused("too many requests", 429, "#1000", "1000", provider.Throttled),
			refused("no code", 404, "", "HTTP 404", provider.Refused),
		},
		Read: func(r *http.Request, body []byte) (providertest.Sent, error) {
			var m struct {
				Type                string `json:"message_type"`
				Channel, From, Text string
				To                  string
				TTL                 int
			}
			if err := json.Unmarshal(body, &m); err != nil {
				return providertest.Sent{}, err
			}
			if r.URL.Path != "/messages" || m.Type != "text" || m.Channel != "sms" || m.From != ours {
				return providertest.Sent{}, fmt.Errorf("path %s, type %s, channel %s, from %s", r.URL.Path, m.Type, m.Channel, m.From)
			}
			return providertest.Sent{To: m.To, Text: m.Text, TTL: time.Duration(m.TTL) * time.Second}, checkToken(r.Header.Get("Authorization"))
		},
		HasTTL: true, Secrets: []string{secret, string(keyPEM())},
	}
}

func TestProvider(t *testing.T) {
	t.Parallel()
	providertest.Run(t, func(t *testing.T, baseURL string, client *http.Client) provider.Provider {
		return adapter(t, func(c *vonage.Config) { c.BaseURL, c.HTTPClient = baseURL, client })
	}, fixtures())
}

func TestWebhook(t *testing.T) {
	t.Parallel()
	someone := recipient.MustParse("+" + person)
	at := func(d time.Duration) providertest.Request {
		q := post(inbound(nil))
		return with(q, token(hs256, claims(q.Body, object{"iat": now().Add(d).Unix()}), secret))
	}
	app := post(inbound(nil))
	app = with(app, token(hs256, claims(app.Body, object{"application_id": "other"}), secret))
	account := post(inbound(nil))
	account = with(account, token(hs256, claims(account.Body, object{"api_key": "other"}), secret))
	providertest.RunWebhook(t, func(t *testing.T) provider.Webhook { return adapter(t) }, providertest.WebhookFixtures{
		Sign: signed, SignatureHeader: "Authorization", UnsignedStatus: 503, Secrets: []string{secret},
		Valid: []providertest.Delivery{
			{Name: "inbound", Request: post(inbound(nil)), Events: []provider.Event{{Inbound: &provider.Inbound{
				ID: "aaaaaaaa-bbbb-4ccc-8ddd-0123456789ab", From: someone, To: ours, Text: "Is my visit still on Tuesday? é 😀 &",
				Sent: time.Date(2026, 11, 25, 1, 29, 57, 0, time.UTC),
			}}}},
			{Name: "delivered", Request: post(status("delivered", nil)), Events: []provider.Event{{Status: &provider.Status{
				Ref: "attempt-9", ID: "bbbbbbbb-bbbb-4ccc-8ddd-0123456789ab", To: someone, State: provider.Delivered,
			}}}},
			{
				Name: "opted out",
				Request: post(status("rejected", object{
					"type": "https://developer.vonage.com/api-errors/messages#1240", "title": "1240", "detail": "opted out",
				})),
				Events: []provider.Event{{Status: &provider.Status{
					Ref: "attempt-9", ID: "bbbbbbbb-bbbb-4ccc-8ddd-0123456789ab", To: someone, State: provider.Failed, Kind: provider.OptedOut, Code: "1240",
				}}},
			},
			{Name: "another channel", Request: post(inbound(object{"channel": "whatsapp"}))},
		},
		Foreign: []providertest.Foreign{
			{Name: "number", Request: post(inbound(object{"to": "14155550198"})), Status: 403},
			{Name: "application", Request: app, Signed: true, Status: 403},
			{Name: "account", Request: account, Signed: true, Status: 401},
			{Name: "old", Request: at(-301 * time.Second), Signed: true, Status: 401},
			{Name: "future", Request: at(301 * time.Second), Signed: true, Status: 401},
		},
	})
}
