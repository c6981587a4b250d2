package plivo

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

// Adapter sends messages through one Plivo account and reads its webhooks. It
// is safe for concurrent use.
type Adapter struct {
	cfg    Config
	client *wire.Client
	send   string       // where messages are posted to
	ours   wire.Numbers // what people may write to
	urls   []string     // the spellings of the public URL without its query
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
	return &Adapter{
		cfg:    c,
		client: wire.NewClient(c.HTTPClient),
		send:   wire.Base(c.BaseURL, "https://api.plivo.com/v1") + "/Account/" + url.PathEscape(c.AuthID) + "/Message/",
		ours:   wire.NewNumbers(append([]string{c.From}, c.Numbers...)...),
		urls:   spellings(c.PublicURL),
	}, nil
}

// Format implements [fmt.Formatter]: every verb prints the account only.
func (a Adapter) Format(s fmt.State, _ rune) {
	_, _ = io.WriteString(s, "plivo adapter of "+a.cfg.AuthID)
}

// message is the request to send one. Plivo writes numbers without the plus sign.
type message struct {
	Source    string `json:"src,omitempty"`
	Powerpack string `json:"powerpack_uuid,omitempty"`
	To        string `json:"dst"`
	Text      string `json:"text"`
	Type      string `json:"type"`
	URL       string `json:"url"`
	Method    string `json:"method"`
	Expiry    int64  `json:"message_expiry,omitempty"`
}

// The limits of message_expiry, in seconds.
const minExpiry, maxExpiry = 5, 10800

// Send implements [provider.Provider]. Message.Ref travels in the URL of the
// status callback, Message.TTL as message_expiry, from five seconds to three
// hours. Plivo tells opt-outs in the status callback only.
func (a *Adapter) Send(ctx context.Context, m provider.Message) (provider.Receipt, error) {
	if err := wire.Ready(ctx, m); err != nil {
		return provider.Receipt{}, err
	}
	out := message{
		Source: strings.TrimPrefix(a.cfg.From, "+"), Powerpack: a.cfg.PowerpackUUID,
		To: strings.TrimPrefix(m.To.E164(), "+"), Text: m.Text, Type: "sms",
		URL: wire.WithRef(a.cfg.PublicURL, m.Ref), Method: "POST",
	}
	if out.Powerpack != "" {
		out.Source = "" // one of the two
	}
	if m.TTL > 0 {
		out.Expiry = min(max(int64(m.TTL/time.Second), minExpiry), maxExpiry)
	}
	r, err := wire.PostJSON(ctx, a.send, out)
	if err != nil {
		return provider.Receipt{}, err
	}
	r.SetBasicAuth(a.cfg.AuthID, a.cfg.AuthToken)
	answer, err := a.client.Do(r)
	if err != nil {
		return provider.Receipt{}, err
	}
	if !answer.Accepted() {
		return provider.Receipt{}, wire.Refusal(answer, "", codes) // Plivo's answers have no code
	}
	return receipt(answer)
}

// receipt reads an answer of success. It does not say how many units it takes.
func receipt(answer wire.Answer) (provider.Receipt, error) {
	var out struct {
		IDs []string `json:"message_uuid"`
	}
	if err := answer.JSON(&out); err != nil || len(out.IDs) == 0 || out.IDs[0] == "" {
		return provider.Receipt{}, wire.Odd(err)
	}
	return provider.Receipt{ID: out.IDs[0]}, nil
}
