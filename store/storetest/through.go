package storetest

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/carewire/carewire/consent"
	"github.com/carewire/carewire/disclosure"
	"github.com/carewire/carewire/optout"
	"github.com/carewire/carewire/store"
)

const (
	clauseFound  = "Begin returns every fact on file for the recipient, of all brands, in put order."
	clauseSeen   = "A fact whose Put or Finish returned before Begin was called is among them."
	clauseEither = "Begin returns every fact on file, whether the attempt holds or not."
	clauseFacts  = "Finish records the facts that the attempt produced, as Put does."
	clauseAlways = "The facts are stored in any case; one whose ID is on file is left alone."
	clauseAtomic = "Finish records how an attempt ended and the facts that it produced, all or nothing."
)

// factChecks are the cases of facts that go through the ledger.
func factChecks(standing bool) []check[store.Store] {
	checks := slices.Concat(
		throughChecks(consentRole[store.Store]()),
		throughChecks(disclosureRole[store.Store]()),
	)
	if standing {
		return append(checks,
			check[store.Store]{"begin/optouts/standing", clauseSeen, standingThroughBegin},
			check[store.Store]{"finish/optouts/standing", clauseFacts, standingThroughFinish})
	}
	return append(append(checks, throughChecks(optOutRole[store.Store]())...),
		check[store.Store]{"roles-apart", "An ID is unique per role: records of two roles may have the same ID, and that of an attempt.", rolesApart})
}

// through holds the cases of one role whose facts go through the ledger.
type through[R any] struct {
	ledgerKit[store.Store]
	role role[store.Store, R]
}

func throughChecks[R any](r role[store.Store, R]) []check[store.Store] {
	k := through[R]{role: r}
	return []check[store.Store]{
		{"begin/" + r.name + "/absent", clauseAbsent, k.nothing},
		{"begin/" + r.name + "/found", clauseFound, k.found},
		{"begin/" + r.name + "/literal", clauseLiteral, k.literalFound},
		{"begin/" + r.name + "/times", clauseTimes, k.timesFound},
		{"begin/" + r.name + "/many", clauseFound, k.manyFound},
		{"begin/" + r.name + "/fresh", clauseSeen, k.freshFound},
		{"begin/" + r.name + "/not-held", clauseEither, k.loserFinds},
		{"begin/" + r.name + "/apart", clauseApart, k.apartFound},
		{"finish/" + r.name + "/put", clauseFacts, k.put},
		{"finish/" + r.name + "/literal", clauseLiteral, k.literalPut},
		{"finish/" + r.name + "/times", clauseTimes, k.timesPut},
		{"finish/" + r.name + "/many", clauseFacts, k.manyPut},
		{"finish/" + r.name + "/repeated", clauseAlways, k.repeatedPut},
		{"finish/" + r.name + "/known", clauseAlways, k.knownPut},
		{"finish/" + r.name + "/late", clauseAlways, k.latePut},
		{"finish/" + r.name + "/not-held", clauseNotHeld, k.notHeldPut},
		{"finish/" + r.name + "/ended", clauseAtomic, k.endedPut},
		{"finish/" + r.name + "/with-state", clauseAtomic, k.factsWithState},
		{"finish/" + r.name + "/atomic", clauseAtomic, k.stateWithFacts},
	}
}

// see begins an attempt and demands that it finds exactly these records.
func (k through[R]) see(ctx context.Context, s store.Store, a store.Attempt, want []R) error {
	snap, err := s.Begin(ctx, a)
	if err != nil {
		return fmt.Errorf("begin: %w", err)
	}
	if err := match(want, k.role.found(snap), k.role.fields); err != nil {
		return fmt.Errorf("begin: %s: %w", k.role.name, err)
	}
	return nil
}

// finish begins an attempt and finishes it with records.
func (k through[R]) finish(ctx context.Context, s store.Store, a store.Attempt, rs ...R) error {
	if err := k.hold(ctx, s, a); err != nil {
		return err
	}
	if err := s.Finish(ctx, k.role.attach(settledAs(a, store.Accepted), rs...)); err != nil {
		return fmt.Errorf("finish: %w", err)
	}
	return nil
}

// both demands records of look-ups and of a Begin, through both handles.
func (k through[R]) both(ctx context.Context, l *lab, a, b store.Store, want []R) error {
	if err := k.role.want(ctx, l.of, want, b, a); err != nil {
		return err
	}
	for _, s := range []store.Store{b, a} {
		at := l.attempt("look")
		at.Key = store.Key(store.KeyHelp, "acme", at.ID)
		if err := k.see(ctx, s, at, want); err != nil {
			return err
		}
	}
	return nil
}

