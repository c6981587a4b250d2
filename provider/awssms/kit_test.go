package awssms_test

import (
	"encoding/json"
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/carewire/carewire/provider"
	"github.com/carewire/carewire/provider/awssms"
	"github.com/carewire/carewire/provider/providertest"
	"github.com/carewire/carewire/recipient"
)

func fixtures() providertest.Fixtures {
	refused := func(name string, status int, exception, reason string, kind provider.Kind) providertest.Refused {
		code, body := exception, fmt.Sprintf(`{"__type": "com.amazonaws.smsvoice#%s", "Message": "{{to}}: {{text}}"}`, exception)
		if reason != "" {
			code, body = reason, fmt.Sprintf(`{"__type": %q, "Message": "{{to}}: {{text}}", "Reason": %q}`, exception, reason)
		}
		return providertest.Refused{Name: name, Kind: kind, Code: code, Answer: providertest.Answer{
			Status: status, Body: body, Header: http.Header{"Content-Type": {"application/x-amz-json-1.0"}},
		}}
	}
	return providertest.Fixtures{
		Accept: providertest.Answer{
			Status: 200, Body: `{"MessageId": "7f9f1d2e-1111-4222-8333-0123456789ab"}`, Header: http.Header{"Content-Type": {"application/x-amz-json-1.0"}},
		},
		Receipt: provider.Receipt{ID: "7f9f1d2e-1111-4222-8333-0123456789ab"},
		Refusals: []providertest.Refused{
			refused("opted out", 400, "ConflictException", "DESTINATION_PHONE_NUMBER_OPTED_OUT", provider.OptedOut),
			refused("no sender", 400, "ConflictException", "NO_ORIGINATION_IDENTITIES_FOUND", provider.Refused),
			refused("country", 400, "ConflictException", "DESTINATION_COUNTRY_BLOCKED_BY_PROTECT_CONFIGURATION", provider.Refused),
			refused("sender", 400, "ValidationException", "SENDER_ID_NOT_REGISTERED", provider.Refused),
			refused("spend", 400, "ServiceQuotaExceededException", "MONTHLY_SPEND_LIMIT_REACHED_FOR_TEXT", provider.Refused),
			refused("reputation", 400, "AccessDeniedException", "INSUFFICIENT_ACCOUNT_REPUTATION", provider.Refused),
			refused("access", 400, "AccessDeniedException", "", provider.Refused),
			refused("throttled", 400, "ThrottlingException", "", provider.Throttled),
			refused("internal error with 400", 400, "InternalServerException", "", provider.Unknown),
			refused("internal error with 500", 500, "InternalServerException", "", provider.Unknown),
			{Name: "no JSON", Kind: provider.Refused, Code: "HTTP 403", Answer: providertest.Answer{Status: 403, Body: "<html>{{to}}"}},
		},
		Read: func(r *http.Request, body []byte) (providertest.Sent, error) {
			var m struct {
				DestinationPhoneNumber, OriginationIdentity, MessageBody, MessageType string
				TimeToLive                                                            int
			}
			if err := json.Unmarshal(body, &m); err != nil {
				return providertest.Sent{}, err
			}
			if r.Header.Get("X-Amz-Target") != "PinpointSMSVoiceV2.SendTextMessage" || m.OriginationIdentity != ours ||
				m.MessageType != "TRANSACTIONAL" || !strings.Contains(r.Header.Get("Authorization"), "/us-east-1/sms-voice/aws4_request") {
				return providertest.Sent{}, fmt.Errorf("target %s, from %s", r.Header.Get("X-Amz-Target"), m.OriginationIdentity)
			}
			return providertest.Sent{To: m.DestinationPhoneNumber, Text: m.MessageBody, TTL: time.Duration(m.TimeToLive) * time.Second}, nil
		},
		HasTTL: true, Secrets: []string{secret},
	}
}

func TestProvider(t *testing.T) {
	t.Parallel()
	providertest.Run(t, func(t *testing.T, baseURL string, client *http.Client) provider.Provider {
		return adapter(t, func(c *awssms.Config) { c.BaseURL, c.HTTPClient = baseURL, client })
	}, fixtures())
}

func TestWebhook(t *testing.T) {
	t.Parallel()
	someone := recipient.MustParse(person)
	at := time.Date(2026, 11, 25, 1, 29, 57, 123e6, time.UTC)
	in := []provider.Event{{Inbound: &provider.Inbound{ID: "i1", From: someone, To: ours, Text: "Is my visit still on Tuesday? é 😀 &", Sent: at}}}
	subscribe := object{"Type": "SubscriptionConfirmation", "Token": "t1", "SubscribeURL": confirm}
	providertest.RunWebhook(t, func(t *testing.T) provider.Webhook { return adapter(t) }, providertest.WebhookFixtures{
		Sign: signed, Secrets: []string{secret},
		Alter: func(body string) string { return strings.Replace(body, `"MessageId":"n1"`, `"MessageId":"n2"`, 1) },
		Valid: []providertest.Delivery{
			{Name: "inbound", Request: post(inbound(nil), nil), Events: in},
			{Name: "version 1", Request: post(inbound(nil), object{"SignatureVersion": "1"}), Events: in},
			{Name: "with a subject", Request: post(inbound(nil), object{"Subject": "About you"}), Events: in},
			{Name: "with an empty subject", Request: post(inbound(nil), object{"Subject": ""}), Events: in},
			{Name: "delivered", Request: post(event("TEXT_DELIVERED"), nil), Events: []provider.Event{{Status: &provider.Status{
				Ref: "attempt-9", ID: "m2", To: someone, State: provider.Delivered,
			}}}},
			{Name: "spam", Request: post(event("TEXT_SPAM"), nil), Events: []provider.Event{{Status: &provider.Status{
				Ref: "attempt-9", ID: "m2", To: someone, State: provider.Failed, Kind: provider.Filtered, Code: "TEXT_SPAM",
			}}}},
			{Name: "a test of the topic", Request: post("Hello world", nil)},
			{Name: "subscription", Request: post("You have chosen to subscribe", subscribe)},
			{Name: "end of a subscription", Request: post("You have chosen to stop", object{"Type": "UnsubscribeConfirmation", "Token": "t1", "SubscribeURL": confirm})},
		},
		Foreign: []providertest.Foreign{
			{Name: "topic", Request: post(inbound(nil), object{"TopicArn": topic + "2"}), Status: 403},
			{Name: "subscription of another topic", Request: post("x", object{"Type": "SubscriptionConfirmation", "Token": "t1", "SubscribeURL": confirm, "TopicArn": topic + "2"}), Status: 403},
			{Name: "number", Request: post(inbound(object{"destinationNumber": "+14155550198"}), nil), Status: 403},
			{Name: "version", Request: post(inbound(nil), object{"SignatureVersion": "3"}), Status: 401},
		},
	})
}
