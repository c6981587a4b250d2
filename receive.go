package carewire

import (
	"context"
	"errors"
	"strings"

	"github.com/carewire/carewire/consent"
	"github.com/carewire/carewire/optout"
	"github.com/carewire/carewire/provider"
	"github.com/carewire/carewire/store"
)

// Inbound is a message from a person, with what it was read as.
type Inbound struct {
	provider.Inbound
	Reading optout.Reading
	Replay  bool // the provider delivered it before, and it was dealt with then
}

// Receive deals with one inbound message: it reads what the person meant,
// files it, and answers an opt-out (once) and HELP. When it returns nil, the
// facts are on file. When it returns an error, an opt-out is held in memory,
// its number is refused, and the provider should deliver the message again;
// the same message again changes nothing.
//
// [Client.Webhook] calls it for providers with a webhook adapter.
func (c *Client) Receive(ctx context.Context, in provider.Inbound) (Inbound, error) {
	got, answer, err := c.receive(ctx, in, nil)
	if answer != nil {
		answer(ctx)
	}
	return got, err
}

// receive files what in says, then asks the application, then settles. The
// answer to the person, if there is one, is returned to be sent after the
// provider's acknowledgement. It can be due although err is not nil.
func (c *Client) receive(ctx context.Context, in provider.Inbound, app func(context.Context, Inbound) error) (Inbound, func(context.Context), error) {
	in.ID, in.To, in.Text = mended(in.ID), mended(in.To), mended(in.Text)
	got := Inbound{Inbound: in}
	if in.From.IsZero() {
		return got, nil, refusal("inbound/from", because(ErrInvalid, "no sender"))
	}
	if in.ID == "" {
		in.ID = c.sum("inbound", in.From.E164(), in.To, in.Text, in.Sent.UTC().String())
		got.ID = in.ID
	}
	got.Reading = c.read(in)
	a := c.attempt(store.KeyInbound, in.From, in.ID)
	a.ID = "i-" + c.sum("inbound id", c.cfg.Program.Tenant, c.cfg.Program.Brand, in.From.E164(), in.ID) // the same event again is the same attempt
	facts := c.factsOf(got, a)
	snap, err := c.beginInbound(ctx, a, facts)
	if err != nil {
		return got, nil, err
	}
	if !snap.Held {
		got.Replay = true
		return got, nil, nil
	}
	if err := c.fileNew(ctx, facts, snap); err != nil {
		return got, nil, err
	}
	answer := c.answer(got, snap, a)
	if err := c.tellApplication(ctx, got, app); err != nil {
		return got, answer, err
	}
	o := store.Outcome{Attempt: a, State: store.Accepted, Rule: got.Reading.Rule, ProviderID: clean(in.ID, in.From), From: in.To, Settled: c.now()}
	if err := c.finish(ctx, o); err != nil {
		return got, answer, storeError("store/finish", err)
	}
	return got, answer, nil
}

// mended makes text that every store takes: what is not UTF-8, and NUL, which
// no SQL text can hold, becomes U+FFFD. An opt-out must not fail on a byte.
func mended(s string) string {
	return strings.ReplaceAll(strings.ToValidUTF8(s, "\ufffd"), "\x00", "\ufffd")
}

// read decides what in means. The provider's own flag can only make it quieter. (R7.8, R7.9, R7.20)
func (c *Client) read(in provider.Inbound) optout.Reading {
	r := optout.Read(in.Text)
	out := r.Intent == optout.Stop || r.Intent == optout.WrongNumber
	switch {
	case in.Flag == provider.FlagStop && !out:
		return optout.Reading{Intent: optout.Stop, Rule: "provider/flag", End: len(in.Text)}
	case in.Flag == provider.FlagHelp && r.Intent == optout.None:
		return optout.Reading{Intent: optout.Help, Rule: "provider/flag", End: len(in.Text)}
	case r.Intent == optout.Review && c.cfg.Review == nil:
		r.Intent = optout.Stop
	}
	return r
}

