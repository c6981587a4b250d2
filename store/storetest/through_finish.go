package storetest

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/carewire/carewire/store"
)

// putBy lets one attempt produce records and looks for them everywhere.
func (k through[R]) putBy(ctx context.Context, l *lab, a, b store.Store, recs []R) error {
	if err := k.finish(ctx, a, l.attempt("one"), recs...); err != nil {
		return err
	}
	return k.both(ctx, l, a, b, recs)
}

func (k through[R]) literalPut(ctx context.Context, l *lab, a, b store.Store) error {
	return k.putBy(ctx, l, a, b, k.literals(l))
}

func (k through[R]) timesPut(ctx context.Context, l *lab, a, b store.Store) error {
	return k.putBy(ctx, l, a, b, k.instants(l))
}

func (k through[R]) manyPut(ctx context.Context, l *lab, a, b store.Store) error {
	return k.putBy(ctx, l, a, b, k.hundreds(l))
}

// put mixes facts of attempts with facts that are put by themselves.
func (k through[R]) put(ctx context.Context, l *lab, a, b store.Store) error {
	recs := k.various(l)
	if err := k.role.putAll(ctx, a, recs[0]); err != nil {
		return err
	}
	if err := k.finish(ctx, b, l.attempt("one"), recs[1:5]...); err != nil {
		return err
	}
	if err := k.both(ctx, l, a, b, recs[:5]); err != nil {
		return err
	}
	if err := k.role.putAll(ctx, a, recs[5]); err != nil {
		return err
	}
	if err := k.finish(ctx, a, l.attempt("two"), recs[6:]...); err != nil {
		return err
	}
	return k.both(ctx, l, a, b, recs)
}

func (k through[R]) repeatedPut(ctx context.Context, l *lab, a, b store.Store) error {
	at := l.attempt("one")
	recs := []R{k.role.sample(l.of, "1"), k.role.sample(l.of, "2")}
	if err := k.finish(ctx, a, at, recs...); err != nil {
		return err
	}
	more := k.role.sample(l.of, "3")
	for i, s := range []store.Store{b, a, b} {
		again := [][]R{recs, {k.role.bare(l.of, "1"), k.role.bare(l.of, "2")}, {recs[0], more}}[i]
		if err := s.Finish(ctx, k.role.attach(settledAs(at, store.Accepted), again...)); err != nil {
			return fmt.Errorf("finish again: %w", err)
		}
	}
	return k.both(ctx, l, a, b, append(recs, more))
}

func (k through[R]) knownPut(ctx context.Context, l *lab, a, b store.Store) error {
	known := k.role.sample(l.of, "known")
	if err := k.role.putAll(ctx, b, known); err != nil {
		return err
	}
	at := l.attempt("one")
	first, last := k.role.sample(l.of, "first"), k.role.sample(l.of, "last")
	if err := k.finish(ctx, a, at, first, k.role.bare(l.of, "known"), last, first); err != nil {
		return err
	}
	if err := k.both(ctx, l, a, b, []R{known, first, last}); err != nil {
		return err
	}
	return k.lose(ctx, b, l.attempt("one"), settledAs(at, store.Accepted))
}

// latePut lets a Finish carry a fact in every state after every other.
func (k through[R]) latePut(ctx context.Context, l *lab, a, b store.Store) error {
	var recs []R
	for _, from := range allStates() {
		for i, to := range allStates() {
			name := fmt.Sprint(from, " then ", to)
			o, err := k.take(ctx, a, l.attempt(name), from)
			if err != nil {
				return err
			}
			rec := k.role.sample(l.of, name)
			if err := pick(i, a, b).Finish(ctx, k.role.attach(settledAs(o.Attempt, to), rec)); err != nil {
				return fmt.Errorf("finish as %v after %v: %w", to, from, err)
			}
			recs = append(recs, rec)
			if err := k.role.want(ctx, l.of, recs, b); err != nil {
				return fmt.Errorf("finish as %v after %v: %w", to, from, err)
			}
		}
	}
	return k.both(ctx, l, a, b, recs)
}

func (k through[R]) notHeldPut(ctx context.Context, l *lab, a, b store.Store) error {
	at := l.attempt("one")
	o := k.role.attach(settledAs(at, store.Accepted), k.role.sample(l.of, "1"))
	if err := k.notHeld(ctx, a, o); err != nil {
		return err
	}
	holder := l.attempt("one")
	if err := k.hold(ctx, b, holder); err != nil {
		return err
	}
	if err := k.lose(ctx, b, at, store.Outcome{Attempt: holder, State: store.Open}); err != nil {
		return err
	}
	if err := k.notHeld(ctx, b, o); err != nil {
		return fmt.Errorf("an attempt that did not get its key: %w", err)
	}
	return k.both(ctx, l, a, b, nil)
}

