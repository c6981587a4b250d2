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
	g := c.askMany(purpose)
	for len(phones) > 0 {
		part := phones[:min(len(phones), store.BulkLimit)]
		if err := stillWanted(ctx); err != nil {
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
		for i, p := range part {
			perm := Permission{To: p, Err: refusal("opt-out/held", ErrOptedOut)}
			if !held[i] {
				perm.Adds, perm.Err = g.mayText(p, facts{all[i].Consents, all[i].OptOuts, all[i].Disclosures})
			}
			out = append(out, perm)
		}
		phones = phones[len(part):]
	}
	return out, nil
}

// many puts one message to the gate for many people. What the gate makes of
// texts is the same for all of them and asked once.
type many struct {
	c        *Client
	m        Message
	now      time.Time
	complete map[string]bool            // by the text shown at intake
	refused  map[disclosure.Kind]*Error // of the message with what is due
}

// askMany makes the shortest message of a purpose: the company's name, which
// nothing is put in front of and no length can be wrong with.
func (c *Client) askMany(purpose consent.Purpose) *many {
	return &many{
		c: c, m: Message{Purpose: purpose, Key: "check", Text: c.cfg.Program.Company}, now: c.now(),
		complete: map[string]bool{}, refused: map[disclosure.Kind]*Error{},
	}
}

// mayText is what Send does before it claims and after it knows the facts.
func (g *many) mayText(p recipient.Phone, f facts) (disclosure.Kind, error) {
	g.m.To = p
	m, refused := g.c.checkMessage(g.m)
	if refused != nil {
		return disclosure.Nothing, refused
	}
	due, refused := g.c.permit(m.Purpose, f, g.now, g.isComplete)
	if refused != nil {
		return disclosure.Nothing, refused
	}
	if _, known := g.refused[due]; !known {
		_, g.refused[due] = g.c.disclose(m, due)
	}
	if refused := g.refused[due]; refused != nil {
		return disclosure.Nothing, refused
	}
	return due, nil
}

func (g *many) isComplete(shown string) bool {
	ok, known := g.complete[shown]
	if !known {
		ok = g.c.complete(shown)
		if len(g.complete) < store.BulkLimit { // texts of their own for everybody are not kept
			g.complete[shown] = ok
		}
	}
	return ok
}
