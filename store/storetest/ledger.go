package storetest

import (
	"context"
	"errors"
	"fmt"
	"reflect"
	"slices"
	"time"

	"github.com/carewire/carewire/consent"
	"github.com/carewire/carewire/recipient"
	"github.com/carewire/carewire/store"
)

// ledgerChecks are the cases of a ledger that need no facts.
func ledgerChecks[S store.Ledger]() []check[S] {
	var k ledgerKit[S]
	return slices.Concat(k.beginChecks(), k.finishChecks(), k.outcomesChecks())
}

// ledgerKit holds the cases of a ledger.
type ledgerKit[S store.Ledger] struct{}

// allStates are the states in the order of their ranks.
func allStates() []store.State {
	return []store.State{
		store.Open, store.Refused, store.Rejected, store.Unknown, store.Accepted, store.Delivered, store.Failed,
	}
}

// settledAs makes the outcome of an attempt, every field filled in.
func settledAs(a store.Attempt, to store.State) store.Outcome {
	return store.Outcome{
		Attempt: a, State: to, ProviderID: "SM-" + a.ID, From: "+99900000000", Rule: "rule of " + to.String(),
		Code: "code of " + to.String(), Approval: "Kim", Text: "Your parcel arrives today.",
		Settled: base.Add(time.Duration(to) * time.Second),
	}
}

// hold begins an attempt that must hold its key.
func (ledgerKit[S]) hold(ctx context.Context, s S, a store.Attempt) error {
	snap, err := s.Begin(ctx, a)
	switch {
	case err != nil:
		return fmt.Errorf("begin: %w", err)
	case !snap.Held:
		return fmt.Errorf("begin: the attempt does not hold its key; in the way stands %+q, %v", snap.Prior.ID, snap.Prior.State)
	case !reflect.ValueOf(snap.Prior).IsZero():
		return fmt.Errorf("begin: the attempt holds its key and has a prior %+q, %v", snap.Prior.ID, snap.Prior.State)
	}
	return nil
}

// lose begins an attempt that must find prior in its way.
func (ledgerKit[S]) lose(ctx context.Context, s S, a store.Attempt, prior store.Outcome) error {
	snap, err := s.Begin(ctx, a)
	switch {
	case err != nil:
		return fmt.Errorf("begin: %w", err)
	case snap.Held:
		return fmt.Errorf("begin: the attempt holds a key that is taken, by one that is %v", prior.State)
	}
	if err := diff(priorFields(&prior), priorFields(&snap.Prior)); err != nil {
		return fmt.Errorf("begin: prior: %w", err)
	}
	return nil
}

// take begins an attempt and finishes it in a state, Open too.
func (k ledgerKit[S]) take(ctx context.Context, s S, a store.Attempt, to store.State) (store.Outcome, error) {
	if err := k.hold(ctx, s, a); err != nil {
		return store.Outcome{}, err
	}
	if to == store.Open {
		return store.Outcome{Attempt: a, State: to}, nil
	}
	o := settledAs(a, to)
	if err := s.Finish(ctx, o); err != nil {
		return store.Outcome{}, fmt.Errorf("finish as %v: %w", to, err)
	}
	return o, nil
}

// want demands exactly these outcomes, in this order, of each handle.
func (ledgerKit[S]) want(ctx context.Context, of recipient.ID, want []store.Outcome, handles ...S) error {
	for i, s := range handles {
		got, err := s.Outcomes(ctx, of)
		if err != nil {
			return fmt.Errorf("outcomes through handle %d: %w", i+1, err)
		}
		if err := match(want, got, outcomeFields); err != nil {
			return fmt.Errorf("outcomes through handle %d: %w", i+1, err)
		}
	}
	return nil
}

func (k ledgerKit[S]) outcomesChecks() []check[S] {
	return []check[S]{
		{"outcomes/absent", "No attempt is an empty result without an error.", k.absent},
		{"outcomes/order", "Outcomes returns every attempt in the order of Begin.", k.order},
		{"outcomes/many", "Outcomes returns every attempt in the order of Begin.", k.many},
		{"outcomes/apart", "Outcomes returns the attempts of this recipient.", k.apart},
		{"outcomes/fields", "Outcomes returns attempts with what Begin and Finish recorded.", k.fieldsKept},
		{"outcomes/literal", clauseLiteral, k.literal},
		{"outcomes/times", clauseTimes, k.timesKept},
		{"outcomes/ended", clauseFailed, k.endedOutcomes},
	}
}

func (k ledgerKit[S]) absent(ctx context.Context, l *lab, a, b S) error {
	return k.want(ctx, l.of, nil, a, b)
}

