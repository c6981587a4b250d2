package vonage

import (
	"context"
	"crypto/rsa"
	"fmt"
	"io"
	"maps"
	"strings"
	"time"

	"github.com/carewire/carewire/provider"
	"github.com/carewire/carewire/provider/internal/wire"
)

// Adapter sends messages through one Vonage application and reads its webhooks.
// It is safe for concurrent use.
type Adapter struct {
	cfg    Config
	client *wire.Client
	key    *rsa.PrivateKey
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
	if c.MaxAge == 0 {
		c.MaxAge = 5 * time.Minute
	}
	c.BaseURL = wire.Base(c.BaseURL, "https://api.nexmo.com/v1")
	c.Secrets = maps.Clone(c.Secrets)
	return &Adapter{
		cfg:    c,
		client: wire.NewClient(c.HTTPClient),
		key:    c.key(),
		ours:   wire.NewNumbers(append([]string{c.From}, c.Numbers...)...),
	}, nil
}

// Format implements [fmt.Formatter]: every verb prints the application only.
func (a Adapter) Format(s fmt.State, _ rune) {
	_, _ = io.WriteString(s, "vonage adapter of "+a.cfg.ApplicationID)
}

// message is the request to send one. Vonage writes numbers without the plus sign.
type message struct {
	Type    string `json:"message_type"`
	Channel string `json:"channel"`
	To      string `json:"to"`
	From    string `json:"from"`
	Text    string `json:"text"`
	TTL     int64  `json:"ttl,omitempty"`
	Ref     string `json:"client_ref,omitempty"`
	Webhook string `json:"webhook_url,omitempty"`
}

// The limits of ttl, in seconds.
const minTTL, maxTTL = 1, 72 * 3600

// Send implements [provider.Provider]. Message.Ref travels as client_ref,
// Message.TTL as ttl, up to three days.
func (a *Adapter) Send(ctx context.Context, m provider.Message) (provider.Receipt, error) {
	if err := wire.Ready(ctx, m); err != nil {
		return provider.Receipt{}, err
	}
	out := message{
		Type: "text", Channel: "sms", To: strings.TrimPrefix(m.To.E164(), "+"), From: strings.TrimPrefix(a.cfg.From, "+"),
		Text: m.Text, Ref: m.Ref, Webhook: a.cfg.PublicURL,
	}
	if m.TTL > 0 {
		out.TTL = min(max(int64(m.TTL/time.Second), minTTL), maxTTL)
	}
	r, err := wire.PostJSON(ctx, a.cfg.BaseURL+"/messages", out)
	if err != nil {
		return provider.Receipt{}, err
	}
	token, err := a.token()
	if err != nil {
		return provider.Receipt{}, err
	}
	r.Header.Set("Authorization", "Bearer "+token)
	answer, err := a.client.Do(r)
	if err != nil {
		return provider.Receipt{}, err
	}
	if !answer.Accepted() {
		return provider.Receipt{}, refusal(answer)
	}
	var in struct {
		ID string `json:"message_uuid"`
	}
	if err := answer.JSON(&in); err != nil || in.ID == "" {
		return provider.Receipt{}, wire.Odd(err)
	}
	return provider.Receipt{ID: in.ID}, nil
}

// refusal reads an answer that is no success.
func refusal(answer wire.Answer) error {
	var out problem
	code := ""
	if err := answer.JSON(&out); err == nil {
		code = out.code()
	}
	return wire.Refusal(answer, code, codes)
}
