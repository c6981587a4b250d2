package plivo

import (
	"net/http"
	"net/url"

	"github.com/carewire/carewire/provider"
	"github.com/carewire/carewire/provider/internal/wire"
)

// Parse implements [provider.Webhook]. It reads inbound messages and status
// callbacks, whichever comes to the public URL. Plivo's webhooks do not name
// the account: the signature's key tells it.
func (a *Adapter) Parse(r *http.Request, body []byte) ([]provider.Event, error) {
	q, err := a.verify(r, body)
	if err != nil {
		return nil, err
	}
	switch {
	case q.form.Get("MessageUUID") == "":
		return nil, nil
	case q.form.Get("Status") != "":
		return status(q), nil
	}
	return a.inbound(q.form)
}

// inbound reads a message from a person. One that does not come from a phone
// number tells nothing.
func (a *Adapter) inbound(f url.Values) ([]provider.Event, error) {
	pack := f.Get("PowerpackUUID")
	if !a.ours.Has(f.Get("To")) && (pack == "" || pack != a.cfg.PowerpackUUID) {
		return nil, wire.Refuse(http.StatusForbidden, "another receiving number")
	}
	text := f.Get("Text")
	if text == "" {
		text = f.Get("Body") // the name in messages with media
	}
	in := provider.Inbound{ID: f.Get("MessageUUID"), From: wire.Phone(f.Get("From")), To: f.Get("To"), Text: text}
	if in.From.IsZero() {
		return nil, nil
	}
	in.Flag, in.Replied = a.answered(f.Get("MessageIntent"), text)
	return []provider.Event{{Inbound: &in}}, nil
}

// keywords are the words that Plivo answers. Its pages disagree about more than three.
func keywords() wire.Keywords {
	return wire.Keywords{
		Sure:  []string{"stop", "end", "quit"},
		Maybe: []string{"cancel", "unsub", "unsubscribe", "stop all", "stopall", "start", "unstop", "help", "info"},
	}
}

// answered says what Plivo took the message for, and whether the person has
// got an answer.
func (a *Adapter) answered(intent, text string) (provider.Flag, provider.Replied) {
	on := a.cfg.Handling == provider.HandlingOn ||
		a.cfg.Handling == provider.HandlingDefault && a.cfg.Sender != provider.ShortCode
	replied := keywords().Replied(text, a.cfg.Sender, on)
	sure := replied
	if on {
		sure = provider.RepliedYes
	}
	switch intent {
	case "optout":
		return provider.FlagStop, sure
	case "optin":
		return provider.FlagStart, sure
	case "help":
		return provider.FlagHelp, replied
	}
	return provider.FlagNone, replied
}

// status reads a status callback.
func status(q request) []provider.Event {
	state, ok := state(q.form.Get("Status"))
	if !ok {
		return nil
	}
	c := code(q.form.Get("ErrorCode"))
	return []provider.Event{{Status: &provider.Status{
		Ref:   wire.RefOfQuery(q.query),
		ID:    q.form.Get("MessageUUID"),
		To:    wire.Phone(q.form.Get("To")),
		State: state,
		Kind:  codes.Kind(c),
		Code:  wire.Clean(c),
	}}}
}

// state is what Plivo's name of a status means.
func state(name string) (provider.State, bool) {
	switch name {
	case "queued":
		return provider.Queued, true
	case "sent":
		return provider.Sent, true
	case "delivered", "read":
		return provider.Delivered, true
	case "undelivered":
		return provider.Undelivered, true
	case "failed", "rejected":
		return provider.Failed, true
	}
	return 0, false
}

// Ack implements [provider.Webhook] with 200 and no body.
func (a *Adapter) Ack(w http.ResponseWriter) { w.WriteHeader(http.StatusOK) }