// factsOf are what goes on file because of a message.
func (c *Client) factsOf(in Inbound, a store.Attempt) pending {
	p := pending{phone: in.From}
	brand := c.cfg.Program.Brand
	switch in.Reading.Intent {
	case optout.Stop, optout.WrongNumber:
		p.optOuts = []optout.Record{c.inboundOptOut(in, a)}
		if in.Reading.Intent == optout.WrongNumber {
			p.consents = []consent.Record{{
				ID: "r-" + a.ID, Of: a.Of, Brand: brand, Revoked: true, Ref: "wrong number", Where: "inbound " + in.ID, At: a.At,
			}}
		}
		return p
	case optout.Start:
		r := c.inboundOptOut(in, a)
		r.In = true
		p.optOuts = []optout.Record{r}
	case optout.None, optout.Help, optout.Review:
	}
	p.consents = []consent.Record{{
		ID: "c-" + a.ID, Of: a.Of, Brand: brand, Basis: consent.Inbound, Purposes: []consent.Purpose{consent.Conversation},
		Ref: in.ID, Where: "inbound", At: a.At, Until: a.At.Add(c.cfg.Conversation),
	}}
	return p
}

func (c *Client) inboundOptOut(in Inbound, a store.Attempt) optout.Record {
	return optout.Record{
		ID: "o-" + a.ID, Of: a.Of, Brand: c.cfg.Program.Brand, At: a.At, Sent: in.Sent,
		Via: "inbound", Text: in.Text, Rule: in.Reading.Rule,
	}
}

// beginInbound claims the event. If the store is down, an opt-out is held in
// memory, so that this process refuses the number from now on.
func (c *Client) beginInbound(ctx context.Context, a store.Attempt, facts pending) (store.Snapshot, error) {
	err := c.fileHeld(ctx, a.Of.Phone)
	if err == nil {
		var snap store.Snapshot
		if snap, err = c.cfg.Store.Begin(ctx, a); err == nil {
			return snap, nil
		}
	}
	c.hold(ctx, facts)
	return store.Snapshot{}, storeError("store/begin", err)
}

// hold keeps refusals in memory and tries at once to file them anyway: the
// opt-outs may live elsewhere than the ledger that failed.
func (c *Client) hold(ctx context.Context, facts pending) {
	if !facts.refuses() {
		return
	}
	c.held.add(facts)
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), cleanupTimeout)
	defer cancel()
	if err := c.fileHeld(ctx, facts.phone); err != nil {
		c.cfg.Logger.ErrorContext(ctx, "carewire: an opt-out is held in memory until the store takes it",
			"brand", c.cfg.Program.Brand, "unrecorded", c.Unrecorded())
	}
}

// refuses reports whether p has an opt-out or a revocation.
func (p pending) refuses() bool {
	for _, r := range p.optOuts {
		if !r.In {
			return true
		}
	}
	return false
}

// fileNew files facts. The consent of a conversation that is on file and
// hardly older is left as it is, so that a long talk does not pile up records.
func (c *Client) fileNew(ctx context.Context, facts pending, snap store.Snapshot) error {
	if !facts.refuses() && len(facts.consents) == 1 {
		until := facts.consents[0].Until.Add(-c.cfg.Conversation / 96)
		r, err := consent.Check(snap.Consents, c.cfg.Program.Brand, consent.Conversation, facts.consents[0].At)
		if err == nil && r.Until.After(until) {
			facts.consents = nil
		}
	}
	if err := c.file(ctx, facts); err != nil {
		c.hold(ctx, facts)
		return storeError("store/put", err)
	}
	return nil
}

// tellApplication passes an unclear message to Config.Review and every message
// to the webhook's function. What was filed stays, whatever they do.
func (c *Client) tellApplication(ctx context.Context, in Inbound, app func(context.Context, Inbound) error) error {
	if in.Reading.Intent == optout.Review {
		if err := callSafely(ctx, in, c.cfg.Review); err != nil {
			return &Error{Temporary: true, Rule: "inbound/review", Err: &fault{reason: ErrRefused, hidden: err}}
		}
	}
	if err := callSafely(ctx, in, app); err != nil {
		return &Error{Temporary: true, Rule: "inbound/application", Err: &fault{reason: ErrRefused, hidden: err}}
	}
	return nil
}

func callSafely(ctx context.Context, in Inbound, f func(context.Context, Inbound) error) (err error) {
	if f == nil {
		return nil
	}
	defer func() {
		if p := recover(); p != nil {
			err = errors.New("the application panicked")
		}
	}()
	return f(ctx, in)
}
