package storetest

import (
	"context"
	"errors"
	"fmt"
	"sync"

	"github.com/carewire/carewire/recipient"
	"github.com/carewire/carewire/store"
)

const (
	clauseOne   = "Of any number of concurrent calls with one key and different IDs exactly one holds."
	clausePrior = "Prior is the attempt that stands in the way: at least ID, Sum, State, At and ProviderID."
	clauseAgain = "The same attempt ID again is the same call while the attempt is Open."
	clauseFree  = "Refused and Rejected attempts hold nothing: another ID gets the key."
	clauseKey   = "A key is unique per recipient, compared byte for byte."
)

func (k ledgerKit[S]) beginChecks() []check[S] {
	return []check[S]{
		{"begin/holds", "Begin claims the key, unless another attempt holds it. Prior is zero if Held is true.", k.holds},
		{"begin/taken", clausePrior, k.taken},
		{"begin/taken-settled", clausePrior, k.takenSettled},
		{"begin/loser-off-file", "An attempt that does not hold is not put on file.", k.loserOffFile},
		{"begin/one-holder", clauseOne, k.oneHolder},
		{"begin/one-holder-again", clauseOne, k.oneHolderAgain},
		{"begin/same-id", clauseAgain, k.sameID},
		{"begin/same-id-concurrent", clauseAgain, k.sameIDConcurrent},
		{"begin/settled-id", "Once the attempt is settled, Held is false and Prior is the attempt itself.", k.settledID},
		{"begin/settled-id-key-passed-on", "Once the attempt is settled, Held is false and Prior is the attempt itself.", k.settledIDPassedOn},
		{"begin/freed", clauseFree, k.freed},
		{"begin/freed-late", clauseFree, k.freedLate},
		{"begin/keys-apart", clauseKey, k.keysApart},
		{"begin/kinds-apart", clauseKey, k.kindsApart},
		{"begin/recipients-apart", clauseKey, k.recipientsApart},
		{"begin/long-key", clauseKey, k.longKey},
		{"begin/ended", "A Begin whose context has ended is an error; the attempt may begin again.", k.endedBegin},
	}
}

func (k ledgerKit[S]) holds(ctx context.Context, l *lab, a, b S) error {
	for i := range 4 {
		if err := k.hold(ctx, pick(i, a, b), l.attempt(fmt.Sprint(i))); err != nil {
			return fmt.Errorf("key %d: %w", i, err)
		}
	}
	return nil
}

func (k ledgerKit[S]) taken(ctx context.Context, l *lab, a, b S) error {
	first := l.attempt("one")
	if err := k.hold(ctx, a, first); err != nil {
		return err
	}
	for _, s := range []S{b, a, b} {
		second := l.attempt("one")
		second.Sum, second.At = "another sum", base.AddDate(0, 0, 1)
		if err := k.lose(ctx, s, second, store.Outcome{Attempt: first, State: store.Open}); err != nil {
			return err
		}
	}
	return nil
}

func (k ledgerKit[S]) takenSettled(ctx context.Context, l *lab, a, b S) error {
	for _, state := range allStates() {
		if !state.Holds() {
			continue
		}
		o, err := k.take(ctx, a, l.attempt(state.String()), state)
		if err != nil {
			return err
		}
		for _, s := range []S{b, a} {
			if err := k.lose(ctx, s, l.attempt(state.String()), o); err != nil {
				return fmt.Errorf("key of an attempt that is %v: %w", state, err)
			}
		}
	}
	return nil
}

func (k ledgerKit[S]) loserOffFile(ctx context.Context, l *lab, a, b S) error {
	o, err := k.take(ctx, a, l.attempt("one"), store.Accepted)
	if err != nil {
		return err
	}
	loser := l.attempt("one")
	if err := k.lose(ctx, b, loser, o); err != nil {
		return err
	}
	for _, s := range []S{a, b} {
		if err := k.notHeld(ctx, s, settledAs(loser, store.Delivered)); err != nil {
			return err
		}
	}
	return k.want(ctx, l.of, []store.Outcome{o}, a, b)
}

