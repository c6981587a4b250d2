package telnyx_test

import (
	"encoding/json"
	"fmt"
	"net/http"
	"testing"
	"time"

	"github.com/carewire/carewire/provider"
	"github.com/carewire/carewire/provider/providertest"
	"github.com/carewire/carewire/provider/telnyx"
	"github.com/carewire/carewire/recipient"
)

// accepted is a message as the API gives it back.
const accepted = `{"data": {"cc": [], "completed_at": null, "cost": null, "direction": "outbound", "encoding": "GSM-7", "errors": [],
"from": {"carrier": "Telnyx", "line_type": "Wireless", "phone_number": "` + ours + `"}, "id": "40385f64-5717-4562-b3fc-2c963f66afa6",
"media": [], "messaging_profile_id": "` + profile + `", "parts": 1, "record_type": "message", "sent_at": null, "tags": [],
"text": "{{text}}", "to": [{"carrier": "", "line_type": "", "phone_number": "{{to}}", "status": "queued"}], "type": "SMS",
"valid_until": "2026-11-25T02:30:00.000+00:00", "webhook_failover_url": "", "webhook_url": "` + public + `"}}`

func refused(name string, status int, code string, kind provider.Kind) providertest.Refused {
	return providertest.Refused{
		Name: name, Kind: kind, Code: code,
		Answer: providertest.Answer{Status: status, Body: fmt.Sprintf(
			`{"errors": [{"code": %q, "title": "About {{to}}", "detail": "{{text}}", "source": {"pointer": "/to"}, "meta": {"url": "x"}}]}`, code)},
	}
}

func fixtures() providertest.Fixtures {
	throttled := refused("too many requests", 429, "10011", provider.Throttled)
	throttled.Answer.Header = http.Header{"Retry-After": {"2"}}
	throttled.After = 2 * time.Second
	return providertest.Fixtures{
		Accept:  providertest.Answer{Status: 200, Body: accepted},
		Receipt: provider.Receipt{ID: "40385f64-5717-4562-b3fc-2c963f66afa6", From: ours, Segments: 1},
		Refusals: []providertest.Refused{
			refused("opted out", 400, "40300", provider.OptedOut),
			refused("opted out with another status", 422, "40300", provider.OptedOut),
			refused("content", 400, "40322", provider.Filtered),
			refused("invalid number", 400, "40310", provider.BadRecipient),
			refused("queue full", 400, "40318", provider.Throttled),
			refused("not registered", 400, "40010", provider.Refused),
			refused("authentication", 401, "10009", provider.Refused),
			throttled,
			{
				Name: "the second of two errors", Kind: provider.OptedOut, Code: "40300",
				Answer: providertest.Answer{Status: 400, Body: `{"errors": [{"code": "99999"}, {"code": 40300}]}`},
			},
			{Name: "no JSON", Kind: provider.Refused, Code: "HTTP 400", Answer: providertest.Answer{Status: 400, Body: "{{to}}"}},
		},
		Read: func(r *http.Request, body []byte) (providertest.Sent, error) {
			var m struct {
				From, To, Text, Type string
				Webhook              string `json:"webhook_url"`
			}
			if err := json.Unmarshal(body, &m); err != nil {
				return providertest.Sent{}, err
			}
			if r.URL.Path != "/messages" || r.Header.Get("Authorization") != "Bearer "+apiKey || m.From != ours || m.Type != "SMS" {
				return providertest.Sent{}, fmt.Errorf("path %s, from %s, type %s", r.URL.Path, m.From, m.Type)
			}
			return providertest.Sent{To: m.To, Text: m.Text}, nil
		},
		Secrets: []string{apiKey},
	}
}

func TestProvider(t *testing.T) {
	t.Parallel()
	providertest.Run(t, func(t *testing.T, baseURL string, client *http.Client) provider.Provider {
		return adapter(t, func(c *telnyx.Config) { c.BaseURL, c.HTTPClient = baseURL, client })
	}, fixtures())
}

func TestWebhook(t *testing.T) {
	t.Parallel()
	someone := recipient.MustParse(person)
	f := providertest.WebhookFixtures{
		Sign: signed, SignatureHeader: "Telnyx-Signature-Ed25519", Secrets: []string{apiKey},
		Valid: []providertest.Delivery{
			{Name: "inbound", Request: event("message.received", inbound(nil)), Events: []provider.Event{{Inbound: &provider.Inbound{
				ID: "m1", From: someone, To: ours, Text: "Is my visit still on Tuesday? é 😀 &", Sent: time.Date(2026, 11, 25, 1, 29, 57, 0, time.UTC),
			}}}},
			{Name: "delivered", Request: event("message.finalized", outbound("delivered")), Events: []provider.Event{{Status: &provider.Status{
				Ref: "attempt-9", ID: "m2", To: someone, State: provider.Delivered,
			}}}},
			{
				Name:    "failed",
				Request: event("message.finalized", outbound("delivery_failed", object{"code": "40002", "title": "Blocked as spam"})),
				Events: []provider.Event{{Status: &provider.Status{
					Ref: "attempt-9", ID: "m2", To: someone, State: provider.Undelivered, Kind: provider.Filtered, Code: "40002",
				}}},
			},
			{Name: "nothing of interest", Request: event("call.initiated", object{})},
		},
		Foreign: []providertest.Foreign{
			{Name: "number", Request: event("message.received", inbound(object{"to": []any{object{"phone_number": "+14155550198"}}})), Status: 403},
			{Name: "old", Request: signedAt(event("message.received", inbound(nil)), now().Add(-301*time.Second)), Signed: true, Status: 401},
			{Name: "future", Request: signedAt(event("message.received", inbound(nil)), now().Add(301*time.Second)), Signed: true, Status: 401},
		},
	}
	providertest.RunWebhook(t, func(t *testing.T) provider.Webhook { return adapter(t) }, f)
}

func TestWebhookOfAProfile(t *testing.T) {
	t.Parallel()
	ofProfile := func(t *testing.T) provider.Webhook {
		return adapter(t, func(c *telnyx.Config) { c.From, c.MessagingProfileID = "", profile })
	}
	providertest.RunWebhook(t, ofProfile, providertest.WebhookFixtures{
		Sign: signed, SignatureHeader: "Telnyx-Signature-Ed25519",
		Valid: []providertest.Delivery{{Name: "any number of the profile", Request: event("message.received", inbound(object{
			"to": []any{object{"phone_number": "+14155550198"}}, "text": "STOP", "autoresponse_type": "STOP", "received_at": nil,
		})), Events: []provider.Event{{Inbound: &provider.Inbound{
			ID: "m1", From: recipient.MustParse(person), To: "+14155550198", Text: "STOP", Sent: time.Date(2026, 11, 25, 1, 29, 58, 0, time.UTC),
			Flag: provider.FlagStop, Replied: provider.RepliedYes,
		}}}}},
		Foreign: []providertest.Foreign{
			{Name: "profile", Request: event("message.received", inbound(object{"messaging_profile_id": "other"})), Status: 403},
			{Name: "profile of a status", Request: event("message.finalized", object{"messaging_profile_id": "other"}), Status: 403},
		},
	})
}
