package bandwidth

import (
	"context"
	"fmt"
	"io"
	"net/url"
	"time"

	"github.com/carewire/carewire/provider"
	"github.com/carewire/carewire/provider/internal/wire"
)

// Adapter sends messages through one Bandwidth application and reads its
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
		send: wire.Base(c.BaseURL, "https://messaging.bandwidth.com/api/v2") +
			"/users/" + url.PathEscape(c.AccountID) + "/messages",
		ours: wire.NewNumbers(append([]string{c.From}, c.Numbers...)...),
	}, nil
}

// Format implements [fmt.Formatter]: every verb prints the account only.
func (a Adapter) Format(s fmt.State, _ rune) {
	_, _ = io.WriteString(s, "bandwidth adapter of "+a.cfg.AccountID)
}

// message is the request to send one.
type message struct {
	Application string   `json:"applicationId"`
	To          []string `json:"to"`
	From        string   `json:"from"`
	Text        string   `json:"text"`
	Tag         string   `json:"tag,omitempty"`
	Expiration  string   `json:"expiration,omitempty"`
}

// minTTL keeps the expiration in the future when the message arrives.
const minTTL = 5 * time.Second

// Send implements [provider.Provider]. Message.Ref travels as tag, Message.TTL
// as expiration.
func (a *Adapter) Send(ctx context.Context, m provider.Message) (provider.Receipt, error) {
	if err := wire.Ready(ctx, m); err != nil {
		return provider.Receipt{}, err
	}
	out := message{Application: a.cfg.ApplicationID, To: []string{m.To.E164()}, From: a.cfg.From, Text: m.Text, Tag: m.Ref}
	if m.TTL > 0 {
		out.Expiration = a.cfg.Now().UTC().Add(max(m.TTL, minTTL)).Format(time.RFC3339)
	}
	r, err := wire.PostJSON(ctx, a.send, out)
	if err != nil {
		return provider.Receipt{}, err
	}
	r.SetBasicAuth(a.cfg.Username, a.cfg.Password)
	answer, err := a.client.Do(r)
	if err != nil {
		return provider.Receipt{}, err
	}
	if !answer.Accepted() {
		var no struct {
			Type string `json:"type"`
		}
		if err := answer.JSON(&no); err != nil {
			no.Type = "" // the status alone decides
		}
		return provider.Receipt{}, wire.Refusal(answer, no.Type, codes)
	}
	var in struct {
		ID       string `json:"id"`
		From     string `json:"from"`
		Segments int    `json:"segmentCount"`
	}
	if err := answer.JSON(&in); err != nil || in.ID == "" {
		return provider.Receipt{}, wire.Odd(err)
	}
	return provider.Receipt{ID: in.ID, From: in.From, Segments: max(in.Segments, 0)}, nil
}
