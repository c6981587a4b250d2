package bandwidth

import (
	"crypto/sha256"
	"crypto/subtle"
	"net/http"
	"slices"
	"time"

	"github.com/carewire/carewire/provider"
	"github.com/carewire/carewire/provider/internal/wire"
)

// Verify implements [provider.Webhook]: the request carries the callback
// credentials. Nothing protects the body itself.
func (a *Adapter) Verify(r *http.Request, body []byte) error {
	if err := wire.Check(r, body, http.MethodPost); err != nil {
		return err
	}
	user, pass, ok := r.BasicAuth()
	if !ok {
		return wire.Refuse(http.StatusUnauthorized, "there are no credentials")
	}
	if same(user, a.cfg.CallbackUsername)&same(pass, a.cfg.CallbackPassword) != 1 {
		return wire.Refuse(http.StatusUnauthorized, "the credentials are not those of the callbacks")
	}
	return nil
}

// same compares in a time that depends on nothing but the lengths.
func same(a, b string) int {
	x, y := sha256.Sum256([]byte(a)), sha256.Sum256([]byte(b))
	return subtle.ConstantTimeCompare(x[:], y[:])
}

// callback is one event; a request has a list of them.
type callback struct {
	Type    string    `json:"type"`
	To      string    `json:"to"`
	Code    wire.Text `json:"errorCode"`
	Message struct {
		ID          string     `json:"id"`
		Application string     `json:"applicationId"`
		Time        *time.Time `json:"time"`
		From        string     `json:"from"`
		Text        string     `json:"text"`
		Tag         string     `json:"tag"`
	} `json:"message"`
}

// Parse implements [provider.Webhook]. Events of other applications and for
// other numbers are left out, and refused if there is nothing else.
func (a *Adapter) Parse(r *http.Request, body []byte) ([]provider.Event, error) {
	if err := a.Verify(r, body); err != nil {
		return nil, err
	}
	var list []callback
	if err := wire.Unmarshal(body, &list); err != nil {
		return nil, err
	}
	var events []provider.Event
	foreign := ""
	for _, c := range list {
		e, reason := a.event(c)
		if reason != "" {
			foreign = reason
		}
		if e != (provider.Event{}) && !slices.ContainsFunc(events, func(x provider.Event) bool { return again(x, e) }) {
			events = append(events, e)
		}
	}
	if len(events) == 0 && foreign != "" {
		return nil, wire.Refuse(http.StatusForbidden, foreign)
	}
	return events, nil
}

// again reports whether two events tell the same.
func again(a, b provider.Event) bool {
	switch {
	case a.Inbound != nil && b.Inbound != nil:
		return *a.Inbound == *b.Inbound
	case a.Status != nil && b.Status != nil:
		return *a.Status == *b.Status
	}
	return false
}

// event reads one callback. A reason says that it is not ours.
func (a *Adapter) event(c callback) (e provider.Event, foreign string) {
	state, isStatus := state(c.Type, string(c.Code))
	switch {
	case c.Type != "message-received" && !isStatus, c.Message.ID == "":
		return e, ""
	case c.Message.Application != a.cfg.ApplicationID:
		return e, "another application"
	case isStatus:
		e.Status = status(c, state)
		return e, ""
	case !a.ours.Has(c.To):
		return e, "another receiving number"
	}
	in := provider.Inbound{ID: c.Message.ID, From: wire.Phone(c.Message.From), To: c.To, Text: c.Message.Text}
	if in.From.IsZero() {
		return e, ""
	}
	if c.Message.Time != nil {
		in.Sent = c.Message.Time.UTC()
	}
	in.Replied = wire.Keywords{}.Replied(in.Text, a.cfg.Sender, false) // only the toll-free network answers
	e.Inbound = &in
	return e, ""
}

// status reads the callback of a message that was sent.
func status(c callback, state provider.State) *provider.Status {
	s := provider.Status{Ref: c.Message.Tag, ID: c.Message.ID, To: wire.Phone(c.To), State: state}
	if c.Type == "message-failed" {
		s.Kind, s.Code = codes.Kind(string(c.Code)), wire.Clean(string(c.Code))
	}
	return &s
}

// state is what a callback's type means.
func state(name, code string) (provider.State, bool) {
	switch name {
	case "message-sending":
		return provider.Queued, true
	case "message-sent":
		return provider.Sent, true
	case "message-delivered", "message-read":
		return provider.Delivered, true
	case "message-failed":
		if code == noReceipt {
			return provider.Sent, true
		}
		return provider.Failed, true
	}
	return 0, false
}

// Ack implements [provider.Webhook] with 200 and no body.
func (a *Adapter) Ack(w http.ResponseWriter) { w.WriteHeader(http.StatusOK) }
