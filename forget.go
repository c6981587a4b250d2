package carewire

import (
	"context"
	"slices"
	"strings"
	"time"

	"github.com/carewire/carewire/optout"
	"github.com/carewire/carewire/recipient"
	"github.com/carewire/carewire/store"
)

// Erasure says when a person was erased, by whom and why.
type Erasure struct {
	At     time.Time
	By     string
	Reason string
}

// Forget removes what is personal about p, of all brands of the tenant:
// consents, disclosures, opt-outs with their words, and of the attempts all but
// purpose, decision and times. What is left of the person is an opt-out under a
// keyed hash of the number ([Config.Secret]): messages stay refused, and
// [Client.Consent] is refused until a named person ([Client.OptIn]) or the
// person's own START lifts it. by names the person who answers for the erasure;
// it and reason are kept, so they must not name p.
//
// It needs a store that can erase ([store.Eraser]); what stays in its files and
// backups is in the store's own documentation. A Send that is under way
// meanwhile ends without a record. After an error call it again: from its first
// step on messages are refused. (R7.21, R7.37)
func (c *Client) Forget(ctx context.Context, p recipient.Phone, by, reason string) error {
	r, err := c.byHand(p, by, reason)
	if err != nil {
		return err
	}
	if n := p.E164(); strings.Contains(by+" "+reason, n[len(n)-7:]) {
		return refusal("forget/by-hand", because(ErrInvalid, "who erases and why must not contain the number"))
	}
	r.Rule = erasedRule
	return c.forget(ctx, r, true)
}

// forget erases a person. With suppress the opt-out r is kept under the keyed hash.
func (c *Client) forget(ctx context.Context, r optout.Record, suppress bool) error {
	s := c.cfg.Store
	if !store.CanErase(s) {
		return refusal("forget/unsupported", because(ErrStore, "it cannot erase"))
	}
	if err := c.fileHeld(ctx, r.Of.Phone); err != nil {
		return storeError("store/put", err)
	}
	old, err := c.erasures(ctx, r.Of)
	if err != nil {
		return err
	}
	t := c.tombs(r.Of)[0]
	if suppress {
		stop := r
		stop.Brand = "" // refused from here on, whatever fails
		mark := optout.Record{ID: "erased", Of: tombMark(r.Of.Tenant), At: r.At, Rule: erasedRule}
		keep := r
		keep.ID, keep.Of, keep.Brand = t.prefix+newID(), t.at, ""
		for _, rec := range []optout.Record{stop, mark, keep} {
			if err := s.PutOptOut(ctx, rec); err != nil {
				return storeError("store/put", err)
			}
		}
	}
	for _, o := range old { // what was found under a secret of before is found under that of today from now on
		o.ID, o.Of = t.prefix+strings.TrimPrefix(o.ID, erasedID), t.at
		if err := s.PutOptOut(ctx, o); err != nil {
			return storeError("store/put", err)
		}
	}
	e := store.Erasure{Of: r.Of, As: t.at, At: r.At, By: strings.TrimPrefix(r.Via, "person: "), Reason: r.Text}
	if err := store.Erase(ctx, s, e); err != nil {
		return storeError("store/erase", err)
	}
	return nil
}

// Erasures returns when p was erased, the earliest first. It is empty without
// an error if p never was.
func (c *Client) Erasures(ctx context.Context, p recipient.Phone) ([]Erasure, error) {
	rs, err := c.erasures(ctx, c.id(p))
	if err != nil {
		return nil, err
	}
	var out []Erasure
	for _, r := range rs {
		out = append(out, Erasure{At: r.At, By: strings.TrimPrefix(r.Via, "person: "), Reason: r.Text})
	}
	slices.SortFunc(out, func(a, b Erasure) int { return a.At.Compare(b.At) })
	return out, nil
}

// erasures are the records of erasures of a person.
func (c *Client) erasures(ctx context.Context, id recipient.ID) ([]optout.Record, error) {
	s, ok := c.cfg.Store.(*erasing)
	if !ok {
		return nil, nil
	}
	erased, err := s.erasedOf(ctx, []recipient.ID{id})
	if err != nil {
		return nil, storeError("store/opt-outs", err)
	}
	return erased[id], nil
}

// checkErased refuses the consent of a person who was erased, until the opt-out
// that is left is on file again, which is when somebody lifts it or the person
// writes in.
func (c *Client) checkErased(ctx context.Context, id recipient.ID) error {
	erased, err := c.erasures(ctx, id)
	if err != nil || len(erased) == 0 {
		return err
	}
	rs, err := c.cfg.Store.OptOuts(ctx, id)
	if err != nil {
		return storeError("store/opt-outs", err)
	}
	for _, r := range erased {
		if !slices.ContainsFunc(rs, func(o optout.Record) bool { return o.ID == r.ID }) {
			return refusal("consent/erased", because(ErrOptedOut, "the person was erased: OptIn lifts that, by name"))
		}
	}
	return nil
}
