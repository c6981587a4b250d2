package vonage

import (
	"net/http"
	"time"

	"github.com/carewire/carewire/provider"
	"github.com/carewire/carewire/provider/internal/wire"
)

// event is a webhook: an inbound message, or a status if it has one.
type event struct {
	Channel   string  `json:"channel"`
	ID        string  `json:"message_uuid"`
	To        string  `json:"to"`
	From      string  `json:"from"`
	Timestamp string  `json:"timestamp"`
	Text      string  `json:"text"`
	Status    string  `json:"status"`
	Error     problem `json:"error"`
	Ref       string  `json:"client_ref"`
}

// Parse implements [provider.Webhook]. It reads inbound messages and statuses
// of the channel sms; all others tell nothing.
func (a *Adapter) Parse(r *http.Request, body []byte) ([]provider.Event, error) {
	c, err := a.verify(r, body)
	if err != nil {
		return nil, err
	}
	if c.ApplicationID != "" && c.ApplicationID != a.cfg.ApplicationID {
		return nil, wire.Refuse(http.StatusForbidden, "another application")
	}
	var e event
	if err := wire.Unmarshal(body, &e); err != nil {
		return nil, err
	}
	switch {
	case e.Channel != "sms" || e.ID == "":
		return nil, nil
	case e.Status != "":
		return status(e), nil
	case !a.ours.Has(e.To):
		return nil, wire.Refuse(http.StatusForbidden, "another receiving number")
	}
	in := provider.Inbound{ID: e.ID, From: wire.Phone(e.From), To: e.To, Text: e.Text}
	if in.From.IsZero() {
		return nil, nil
	}
	if at, err := time.Parse(time.RFC3339, e.Timestamp); err == nil {
		in.Sent = at.UTC()
	}
	// The list of Opt-Out Assist could not be verified.
	in.Replied = wire.UnverifiedKeywords().Replied(e.Text, a.cfg.Sender, a.cfg.Handling == provider.HandlingOn)
	return []provider.Event{{Inbound: &in}}, nil
}

// status reads a status webhook.
func status(e event) []provider.Event {
	s := provider.Status{Ref: e.Ref, ID: e.ID, To: wire.Phone(e.To)}
	switch e.Status {
	case "submitted":
		s.State = provider.Sent
	case "delivered":
		s.State = provider.Delivered
	case "undeliverable":
		s.State = provider.Undelivered
	case "rejected":
		s.State = provider.Failed
	default:
		return nil
	}
	if s.State == provider.Undelivered || s.State == provider.Failed {
		s.Kind, s.Code = codes.Kind(e.Error.code()), wire.Clean(e.Error.code())
	}
	return []provider.Event{{Status: &s}}
}

// Ack implements [provider.Webhook] with 204.
func (a *Adapter) Ack(w http.ResponseWriter) { w.WriteHeader(http.StatusNoContent) }
