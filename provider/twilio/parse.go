package twilio

import (
	"io"
	"net/http"
	"net/url"

	"github.com/carewire/carewire/provider"
	"github.com/carewire/carewire/provider/internal/wire"
)

// Parse implements [provider.Webhook]. It reads inbound messages and status
// callbacks, whichever comes to the public URL.
func (a *Adapter) Parse(r *http.Request, body []byte) ([]provider.Event, error) {
	q, err := a.verify(r, body)
	if err != nil {
		return nil, err
	}
	if r.Method == http.MethodGet {
		if q.form, err = wire.Form(q.query); err != nil {
			return nil, err
		}
	}
	if q.form == nil {
		return nil, wire.Refuse(http.StatusBadRequest, "the body is no form")
	}
	if q.form.Get("AccountSid") != a.cfg.AccountSID {
		return nil, wire.Refuse(http.StatusForbidden, "another account")
	}
	switch status := q.form.Get("MessageStatus"); {
	case status != "" && status != "received" && status != "receiving":
		return a.status(q, status), nil
	case status == "received", q.form.Get("SmsStatus") == "received", q.form.Has("Body"):
		return a.inbound(q.form)
	}
	return nil, nil
}

// inbound reads a message from a person. One that does not come from a phone
// number tells nothing.
func (a *Adapter) inbound(f url.Values) ([]provider.Event, error) {
	service := f.Get("MessagingServiceSid")
	mine := a.ours.Has(f.Get("To")) || service != "" && service == a.cfg.MessagingServiceSID
	if !mine {
		return nil, wire.Refuse(http.StatusForbidden, "another receiving number")
	}
	in := provider.Inbound{
		ID:   first(f, "MessageSid", "SmsMessageSid", "SmsSid"),
		From: wire.Phone(f.Get("From")),
		To:   f.Get("To"),
		Text: f.Get("Body"),
	}
	if in.From.IsZero() || in.ID == "" {
		return nil, nil
	}
	in.Flag, in.Replied = a.answered(f.Get("OptOutType"), in.Text)
	return []provider.Event{{Inbound: &in}}, nil
}

// keywords are the words that Twilio answers for a new account. YES is a START
// only for a person who is blocked.
func keywords() wire.Keywords {
	return wire.Keywords{
		Sure: []string{
			"stop", "unsubscribe", "end", "quit", "stopall", "revoke", "optout", "cancel",
			"start", "unstop", "help", "info",
		},
		Maybe: []string{"yes"},
	}
}

// answered says what Twilio took the message for, which it tells only with
// Advanced Opt-Out, and whether the person has got an answer.
func (a *Adapter) answered(optOutType, text string) (provider.Flag, provider.Replied) {
	switch optOutType {
	case "STOP":
		return provider.FlagStop, provider.RepliedYes
	case "START":
		return provider.FlagStart, provider.RepliedYes
	case "HELP":
		return provider.FlagHelp, provider.RepliedYes
	}
	on := a.cfg.Handling == provider.HandlingOn ||
		a.cfg.Handling == provider.HandlingDefault && a.cfg.Sender != provider.ShortCode
	return provider.FlagNone, keywords().Replied(text, a.cfg.Sender, on)
}

// status reads a status callback.
func (a *Adapter) status(q request, name string) []provider.Event {
	state, ok := state(name)
	if !ok {
		return nil
	}
	s := provider.Status{
		Ref:   wire.RefOfQuery(q.query),
		ID:    first(q.form, "MessageSid", "SmsSid"),
		To:    wire.Phone(q.form.Get("To")),
		State: state,
	}
	if code := q.form.Get("ErrorCode"); code != "" && code != "0" {
		s.Code = wire.Clean(code)
		s.Kind = codes.Kind(code)
	}
	if state == provider.Failed && s.Kind == provider.Unknown && name == "canceled" {
		s.Kind = provider.Refused
	}
	return []provider.Event{{Status: &s}}
}

// state is what Twilio's name of a status means.
func state(name string) (provider.State, bool) {
	switch name {
	case "accepted", "scheduled", "queued", "sending":
		return provider.Queued, true
	case "sent", "partially_delivered":
		return provider.Sent, true
	case "delivered", "read":
		return provider.Delivered, true
	case "undelivered":
		return provider.Undelivered, true
	case "failed", "canceled":
		return provider.Failed, true
	}
	return 0, false
}

// first returns the first of the keys that has a value.
func first(f url.Values, keys ...string) string {
	for _, k := range keys {
		if v := f.Get(k); v != "" {
			return v
		}
	}
	return ""
}

// Ack implements [provider.Webhook] with an empty TwiML response.
func (a *Adapter) Ack(w http.ResponseWriter) {
	w.Header().Set("Content-Type", "text/xml; charset=utf-8")
	w.WriteHeader(http.StatusOK)
	_, _ = io.WriteString(w, "<Response/>") // Twilio takes an empty answer for one without a reply
}
