package storetest

import (
	"context"
	"errors"
	"fmt"
	"testing"

	"github.com/carewire/carewire/recipient"
	"github.com/carewire/carewire/store"
)

const (
	clauseErased    = "Erase removes every consent, opt-out and disclosure, and when it returns every look-up sees it."
	clauseAnonymous = "Attempts that are not Open go on under As with nothing left but ID, Brand, Purpose, State, Rule, At and Settled; their Key becomes their ID."
	clauseOthers    = "Nobody else's are touched, those of the same number with another tenant neither."
)

// Erasing checks the optional ability [store.Eraser] of a whole store, through
// [store.Erase]. See [Run] for open.
func Erasing(t *testing.T, open func(t *testing.T) (a, b store.Store), opts ...Option) {
	t.Helper()
	run(t, eraseChecks(), open, opts)
}

func eraseChecks() []check[store.Store] {
	var k eraseKit
	return []check[store.Store]{
		{"erase/facts", clauseErased, k.facts},
		{"erase/attempts", clauseAnonymous, k.attempts},
		{"erase/open", "Attempts that are Open are removed with the rest: their Finish reports ErrNotHeld.", k.open},
		{"erase/others", clauseOthers, k.others},
		{"erase/again", "It may be repeated.", k.again},
		{"erase/anew", "What is put afterwards is on file as if nobody had been there.", k.anew},
		{"erase/nobody", "Erasing somebody who is not on file is no error.", k.nobody},
		{"erase/ended", clauseFailed, k.ended},
	}
}

// eraseKit holds the cases of Eraser.
type eraseKit struct{}

// as is the anonymous recipient of a case.
func (eraseKit) as(l *lab) recipient.ID {
	return recipient.ID{Tenant: "erased:" + l.of.Tenant, Phone: recipient.MustParse("+999" + l.of.Phone.E164()[4:])}
}

func (k eraseKit) erase(ctx context.Context, l *lab, s store.Store) error {
	return store.Erase(ctx, s, store.Erasure{Of: l.of, As: k.as(l), At: base, By: "Kim", Reason: "request"})
}

// fill puts facts of all roles and attempts of all states on file.
func (eraseKit) fill(ctx context.Context, l *lab, s store.Store, of recipient.ID) ([]store.Outcome, error) {
	var p bulkKit
	f := p.person(of, 3)
	if err := store.PutAll(ctx, s, f.Consents, f.OptOuts, f.Disclosures); err != nil {
		return nil, err
	}
	var all []store.Outcome
	for state := store.Open; state <= store.Failed; state++ {
		a := l.attempt(state.String())
		a.Of = of
		if _, err := s.Begin(ctx, a); err != nil {
			return nil, err
		}
		o := store.Outcome{
			Attempt: a, State: state, ProviderID: "SM1", From: "+14155550100", Rule: "rule", Code: "30007",
			Approval: "Kim", Text: "your text", Settled: base,
		}
		all = append(all, o)
		if state == store.Open {
			continue
		}
		if err := s.Finish(ctx, o); err != nil {
			return nil, err
		}
	}
	return all, nil
}

// empty demands that nothing is on file about somebody.
func (eraseKit) empty(ctx context.Context, s store.Store, id recipient.ID) error {
	fs, err := store.FactsOf(ctx, s, []recipient.ID{id})
	if err != nil {
		return err
	}
	cs, err1 := s.Consents(ctx, id)
	os, err2 := s.OptOuts(ctx, id)
	ds, err3 := s.Disclosures(ctx, id)
	as, err4 := s.Outcomes(ctx, id)
	if err := errors.Join(err1, err2, err3, err4); err != nil {
		return err
	}
	if n := len(fs[0].Consents) + len(fs[0].OptOuts) + len(fs[0].Disclosures) + len(cs) + len(os) + len(ds) + len(as); n > 0 {
		return fmt.Errorf("want nothing on file, got %d consents, %d opt-outs, %d disclosures, %d attempts", len(cs), len(os), len(ds), len(as))
	}
	return nil
}

func (k eraseKit) facts(ctx context.Context, l *lab, a, b store.Store) error {
	if _, err := k.fill(ctx, l, a, l.of); err != nil {
		return err
	}
	if err := k.erase(ctx, l, a); err != nil {
		return err
	}
	if err := errors.Join(k.empty(ctx, a, l.of), k.empty(ctx, b, l.of)); err != nil {
		return err
	}
	ids, err := store.Recipients(ctx, b, l.of.Tenant, recipient.Phone{}, 10)
	if err == nil && len(ids) > 0 {
		return fmt.Errorf("want nobody on the list of recipients, got %d", len(ids))
	}
	if errors.Is(err, errors.ErrUnsupported) {
		return nil
	}
	return err
}

