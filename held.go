package carewire

import (
	"context"
	"sync"

	"github.com/carewire/carewire/consent"
	"github.com/carewire/carewire/optout"
	"github.com/carewire/carewire/recipient"
)

// pending are refusals that the store could not take.
type pending struct {
	phone    recipient.Phone
	optOuts  []optout.Record
	consents []consent.Record // revocations only
}

// held keeps pending refusals until the store takes them. A number in it is
// refused. Its zero value is empty.
type held struct {
	mu sync.Mutex
	m  map[recipient.Phone]pending
}

func (h *held) add(p pending) {
	if len(p.optOuts)+len(p.consents) == 0 {
		return
	}
	h.mu.Lock()
	defer h.mu.Unlock()
	if h.m == nil {
		h.m = map[recipient.Phone]pending{}
	}
	old := h.m[p.phone]
	h.m[p.phone] = pending{p.phone, append(old.optOuts, p.optOuts...), append(old.consents, p.consents...)}
}

func (h *held) count() int {
	h.mu.Lock()
	defer h.mu.Unlock()
	return len(h.m)
}

func (h *held) has(p recipient.Phone) bool {
	h.mu.Lock()
	defer h.mu.Unlock()
	_, ok := h.m[p]
	return ok
}

// all returns what is pending, the number first first.
func (h *held) all(first recipient.Phone) []pending {
	h.mu.Lock()
	defer h.mu.Unlock()
	if len(h.m) == 0 {
		return nil
	}
	ps := make([]pending, 0, len(h.m))
	if p, ok := h.m[first]; ok {
		ps = append(ps, p)
	}
	for phone, p := range h.m {
		if phone != first {
			ps = append(ps, p)
		}
	}
	return ps
}

// filed forgets p, unless more has come for its number since.
func (h *held) filed(p pending) {
	h.mu.Lock()
	defer h.mu.Unlock()
	if now := h.m[p.phone]; len(now.optOuts) == len(p.optOuts) && len(now.consents) == len(p.consents) {
		delete(h.m, p.phone)
	}
}

// fileHeld files what is pending, this number first, and stops at the first
// error: a store that is down does not take the rest either.
func (c *Client) fileHeld(ctx context.Context, first recipient.Phone) error {
	for _, p := range c.held.all(first) {
		if err := c.file(ctx, p); err != nil {
			return err
		}
		c.held.filed(p)
	}
	return nil
}

func (c *Client) file(ctx context.Context, p pending) error {
	for _, r := range p.optOuts {
		if err := c.cfg.Store.PutOptOut(ctx, r); err != nil {
			return err
		}
	}
	for _, r := range p.consents {
		if err := c.cfg.Store.PutConsent(ctx, r); err != nil {
			return err
		}
	}
	return nil
}

// checkHeld files what is pending and refuses a number whose opt-out the
// store still does not have.
func (c *Client) checkHeld(ctx context.Context, p recipient.Phone) error {
	if c.held.count() == 0 {
		return stillWanted(ctx)
	}
	err := c.fileHeld(ctx, p)
	if c.held.has(p) {
		return &Error{Rule: "opt-out/held", Err: &fault{reason: ErrOptedOut, hidden: err}}
	}
	return stillWanted(ctx)
}

// stillWanted is alive as a plain error: a nil *Error is not a nil error.
func stillWanted(ctx context.Context) error {
	if e := alive(ctx); e != nil {
		return e
	}
	return nil
}
