package storetest

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/carewire/carewire/recipient"
	"github.com/carewire/carewire/store"
)

const (
	clauseRises   = "State, Rule, Code and Settled change together and only if the state rises."
	clauseFilled  = "ProviderID, From, Approval and Text are filled in while they are empty on file, by a late Finish too, and never change after that."
	clauseNotHeld = "ErrNotHeld if no attempt o.ID of o.Of is on file; nothing is stored then."
)

func (k ledgerKit[S]) finishChecks() []check[S] {
	return []check[S]{
		{"finish/settles", "Finish records how an attempt ended.", k.settles},
		{"finish/states", clauseRises, k.states},
		{"finish/repeated", "Finish may be repeated.", k.repeated},
		{"finish/filled", clauseFilled, k.filled},
		{"finish/filled-once", clauseFilled, k.unchanged},
		{"finish/attempt-kept", "All other fields of the attempt are those of Begin.", k.attemptKept},
		{"finish/key-passed-on", "A Finish that comes late keeps the state as it is, after the key has passed on too.", k.keyPassedOn},
		{"finish/not-held", clauseNotHeld, k.neverBegan},
		{"finish/other-recipient", clauseNotHeld, k.otherRecipient},
		{"finish/ids-apart", "Attempt IDs are compared byte for byte.", k.idsApart},
		{"finish/ended", "A Finish whose context has ended is an error; it may be repeated.", k.endedFinish},
		{"finish/concurrent", clauseRises, k.concurrentFinish},
	}
}

func (k ledgerKit[S]) settles(ctx context.Context, l *lab, a, b S) error {
	var all []store.Outcome
	for i, state := range allStates()[1:] {
		at := l.attempt(state.String())
		if err := k.hold(ctx, a, at); err != nil {
			return err
		}
		o := settledAs(at, state)
		if err := pick(i, a, b).Finish(ctx, o); err != nil {
			return fmt.Errorf("finish as %v: %w", state, err)
		}
		all = append(all, o)
		if err := k.want(ctx, l.of, all, a, b); err != nil {
			return err
		}
	}
	return nil
}

// states tries every state after every other.
func (k ledgerKit[S]) states(ctx context.Context, l *lab, a, b S) error {
	var all []store.Outcome
	for _, from := range allStates() {
		for i, to := range allStates() {
			want, err := k.take(ctx, a, l.attempt(fmt.Sprint(from, " then ", to)), from)
			if err != nil {
				return err
			}
			next := settledAs(want.Attempt, to)
			next.Settled = base.AddDate(0, 1, 0)
			if err := pick(i, b, a).Finish(ctx, next); err != nil {
				return fmt.Errorf("finish as %v after %v: %w", to, from, err)
			}
			if store.Rises(from, to) {
				want.State, want.Rule, want.Code, want.Settled = to, next.Rule, next.Code, next.Settled
			}
			// What was empty is filled in, by a Finish that changes no state too.
			want.ProviderID, want.From, want.Approval, want.Text = next.ProviderID, next.From, next.Approval, next.Text
			all = append(all, want)
			if err := k.want(ctx, l.of, all, b); err != nil {
				return fmt.Errorf("finish as %v after %v: %w", to, from, err)
			}
		}
	}
	return k.want(ctx, l.of, all, a, b)
}

func (k ledgerKit[S]) repeated(ctx context.Context, l *lab, a, b S) error {
	for _, state := range allStates()[1:] {
		at := l.attempt(state.String())
		at.Of = recipient.ID{Tenant: l.of.Tenant, Phone: randomPhone()}
		o, err := k.take(ctx, a, at, state)
		if err != nil {
			return err
		}
		for i, s := range []S{b, a, a, b} {
			again := o
			again.Rule, again.Code, again.Settled = "another rule", "another code", base.AddDate(1, 0, 0)
			if err := s.Finish(ctx, pick(i, o, again)); err != nil {
				return fmt.Errorf("finish as %v again: %w", state, err)
			}
		}
		if err := k.want(ctx, at.Of, []store.Outcome{o}, a, b); err != nil {
			return fmt.Errorf("after finishing as %v again: %w", state, err)
		}
	}
	return nil
}