func (k through[R]) nothing(ctx context.Context, l *lab, a, b store.Store) error {
	if err := k.see(ctx, a, l.attempt("one"), nil); err != nil {
		return err
	}
	return k.see(ctx, b, l.attempt("one"), nil)
}

// various are records of several brands whose IDs and times are in other orders.
func (k through[R]) various(l *lab) []R {
	var recs []R
	for i := range 9 {
		rec := k.role.sample(l.of, fmt.Sprintf("id-%d", (i*5+3)%9))
		fields := k.role.fields(&rec)
		*texts(fields)[0] = []string{"acme", "Acme", "other", ""}[i%4] // Brand
		for _, t := range times(fields) {
			*t = base.Add(time.Duration((i*7+5)%9/2) * time.Hour)
		}
		recs = append(recs, rec)
	}
	return append(recs, k.role.bare(l.of, "bare"))
}

// texts and times that a careless store changes, one record for each.
func (k through[R]) literals(l *lab) []R {
	var recs []R
	for i, text := range literal() {
		rec := k.role.sample(l.of, fmt.Sprint("id-", i))
		for _, s := range texts(k.role.fields(&rec)) {
			*s = text
		}
		recs = append(recs, rec)
	}
	return recs
}

func (k through[R]) instants(l *lab) []R {
	var recs []R
	for i, at := range instants() {
		rec := k.role.sample(l.of, fmt.Sprint("id-", i))
		for _, t := range times(k.role.fields(&rec)) {
			*t = at
		}
		recs = append(recs, rec)
	}
	return recs
}

func (k through[R]) hundreds(l *lab) []R {
	recs := make([]R, 300)
	for i := range recs {
		recs[i] = k.role.sample(l.of, fmt.Sprint("id-", i))
	}
	return recs
}

// foundAfter puts records through one handle and begins through the other.
func (k through[R]) foundAfter(ctx context.Context, l *lab, a, b store.Store, recs []R) error {
	if err := k.role.putAll(ctx, b, recs...); err != nil {
		return err
	}
	return k.see(ctx, a, l.attempt("one"), recs)
}

func (k through[R]) found(ctx context.Context, l *lab, a, b store.Store) error {
	return k.foundAfter(ctx, l, a, b, k.various(l))
}

func (k through[R]) literalFound(ctx context.Context, l *lab, a, b store.Store) error {
	return k.foundAfter(ctx, l, a, b, k.literals(l))
}

func (k through[R]) timesFound(ctx context.Context, l *lab, a, b store.Store) error {
	return k.foundAfter(ctx, l, a, b, k.instants(l))
}

func (k through[R]) manyFound(ctx context.Context, l *lab, a, b store.Store) error {
	return k.foundAfter(ctx, l, a, b, k.hundreds(l))
}

// freshFound begins and looks before every new fact, so that a handle that
// remembers is found out.
func (k through[R]) freshFound(ctx context.Context, l *lab, a, b store.Store) error {
	var on []R
	for i := range 4 {
		for n, s := range []store.Store{a, b} {
			if err := k.see(ctx, s, l.attempt(fmt.Sprint(i, n)), on); err != nil {
				return fmt.Errorf("before fact %d: %w", i+1, err)
			}
		}
		if err := k.role.want(ctx, l.of, on, a, b); err != nil {
			return err
		}
		rec := k.role.sample(l.of, fmt.Sprint("id-", i))
		put := k.role.putAll
		if i%2 == 1 {
			put = func(ctx context.Context, s store.Store, rs ...R) error {
				return k.finish(ctx, s, l.attempt(fmt.Sprint("carries ", i)), rs...)
			}
		}
		if err := put(ctx, pick(i/2, b, a), rec); err != nil {
			return err
		}
		on = append(on, rec)
		for n, s := range []store.Store{a, b} {
			if err := k.see(ctx, s, l.attempt(fmt.Sprint("after ", i, n)), on); err != nil {
				return fmt.Errorf("after fact %d, through handle %d: %w", i+1, n+1, err)
			}
		}
	}
	return nil
}

