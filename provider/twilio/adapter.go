package twilio

import (
	"context"
	"fmt"
	"io"
	"net/url"
	"strconv"
	"time"

	"github.com/carewire/carewire/provider"
	"github.com/carewire/carewire/provider/internal/wire"
)

// Adapter sends messages through one Twilio account and reads its webhooks. It
// is safe for concurrent use.
type Adapter struct {
	cfg    Config
	client *wire.Client
	send   string       // where messages are posted to
	ours   wire.Numbers // what people may write to
	bases  []string     // the spellings of the public URL without its query
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
	a := &Adapter{
		cfg:    c,
		client: wire.NewClient(c.HTTPClient),
		send: wire.Base(c.BaseURL, "https://api.twilio.com") +
			"/2010-04-01/Accounts/" + url.PathEscape(c.AccountSID) + "/Messages.json",
		ours: wire.NewNumbers(append([]string{c.From}, c.Numbers...)...),
	}
	a.bases = bases(a.bareURL())
	return a, nil
}

// Format implements [fmt.Formatter]: every verb prints the account only.
func (a Adapter) Format(s fmt.State, _ rune) {
	_, _ = io.WriteString(s, "twilio adapter of "+a.cfg.AccountSID)
}

// The limits of ValidityPeriod, in seconds.
const minValidity, maxValidity = 1, 36000

// Send implements [provider.Provider]. Message.Ref travels in the URL of the
// status callback, Message.TTL as ValidityPeriod, up to ten hours.
func (a *Adapter) Send(ctx context.Context, m provider.Message) (provider.Receipt, error) {
	if err := wire.Ready(ctx, m); err != nil {
		return provider.Receipt{}, err
	}
	r, err := wire.PostForm(ctx, a.send, a.form(m))
	if err != nil {
		return provider.Receipt{}, err
	}
	if a.cfg.KeySID != "" {
		r.SetBasicAuth(a.cfg.KeySID, a.cfg.KeySecret)
	} else {
		r.SetBasicAuth(a.cfg.AccountSID, a.cfg.AuthToken)
	}
	answer, err := a.client.Do(r)
	if err != nil {
		return provider.Receipt{}, err
	}
	if !answer.Accepted() {
		return provider.Receipt{}, refusal(answer)
	}
	return receipt(answer)
}

// form is the message as Twilio takes it.
func (a *Adapter) form(m provider.Message) url.Values {
	f := url.Values{
		"To":             {m.To.E164()},
		"Body":           {m.Text},
		"StatusCallback": {wire.WithRef(a.cfg.PublicURL, m.Ref)},
	}
	if a.cfg.From != "" {
		f.Set("From", a.cfg.From)
	}
	if a.cfg.MessagingServiceSID != "" {
		f.Set("MessagingServiceSid", a.cfg.MessagingServiceSID)
	}
	if m.TTL > 0 {
		s := int64(m.TTL / time.Second)
		f.Set("ValidityPeriod", strconv.FormatInt(min(max(s, minValidity), maxValidity), 10))
	}
	return f
}

// refusal reads an answer that is no success.
func refusal(answer wire.Answer) error {
	var out struct {
		Code wire.Text `json:"code"`
	}
	if err := answer.JSON(&out); err != nil {
		out.Code = "" // the status alone decides
	}
	return wire.Refusal(answer, string(out.Code), codes)
}

// receipt reads an answer of success. One whose message has failed already,
// which a Messaging Service can give, is a refusal.
func receipt(answer wire.Answer) (provider.Receipt, error) {
	var out struct {
		SID      string    `json:"sid"`
		From     string    `json:"from"`
		Status   string    `json:"status"`
		Segments wire.Text `json:"num_segments"`
		Code     wire.Text `json:"error_code"`
	}
	if err := answer.JSON(&out); err != nil || out.SID == "" {
		return provider.Receipt{}, wire.Odd(err)
	}
	if out.Status == "failed" {
		k := codes.Kind(string(out.Code))
		if k == provider.Unknown {
			k = provider.Refused
		}
		return provider.Receipt{}, &provider.Error{Kind: k, Code: wire.Clean(string(out.Code))}
	}
	n, err := strconv.Atoi(string(out.Segments))
	if err != nil || n < 0 {
		n = 0 // not said
	}
	return provider.Receipt{ID: out.SID, From: out.From, Segments: n}, nil
}
