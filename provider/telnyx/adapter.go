package telnyx

import (
	"context"
	"crypto/ed25519"
	"fmt"
	"io"

	"github.com/carewire/carewire/provider"
	"github.com/carewire/carewire/provider/internal/wire"
)

// Adapter sends messages through one Telnyx account and reads its webhooks. It
// is safe for concurrent use.
type Adapter struct {
	cfg    Config
	client *wire.Client
	key    ed25519.PublicKey
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
	c.BaseURL = wire.Base(c.BaseURL, "https://api.telnyx.com/v2")
	return &Adapter{
		cfg:    c,
		client: wire.NewClient(c.HTTPClient),
		key:    c.key(),
		ours:   wire.NewNumbers(append([]string{c.From}, c.Numbers...)...),
	}, nil
}

// Format implements [fmt.Formatter]: every verb prints the sender's profile only.
func (a Adapter) Format(s fmt.State, _ rune) {
	_, _ = io.WriteString(s, "telnyx adapter of profile "+a.cfg.MessagingProfileID)
}

// message is the request to send one.
type message struct {
	From      string `json:"from,omitempty"`
	ProfileID string `json:"messaging_profile_id,omitempty"`
	To        string `json:"to"`
	Text      string `json:"text"`
	Type      string `json:"type"`
	Webhook   string `json:"webhook_url"`
}

// Send implements [provider.Provider]. Message.Ref travels in the URL of the
// status callback. Telnyx takes no time to live, so that Message.TTL is ignored.
func (a *Adapter) Send(ctx context.Context, m provider.Message) (provider.Receipt, error) {
	if err := wire.Ready(ctx, m); err != nil {
		return provider.Receipt{}, err
	}
	r, err := wire.PostJSON(ctx, a.cfg.BaseURL+"/messages", message{
		From: a.cfg.From, ProfileID: a.cfg.MessagingProfileID, To: m.To.E164(), Text: m.Text, Type: "SMS",
		Webhook: wire.WithRef(a.cfg.PublicURL, m.Ref),
	})
	if err != nil {
		return provider.Receipt{}, err
	}
	r.Header.Set("Authorization", "Bearer "+a.cfg.APIKey)
	answer, err := a.client.Do(r)
	if err != nil {
		return provider.Receipt{}, err
	}
	if !answer.Accepted() {
		return provider.Receipt{}, refusal(answer)
	}
	return receipt(answer)
}

// refusal reads an answer that is no success. Of several errors the first one
// that the table knows counts.
func refusal(answer wire.Answer) error {
	var out struct {
		Errors []problem `json:"errors"`
	}
	code := ""
	if err := answer.JSON(&out); err == nil {
		code = firstKnown(out.Errors).code()
	}
	return wire.Refusal(answer, code, codes)
}

// receipt reads an answer of success.
func receipt(answer wire.Answer) (provider.Receipt, error) {
	var out struct {
		Data struct {
			ID    string `json:"id"`
			Parts int    `json:"parts"`
			From  struct {
				Number string `json:"phone_number"`
			} `json:"from"`
		} `json:"data"`
	}
	if err := answer.JSON(&out); err != nil || out.Data.ID == "" {
		return provider.Receipt{}, wire.Odd(err)
	}
	return provider.Receipt{ID: out.Data.ID, From: out.Data.From.Number, Segments: max(out.Data.Parts, 0)}, nil
}
