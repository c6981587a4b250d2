package storetest

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/carewire/carewire/disclosure"
	"github.com/carewire/carewire/optout"
	"github.com/carewire/carewire/recipient"
)

func disclosureChecks[S disclosure.Store]() []check[S] { return roleChecks(disclosureRole[S]()) }

func optOutChecks[S optout.Store](standing bool) []check[S] {
	if !standing {
		return roleChecks(optOutRole[S]())
	}
	var k standingKit[S]
	return []check[S]{
		{"optouts/standing/absent", clauseAbsent, k.absent},
		{"optouts/standing/fresh", clauseFresh, k.fresh},
		{"optouts/standing/every-brand", "An opt-out stands at least for the brand that it names.", k.everyBrand},
		{"optouts/standing/repeated", clauseSameID, k.repeated},
		{"optouts/standing/older-start", "An opt-in that is provably older than the opt-out does not lift it.", k.olderStart},
		{"optouts/standing/repeated-start", "An opt-in that is put again does not lift an opt-out that was put after it.", k.repeatedStart},
		{"optouts/standing/apart", clauseApart, k.apart},
		{"optouts/standing/ended-look-up", clauseFailed, k.endedLookUp},
		{"optouts/standing/ended-put", "A Put whose context has ended is an error; the record may be put again.", k.endedPut},
		{"optouts/standing/concurrent", clauseParallel, k.concurrent},
	}
}

// standingKit holds the cases of a store that returns only what stands.
type standingKit[S optout.Store] struct{}

// minute makes a record filed at a minute after base and sent at another; 0 is not known.
func (standingKit[S]) minute(of recipient.ID, id string, in bool, filed, sent int) optout.Record {
	r := optout.Record{ID: id, Of: of, Brand: "acme", In: in, Via: "inbound", At: base.Add(time.Duration(filed) * time.Minute)}
	if sent != 0 {
		r.Sent = base.Add(time.Duration(sent) * time.Minute)
	}
	return r
}

// want demands that the person is out, or is not, for the brand, as every handle sees it.
func (standingKit[S]) want(ctx context.Context, of recipient.ID, brand string, out bool, handles ...S) error {
	for i, s := range handles {
		rs, err := s.OptOuts(ctx, of)
		if err != nil {
			return fmt.Errorf("look-up through handle %d: %w", i+1, err)
		}
		if _, err := optout.Check(rs, brand); errors.Is(err, optout.ErrOptedOut) != out {
			return fmt.Errorf("look-up through handle %d: opted out is %v, want %v", i+1, !out, out)
		}
	}
	return nil
}

// play puts records by turns through both handles and looks after each.
func (k standingKit[S]) play(ctx context.Context, of recipient.ID, a, b S, steps ...step) error {
	for i, s := range steps {
		if err := pick(i, a, b).PutOptOut(ctx, s.put); err != nil {
			return fmt.Errorf("step %d: %w", i+1, err)
		}
		if err := k.want(ctx, of, "acme", s.out, a, b); err != nil {
			return fmt.Errorf("step %d: %w", i+1, err)
		}
	}
	return nil
}

// step is one record and whether the person is out after it.
type step struct {
	put optout.Record
	out bool
}

func (k standingKit[S]) absent(ctx context.Context, l *lab, a, b S) error {
	for _, s := range []S{a, b} {
		rs, err := s.OptOuts(ctx, l.of)
		if err != nil {
			return fmt.Errorf("look-up of a person who never wrote: %w", err)
		}
		if len(rs) != 0 {
			return fmt.Errorf("a person who never wrote has %d records", len(rs))
		}
	}
	return nil
}

func (k standingKit[S]) fresh(ctx context.Context, l *lab, a, b S) error {
	if err := k.want(ctx, l.of, "acme", false, a, b); err != nil {
		return err
	}
	return k.play(ctx, l.of, a, b,
		step{k.minute(l.of, "1", false, 1, 1), true},
		step{k.minute(l.of, "2", true, 2, 2), false},
		step{k.minute(l.of, "3", false, 3, 0), true},
		step{k.minute(l.of, "4", true, 4, 0), false},
		step{k.minute(l.of, "5", false, 5, 5), true})
}

