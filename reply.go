package carewire

import (
	"context"
	"fmt"
	"time"

	"github.com/carewire/carewire/consent"
	"github.com/carewire/carewire/optout"
	"github.com/carewire/carewire/provider"
	"github.com/carewire/carewire/recipient"
	"github.com/carewire/carewire/store"
)

// confirmWithin is how long after an opt-out its confirmation may still be sent. (R7.18)
const confirmWithin = 5 * time.Minute

// answer returns what the client itself says to the person, or nil.
func (c *Client) answer(in Inbound, snap store.Snapshot, a store.Attempt) func(context.Context) {
	if in.Replied != provider.RepliedNo {
		return nil // two answers confuse, and somebody else has answered (R7.19)
	}
	switch in.Reading.Intent {
	case optout.Stop, optout.WrongNumber:
		return c.confirmation(in, snap, a)
	case optout.Help:
		return func(ctx context.Context) { c.sendHelp(ctx, in.From) }
	case optout.None, optout.Start, optout.Review:
	}
	return nil
}

// confirmation is the one text after an opt-out: only for the first opt-out of
// an episode, and only within five minutes. (R7.18)
func (c *Client) confirmation(in Inbound, snap store.Snapshot, a store.Attempt) func(context.Context) {
	brand := c.cfg.Program.Brand
	if _, err := optout.Check(snap.OptOuts, brand); err != nil {
		return nil
	}
	starts := 0
	for _, r := range snap.OptOuts {
		if r.In && r.Brand == brand {
			starts++
		}
	}
	said := a.At
	if !in.Sent.IsZero() {
		said = in.Sent
	}
	episode := fmt.Sprintf("episode %d", starts) // two opt-outs at once have one key
	return func(ctx context.Context) {
		if c.now().Sub(said) <= confirmWithin {
			c.sayOnce(ctx, store.KeyConfirmation, in.From, episode, c.stopAnswer())
		}
	}
}

const (
	helpEvery  = 10 * time.Minute // between two HELP answers to one number
	helpPerDay = 5
)

// sendHelp answers HELP, to everyone, at most once per ten minutes and five
// times a day. (R7.24)
func (c *Client) sendHelp(ctx context.Context, p recipient.Phone) {
	outs, err := c.cfg.Store.Outcomes(ctx, c.id(p))
	if err != nil {
		c.cfg.Logger.WarnContext(ctx, "carewire: HELP was not answered: the store failed", "brand", c.cfg.Program.Brand)
		return
	}
	now, today := c.now(), 0
	for _, o := range outs {
		kind, brand, _, ok := store.SplitKey(o.Key)
		if !ok || kind != store.KeyHelp || brand != c.cfg.Program.Brand || !o.State.Holds() {
			continue
		}
		if now.Sub(o.At) < helpEvery {
			return
		}
		if now.Sub(o.At) < 24*time.Hour {
			today++
		}
	}
	if today < helpPerDay {
		c.sayOnce(ctx, store.KeyHelp, p, now.Truncate(helpEvery).Format(time.RFC3339), c.helpAnswer())
	}
}

// sayOnce sends one of the client's own answers, which the gate does not
// stop: it is allowed to a person who has just opted out, and claimed in the
// ledger like every other message.
func (c *Client) sayOnce(ctx context.Context, kind store.KeyKind, p recipient.Phone, key, text string) {
	a := c.attempt(kind, p, key)
	a.Purpose = consent.Conversation
	snap, err := c.begin(ctx, a)
	if err != nil || !snap.Held {
		return
	}
	o := store.Outcome{Attempt: a}
	pr, err := c.callProvider(ctx, provider.Message{To: p, Text: text, Ref: a.ID, TTL: confirmWithin})
	o.Settled = c.now()
	if err != nil {
		_ = c.settleProviderError(ctx, o, err) // on file; nobody to tell
		return
	}
	o.State, o.ProviderID, o.From, o.Text = store.Accepted, clean(pr.ID, p), mended(pr.From), text
	if err := c.finish(ctx, o); err != nil {
		c.log(ctx, "an answer could not be recorded", o)
	}
}
