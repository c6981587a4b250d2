package carewire

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/google/uuid"

	"github.com/carewire/carewire/consent"
	"github.com/carewire/carewire/disclosure"
	"github.com/carewire/carewire/optout"
	"github.com/carewire/carewire/provider"
	"github.com/carewire/carewire/recipient"
	"github.com/carewire/carewire/store"
)

// Send hands m to the provider if everything on file permits it, exactly once
// per key.
//
// The order is part of the contract: the shape of the message, the classifiers
// and rules on the caller's text, opt-outs held in memory, then the claim of
// the key together with every fact on file, opt-out, consent, disclosure, the
// provider, and the settlement. Nothing with I/O stands between the claim and
// the provider.
//
// Every error is an [*Error]. After an accepted message whose outcome could
// not be recorded, both the receipt and an error with [WasSent] are returned.
func (c *Client) Send(ctx context.Context, m Message) (Receipt, error) {
	m, refused := c.checkMessage(m)
	var approval string
	if refused == nil {
		approval, refused = c.checkBody(ctx, m)
	}
	if refused != nil {
		c.recordRefusal(ctx, m, refused)
		return Receipt{}, refused
	}
	if err := c.checkHeld(ctx, m.To); err != nil {
		return Receipt{}, err
	}
	a := c.attempt(store.KeyMessage, m.To, m.Key)
	a.Purpose, a.Sum = m.Purpose, c.messageSum(m)
	snap, err := c.begin(ctx, a)
	if err != nil {
		return Receipt{}, err
	}
	if !snap.Held {
		return c.replay(a, snap.Prior)
	}
	v, refused := c.decide(m, facts{snap.Consents, snap.OptOuts, snap.Disclosures}, a.At)
	if refused == nil {
		refused = alive(ctx)
	}
	o := store.Outcome{Attempt: a, Approval: approval}
	if refused != nil {
		return Receipt{}, c.settleRefused(ctx, o, refused)
	}
	return c.handOver(ctx, m, v, o)
}

// checkBody asks classifiers and rules about the caller's text.
func (c *Client) checkBody(ctx context.Context, m Message) (approval string, _ *Error) {
	if err := alive(ctx); err != nil {
		return "", err
	}
	content := c.checkContent(ctx, m.Text)
	if content.err != nil {
		return "", content.err
	}
	return content.approval, c.checkRules(ctx, m)
}

// alive refuses when the caller no longer waits.
func alive(ctx context.Context) *Error {
	if err := ctx.Err(); err != nil {
		return &Error{Temporary: true, Rule: "context/done", Err: &fault{reason: ErrRefused, shown: err}}
	}
	return nil
}

// attempt starts the record of something that is done at most once.
func (c *Client) attempt(kind store.KeyKind, p recipient.Phone, key string) store.Attempt {
	return store.Attempt{
		ID: uuid.Must(uuid.NewV7()).String(), Of: c.id(p), Brand: c.cfg.Program.Brand,
		Key: store.Key(kind, c.cfg.Program.Brand, key), At: c.now(),
	}
}

func (c *Client) id(p recipient.Phone) recipient.ID {
	return recipient.ID{Tenant: c.cfg.Program.Tenant, Phone: p}
}

// now is the time in the form in which every store keeps it.
func (c *Client) now() time.Time { return c.cfg.Now().UTC().Truncate(time.Microsecond) }

func (c *Client) messageSum(m Message) string {
	return c.sum("message", c.cfg.Program.Tenant, c.cfg.Program.Brand, m.To.E164(), string(m.Purpose), m.Key, m.Text)
}

// begin claims the key. After an error it is not known whether the claim is
// on file, so the key is given back; nothing was sent.
func (c *Client) begin(ctx context.Context, a store.Attempt) (store.Snapshot, error) {
	snap, err := c.cfg.Store.Begin(ctx, a)
	if err == nil {
		return snap, nil
	}
	cleanup, cancel := context.WithTimeout(context.WithoutCancel(ctx), cleanupTimeout)
	defer cancel()
	_ = c.cfg.Store.Finish(cleanup, store.Outcome{Attempt: a, State: store.Refused, Rule: "store/begin", Settled: c.now()}) //nolint:errcheck // best effort: the key stays in flight otherwise
	return store.Snapshot{}, storeError("store/begin", err)
}

