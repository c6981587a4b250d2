package telnyx

import (
	"crypto/ed25519"
	"encoding/base64"
	"net/http"
	"strconv"
	"time"

	"github.com/carewire/carewire/provider"
	"github.com/carewire/carewire/provider/internal/wire"
)

// The headers of the signature, and how far its time may be from ours, both inclusive.
const (
	signatureHeader = "Telnyx-Signature-Ed25519"
	timeHeader      = "Telnyx-Timestamp"
	maxAge          = 300 * time.Second
)

// Verify implements [provider.Webhook]: the signature is Ed25519 over the
// header's time, a bar and the raw body. A request that is more than five
// minutes off the clock is refused.
func (a *Adapter) Verify(r *http.Request, body []byte) error {
	if err := wire.Check(r, body, http.MethodPost); err != nil {
		return err
	}
	signature, stamp := r.Header.Get(signatureHeader), r.Header.Get(timeHeader)
	if signature == "" || stamp == "" {
		return wire.Refuse(http.StatusUnauthorized, "there is no signature or no time")
	}
	sig, err := base64.StdEncoding.Strict().DecodeString(signature)
	if err != nil {
		return wire.Refuse(http.StatusUnauthorized, "the signature is no base64")
	}
	signed := append([]byte(stamp+"|"), body...)
	if len(sig) != ed25519.SignatureSize || !ed25519.Verify(a.key, signed, sig) {
		return wire.Refuse(http.StatusUnauthorized, "the signature is not Telnyx's")
	}
	seconds, err := strconv.ParseInt(stamp, 10, 64)
	if err != nil {
		return wire.Refuse(http.StatusUnauthorized, "the time cannot be read")
	}
	if d := a.cfg.Now().Unix() - seconds; d > int64(maxAge/time.Second) || d < -int64(maxAge/time.Second) {
		return wire.Refuse(http.StatusUnauthorized, "the request is too old, or of the future")
	}
	return nil
}

// event is a webhook of Telnyx.
type event struct {
	Data struct {
		Type    string    `json:"event_type"`
		ID      string    `json:"id"`
		At      time.Time `json:"occurred_at"`
		Payload payload   `json:"payload"`
	} `json:"data"`
	Meta struct {
		DeliveredTo string `json:"delivered_to"`
	} `json:"meta"`
}

// payload is the message that a webhook is about.
type payload struct {
	ID           string     `json:"id"`
	ProfileID    string     `json:"messaging_profile_id"`
	From         party      `json:"from"`
	To           []party    `json:"to"`
	Text         string     `json:"text"`
	ReceivedAt   *time.Time `json:"received_at"`
	Webhook      string     `json:"webhook_url"`
	Errors       []problem  `json:"errors"`
	Autoresponse string     `json:"autoresponse_type"` // documented, but not in Telnyx's specification
}

// party is one end of a message.
type party struct {
	Number string `json:"phone_number"`
	Status string `json:"status"`
}

// Parse implements [provider.Webhook]. It reads received messages and the
// events of sent ones; all others tell nothing.
func (a *Adapter) Parse(r *http.Request, body []byte) ([]provider.Event, error) {
	if err := a.Verify(r, body); err != nil {
		return nil, err
	}
	var e event
	if err := wire.Unmarshal(body, &e); err != nil {
		return nil, err
	}
	switch e.Data.Type {
	case "message.received", "message.sent", "message.finalized":
	default:
		return nil, nil
	}
	if own := a.cfg.MessagingProfileID; own != "" && e.Data.Payload.ProfileID != own {
		return nil, wire.Refuse(http.StatusForbidden, "another messaging profile")
	}
	if e.Data.Type == "message.received" {
		return a.inbound(e)
	}
	return statuses(e, r), nil
}

// inbound reads a message from a person.
func (a *Adapter) inbound(e event) ([]provider.Event, error) {
	p := e.Data.Payload
	to := ""
	for _, t := range p.To {
		if to == "" && (a.ours.Has(t.Number) || a.cfg.MessagingProfileID != "") {
			to = t.Number
		}
	}
	if to == "" {
		return nil, wire.Refuse(http.StatusForbidden, "another receiving number")
	}
	in := provider.Inbound{ID: p.ID, From: wire.Phone(p.From.Number), To: to, Text: p.Text, Sent: e.Data.At.UTC()}
	if in.ID == "" {
		in.ID = e.Data.ID
	}
	if p.ReceivedAt != nil {
		in.Sent = p.ReceivedAt.UTC()
	}
	if in.From.IsZero() || in.ID == "" {
		return nil, nil
	}
	in.Flag, in.Replied = a.answered(p.Autoresponse, p.Text)
	return []provider.Event{{Inbound: &in}}, nil
}

// keywords are the words that Telnyx answers for a new profile. It answers
// HELP only where a text for it was entered.
func keywords() wire.Keywords {
	return wire.Keywords{
		Sure:  []string{"stop", "stopall", "stop all", "unsubscribe", "cancel", "end", "quit", "start", "unstop"},
		Maybe: []string{"help", "info"},
	}
}

// answered says what Telnyx took the message for, and whether the person has
// got an answer. The handling of STOP on short codes cannot be turned off.
func (a *Adapter) answered(autoresponse, text string) (provider.Flag, provider.Replied) {
	switch autoresponse {
	case "STOP":
		return provider.FlagStop, provider.RepliedYes
	case "START":
		return provider.FlagStart, provider.RepliedYes
	case "HELP":
		return provider.FlagHelp, provider.RepliedYes
	}
	on := a.cfg.Handling != provider.HandlingOff || a.cfg.Sender == provider.ShortCode
	return provider.FlagNone, keywords().Replied(text, a.cfg.Sender, on)
}

// statuses reads the event of a sent message: one for each recipient.
func statuses(e event, r *http.Request) []provider.Event {
	p := e.Data.Payload
	ref := wire.Ref(p.Webhook)
	if ref == "" {
		ref = wire.Ref(e.Meta.DeliveredTo)
	}
	if ref == "" {
		ref = wire.RefOfQuery(r.URL.RawQuery)
	}
	var events []provider.Event
	for _, to := range p.To {
		state, ok := state(to.Status)
		if !ok {
			continue
		}
		s := provider.Status{Ref: ref, ID: p.ID, To: wire.Phone(to.Number), State: state}
		if state == provider.Undelivered || state == provider.Failed {
			why := firstKnown(p.Errors)
			s.Kind, s.Code = why.kindInWebhook(), wire.Clean(why.code())
		}
		events = append(events, provider.Event{Status: &s})
	}
	return events
}

// state is what Telnyx's name of a status means.
func state(name string) (provider.State, bool) {
	switch name {
	case "queued", "sending":
		return provider.Queued, true
	case "sent", "delivery_unconfirmed":
		return provider.Sent, true
	case "delivered":
		return provider.Delivered, true
	case "delivery_failed":
		return provider.Undelivered, true
	case "sending_failed", "expired":
		return provider.Failed, true
	}
	return 0, false
}

// Ack implements [provider.Webhook] with 200 and no body.
func (a *Adapter) Ack(w http.ResponseWriter) { w.WriteHeader(http.StatusOK) }
