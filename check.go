package carewire

import (
	"context"
	"time"

	"github.com/carewire/carewire/consent"
	"github.com/carewire/carewire/disclosure"
	"github.com/carewire/carewire/recipient"
	"github.com/carewire/carewire/store"
)

// Permission is whether one person may be sent a message.
type Permission struct {
	To   recipient.Phone
	Adds disclosure.Kind // what the message would carry besides its own text
	Err  error           // why not, an *Error with the Rule that Send would refuse by; nil if permitted
}

// CheckMany says for each of phones, in their order, whether a message for
// this purpose would be permitted now, by the same gate as [Client.Send]. It
// reads the facts of 1,000 people in one query where the store can
// ([store.BulkReader]), and claims, sends and records nothing.
//
// It is for planning: a STOP that comes after it is not in its answer, and
// Send asks again. Its own error says that it could not tell; nobody's
// permission is then known. The content of a message is not part of the
// question.
func (c *Client) CheckMany(ctx context.Context, phones []recipient.Phone, purpose consent.Purpose) ([]Permission, error) {
	out := make([]Permission, 0, len(phones))
	for len(phones) > 0 {
		part := phones[:min(len(phones), store.BulkLimit)]
		if err := alive0(ctx); err != nil {
			return nil, err
		}
		ids, held := make([]recipient.ID, len(part)), make([]bool, len(part))
		for i, p := range part {
			ids[i], held[i] = c.id(p), c.held.has(p) // before the look-up: what is filed meanwhile is seen by neither otherwise
		}
		all, err := store.FactsOf(ctx, c.cfg.Store, ids)
		if err != nil {
			return nil, storeError("store/facts", err)
		}
		now := c.now()
		for i, p := range part {
			perm := Permission{To: p, Err: refusal("opt-out/held", ErrOptedOut)}
			if !held[i] {
				perm.Adds, perm.Err = c.mayText(p, purpose, facts{all[i].Consents, all[i].OptOuts, all[i].Disclosures}, now)
			}
			out = append(out, perm)
		}
		phones = phones[len(part):]
	}
	return out, nil
}

// mayText puts the shortest message of this purpose to the gate: the company's
// name, which nothing is added to and no length can be wrong with.
func (c *Client) mayText(p recipient.Phone, purpose consent.Purpose, f facts, now time.Time) (disclosure.Kind, error) {
	m, refused := c.checkMessage(Message{To: p, Purpose: purpose, Key: "check", Text: c.cfg.Program.Company})
	if refused != nil {
		return disclosure.Nothing, refused
	}
	v, refused := c.decide(m, f, now)
	if refused != nil {
		return disclosure.Nothing, refused
	}
	return v.added, nil
}
