package carewire

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/carewire/carewire/optout"
	"github.com/carewire/carewire/recipient"
	"github.com/carewire/carewire/store"
)

// How long facts are kept at least, in years. (R7.21)
const (
	keepConsents = 5  // after the last message
	keepOptOuts  = 10 // after the last opt-out
)

// PruneOptions say what [Client.Prune] removes. The zero value is the least
// that R7.21 allows; only longer times can be named.
type PruneOptions struct {
	By       string            // the person who answers for it. Required.
	Consents time.Duration     // how long after the last message, consent or disclosure a person is kept. Default and least: 5 years.
	OptOuts  time.Duration     // how long after the last opt-out. Default and least: 10 years.
	DryRun   bool              // count only. Default: false.
	After    recipient.Phone   // where to go on, from [PruneReport.Last]. Default: the beginning.
	Progress func(PruneReport) // called after every 1,000 people at most. Default: not called.
}

// PruneReport is how far a Prune has come.
type PruneReport struct {
	Seen   int             // people looked at
	Pruned int             // people removed, or who would be with DryRun
	Kept   int             // of those removed, the people of whom an opt-out is kept under a keyed hash
	Last   recipient.Phone // the last number looked at
}

// Prune removes people of whom nothing on file needs to be kept any more: the
// last message, consent and disclosure are older than five years, and the last
// opt-out, if there is one, older than ten. A person is kept as a whole until
// all of it may go. If an opt-out stands even then, it is kept under a keyed
// hash, as [Client.Forget] does: time lifts no opt-out. (R7.21)
//
// It needs a store that can erase and list everybody ([store.Eraser],
// [store.Everybody]). After an error it may be repeated.
func (c *Client) Prune(ctx context.Context, o PruneOptions) (PruneReport, error) {
	r := PruneReport{Last: o.After}
	now := c.now()
	consents, optOuts := now.AddDate(-keepConsents, 0, 0), now.AddDate(-keepOptOuts, 0, 0)
	switch {
	case o.By == "":
		return r, refusal("prune/options", because(ErrInvalid, "name the person who answers for it in By"))
	case o.Consents != 0 && now.Add(-o.Consents).After(consents):
		return r, refusal("prune/options", because(ErrInvalid, fmt.Sprintf("Consents must be at least %d years", keepConsents)))
	case o.OptOuts != 0 && now.Add(-o.OptOuts).After(optOuts):
		return r, refusal("prune/options", because(ErrInvalid, fmt.Sprintf("OptOuts must be at least %d years", keepOptOuts)))
	case !store.CanErase(c.cfg.Store):
		return r, refusal("prune/unsupported", because(ErrStore, "it cannot erase"))
	}
	if o.Consents != 0 {
		consents = now.Add(-o.Consents)
	}
	if o.OptOuts != 0 {
		optOuts = now.Add(-o.OptOuts)
	}
	for {
		n, err := c.prunePage(ctx, &o, consents, optOuts, &r)
		if err != nil || n == 0 {
			return r, err
		}
		if o.Progress != nil {
			o.Progress(r)
		}
	}
}

// prunePage looks at the next people.
func (c *Client) prunePage(ctx context.Context, o *PruneOptions, consents, optOuts time.Time, r *PruneReport) (int, error) {
	if err := stillWanted(ctx); err != nil {
		return 0, err
	}
	ids, err := store.Everybody(ctx, c.cfg.Store, c.cfg.Program.Tenant, r.Last, store.BulkLimit)
	switch {
	case errors.Is(err, errors.ErrUnsupported):
		return 0, &Error{Rule: "prune/unsupported", Err: &fault{reason: ErrStore, shown: errors.New("it cannot list everybody"), hidden: err}}
	case err != nil:
		return 0, storeError("store/recipients", err)
	}
	facts, err := store.FactsOf(ctx, c.cfg.Store, ids)
	if err != nil {
		return 0, storeError("store/facts", err)
	}
	outcomes, err := store.OutcomesOf(ctx, c.cfg.Store, ids)
	if err != nil {
		return 0, storeError("store/outcomes", err)
	}
	for i, id := range ids {
		if over(facts[i], outcomes[i], consents, optOuts) {
			_, err := optout.Check(facts[i].OptOuts, "")
			if err := c.prune(ctx, id, o, err != nil, r); err != nil {
				return 0, err
			}
		}
		r.Seen, r.Last = r.Seen+1, id.Phone
	}
	return len(ids), nil
}

// prune removes one person.
func (c *Client) prune(ctx context.Context, id recipient.ID, o *PruneOptions, stands bool, r *PruneReport) error {
	if !o.DryRun {
		rec, err := c.byHand(id.Phone, o.By, "retention has ended")
		if err != nil {
			return err
		}
		rec.Rule = erasedRule
		if err := c.forget(ctx, rec, stands); err != nil {
			return err
		}
	}
	r.Pruned++
	if stands {
		r.Kept++
	}
	return nil
}

// over reports whether all that is on file about a person is older than it
// must be kept: everything but opt-outs, and opt-outs.
func over(f store.Facts, os []store.Outcome, consents, optOuts time.Time) bool {
	for _, r := range f.OptOuts {
		if !r.At.Before(optOuts) {
			return false
		}
	}
	for _, r := range f.Consents {
		if !r.At.Before(consents) || !r.Until.IsZero() && !r.Until.Before(consents) {
			return false
		}
	}
	for _, r := range f.Disclosures {
		if !r.At.Before(consents) {
			return false
		}
	}
	for _, o := range os {
		if !o.At.Before(consents) || !o.Settled.IsZero() && !o.Settled.Before(consents) {
			return false
		}
	}
	return true
}