func (k eraseKit) attempts(ctx context.Context, l *lab, a, b store.Store) error {
	all, err := k.fill(ctx, l, a, l.of)
	if err != nil {
		return err
	}
	if err := k.erase(ctx, l, b); err != nil {
		return err
	}
	var want []store.Outcome
	for _, o := range all {
		if o.State == store.Open {
			continue
		}
		want = append(want, store.Outcome{
			Attempt: store.Attempt{ID: o.ID, Of: k.as(l), Key: o.ID, Brand: o.Brand, Purpose: o.Purpose, At: o.At},
			State:   o.State, Rule: o.Rule, Settled: o.Settled,
		})
	}
	for _, s := range []store.Store{a, b} {
		got, err := s.Outcomes(ctx, k.as(l))
		if err != nil {
			return err
		}
		if err := match(want, got, outcomeFields); err != nil {
			return err
		}
	}
	return nil
}

func (k eraseKit) open(ctx context.Context, l *lab, a, b store.Store) error {
	t := l.attempt("under way")
	if _, err := a.Begin(ctx, t); err != nil {
		return err
	}
	if err := k.erase(ctx, l, b); err != nil {
		return err
	}
	if err := a.Finish(ctx, store.Outcome{Attempt: t, State: store.Accepted, Settled: base}); !errors.Is(err, store.ErrNotHeld) {
		return fmt.Errorf("want ErrNotHeld, got %w", err)
	}
	return k.empty(ctx, b, l.of)
}

func (k eraseKit) others(ctx context.Context, l *lab, a, b store.Store) error {
	ids := l.neighbours()
	for i, id := range ids {
		if _, err := k.fill(ctx, l, pick(i, a, b), id); err != nil {
			return err
		}
	}
	if err := k.erase(ctx, l, a); err != nil {
		return err
	}
	if err := k.empty(ctx, b, l.of); err != nil {
		return err
	}
	for i, id := range ids[1:] {
		f, err := store.FactsOf(ctx, b, []recipient.ID{id})
		if err != nil {
			return err
		}
		as, err := b.Outcomes(ctx, id)
		if err != nil {
			return err
		}
		if len(f[0].Consents) != 3 || len(f[0].OptOuts) != 3 || len(f[0].Disclosures) != 3 || len(as) != int(store.Failed) {
			return fmt.Errorf("neighbour %d: %d consents, %d opt-outs, %d disclosures and %d attempts are left", i, len(f[0].Consents), len(f[0].OptOuts), len(f[0].Disclosures), len(as))
		}
	}
	return nil
}

func (k eraseKit) again(ctx context.Context, l *lab, a, b store.Store) error {
	if _, err := k.fill(ctx, l, a, l.of); err != nil {
		return err
	}
	for i := range 3 {
		if err := k.erase(ctx, l, pick(i, a, b)); err != nil {
			return err
		}
	}
	got, err := a.Outcomes(ctx, k.as(l))
	if err != nil || len(got) != int(store.Failed)-1 {
		return fmt.Errorf("want %d anonymous attempts, got %d and the error %w", store.Failed-1, len(got), err)
	}
	return k.empty(ctx, b, l.of)
}

func (k eraseKit) anew(ctx context.Context, l *lab, a, b store.Store) error {
	all, err := k.fill(ctx, l, a, l.of)
	if err != nil {
		return err
	}
	if err := k.erase(ctx, l, a); err != nil {
		return err
	}
	for _, o := range all { // the keys are free
		t := l.attempt(o.State.String())
		snap, err := b.Begin(ctx, t)
		if err != nil {
			return err
		}
		if !snap.Held || len(snap.Consents)+len(snap.OptOuts)+len(snap.Disclosures) > 0 {
			return fmt.Errorf("want the key of an erased attempt and no facts, got held %v and %d facts", snap.Held, len(snap.Consents)+len(snap.OptOuts)+len(snap.Disclosures))
		}
	}
	r := optOutRole[store.Store]()
	rec := r.sample(l.of, "id-0")
	if err := r.put(ctx, a, rec); err != nil {
		return err
	}
	got, err := b.OptOuts(ctx, l.of)
	if err != nil || len(got) != 1 {
		return fmt.Errorf("want one opt-out, got %d and the error %w", len(got), err)
	}
	return nil
}

func (k eraseKit) nobody(ctx context.Context, l *lab, a, _ store.Store) error {
	return k.erase(ctx, l, a)
}

func (k eraseKit) ended(ctx context.Context, l *lab, a, _ store.Store) error {
	if err := k.erase(ended(ctx), l, a); err == nil {
		return errors.New("no error although the context has ended")
	}
	return nil
}
