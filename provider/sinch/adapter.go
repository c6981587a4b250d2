package sinch

import (
	"context"
	"fmt"
	"io"
	"net/url"
	"strings"
	"time"

	"github.com/carewire/carewire/provider"
	"github.com/carewire/carewire/provider/internal/wire"
)

// Adapter sends messages through one Sinch service plan and reads its
// callbacks. It is safe for concurrent use.
type Adapter struct {
	cfg    Config
	client *wire.Client
	send   string       // where messages are posted to
	ours   wire.Numbers // what people may write to
}

var (
	_ provider.Provider = (*Adapter)(nil)
	_ provider.Webhook  = (*Adapter)(nil)
)

// New makes an Adapter. Its error joins one [*provider.ConfigError] for every
// field that is missing or wrong.
func New(c Config) (*Adapter, error) {
	if err := c.check(); err != nil {
		return nil, err
	}
	c.Now = wire.Clock(c.Now)
	return &Adapter{
		cfg:    c,
		client: wire.NewClient(c.HTTPClient),
		send: wire.Base(c.BaseURL, "https://us.sms.api.sinch.com/xms/v1") +
			"/" + url.PathEscape(c.ServicePlanID) + "/batches",
		ours: wire.NewNumbers(append([]string{c.From}, c.Numbers...)...),
	}, nil
}

// Format implements [fmt.Formatter]: every verb prints the service plan only.
func (a Adapter) Format(s fmt.State, _ rune) {
	_, _ = io.WriteString(s, "sinch adapter of "+a.cfg.ServicePlanID)
}

// batch is the request to send one message. Sinch writes numbers without the plus sign.
type batch struct {
	To       []string `json:"to"`
	From     string   `json:"from"`
	Body     string   `json:"body"`
	Type     string   `json:"type"`
	Report   string   `json:"delivery_report"`
	Ref      string   `json:"client_reference,omitempty"`
	Callback string   `json:"callback_url,omitempty"`
	Expire   string   `json:"expire_at,omitempty"`
}

// The limits of expire_at, from now.
const minTTL, maxTTL = 5 * time.Second, 72 * time.Hour

// Send implements [provider.Provider]. Message.Ref travels as client_reference,
// Message.TTL as expire_at, up to three days.
func (a *Adapter) Send(ctx context.Context, m provider.Message) (provider.Receipt, error) {
	if err := wire.Ready(ctx, m); err != nil {
		return provider.Receipt{}, err
	}
	out := batch{
		To: []string{strings.TrimPrefix(m.To.E164(), "+")}, From: strings.TrimPrefix(a.cfg.From, "+"), Body: m.Text,
		Type: "mt_text", Report: "per_recipient", Ref: m.Ref, Callback: a.cfg.PublicURL,
	}
	if m.TTL > 0 {
		out.Expire = a.cfg.Now().UTC().Add(min(max(m.TTL, minTTL), maxTTL)).Format(time.RFC3339)
	}
	r, err := wire.PostJSON(ctx, a.send, out)
	if err != nil {
		return provider.Receipt{}, err
	}
	r.Header.Set("Authorization", "Bearer "+a.cfg.APIToken)
	answer, err := a.client.Do(r)
	if err != nil {
		return provider.Receipt{}, err
	}
	if !answer.Accepted() {
		var no struct {
			Code wire.Text `json:"code"`
		}
		if err := answer.JSON(&no); err != nil {
			no.Code = "" // the status alone decides
		}
		return provider.Receipt{}, wire.Refusal(answer, string(no.Code), nil) // the words of refusals have no kinds
	}
	var in struct {
		ID   string `json:"id"`
		From string `json:"from"`
	}
	if err := answer.JSON(&in); err != nil || in.ID == "" {
		return provider.Receipt{}, wire.Odd(err)
	}
	return provider.Receipt{ID: in.ID, From: in.From}, nil
}
