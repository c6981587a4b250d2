package plivo_test

import (
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"testing"
	"time"

	"github.com/carewire/carewire/provider"
	"github.com/carewire/carewire/provider/plivo"
	"github.com/carewire/carewire/provider/providertest"
	"github.com/carewire/carewire/recipient"
)

func fixtures() providertest.Fixtures {
	refused := func(name string, status int, kind provider.Kind) providertest.Refused {
		return providertest.Refused{
			Name: name, Kind: kind, Code: fmt.Sprintf("HTTP %d", status),
			Answer: providertest.Answer{Status: status, Body: `{"api_id": "97ceeb52-58b6-11e1-86da-77300b68f8bb", "error": "{{to}} is not a valid number: {{text}}"}`},
		}
	}
	return providertest.Fixtures{
		Accept: providertest.Answer{
			Status: 202, Body: `{"message": "message(s) queued", "message_uuid": ["db3ce55a-7f1d-11e1-8ea7-1231380bc196"], "api_id": "db342550-7f1d-11e1-8ea7-1231380bc196"}`,
		},
		Receipt: provider.Receipt{ID: "db3ce55a-7f1d-11e1-8ea7-1231380bc196"},
		Refusals: []providertest.Refused{
			refused("bad request", 400, provider.Refused),
			refused("authentication", 401, provider.Refused),
			refused("payment", 402, provider.Refused),
			refused("not found", 404, provider.Refused),
			refused("too many requests", 429, provider.Throttled),
			refused("time-out of the server", 408, provider.Unknown),
		},
		Read: func(r *http.Request, body []byte) (providertest.Sent, error) {
			var m struct {
				Src, Dst, Text, Type, URL, Method string
				Expiry                            int `json:"message_expiry"`
			}
			if err := json.Unmarshal(body, &m); err != nil {
				return providertest.Sent{}, err
			}
			user, _, ok := r.BasicAuth()
			if r.URL.Path != "/Account/"+authID+"/Message/" || m.Src != ours || m.Type != "sms" || m.Method != "POST" || !ok || user != authID {
				return providertest.Sent{}, fmt.Errorf("path %s, src %s, type %s", r.URL.Path, m.Src, m.Type)
			}
			return providertest.Sent{To: m.Dst, Text: m.Text, TTL: time.Duration(m.Expiry) * time.Second}, nil
		},
		HasTTL: true, Secrets: []string{token},
	}
}

func TestProvider(t *testing.T) {
	t.Parallel()
	providertest.Run(t, func(t *testing.T, baseURL string, client *http.Client) provider.Provider {
		return adapter(t, func(c *plivo.Config) { c.BaseURL, c.HTTPClient = baseURL, client })
	}, fixtures())
}

func TestWebhook(t *testing.T) {
	t.Parallel()
	someone := recipient.MustParse("+" + person)
	providertest.RunWebhook(t, func(t *testing.T) provider.Webhook { return adapter(t) }, providertest.WebhookFixtures{
		Sign: signed, SignatureHeader: "X-Plivo-Signature-V3", Secrets: []string{token},
		Valid: []providertest.Delivery{
			{Name: "inbound", Request: post(inbound(nil), ""), Events: []provider.Event{{Inbound: &provider.Inbound{
				ID: "u1", From: someone, To: ours, Text: "Is my visit still on Tuesday? é 😀 &",
			}}}},
			{
				Name:    "inbound with media, by GET",
				Request: providertest.Request{Method: http.MethodGet, URL: "/x?" + inbound(url.Values{"Text": nil, "Body": {"Look"}}).Encode()},
				Events:  []provider.Event{{Inbound: &provider.Inbound{ID: "u1", From: someone, To: ours, Text: "Look"}}},
			},
			{Name: "delivered", Request: post(report("delivered", "000"), "?carewire-ref=attempt-9"), Events: []provider.Event{{Status: &provider.Status{
				Ref: "attempt-9", ID: "u2", To: someone, State: provider.Delivered,
			}}}},
			{Name: "opted out", Request: post(report("failed", "200"), "?carewire-ref=attempt-9"), Events: []provider.Event{{Status: &provider.Status{
				Ref: "attempt-9", ID: "u2", To: someone, State: provider.Failed, Kind: provider.OptedOut, Code: "200",
			}}}},
			{Name: "nothing of interest", Request: post(url.Values{"CallUUID": {"c1"}}, "")},
		},
		Foreign: []providertest.Foreign{
			{Name: "number", Request: post(inbound(url.Values{"To": {"14155550198"}}), ""), Status: 403},
			{Name: "powerpack", Request: post(inbound(url.Values{"To": {"14155550198"}, "PowerpackUUID": {"p1"}}), ""), Status: 403},
		},
	})
}