// replay answers a call whose key another attempt holds.
func (c *Client) replay(a store.Attempt, prior store.Outcome) (Receipt, error) {
	age := a.At.Sub(prior.At)
	switch {
	case prior.Sum != a.Sum:
		return Receipt{}, refusal("key/reused", because(ErrKeyReused, "for another message"))
	case prior.State == store.Open && age < c.lease():
		return Receipt{}, &Error{Sent: MaybeSent, Temporary: true, After: c.lease() - age, Rule: "key/in-flight", Err: ErrInFlight}
	case prior.State == store.Open, prior.State == store.Unknown:
		return Receipt{}, &Error{Sent: MaybeSent, Rule: "key/unknown", Err: ErrUnknown}
	case age >= keyLife:
		return Receipt{}, &Error{Sent: WasSent, Rule: "key/reused", Err: because(ErrKeyReused, "more than 24 hours ago")}
	case prior.State == store.Accepted, prior.State == store.Delivered, prior.State == store.Failed:
		return Receipt{AttemptID: prior.ID, ProviderID: prior.ProviderID, Replayed: true}, nil
	}
	return Receipt{}, storeError("store/begin", errors.New("the store let nobody hold the key"))
}

// lease is how long an open attempt counts as in flight.
func (c *Client) lease() time.Duration { return c.cfg.ProviderTimeout + finishTimeout + leaseSlack }

// handOver gives the message to the provider and settles the attempt.
func (c *Client) handOver(ctx context.Context, m Message, v verdict, o store.Outcome) (Receipt, error) {
	out := provider.Message{To: m.To, Text: v.text, Ref: o.ID, TTL: timeToLive(m.Purpose)}
	pr, err := c.callProvider(ctx, out)
	o.Settled = c.now()
	if err != nil {
		return Receipt{}, c.settleProviderError(ctx, o, err)
	}
	o.State, o.ProviderID, o.From = store.Accepted, clean(pr.ID, m.To), mended(pr.From)
	if c.cfg.KeepText && m.Purpose != consent.Authentication {
		o.Text = c.kept(ctx, v.text, o)
	}
	if v.added != disclosure.Nothing {
		o.Disclosures = []disclosure.Record{{
			ID: "d-" + o.ID, Of: o.Of, Brand: o.Brand, Kind: v.added, Text: v.shown, Ref: o.ID, At: o.At,
		}}
	}
	r := Receipt{AttemptID: o.ID, ProviderID: o.ProviderID, Disclosed: v.added == disclosure.Statement, Segments: pr.Segments}
	if r.Segments == 0 {
		r.Segments = provider.Segments(v.text).Segments
	}
	if err := c.finish(ctx, o); err != nil {
		c.log(ctx, "the provider accepted a message whose outcome could not be recorded", o)
		return r, &Error{Sent: WasSent, Rule: "store/finish", Err: &fault{reason: ErrNotRecorded, hidden: err}}
	}
	return r, nil
}

// kept is what goes on file of the text of a message.
func (c *Client) kept(ctx context.Context, text string, o store.Outcome) string {
	if c.cfg.EncryptText == nil {
		return text
	}
	hidden, err := encryptSafely(c.cfg.EncryptText, text)
	if err != nil || !storable(hidden) {
		c.log(ctx, "the text of a message could not be encrypted and is not kept", o)
		return ""
	}
	return hidden
}

// encryptSafely turns a panic into an error: the message is out, and what
// became of it must still go on file.
func encryptSafely(encrypt func(string) (string, error), text string) (hidden string, err error) {
	defer func() {
		if p := recover(); p != nil {
			hidden, err = "", errors.New("the application panicked")
		}
	}()
	return encrypt(text)
}

// timeToLive is after what time a message is of no use, and so the longest
// time in which a STOP can be overtaken by a message that the provider still has.
func timeToLive(p consent.Purpose) time.Duration {
	if p == consent.Authentication {
		return 10 * time.Minute
	}
	return time.Hour
}

