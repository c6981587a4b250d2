package carewire

import (
	"context"

	"github.com/carewire/carewire/disclosure"
	"github.com/carewire/carewire/optout"
	"github.com/carewire/carewire/provider"
	"github.com/carewire/carewire/store"
)

// Report files what a provider says about a message that was sent. The order
// of reports does not matter, and the same report again changes nothing; one
// may come before the send's own answer. An opt-out that the provider reports
// counts at the brand, even for a message that is not on file.
//
// An error that is not Temporary says that the report is of no use: it names
// no number, or a message that is not on file.
func (c *Client) Report(ctx context.Context, s provider.Status) error {
	if s.To.IsZero() {
		return refusal("report/recipient", because(ErrInvalid, "the report names no recipient"))
	}
	if err := c.fileHeld(ctx, s.To); err != nil {
		return storeError("store/put", err)
	}
	outs, err := c.cfg.Store.Outcomes(ctx, c.id(s.To))
	found, ok := c.find(outs, s)
	if s.Kind == provider.OptedOut {
		name := s.Ref
		if ok {
			name = found.ID
		}
		if err := c.reportOptOut(ctx, s, name); err != nil {
			return err
		}
	}
	switch {
	case err != nil:
		return storeError("store/outcomes", err)
	case !ok && s.Kind == provider.OptedOut:
		return nil
	case !ok:
		return refusal("report/unknown", because(ErrInvalid, "no such message is on file"))
	}
	return c.settleReport(ctx, found, s)
}

// find returns the attempt of this program that s is about.
func (c *Client) find(outs []store.Outcome, s provider.Status) (store.Outcome, bool) {
	for _, o := range outs {
		if o.Brand == c.cfg.Program.Brand && (s.Ref != "" && o.ID == s.Ref || s.ID != "" && o.ProviderID == s.ID) {
			return o, true
		}
	}
	return store.Outcome{}, false
}

// reportOptOut files an opt-out that came with a report. (R7.22)
func (c *Client) reportOptOut(ctx context.Context, s provider.Status, name string) error {
	r := c.providerOptOut(s.To, "o-"+c.sum("report", s.To.E164(), name, s.ID), clean(s.Code, s.To), c.now())
	facts := pending{phone: s.To, optOuts: []optout.Record{r}}
	if err := c.file(ctx, facts); err != nil {
		c.hold(ctx, facts)
		return storeError("store/put", err)
	}
	return nil
}

// settleReport raises the attempt's state. A message that never arrived
// discloses nothing.
func (c *Client) settleReport(ctx context.Context, found store.Outcome, s provider.Status) error {
	o := found
	o.Code, o.Settled = clean(s.Code, s.To), c.now()
	if s.ID != "" {
		o.ProviderID = clean(s.ID, s.To)
	}
	switch s.State {
	case provider.Queued, provider.Sent:
		o.State = store.Accepted
	case provider.Delivered:
		o.State = store.Delivered
	case provider.Undelivered, provider.Failed:
		o.State = store.Failed
		o.Disclosures = []disclosure.Record{{
			ID: "f-" + o.ID, Of: o.Of, Brand: o.Brand, Ref: o.ID, Failed: true, At: o.Settled,
		}}
	default:
		return refusal("report/state", because(ErrInvalid, "the report has no state"))
	}
	if err := c.finish(ctx, o); err != nil {
		return storeError("store/finish", err)
	}
	return nil
}