func (k through[R]) loserFinds(ctx context.Context, l *lab, a, b store.Store) error {
	holder := l.attempt("one")
	var on []R
	for i := range 3 {
		rec := k.role.sample(l.of, fmt.Sprint("id-", i))
		if err := k.role.putAll(ctx, b, rec); err != nil {
			return err
		}
		on = append(on, rec)
		if err := k.see(ctx, a, holder, on); err != nil {
			return fmt.Errorf("call %d of the first attempt: %w", i+1, err)
		}
		if err := k.see(ctx, pick(i, a, b), l.attempt("one"), on); err != nil {
			return fmt.Errorf("an attempt whose key is taken: %w", err)
		}
		if i == 1 {
			if err := b.Finish(ctx, settledAs(holder, store.Accepted)); err != nil {
				return fmt.Errorf("finish: %w", err)
			}
		}
	}
	return nil
}

func (k through[R]) apartFound(ctx context.Context, l *lab, a, b store.Store) error {
	neighbours := l.neighbours()
	for i, of := range neighbours {
		at := l.attempt("one")
		at.Of = of
		if err := k.see(ctx, a, at, nil); err != nil {
			return fmt.Errorf("recipient %d, before it has records: %w", i, err)
		}
		if err := k.role.putAll(ctx, b, k.role.sample(of, fmt.Sprint("id-", i))); err != nil {
			return err
		}
	}
	for i, of := range neighbours {
		at := l.attempt("two")
		at.Of = of
		if err := k.see(ctx, a, at, []R{k.role.sample(of, fmt.Sprint("id-", i))}); err != nil {
			return fmt.Errorf("recipient %d: %w", i, err)
		}
	}
	return nil
}

// rolesApart gives one ID to a record of each role and to an attempt.
func rolesApart(ctx context.Context, l *lab, a, b store.Store) error {
	c, o, d := consentRole[store.Store](), optOutRole[store.Store](), disclosureRole[store.Store]()
	at := l.attempt("one")
	out := settledAs(at, store.Accepted)
	out.Consents = []consent.Record{c.sample(l.of, at.ID)}
	out.OptOuts = []optout.Record{o.sample(l.of, at.ID)}
	out.Disclosures = []disclosure.Record{d.sample(l.of, at.ID)}
	if _, err := a.Begin(ctx, at); err != nil {
		return fmt.Errorf("begin: %w", err)
	}
	if err := a.Finish(ctx, out); err != nil {
		return fmt.Errorf("finish: %w", err)
	}
	return errors.Join(
		c.want(ctx, l.of, out.Consents, a, b),
		o.want(ctx, l.of, out.OptOuts, a, b),
		d.want(ctx, l.of, out.Disclosures, a, b))
}

// standingThroughBegin looks for a standing opt-out in what Begin found.
func standingThroughBegin(ctx context.Context, l *lab, a, b store.Store) error {
	var k standingKit[store.Store]
	out := false
	for i, in := range []bool{false, true, false} {
		if err := standingFound(ctx, a, l.attempt(fmt.Sprint("before ", i)), out); err != nil {
			return err
		}
		if err := b.PutOptOut(ctx, k.minute(l.of, fmt.Sprint(i), in, i+1, i+1)); err != nil {
			return err
		}
		out = !in
		if err := standingFound(ctx, a, l.attempt(fmt.Sprint("after ", i)), out); err != nil {
			return err
		}
	}
	return nil
}

// standingThroughFinish lets an attempt produce an opt-out.
func standingThroughFinish(ctx context.Context, l *lab, a, b store.Store) error {
	var k standingKit[store.Store]
	at := l.attempt("one")
	o := settledAs(at, store.Accepted)
	o.OptOuts = []optout.Record{k.minute(l.of, "1", false, 1, 1)}
	if err := (ledgerKit[store.Store]{}).notHeld(ctx, a, o); err != nil {
		return err
	}
	if err := standingFound(ctx, b, at, false); err != nil {
		return fmt.Errorf("after a finish that was not held: %w", err)
	}
	if err := a.Finish(ctx, o); err != nil {
		return fmt.Errorf("finish: %w", err)
	}
	return errors.Join(
		k.want(ctx, l.of, "acme", true, a, b),
		standingFound(ctx, b, l.attempt("two"), true))
}

// standingFound begins an attempt and demands that it finds the person out, or not.
func standingFound(ctx context.Context, s store.Store, a store.Attempt, out bool) error {
	snap, err := s.Begin(ctx, a)
	if err != nil {
		return fmt.Errorf("begin: %w", err)
	}
	if _, err := optout.Check(snap.OptOuts, "acme"); errors.Is(err, optout.ErrOptedOut) != out {
		return fmt.Errorf("begin: opted out is %v, want %v", !out, out)
	}
	return nil
}
