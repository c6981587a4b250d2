package awssms

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	sms "github.com/aws/aws-sdk-go-v2/service/pinpointsmsvoicev2"
	"github.com/aws/aws-sdk-go-v2/service/pinpointsmsvoicev2/types"

	"github.com/carewire/carewire/provider"
	"github.com/carewire/carewire/provider/internal/wire"
)

// Adapter sends messages from one AWS account and reads what its SNS topics
// deliver. It is safe for concurrent use.
type Adapter struct {
	cfg    Config
	client *wire.Client
	api    *sms.Client
	ours   wire.Numbers // what people may write to
	certs  *certificates
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
	client := wire.NewClient(c.HTTPClient)
	o := sms.Options{
		Region: c.Region, Credentials: c.Credentials, HTTPClient: doer{client}, Retryer: aws.NopRetryer{},
	}
	if c.BaseURL != "" {
		o.BaseEndpoint = aws.String(wire.Base(c.BaseURL, ""))
	}
	return &Adapter{
		cfg:    c,
		client: client,
		api:    sms.New(o),
		ours:   wire.NewNumbers(append([]string{c.From}, c.Numbers...)...),
		certs:  &certificates{client: client, now: c.Now},
	}, nil
}

// Format implements [fmt.Formatter]: every verb prints the region only.
func (a Adapter) Format(s fmt.State, _ rune) {
	_, _ = io.WriteString(s, "awssms adapter of "+a.cfg.Region)
}

// refKey is the key under which Message.Ref travels in the message's context.
const refKey = wire.RefParam

// The limits of TimeToLive, in seconds.
const minTTL, maxTTL = 5, 72 * 3600

// Send implements [provider.Provider]. Message.Ref travels in the context,
// Message.TTL as TimeToLive, from five seconds to three days. The SDK signs and
// writes the request; its retries are off, and the answer is classified as for
// every other provider.
func (a *Adapter) Send(ctx context.Context, m provider.Message) (provider.Receipt, error) {
	if err := wire.Ready(ctx, m); err != nil {
		return provider.Receipt{}, err
	}
	in := &sms.SendTextMessageInput{
		DestinationPhoneNumber: aws.String(m.To.E164()),
		OriginationIdentity:    aws.String(a.cfg.From),
		MessageBody:            aws.String(m.Text),
		MessageType:            types.MessageTypeTransactional,
	}
	if a.cfg.ConfigurationSet != "" {
		in.ConfigurationSetName = aws.String(a.cfg.ConfigurationSet)
	}
	if m.Ref != "" {
		in.Context = map[string]string{refKey: m.Ref}
	}
	if m.TTL > 0 {
		in.TimeToLive = aws.Int32(int32(min(max(m.TTL/time.Second, minTTL), maxTTL))) //nolint:gosec // within the limits
	}
	var x exchange
	out, err := a.api.SendTextMessage(context.WithValue(ctx, exchangeKey{}, &x), in)
	switch {
	case !x.tried:
		return provider.Receipt{}, &provider.Error{Kind: provider.Unavailable, Err: errNotSent}
	case x.err != nil:
		return provider.Receipt{}, x.err
	case !x.answer.Accepted():
		return provider.Receipt{}, refusal(x.answer)
	case err != nil || x.answer.Err != nil || aws.ToString(out.MessageId) == "":
		return provider.Receipt{}, wire.Odd(x.answer.Err) // without the SDK's error, which quotes the answer
	}
	return provider.Receipt{ID: aws.ToString(out.MessageId)}, nil
}

// errNotSent is the cause where the SDK gave up before it made a request, as it
// does without credentials.
var errNotSent = errors.New("awssms: the SDK made no request")

// exchange is what the SDK's one request came to.
type exchange struct {
	tried  bool
	answer wire.Answer
	err    error
}

type exchangeKey struct{}

// doer lets the SDK send through the plumbing of all adapters.
type doer struct{ client *wire.Client }

// Do implements the SDK's HTTPClient.
func (d doer) Do(r *http.Request) (*http.Response, error) {
	answer, err := d.client.Do(r)
	if x, ok := r.Context().Value(exchangeKey{}).(*exchange); ok {
		x.tried, x.answer, x.err = true, answer, err
	}
	if err != nil {
		return nil, err
	}
	return &http.Response{
		StatusCode: answer.Status, Header: answer.Header, Request: r, ContentLength: int64(len(answer.Body)),
		Proto: "HTTP/1.1", ProtoMajor: 1, ProtoMinor: 1, Body: io.NopCloser(bytes.NewReader(answer.Body)),
	}, nil
}

// refusal reads an answer that is no success. The exception decides, and not
// the status, which is 400 for all of them.
func refusal(answer wire.Answer) error {
	var out struct {
		Type   string `json:"__type"`
		Reason string `json:"Reason"`
	}
	if err := answer.JSON(&out); err != nil {
		out.Type, out.Reason = "", ""
	}
	_, name, ok := strings.Cut(out.Type, "#")
	if !ok {
		name = out.Type
	}
	if name == internalError {
		return &provider.Error{Kind: provider.Unknown, Code: name}
	}
	code := out.Reason
	if code == "" {
		code = name
	}
	return wire.Refusal(answer, code, codes)
}
