package twilio_test

import (
	"fmt"
	"net/http"
	"net/url"
	"strconv"
	"testing"
	"time"

	"github.com/carewire/carewire/provider"
	"github.com/carewire/carewire/provider/providertest"
	"github.com/carewire/carewire/provider/twilio"
	"github.com/carewire/carewire/recipient"
)

// accepted is a message as the API gives it back.
const accepted = `{"account_sid": "` + account + `", "api_version": "2010-04-01", "body": "{{text}}",
"date_created": "Wed, 25 Nov 2026 01:30:00 +0000", "date_sent": null, "direction": "outbound-api", "error_code": null,
"error_message": null, "from": "` + ours + `", "messaging_service_sid": null, "num_media": "0", "num_segments": "1",
"price": null, "price_unit": "USD", "sid": "SM0123456789abcdef0123456789abcdef", "status": "queued", "to": "{{to}}",
"uri": "/2010-04-01/Accounts/` + account + `/Messages/SM0123456789abcdef0123456789abcdef.json"}`

func refused(name string, status, code int, kind provider.Kind) providertest.Refused {
	return providertest.Refused{
		Name: name, Kind: kind, Code: strconv.Itoa(code),
		Answer: providertest.Answer{Status: status, Body: fmt.Sprintf(
			`{"code": %d, "message": "{{to}} and {{text}}", "more_info": "https://www.twilio.com/docs/errors/%d", "status": %d}`, code, code, status)},
	}
}

func fixtures() providertest.Fixtures {
	throttled := refused("too many requests", 429, 20429, provider.Throttled)
	throttled.Answer.Header = http.Header{"Retry-After": {"3"}}
	throttled.After = 3 * time.Second
	return providertest.Fixtures{
		Accept:  providertest.Answer{Status: 201, Body: accepted},
		Receipt: provider.Receipt{ID: "SM0123456789abcdef0123456789abcdef", From: ours, Segments: 1},
		Refusals: []providertest.Refused{
			refused("opted out", 400, 21610, provider.OptedOut),
			refused("filtered", 400, 30450, provider.Filtered),
			refused("invalid number", 400, 21211, provider.BadRecipient),
			refused("landline", 400, 21635, provider.BadRecipient),
			refused("queue full", 400, 21611, provider.Throttled),
			refused("region", 400, 21408, provider.Refused),
			refused("a code nobody knows", 400, 29999, provider.Refused),
			refused("a temporary code is definite in a 4xx", 400, 30008, provider.Refused),
			refused("authentication", 401, 20003, provider.Refused),
			refused("not found", 404, 20404, provider.Refused),
			throttled,
			{
				Name: "failed at once", Kind: provider.OptedOut, Code: "21610",
				Answer: providertest.Answer{Status: 201, Body: `{"sid": "SM1", "status": "failed", "error_code": 21610, "to": "{{to}}"}`},
			},
			{
				Name: "a page instead of JSON", Kind: provider.Refused, Code: "HTTP 403",
				Answer: providertest.Answer{Status: 403, Body: "<html>{{to}}</html>"},
			},
		},
		Read: func(r *http.Request, body []byte) (providertest.Sent, error) {
			f, err := url.ParseQuery(string(body))
			if err != nil {
				return providertest.Sent{}, err
			}
			if r.URL.Path != "/2010-04-01/Accounts/"+account+"/Messages.json" || f.Get("From") != ours {
				return providertest.Sent{}, fmt.Errorf("posted to %s from %s", r.URL.Path, f.Get("From"))
			}
			if user, _, ok := r.BasicAuth(); !ok || user != account {
				return providertest.Sent{}, fmt.Errorf("no credentials")
			}
			seconds := 0
			if v := f.Get("ValidityPeriod"); v != "" {
				if seconds, err = strconv.Atoi(v); err != nil || seconds < 1 || seconds > 36000 {
					return providertest.Sent{}, fmt.Errorf("ValidityPeriod %q: %w", v, err)
				}
			}
			return providertest.Sent{To: f.Get("To"), Text: f.Get("Body"), TTL: time.Duration(seconds) * time.Second}, nil
		},
		HasTTL: true, Secrets: []string{token},
	}
}

func TestProvider(t *testing.T) {
	t.Parallel()
	providertest.Run(t, func(t *testing.T, baseURL string, client *http.Client) provider.Provider {
		return adapter(t, func(c *twilio.Config) { c.BaseURL, c.HTTPClient = baseURL+"/", client })
	}, fixtures())
}

func TestWebhook(t *testing.T) {
	t.Parallel()
	someone := recipient.MustParse(person)
	providertest.RunWebhook(t, func(t *testing.T) provider.Webhook { return adapter(t) }, providertest.WebhookFixtures{
		Sign: signed, SignatureHeader: "X-Twilio-Signature", Secrets: []string{token},
		Valid: []providertest.Delivery{
			{Name: "inbound", Request: post(inbound(nil), ""), Events: []provider.Event{{Inbound: &provider.Inbound{
				ID: "SM01", From: someone, To: ours, Text: "Is my visit still on Tuesday? 5 é 😀",
			}}}},
			{Name: "delivered", Request: post(status(nil), "?carewire-ref=attempt-9"), Events: []provider.Event{{Status: &provider.Status{
				Ref: "attempt-9", ID: "SM02", To: someone, State: provider.Delivered,
			}}}},
			{
				Name:    "undelivered",
				Request: post(status(url.Values{"MessageStatus": {"undelivered"}, "ErrorCode": {"30007"}}), "?carewire-ref=attempt-9"),
				Events: []provider.Event{{Status: &provider.Status{
					Ref: "attempt-9", ID: "SM02", To: someone, State: provider.Undelivered, Kind: provider.Filtered, Code: "30007",
				}}},
			},
			{Name: "nothing of interest", Request: post(url.Values{"AccountSid": {account}, "Digits": {"1"}}, "")},
		},
		Foreign: []providertest.Foreign{
			{Name: "account", Request: post(inbound(url.Values{"AccountSid": {"ACbb"}}), ""), Status: 403},
			{Name: "account of a status", Request: post(status(url.Values{"AccountSid": {"ACbb"}}), ""), Status: 403},
			{Name: "number", Request: post(inbound(url.Values{"To": {"+14155550198"}}), ""), Status: 403},
			{Name: "service", Request: post(inbound(url.Values{"To": {"+14155550198"}, "MessagingServiceSid": {"MGxx"}}), ""), Status: 403},
		},
	})
}