func (k standingKit[S]) everyBrand(ctx context.Context, l *lab, a, b S) error {
	for i, brand := range []string{"acme", "Acme", ""} {
		of := recipient.ID{Tenant: l.of.Tenant, Phone: randomPhone()}
		r := k.minute(of, fmt.Sprint(i), false, 1, 1)
		r.Brand = brand
		if err := a.PutOptOut(ctx, r); err != nil {
			return err
		}
		if err := k.want(ctx, of, brand, true, a, b); err != nil {
			return fmt.Errorf("brand %q: %w", brand, err)
		}
	}
	return nil
}

func (k standingKit[S]) repeated(ctx context.Context, l *lab, a, b S) error {
	stop := k.minute(l.of, "1", false, 1, 1)
	return k.play(ctx, l.of, a, b, step{stop, true}, step{stop, true}, step{stop, true}, step{k.minute(l.of, "2", true, 2, 2), false})
}

func (k standingKit[S]) olderStart(ctx context.Context, l *lab, a, b S) error {
	return k.play(ctx, l.of, a, b,
		step{k.minute(l.of, "1", false, 3, 2), true},
		step{k.minute(l.of, "2", true, 4, 1), true}, // filed later, but sent before
		step{k.minute(l.of, "3", true, 5, 2), true}, // sent at the same time: the quiet answer
		step{k.minute(l.of, "4", true, 6, 5), false})
}

func (k standingKit[S]) repeatedStart(ctx context.Context, l *lab, a, b S) error {
	start := k.minute(l.of, "2", true, 2, 0)
	return k.play(ctx, l.of, a, b,
		step{k.minute(l.of, "1", false, 1, 0), true},
		step{start, false},
		step{k.minute(l.of, "3", false, 3, 0), true},
		step{start, true},
		step{start, true})
}

func (k standingKit[S]) apart(ctx context.Context, l *lab, a, b S) error {
	neighbours := l.neighbours()
	for i, of := range neighbours {
		if err := k.want(ctx, of, "acme", false, a, b); err != nil {
			return fmt.Errorf("recipient %d, before its opt-out: %w", i, err)
		}
		if err := pick(i, a, b).PutOptOut(ctx, k.minute(of, fmt.Sprint(i), false, 1, 1)); err != nil {
			return err
		}
		if err := k.want(ctx, of, "acme", true, a, b); err != nil {
			return fmt.Errorf("recipient %d: %w", i, err)
		}
	}
	// Who opts in again does so for nobody else.
	if err := a.PutOptOut(ctx, k.minute(l.of, "in", true, 2, 2)); err != nil {
		return err
	}
	for i, of := range neighbours[1:] {
		if err := k.want(ctx, of, "acme", true, a, b); err != nil {
			return fmt.Errorf("recipient %d, after another's opt-in: %w", i+1, err)
		}
	}
	return k.want(ctx, l.of, "acme", false, a, b)
}

func (k standingKit[S]) endedLookUp(ctx context.Context, l *lab, a, b S) error {
	if err := a.PutOptOut(ctx, k.minute(l.of, "1", false, 1, 1)); err != nil {
		return err
	}
	for _, s := range []S{a, b} {
		if rs, err := s.OptOuts(ended(ctx), l.of); err == nil {
			return fmt.Errorf("a look-up whose context had ended returned %d records and no error", len(rs))
		}
	}
	return nil
}

func (k standingKit[S]) endedPut(ctx context.Context, l *lab, a, b S) error {
	stop := k.minute(l.of, "1", false, 1, 1)
	if a.PutOptOut(ended(ctx), stop) == nil {
		return errors.New("a put whose context had ended returned no error")
	}
	return k.play(ctx, l.of, a, b, step{stop, true})
}

func (k standingKit[S]) concurrent(ctx context.Context, l *lab, a, b S) error {
	err := together(16, func(i int) error {
		return pick(i, a, b).PutOptOut(ctx, k.minute(l.of, fmt.Sprint(i), false, 1, 1))
	})
	if err != nil {
		return err
	}
	if err := k.want(ctx, l.of, "acme", true, a, b); err != nil {
		return err
	}
	return k.play(ctx, l.of, a, b, step{k.minute(l.of, "in", true, 2, 2), false})
}