// contest lets 16 attempts begin with one key at the same time over both
// handles, and demands that one holds and the others see it.
func (k ledgerKit[S]) contest(ctx context.Context, l *lab, own string, a, b S) (store.Attempt, error) {
	const n = 16
	var (
		mu       sync.Mutex
		holder   store.Attempt
		holders  int
		priors   = map[string]int{}
		attempts = make([]store.Attempt, n)
	)
	for i := range attempts {
		attempts[i] = l.attempt(own)
	}
	err := together(n, func(i int) error {
		snap, err := pick(i, a, b).Begin(ctx, attempts[i])
		if err != nil {
			return fmt.Errorf("begin: %w", err)
		}
		mu.Lock()
		defer mu.Unlock()
		if snap.Held {
			holder, holders = attempts[i], holders+1
		} else {
			priors[snap.Prior.ID]++
		}
		return nil
	})
	switch {
	case err != nil:
		return holder, err
	case holders != 1:
		return holder, fmt.Errorf("of %d attempts with one key %d hold it", n, holders)
	case priors[holder.ID] != n-1:
		return holder, fmt.Errorf("of %d attempts that do not hold, %d see the one that does", n-1, priors[holder.ID])
	}
	return holder, nil
}

func (k ledgerKit[S]) oneHolder(ctx context.Context, l *lab, a, b S) error {
	for round := range 8 {
		if _, err := k.contest(ctx, l, fmt.Sprint(round), a, b); err != nil {
			return fmt.Errorf("round %d: %w", round, err)
		}
	}
	return nil
}

// oneHolderAgain contests keys that an attempt has held and given up.
func (k ledgerKit[S]) oneHolderAgain(ctx context.Context, l *lab, a, b S) error {
	for round := range 8 {
		holder, err := k.contest(ctx, l, "one", a, b)
		if err != nil {
			return fmt.Errorf("round %d: %w", round, err)
		}
		free := pick(round, store.Refused, store.Rejected)
		if err := b.Finish(ctx, settledAs(holder, free)); err != nil {
			return fmt.Errorf("round %d: finish as %v: %w", round, free, err)
		}
	}
	return nil
}

func (k ledgerKit[S]) sameID(ctx context.Context, l *lab, a, b S) error {
	at := l.attempt("one")
	for i, s := range []S{a, a, b, a, b} {
		if err := k.hold(ctx, s, at); err != nil {
			return fmt.Errorf("call %d: %w", i+1, err)
		}
	}
	return k.want(ctx, l.of, []store.Outcome{{Attempt: at, State: store.Open}}, a, b)
}

func (k ledgerKit[S]) sameIDConcurrent(ctx context.Context, l *lab, a, b S) error {
	at := l.attempt("one")
	err := together(16, func(i int) error { return k.hold(ctx, pick(i, a, b), at) })
	if err != nil {
		return err
	}
	return k.want(ctx, l.of, []store.Outcome{{Attempt: at, State: store.Open}}, a, b)
}

func (k ledgerKit[S]) settledID(ctx context.Context, l *lab, a, b S) error {
	for _, state := range allStates()[1:] {
		at := l.attempt(state.String())
		o, err := k.take(ctx, a, at, state)
		if err != nil {
			return err
		}
		for _, s := range []S{a, b} {
			if err := k.lose(ctx, s, at, o); err != nil {
				return fmt.Errorf("an attempt that is %v begins again: %w", state, err)
			}
		}
	}
	return nil
}

func (k ledgerKit[S]) settledIDPassedOn(ctx context.Context, l *lab, a, b S) error {
	o, err := k.take(ctx, a, l.attempt("one"), store.Refused)
	if err != nil {
		return err
	}
	if _, err := k.take(ctx, b, l.attempt("one"), store.Accepted); err != nil {
		return err
	}
	for _, s := range []S{a, b} {
		if err := k.lose(ctx, s, o.Attempt, o); err != nil {
			return fmt.Errorf("an attempt begins again after its key has passed on: %w", err)
		}
	}
	return nil
}