// filled lets a delivery report follow the answer to the send, and overtake it.
func (k ledgerKit[S]) filled(ctx context.Context, l *lab, a, b S) error {
	report := func(send store.Outcome, providerID string) store.Outcome {
		return store.Outcome{
			Attempt: store.Attempt{ID: send.ID, Of: send.Of}, State: store.Delivered,
			ProviderID: providerID, Code: "delivered", Settled: base.Add(time.Hour),
		}
	}
	delivered := func(send store.Outcome) store.Outcome {
		send.State, send.Rule, send.Code, send.Settled = store.Delivered, "", "delivered", base.Add(time.Hour)
		return send
	}
	after := settledAs(l.attempt("report after answer"), store.Accepted)
	if err := k.finishAll(ctx, a, b, after.Attempt, after, report(after, "")); err != nil {
		return err
	}
	if err := k.want(ctx, l.of, []store.Outcome{delivered(after)}, a, b); err != nil {
		return fmt.Errorf("a report with few fields after the answer: %w", err)
	}
	before := settledAs(l.attempt("report before answer"), store.Accepted)
	if err := k.finishAll(ctx, a, b, before.Attempt, report(before, before.ProviderID), before); err != nil {
		return err
	}
	if err := k.want(ctx, l.of, []store.Outcome{delivered(after), delivered(before)}, a, b); err != nil {
		return fmt.Errorf("a report before the answer: %w", err)
	}
	return nil
}

// unchanged offers other values for what is on file.
func (k ledgerKit[S]) unchanged(ctx context.Context, l *lab, a, b S) error {
	first := settledAs(l.attempt("one"), store.Accepted)
	other := settledAs(first.Attempt, store.Failed)
	other.ProviderID, other.From, other.Approval, other.Text = "SM-other", "+99911111111", "Lee", "Another text."
	if err := k.finishAll(ctx, a, b, first.Attempt, first, other, other); err != nil {
		return err
	}
	want := first
	want.State, want.Rule, want.Code, want.Settled = other.State, other.Rule, other.Code, other.Settled
	return k.want(ctx, l.of, []store.Outcome{want}, a, b)
}

// finishAll begins an attempt and finishes it by turns through both handles.
func (k ledgerKit[S]) finishAll(ctx context.Context, a, b S, at store.Attempt, os ...store.Outcome) error {
	if err := k.hold(ctx, a, at); err != nil {
		return err
	}
	for i, o := range os {
		if err := pick(i, a, b).Finish(ctx, o); err != nil {
			return fmt.Errorf("finish as %v: %w", o.State, err)
		}
	}
	return nil
}

func (k ledgerKit[S]) attemptKept(ctx context.Context, l *lab, a, b S) error {
	at := l.attempt("one")
	if err := k.hold(ctx, a, at); err != nil {
		return err
	}
	o := settledAs(store.Attempt{ID: at.ID, Of: at.Of, Key: "another key", Sum: "another sum", Brand: "other", Purpose: "other", At: base.AddDate(1, 0, 0)}, store.Accepted)
	if err := b.Finish(ctx, o); err != nil {
		return fmt.Errorf("finish: %w", err)
	}
	o.Attempt = at
	if err := k.want(ctx, l.of, []store.Outcome{o}, a, b); err != nil {
		return err
	}
	return k.lose(ctx, b, l.attempt("one"), o)
}

func (k ledgerKit[S]) keyPassedOn(ctx context.Context, l *lab, a, b S) error {
	for _, state := range []store.State{store.Refused, store.Rejected} {
		first, err := k.take(ctx, a, l.attempt(state.String()), state)
		if err != nil {
			return err
		}
		second := store.Outcome{Attempt: l.attempt(state.String()), State: store.Open}
		if err := k.hold(ctx, b, second.Attempt); err != nil {
			return err
		}
		if err := a.Finish(ctx, settledAs(first.Attempt, store.Delivered)); err != nil {
			return fmt.Errorf("late finish: %w", err)
		}
		if err := k.lose(ctx, b, l.attempt(state.String()), second); err != nil {
			return fmt.Errorf("after a late finish of an attempt that was %v: %w", state, err)
		}
		got, err := a.Outcomes(ctx, l.of)
		if err != nil {
			return err
		}
		n := len(got)
		if n < 2 {
			return fmt.Errorf("want two attempts with one key, got %d", n)
		}
		if err := match([]store.Outcome{first, second}, got[n-2:], outcomeFields); err != nil {
			return err
		}
	}
	return nil
}

