package sinch

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"net/http"
	"time"

	"github.com/carewire/carewire/provider"
	"github.com/carewire/carewire/provider/internal/wire"
)

// The headers of the signature.
const (
	signatureHeader = "X-Sinch-Webhook-Signature"
	algorithmHeader = "X-Sinch-Webhook-Signature-Algorithm"
	nonceHeader     = "X-Sinch-Webhook-Signature-Nonce"
	timeHeader      = "X-Sinch-Webhook-Signature-Timestamp"
)

// Verify implements [provider.Webhook]: the signature is the HMAC-SHA256, under
// the webhook secret, of the raw body, the nonce and the time, with dots between.
func (a *Adapter) Verify(r *http.Request, body []byte) error {
	if err := wire.Check(r, body, http.MethodPost); err != nil {
		return err
	}
	signature, nonce, stamp := r.Header.Get(signatureHeader), r.Header.Get(nonceHeader), r.Header.Get(timeHeader)
	if signature == "" || nonce == "" || stamp == "" {
		return wire.Refuse(http.StatusUnauthorized, "there is no signature")
	}
	if alg := r.Header.Get(algorithmHeader); alg != "" && alg != "HmacSHA256" {
		return wire.Refuse(http.StatusUnauthorized, "another algorithm than HmacSHA256")
	}
	mac := hmac.New(sha256.New, []byte(a.cfg.WebhookSecret))
	_, _ = mac.Write(body) // a hash does not fail
	_, _ = mac.Write([]byte("." + nonce + "." + stamp))
	if !wire.Same(base64.StdEncoding.EncodeToString(mac.Sum(nil)), signature) {
		return wire.Refuse(http.StatusUnauthorized, "the signature is not Sinch's")
	}
	return nil
}

// callback is an inbound message or a delivery report, of all recipients or of one.
type callback struct {
	Type      string          `json:"type"`
	ID        string          `json:"id"`
	From      string          `json:"from"`
	To        string          `json:"to"`
	Body      json.RawMessage `json:"body"` // a string in texts, an object in messages with media
	SentAt    *time.Time      `json:"sent_at"`
	Received  *time.Time      `json:"received_at"`
	Batch     string          `json:"batch_id"`
	Ref       string          `json:"client_reference"`
	Recipient string          `json:"recipient"`
	Code      wire.Text       `json:"code"`
	Status    string          `json:"status"`
	Statuses  []struct {
		Code       wire.Text `json:"code"`
		Status     string    `json:"status"`
		Recipients []string  `json:"recipients"`
	} `json:"statuses"`
}

// Parse implements [provider.Webhook]. It reads inbound texts and delivery
// reports; all others, those of the Conversation API among them, tell nothing.
// Sinch's callbacks do not name the service plan: the secret tells it.
func (a *Adapter) Parse(r *http.Request, body []byte) ([]provider.Event, error) {
	if err := a.Verify(r, body); err != nil {
		return nil, err
	}
	var c callback
	if err := wire.Unmarshal(body, &c); err != nil {
		return nil, err
	}
	switch c.Type {
	case "mo_text":
		return a.inbound(c)
	case "recipient_delivery_report_sms":
		return status(nil, c, c.Recipient, c.Status, string(c.Code)), nil
	case "delivery_report_sms":
		var events []provider.Event
		for _, s := range c.Statuses {
			for _, to := range s.Recipients {
				events = status(events, c, to, s.Status, string(s.Code))
			}
		}
		return events, nil
	}
	return nil, nil
}

// inbound reads a message from a person.
func (a *Adapter) inbound(c callback) ([]provider.Event, error) {
	if !a.ours.Has(c.To) {
		return nil, wire.Refuse(http.StatusForbidden, "another receiving number")
	}
	var text string
	if err := wire.Unmarshal(c.Body, &text); err != nil {
		return nil, err
	}
	in := provider.Inbound{ID: c.ID, From: wire.Phone(c.From), To: c.To, Text: text}
	if in.From.IsZero() || in.ID == "" {
		return nil, nil
	}
	switch {
	case c.SentAt != nil:
		in.Sent = c.SentAt.UTC()
	case c.Received != nil:
		in.Sent = c.Received.UTC()
	}
	// The list of the consent management could not be verified.
	in.Replied = wire.UnverifiedKeywords().Replied(in.Text, a.cfg.Sender, a.cfg.Handling == provider.HandlingOn)
	return []provider.Event{{Inbound: &in}}, nil
}

// status adds what a delivery report says about one recipient.
func status(events []provider.Event, c callback, to, name, code string) []provider.Event {
	s := provider.Status{Ref: c.Ref, ID: c.Batch, To: wire.Phone(to)}
	switch name {
	case "Queued":
		s.State = provider.Queued
	case "Dispatched", "Unknown":
		s.State = provider.Sent
	case "Delivered":
		s.State = provider.Delivered
	case "Expired", "Deleted":
		s.State = provider.Undelivered
	case "Failed", "Aborted", "Cancelled", "Rejected":
		s.State = provider.Failed
	default:
		return events
	}
	if s.State == provider.Undelivered || s.State == provider.Failed {
		s.Kind, s.Code = codes.Kind(code), wire.Clean(code)
	}
	return append(events, provider.Event{Status: &s})
}

// Ack implements [provider.Webhook] with 200 and no body.
func (a *Adapter) Ack(w http.ResponseWriter) { w.WriteHeader(http.StatusOK) }