// callProvider calls the provider within its time limit. A panic counts as an
// unknown outcome.
func (c *Client) callProvider(ctx context.Context, m provider.Message) (r provider.Receipt, err error) {
	ctx, cancel := context.WithTimeout(ctx, c.cfg.ProviderTimeout)
	defer cancel()
	defer func() {
		if p := recover(); p != nil {
			err = &provider.Error{Kind: provider.Unknown, Code: "panic"}
		}
	}()
	return c.cfg.Provider.Send(ctx, m)
}

// settleRefused records that nothing was handed over. The refusal stands even
// if it cannot be recorded.
func (c *Client) settleRefused(ctx context.Context, o store.Outcome, refused *Error) *Error {
	o.State, o.Rule, o.Settled = store.Refused, refused.Rule, c.now()
	if err := c.finish(ctx, o); err != nil {
		c.log(ctx, "a refusal could not be recorded", o)
	}
	return refused
}

// settleProviderError records what the provider said, rewrapped: its own
// sentence can contain the number.
func (c *Client) settleProviderError(ctx context.Context, o store.Outcome, cause error) *Error {
	said := &provider.Error{Kind: provider.KindOf(cause)}
	var pe *provider.Error
	if errors.As(cause, &pe) {
		said.Code, said.After = clean(pe.Code, o.Of.Phone), pe.After
	}
	o.State, o.Rule, o.Code = store.Rejected, "provider/"+slug(said.Kind), said.Code
	e := &Error{After: said.After, Rule: o.Rule, Err: &fault{reason: ErrProvider, shown: said, hidden: cause}}
	switch said.Kind {
	case provider.Unknown:
		o.State, e.Sent = store.Unknown, MaybeSent
		e.Err = &fault{reason: ErrUnknown, shown: e.Err, hidden: cause}
	case provider.Unavailable, provider.Throttled:
		e.Temporary = true
	case provider.OptedOut:
		o.OptOuts = []optout.Record{c.providerOptOut(o.Of.Phone, "o-"+o.ID, said.Code, o.Settled)}
		e.Err = &fault{reason: ErrOptedOut, shown: e.Err}
	case provider.Filtered, provider.BadRecipient, provider.Refused:
	}
	if err := c.finish(ctx, o); err != nil {
		c.held.add(pending{phone: o.Of.Phone, optOuts: o.OptOuts})
		c.log(ctx, "a provider's refusal could not be recorded", o)
	}
	return e
}

// providerOptOut is an opt-out that only the provider knew of. It counts at the brand. (R7.22)
func (c *Client) providerOptOut(p recipient.Phone, id, code string, at time.Time) optout.Record {
	return optout.Record{
		ID: id, Of: c.id(p), Brand: c.cfg.Program.Brand, At: at,
		Via: "provider", Text: "the provider blocks this number: code " + code, Rule: "provider/opted-out",
	}
}

// finish settles an attempt whatever has become of the caller's context.
func (c *Client) finish(ctx context.Context, o store.Outcome) error {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), finishTimeout)
	defer cancel()
	return c.cfg.Store.Finish(ctx, o)
}

// recordRefusal files a message that the text checks refused before anything
// was claimed, as far as the store is able to. (R7.37)
func (c *Client) recordRefusal(ctx context.Context, m Message, refused *Error) {
	if m.To.IsZero() || m.Key == "" {
		return
	}
	a := c.attempt(store.KeyRefusal, m.To, m.Key)
	a.Purpose, a.Sum = m.Purpose, c.messageSum(m)
	if refused.Rule == "message/key" {
		a.Key = store.Key(store.KeyRefusal, a.Brand, c.sum("key", m.Key))
	}
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), finishTimeout)
	defer cancel()
	if snap, err := c.cfg.Store.Begin(ctx, a); err != nil || !snap.Held {
		return
	}
	_ = c.cfg.Store.Finish(ctx, store.Outcome{Attempt: a, State: store.Refused, Rule: refused.Rule, Settled: c.now()}) //nolint:errcheck // best effort
}

// log writes one warning, with ids and rules only.
func (c *Client) log(ctx context.Context, msg string, o store.Outcome) {
	c.cfg.Logger.WarnContext(ctx, "carewire: "+msg, "brand", o.Brand, "attempt", o.ID, "state", o.State.String(), "rule", o.Rule, "code", o.Code)
}

var _ Sender = (*Client)(nil)

var _ fmt.Formatter = (*Client)(nil)