func (k ledgerKit[S]) neverBegan(ctx context.Context, l *lab, a, b S) error {
	at := l.attempt("one")
	for _, state := range allStates() {
		if err := k.notHeld(ctx, pick(int(state), a, b), settledAs(at, state)); err != nil {
			return err
		}
	}
	if err := k.want(ctx, l.of, nil, a, b); err != nil {
		return err
	}
	return k.hold(ctx, a, at)
}

func (k ledgerKit[S]) otherRecipient(ctx context.Context, l *lab, a, b S) error {
	at := l.attempt("one")
	if err := k.hold(ctx, a, at); err != nil {
		return err
	}
	for i, of := range l.neighbours()[1:] {
		o := settledAs(at, store.Accepted)
		o.Of = of
		if err := k.notHeld(ctx, pick(i, a, b), o); err != nil {
			return fmt.Errorf("recipient %d: %w", i+1, err)
		}
	}
	return k.want(ctx, l.of, []store.Outcome{{Attempt: at, State: store.Open}}, a, b)
}

func (k ledgerKit[S]) idsApart(ctx context.Context, l *lab, a, b S) error {
	tail := l.attempt("").ID
	var all []store.Outcome
	for i, id := range similar() {
		at := l.attempt(fmt.Sprint(i))
		at.ID = tail + id
		if err := k.hold(ctx, pick(i, a, b), at); err != nil {
			return fmt.Errorf("attempt ID %+q: %w", id, err)
		}
		all = append(all, store.Outcome{Attempt: at, State: store.Open})
	}
	for i := range all {
		all[i] = settledAs(all[i].Attempt, allStates()[1+i%6])
		if err := pick(i, b, a).Finish(ctx, all[i]); err != nil {
			return fmt.Errorf("finish: %w", err)
		}
	}
	return k.want(ctx, l.of, all, a, b)
}

func (k ledgerKit[S]) endedFinish(ctx context.Context, l *lab, a, b S) error {
	at := l.attempt("one")
	if err := k.hold(ctx, a, at); err != nil {
		return err
	}
	o := settledAs(at, store.Accepted)
	if a.Finish(ended(ctx), o) == nil {
		return errors.New("a finish whose context had ended returned no error")
	}
	if err := a.Finish(ctx, o); err != nil {
		return fmt.Errorf("finish again: %w", err)
	}
	return k.want(ctx, l.of, []store.Outcome{o}, b)
}

// concurrentFinish settles one attempt in all states at the same time: whatever
// the order was, it ends in a state that is final.
func (k ledgerKit[S]) concurrentFinish(ctx context.Context, l *lab, a, b S) error {
	states := []store.State{store.Unknown, store.Accepted, store.Delivered}
	for round := range 12 {
		at := l.attempt(fmt.Sprint(round))
		if err := k.hold(ctx, a, at); err != nil {
			return err
		}
		err := together(12, func(i int) error { return pick(i, a, b).Finish(ctx, settledAs(at, states[i%3])) })
		if err != nil {
			return fmt.Errorf("finish: %w", err)
		}
		got, err := b.Outcomes(ctx, l.of)
		if err != nil {
			return err
		}
		if len(got) != round+1 {
			return fmt.Errorf("want %d attempts, got %d", round+1, len(got))
		}
		if err := diff(outcomeFields(ptr(settledAs(at, store.Delivered))), outcomeFields(&got[round])); err != nil {
			return err
		}
	}
	return nil
}

// ptr returns a pointer to a copy of v.
func ptr[T any](v T) *T { return &v }
