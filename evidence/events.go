package evidence

import (
	"cmp"
	"slices"
	"time"

	"github.com/carewire/carewire/consent"
	"github.com/carewire/carewire/disclosure"
	"github.com/carewire/carewire/optout"
	"github.com/carewire/carewire/store"
)

// Events makes events of records on file, in the order in which they happened,
// with all that follows from them ([Derive]).
func Events(f store.Facts, outcomes []store.Outcome) []Event {
	var es []Event
	for _, r := range f.Consents {
		es = append(es, OfConsent(r))
	}
	for _, r := range f.OptOuts {
		es = append(es, OfOptOut(r))
	}
	for _, o := range outcomes {
		es = append(es, OfOutcome(o))
	}
	for _, r := range f.Disclosures {
		es = append(es, OfDisclosure(r))
	}
	slices.SortStableFunc(es, func(a, b Event) int { return a.at().Compare(b.at()) })
	Derive(es)
	return es
}

// OfConsent makes the event of a consent or a revocation, without what follows from others.
func OfConsent(r consent.Record) Event {
	c := &Consent{
		Purposes: slices.Clone(r.Purposes), Ref: r.Ref, Shown: r.Shown, Where: r.Where, Confirmed: r.Confirmed,
		Revoked: r.Revoked, At: instant(r.At), Until: instant(r.Until),
	}
	if r.Basis != 0 {
		c.Basis = r.Basis.String()
	}
	return Event{ID: r.ID, Brand: r.Brand, Consent: c}
}

// OfOptOut makes the event of an opt-out or an opt-in, without what follows from others.
func OfOptOut(r optout.Record) Event {
	return Event{ID: r.ID, Brand: r.Brand, OptOut: &OptOut{
		In: r.In, At: instant(r.At), Sent: instant(r.Sent), Via: r.Via, Text: r.Text, Rule: r.Rule,
	}}
}

// OfDisclosure makes the event of a disclosure, without what follows from others.
func OfDisclosure(r disclosure.Record) Event {
	return Event{ID: r.ID, Brand: r.Brand, Disclosure: &Disclosure{
		Kind: r.Kind.String(), Text: r.Text, Ref: r.Ref, Failed: r.Failed, At: instant(r.At),
	}}
}

// OfOutcome makes the event of an attempt, without what follows from others.
func OfOutcome(o store.Outcome) Event {
	a := &Attempt{
		What: "other", Key: o.Key, Purpose: o.Purpose, State: o.State.String(), Rule: o.Rule, Approval: o.Approval,
		ProviderID: o.ProviderID, From: o.From, Code: o.Code, Text: o.Text, At: instant(o.At), Settled: instant(o.Settled),
	}
	if kind, _, own, ok := store.SplitKey(o.Key); ok {
		a.What, a.Key = string(kind), own
	}
	return Event{ID: o.ID, Brand: o.Brand, Attempt: a}
}

// kind says what the event's record is.
func (e *Event) kind() Kind {
	switch {
	case e.Consent != nil && e.Consent.Revoked:
		return KindRevocation
	case e.Consent != nil:
		return KindConsent
	case e.OptOut != nil && e.OptOut.In:
		return KindOptIn
	case e.OptOut != nil:
		return KindOptOut
	case e.Disclosure != nil && e.Disclosure.Failed:
		return KindFailure
	case e.Disclosure != nil:
		return KindDisclosure
	case e.Attempt != nil:
		return KindAttempt
	}
	return ""
}

// at is when the event happened.
func (e *Event) at() time.Time {
	switch {
	case e.Consent != nil:
		return e.Consent.At
	case e.OptOut != nil:
		return e.OptOut.At
	case e.Disclosure != nil:
		return e.Disclosure.At
	case e.Attempt != nil:
		return e.Attempt.At
	}
	return time.Time{}
}

// At returns when the event happened by its record: of an opt-out, when it was filed.
func (e Event) At() time.Time { return e.at() }

// Handed reports whether a message was handed to the provider, or may have been.
func (a *Attempt) Handed() bool {
	switch a.State {
	case store.Unknown.String(), store.Accepted.String(), store.Delivered.String(), store.Failed.String():
		return a.What != string(store.KeyInbound)
	}
	return false
}

// Derive fills in what follows from the records: numbers, kinds, times
// received and honoured, permissions and the messages after an opt-out. It
// does so for events in the order of a pack, and changes no record.
func Derive(es []Event) {
	for i := range es {
		e := &es[i]
		e.N, e.Kind, e.PermittedBy, e.MessagesAfter = i+1, e.kind(), "", 0
		e.Received, e.Honoured = e.at(), e.at()
		switch {
		case e.OptOut != nil && !e.OptOut.Sent.IsZero():
			e.Received = e.OptOut.Sent
		case e.Attempt != nil:
			e.Honoured = e.Attempt.Settled
		}
	}
	for i := range es {
		switch {
		case es[i].Kind == KindOptOut:
			es[i].MessagesAfter = messagesAfter(es, i)
		case es[i].Attempt != nil && es[i].Attempt.Handed():
			es[i].PermittedBy = permittedBy(es, i)
		}
	}
}

// messagesAfter counts what went out after the opt-out es[i] and before the
// next opt-in. (S11)
func messagesAfter(es []Event, i int) int {
	n := 0
	out := &es[i]
	for j := i + 1; j < len(es); j++ {
		e := &es[j]
		if out.Brand != "" && e.Brand != "" && e.Brand != out.Brand {
			continue
		}
		if e.Kind == KindOptIn {
			break
		}
		if e.Attempt != nil && e.Attempt.Handed() && e.Attempt.At.After(out.Honoured) &&
			e.Attempt.What != string(store.KeyConfirmation) {
			n++
		}
	}
	return n
}

// permittedBy finds the consent that permitted the attempt es[i], among those
// that were given before it.
func permittedBy(es []Event, i int) string {
	a := es[i].Attempt
	if a.What != string(store.KeyMessage) {
		return ""
	}
	var rs []consent.Record
	for j := range es {
		c := es[j].Consent
		if c == nil || c.At.After(a.At) {
			continue
		}
		rs = append(rs, consent.Record{
			ID: es[j].ID, Brand: es[j].Brand, Basis: basis(c.Basis), Purposes: c.Purposes, Ref: c.Ref, Shown: c.Shown,
			Where: c.Where, Confirmed: c.Confirmed, Revoked: c.Revoked, At: c.At, Until: c.Until,
		})
	}
	r, err := consent.Check(rs, es[i].Brand, a.Purpose, a.At)
	if err != nil {
		return ""
	}
	return r.ID
}

// basis reads the name of a basis; 0 if it is none.
func basis(name string) consent.Basis {
	for b := consent.Transaction; b <= consent.Written; b++ {
		if b.String() == name {
			return b
		}
	}
	return 0
}

// order compares events the way a pack has them, for [Pack.Check].
func order(a, b *Event) int { return cmp.Or(a.at().Compare(b.at()), 0) }
