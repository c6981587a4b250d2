package awssms

import (
	"encoding/json"
	"net/http"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/carewire/carewire/provider"
	"github.com/carewire/carewire/provider/internal/wire"
)

// payload is an inbound message or an event of a configuration set.
type payload struct {
	// An inbound message.
	ID   string `json:"inboundMessageId"`
	From string `json:"originationNumber"`
	To   string `json:"destinationNumber"`
	Body string `json:"messageBody"`
	// An event.
	Event     string            `json:"eventType"`
	MessageID string            `json:"messageId"`
	Recipient string            `json:"destinationPhoneNumber"`
	Context   map[string]string `json:"context"`
}

// Parse implements [provider.Webhook]. It reads inbound messages and events of
// texts. A subscription of one of our topics is confirmed, by the URL that SNS
// has signed; the end of one tells nothing.
func (a *Adapter) Parse(r *http.Request, body []byte) ([]provider.Event, error) {
	n, err := a.verify(r, body)
	if err != nil {
		return nil, err
	}
	if !slices.Contains(a.cfg.TopicARNs, n.TopicARN) {
		return nil, wire.Refuse(http.StatusForbidden, "another topic")
	}
	switch n.Type {
	case typeSubscribe:
		return nil, a.confirm(r, n.SubscribeURL)
	case typeUnsubscribe:
		return nil, nil
	}
	var p payload
	if err := json.Unmarshal([]byte(n.Message), &p); err != nil {
		return nil, nil //nolint:nilerr // a test message of the topic, which is no business of ours
	}
	if p.ID != "" {
		return a.inbound(p, n)
	}
	return status(p), nil
}

// confirm answers SNS that the subscription is wanted.
func (a *Adapter) confirm(r *http.Request, subscribeURL string) error {
	if _, ok := ofSNS(subscribeURL); !ok {
		return wire.Refuse(http.StatusUnauthorized, "the confirmation does not lead to SNS")
	}
	again := wire.Refuse(http.StatusServiceUnavailable, "the subscription cannot be confirmed: deliver again")
	q, err := http.NewRequestWithContext(r.Context(), http.MethodGet, subscribeURL, http.NoBody)
	if err != nil {
		return again
	}
	if answer, err := a.client.Do(q); err != nil || !answer.Accepted() {
		return again
	}
	return nil
}

// inbound reads a message from a person.
func (a *Adapter) inbound(p payload, n notification) ([]provider.Event, error) {
	if !a.ours.Has(p.To) {
		return nil, wire.Refuse(http.StatusForbidden, "another receiving number")
	}
	in := provider.Inbound{ID: p.ID, From: wire.Phone(p.From), To: p.To, Text: p.Body, Sent: n.sent()}
	if in.From.IsZero() {
		return nil, nil
	}
	in.Replied = a.replied(p.Body)
	return []provider.Event{{Inbound: &in}}, nil
}

// keywords are the words that AWS answers.
func keywords() wire.Keywords {
	return wire.Keywords{
		Sure: []string{
			"arret", "cancel", "end", "opt-out", "optout", "quit", "remove", "stop", "td", "unsubscribe", "help",
		},
		Maybe: []string{"start", "unstop", "info"},
	}
}

// replied says whether the person has got an answer. AWS also answers messages
// that only begin with STOP or HELP.
func (a *Adapter) replied(text string) provider.Replied {
	on := a.cfg.Handling != provider.HandlingOff
	if r := keywords().Replied(text, a.cfg.Sender, on); r != provider.RepliedNo || !on {
		return r
	}
	text = strings.ToLower(strings.TrimSpace(text))
	for _, word := range [...]string{"stop", "help"} {
		if rest, ok := strings.CutPrefix(text, word); ok {
			if r, _ := utf8.DecodeRuneInString(rest); unicode.IsLetter(r) {
				return provider.RepliedMaybe
			}
			return provider.RepliedYes
		}
	}
	return provider.RepliedNo
}

// status reads an event.
func status(p payload) []provider.Event {
	s := provider.Status{Ref: p.Context[refKey], ID: p.MessageID, To: wire.Phone(p.Recipient)}
	switch p.Event {
	case "TEXT_QUEUED", "TEXT_PENDING":
		s.State = provider.Queued
	case "TEXT_SENT", "TEXT_SUCCESSFUL", "TEXT_UNKNOWN":
		s.State = provider.Sent
	case "TEXT_DELIVERED":
		s.State = provider.Delivered
	case "TEXT_UNREACHABLE", "TEXT_CARRIER_UNREACHABLE", "TEXT_TTL_EXPIRED":
		s.State = provider.Undelivered
	case "TEXT_BLOCKED", "TEXT_CARRIER_BLOCKED", "TEXT_SPAM", "TEXT_INVALID", "TEXT_INVALID_MESSAGE", "TEXT_PROTECT_BLOCKED":
		s.State = provider.Failed
	default:
		return nil
	}
	if s.State == provider.Undelivered || s.State == provider.Failed {
		s.Kind, s.Code = codes.Kind(p.Event), p.Event
	}
	return []provider.Event{{Status: &s}}
}

// Ack implements [provider.Webhook] with 200 and no body.
func (a *Adapter) Ack(w http.ResponseWriter) { w.WriteHeader(http.StatusOK) }