// endedPut finishes with a context that has ended: then all is on file, or nothing.
func (k through[R]) endedPut(ctx context.Context, l *lab, a, b store.Store) error {
	at := l.attempt("one")
	if err := k.hold(ctx, a, at); err != nil {
		return err
	}
	recs := []R{k.role.sample(l.of, "1"), k.role.sample(l.of, "2")}
	o := k.role.attach(settledAs(at, store.Accepted), recs...)
	if a.Finish(ended(ctx), o) == nil {
		return errors.New("a finish whose context had ended returned no error")
	}
	outs, err := b.Outcomes(ctx, l.of)
	if err != nil {
		return err
	}
	on, err := k.role.list(ctx, b, l.of)
	if err != nil {
		return err
	}
	if settled := len(outs) == 1 && outs[0].State == store.Accepted; settled != (len(on) == 2) || len(on) == 1 {
		return fmt.Errorf("after a finish that failed the attempt is settled: %v, and %d of 2 facts are on file", settled, len(on))
	}
	if err := a.Finish(ctx, o); err != nil {
		return fmt.Errorf("finish again: %w", err)
	}
	return k.both(ctx, l, a, b, recs)
}

// factsWithState watches through one handle while the other settles: whoever
// sees an attempt settled sees its facts.
func (k through[R]) factsWithState(ctx context.Context, l *lab, a, b store.Store) error {
	return k.watch(ctx, l, a, func(ctx context.Context, attempts []store.Attempt) error {
		outs, err := b.Outcomes(ctx, l.of)
		if err != nil {
			return err
		}
		on, err := k.role.list(ctx, b, l.of)
		if err != nil {
			return err
		}
		for _, o := range outs {
			if o.State != store.Open && !slices.ContainsFunc(on, func(r R) bool { return k.role.id(&r) == "last of "+o.ID }) {
				return errors.New("an attempt is settled and its facts are not on file")
			}
		}
		return nil
	})
}

// stateWithFacts watches through one handle while the other settles: whoever
// sees one fact of an attempt sees all of them, and sees it settled.
func (k through[R]) stateWithFacts(ctx context.Context, l *lab, a, b store.Store) error {
	return k.watch(ctx, l, a, func(ctx context.Context, attempts []store.Attempt) error {
		on, err := k.role.list(ctx, b, l.of)
		if err != nil {
			return err
		}
		outs, err := b.Outcomes(ctx, l.of)
		if err != nil {
			return err
		}
		seen := map[string]bool{}
		for i := range on {
			seen[k.role.id(&on[i])] = true
		}
		for _, at := range attempts {
			first, last := seen["first of "+at.ID], seen["last of "+at.ID]
			settled := slices.ContainsFunc(outs, func(o store.Outcome) bool { return o.ID == at.ID && o.State == store.Accepted })
			if first != last || first && !settled {
				return fmt.Errorf("first fact on file: %v, last fact: %v, then attempt settled: %v", first, last, settled)
			}
		}
		return nil
	})
}

// watch settles attempts with two facts each through one handle and looks all
// the while.
func (k through[R]) watch(ctx context.Context, l *lab, s store.Store, look func(context.Context, []store.Attempt) error) error {
	attempts := make([]store.Attempt, 24)
	for i := range attempts {
		attempts[i] = l.attempt(fmt.Sprint(i))
		if err := k.hold(ctx, s, attempts[i]); err != nil {
			return err
		}
	}
	done := make(chan struct{})
	return together(2, func(i int) error {
		if i == 0 {
			defer close(done)
			for _, at := range attempts {
				o := k.role.attach(settledAs(at, store.Accepted), k.role.sample(l.of, "first of "+at.ID), k.role.sample(l.of, "last of "+at.ID))
				if err := s.Finish(ctx, o); err != nil {
					return fmt.Errorf("finish: %w", err)
				}
			}
			return nil
		}
		for {
			select {
			case <-done:
				return look(ctx, attempts)
			default:
			}
			if err := look(ctx, attempts); err != nil {
				return err
			}
			time.Sleep(200 * time.Microsecond) // looks often, and leaves the store to others too
		}
	})
}