// order begins attempts whose IDs, keys and times are in other orders, and
// settles them in yet another.
func (k ledgerKit[S]) order(ctx context.Context, l *lab, a, b S) error {
	var all []store.Outcome
	for i := range 9 {
		at := l.attempt(fmt.Sprint("key ", (i*4)%9))
		at.ID = fmt.Sprintf("%d%s", (i*5+3)%9, at.ID)
		at.At = base.Add(time.Duration((i*7+5)%9/2) * time.Hour)
		if err := k.hold(ctx, pick(i, a, b), at); err != nil {
			return err
		}
		all = append(all, store.Outcome{Attempt: at, State: store.Open})
	}
	if err := k.want(ctx, l.of, all, a, b); err != nil {
		return fmt.Errorf("before any is settled: %w", err)
	}
	for i := range all {
		n := (i*2 + 5) % 9
		all[n] = settledAs(all[n].Attempt, allStates()[1+n%6])
		if err := pick(i, a, b).Finish(ctx, all[n]); err != nil {
			return fmt.Errorf("finish: %w", err)
		}
	}
	return k.want(ctx, l.of, all, a, b)
}

func (k ledgerKit[S]) many(ctx context.Context, l *lab, a, b S) error {
	var all []store.Outcome
	for i := range 150 {
		at := l.attempt(fmt.Sprint(i))
		if err := k.hold(ctx, a, at); err != nil {
			return err
		}
		all = append(all, store.Outcome{Attempt: at, State: store.Open})
	}
	return k.want(ctx, l.of, all, b)
}

func (k ledgerKit[S]) apart(ctx context.Context, l *lab, a, b S) error {
	neighbours := l.neighbours()
	attempts := make([]store.Outcome, len(neighbours))
	for i, of := range neighbours {
		at := l.attempt("one")
		at.Of = of
		if err := k.want(ctx, of, nil, a, b); err != nil {
			return fmt.Errorf("recipient %d, before it has attempts: %w", i, err)
		}
		if err := k.hold(ctx, pick(i, a, b), at); err != nil {
			return fmt.Errorf("recipient %d: %w", i, err)
		}
		attempts[i] = store.Outcome{Attempt: at, State: store.Open}
	}
	for i, of := range neighbours {
		if err := k.want(ctx, of, attempts[i:i+1], a, b); err != nil {
			return fmt.Errorf("recipient %d: %w", i, err)
		}
	}
	return nil
}

func (k ledgerKit[S]) fieldsKept(ctx context.Context, l *lab, a, b S) error {
	full, err := k.take(ctx, a, l.attempt("full"), store.Accepted)
	if err != nil {
		return err
	}
	at := l.attempt("bare")
	bare := store.Outcome{Attempt: store.Attempt{ID: at.ID, Of: at.Of, Key: at.Key}, State: store.Accepted}
	if err := k.hold(ctx, a, bare.Attempt); err != nil {
		return err
	}
	if err := a.Finish(ctx, bare); err != nil {
		return fmt.Errorf("finish: %w", err)
	}
	return k.want(ctx, l.of, []store.Outcome{full, bare}, a, b)
}

func (k ledgerKit[S]) literal(ctx context.Context, l *lab, a, b S) error {
	var all []store.Outcome
	for i, text := range literal() {
		o := settledAs(l.attempt(fmt.Sprint(i)), store.Accepted)
		for _, s := range texts(outcomeFields(&o)) {
			if s != &o.Key {
				*s = text
			}
		}
		o.Purpose = consent.Purpose(text)
		if err := k.hold(ctx, a, o.Attempt); err != nil {
			return err
		}
		if err := a.Finish(ctx, o); err != nil {
			return fmt.Errorf("finish: %w", err)
		}
		all = append(all, o)
	}
	return k.want(ctx, l.of, all, b)
}

func (k ledgerKit[S]) timesKept(ctx context.Context, l *lab, a, b S) error {
	var all []store.Outcome
	for i, at := range instants() {
		o := settledAs(l.attempt(fmt.Sprint(i)), store.Accepted)
		o.At, o.Settled = at, at
		if err := k.hold(ctx, a, o.Attempt); err != nil {
			return err
		}
		if err := a.Finish(ctx, o); err != nil {
			return fmt.Errorf("finish: %w", err)
		}
		all = append(all, o)
	}
	return k.want(ctx, l.of, all, b)
}

func (k ledgerKit[S]) endedOutcomes(ctx context.Context, l *lab, a, b S) error {
	if err := k.hold(ctx, a, l.attempt("one")); err != nil {
		return err
	}
	for _, s := range []S{a, b} {
		if got, err := s.Outcomes(ended(ctx), l.of); err == nil {
			return fmt.Errorf("outcomes with a context that had ended returned %d attempts and no error", len(got))
		}
	}
	return nil
}

// notHeld demands ErrNotHeld of a Finish.
func (ledgerKit[S]) notHeld(ctx context.Context, s S, o store.Outcome) error {
	switch err := s.Finish(ctx, o); {
	case err == nil:
		return errors.New("finish: want ErrNotHeld, got no error")
	case !errors.Is(err, store.ErrNotHeld):
		return fmt.Errorf("finish: want ErrNotHeld, got: %w", err)
	}
	return nil
}