func (k ledgerKit[S]) freed(ctx context.Context, l *lab, a, b S) error {
	var all []store.Outcome
	for i, state := range []store.State{store.Refused, store.Rejected, store.Rejected, store.Refused, store.Accepted} {
		o, err := k.take(ctx, pick(i, a, b), l.attempt("one"), state)
		if err != nil {
			return fmt.Errorf("attempt %d with the key: %w", i+1, err)
		}
		all = append(all, o)
	}
	if err := k.lose(ctx, b, l.attempt("one"), all[len(all)-1]); err != nil {
		return err
	}
	return k.want(ctx, l.of, all, a, b)
}

// freedLate frees the key of an attempt that was Unknown first.
func (k ledgerKit[S]) freedLate(ctx context.Context, l *lab, a, b S) error {
	first, err := k.take(ctx, a, l.attempt("one"), store.Unknown)
	if err != nil {
		return err
	}
	if err := k.lose(ctx, b, l.attempt("one"), first); err != nil {
		return err
	}
	first.State, first.Rule, first.Code, first.Settled = store.Rejected, "", "30007", base.AddDate(0, 0, 1)
	if err := b.Finish(ctx, first); err != nil {
		return fmt.Errorf("finish: %w", err)
	}
	second, err := k.take(ctx, a, l.attempt("one"), store.Accepted)
	if err != nil {
		return err
	}
	return k.want(ctx, l.of, []store.Outcome{first, second}, a, b)
}

func (k ledgerKit[S]) keysApart(ctx context.Context, l *lab, a, b S) error {
	for i, own := range similar() {
		if err := k.hold(ctx, pick(i, a, b), l.attempt(own)); err != nil {
			return fmt.Errorf("key %+q: %w", own, err)
		}
	}
	return nil
}

func (k ledgerKit[S]) kindsApart(ctx context.Context, l *lab, a, b S) error {
	n := 0
	for _, kind := range []store.KeyKind{store.KeyMessage, store.KeyConfirmation, store.KeyHelp, store.KeyInbound, store.KeyRefusal} {
		for _, brand := range []string{"acme", "Acme", "acme ", "", "acme1", "1"} {
			at := l.attempt("")
			at.Brand, at.Key = brand, store.Key(kind, brand, "1")
			if err := k.hold(ctx, pick(n, a, b), at); err != nil {
				return fmt.Errorf("kind %q, brand %q: %w", kind, brand, err)
			}
			n++
		}
	}
	return nil
}

func (k ledgerKit[S]) recipientsApart(ctx context.Context, l *lab, a, b S) error {
	for i, of := range l.neighbours() {
		at := l.attempt("one")
		at.Of = of
		if err := k.hold(ctx, pick(i, a, b), at); err != nil {
			return fmt.Errorf("recipient %d: %w", i, err)
		}
	}
	return nil
}

// longKey takes keys of 500 bytes that differ at their end only.
func (k ledgerKit[S]) longKey(ctx context.Context, l *lab, a, b S) error {
	long := fmt.Sprintf("%0499d", 7)
	for i, end := range []string{"a", "b", "A"} {
		if err := k.hold(ctx, pick(i, a, b), l.attempt(long+end)); err != nil {
			return fmt.Errorf("key %d: %w", i, err)
		}
	}
	return nil
}

func (k ledgerKit[S]) endedBegin(ctx context.Context, l *lab, a, b S) error {
	at := l.attempt("one")
	for _, of := range []recipient.ID{l.of, {Tenant: l.of.Tenant, Phone: randomPhone()}} {
		at.Of = of
		snap, err := a.Begin(ended(ctx), at)
		if err == nil {
			return errors.New("a begin whose context had ended returned no error")
		}
		if snap.Held {
			return errors.New("a begin that failed says that it holds")
		}
		if err := k.hold(ctx, b, at); err != nil {
			return fmt.Errorf("after a begin that failed: %w", err)
		}
		at = l.attempt("one")
	}
	return nil
}
