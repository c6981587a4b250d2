package storetest

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/carewire/carewire/recipient"
	"github.com/carewire/carewire/store"
)

const (
	clauseWalk      = "Recipients returns those after a number in the byte order of E164, in this order and each once, up to limit."
	clauseWalkFacts = "A recipient of whom only attempts are on file is left out."
)

// walkChecks are the cases of Recipients.
func walkChecks() []check[store.Store] {
	var k walkKit
	return []check[store.Store]{
		{"bulk/walk/absent", "The end is an empty result without an error.", k.absent},
		{"bulk/walk/order", clauseWalk, k.order},
		{"bulk/walk/after", clauseWalk, k.after},
		{"bulk/walk/roles", "A recipient is listed if a fact of any role is on file.", k.roles},
		{"bulk/walk/attempts", clauseWalkFacts, k.attempts},
		{"bulk/walk/fresh", "A recipient whose first fact was put before the call is not passed over.", k.fresh},
		{"bulk/walk/apart", "Recipients of this tenant, byte for byte, are listed, and no others.", k.apart},
		{"bulk/walk/ended", clauseFailed, k.ended},
	}
}

// walkKit holds the cases of Recipients.
type walkKit struct{}

// numbers makes recipients whose numbers are each other's beginnings, in no order.
func (walkKit) numbers(l *lab, n int) []recipient.ID {
	var ids []recipient.ID
	stem := randomPhone().E164()[:9]
	for i := range n {
		tail := fmt.Sprintf("%06d", (i*7919+1)%1000003)[:2+i%5]
		id := recipient.ID{Tenant: l.of.Tenant, Phone: recipient.MustParse(stem + tail)}
		if !slices.Contains(ids, id) {
			ids = append(ids, id)
		}
	}
	return ids
}

func sorted(ids []recipient.ID) []recipient.ID {
	ids = slices.Clone(ids)
	slices.SortFunc(ids, func(a, b recipient.ID) int { return strings.Compare(a.Phone.E164(), b.Phone.E164()) })
	return ids
}

// walk walks to the end and demands exactly these recipients.
func (walkKit) walk(ctx context.Context, s store.Store, tenant string, after recipient.Phone, limit int, want []recipient.ID) error {
	var got []recipient.ID
	for {
		ids, err := store.Recipients(ctx, s, tenant, after, limit)
		if err != nil {
			return err
		}
		if len(ids) == 0 {
			break
		}
		if len(ids) > limit {
			return fmt.Errorf("asked for %d recipients, got %d", limit, len(ids))
		}
		if len(got) > len(want) {
			return fmt.Errorf("%d recipients are on file, got %d and more", len(want), len(got))
		}
		got, after = append(got, ids...), ids[len(ids)-1].Phone
	}
	if len(got) != len(want) {
		return fmt.Errorf("by steps of %d: want %d recipients, got %d", limit, len(want), len(got))
	}
	for i := range want {
		if got[i] != want[i] {
			return fmt.Errorf("by steps of %d: recipient %d of %d is %s, want %s", limit, i+1, len(want), show(&got[i]), show(&want[i]))
		}
	}
	return nil
}

func (k walkKit) absent(ctx context.Context, l *lab, a, b store.Store) error {
	if _, err := a.OptOuts(ctx, l.of); err != nil { // a look-up puts nobody on file
		return err
	}
	return errors.Join(k.walk(ctx, a, l.of.Tenant, recipient.Phone{}, 10, nil), k.walk(ctx, b, l.of.Tenant, recipient.Phone{}, 10, nil))
}

func (k walkKit) order(ctx context.Context, l *lab, a, b store.Store) error {
	ids := k.numbers(l, 60)
	for i, id := range ids {
		for n := range 1 + i%3 {
			if err := pick(i, a, b).PutOptOut(ctx, optOutRole[store.Store]().sample(id, fmt.Sprint(n))); err != nil {
				return err
			}
		}
	}
	want := sorted(ids)
	for i, limit := range []int{1, 7, len(ids), 1000} {
		if err := k.walk(ctx, pick(i, a, b), l.of.Tenant, recipient.Phone{}, limit, want); err != nil {
			return err
		}
	}
	return nil
}

// after starts at every number on file, and at numbers that are not.
func (k walkKit) after(ctx context.Context, l *lab, a, b store.Store) error {
	ids := sorted(k.numbers(l, 30))
	var odd facts
	for i, id := range ids {
		if i%2 == 1 {
			odd.optOuts = append(odd.optOuts, optOutRole[store.Store]().sample(id, "one"))
		}
	}
	if err := odd.put(ctx, a); err != nil {
		return err
	}
	for i, from := range ids {
		var want []recipient.ID
		for j := i + 1; j < len(ids); j++ {
			if j%2 == 1 {
				want = append(want, ids[j])
			}
		}
		if err := k.walk(ctx, pick(i, a, b), l.of.Tenant, from.Phone, 4, want); err != nil {
			return fmt.Errorf("after number %d: %w", i+1, err)
		}
	}
	return nil
}

func (k walkKit) roles(ctx context.Context, l *lab, a, b store.Store) error {
	ids := k.numbers(l, 4)
	err := errors.Join(
		a.PutConsent(ctx, consentRole[store.Store]().sample(ids[0], "one")),
		b.PutOptOut(ctx, optOutRole[store.Store]().sample(ids[1], "one")),
		a.PutDisclosure(ctx, disclosureRole[store.Store]().sample(ids[2], "one")),
		b.PutConsent(ctx, consentRole[store.Store]().sample(ids[3], "one")),
		b.PutOptOut(ctx, optOutRole[store.Store]().sample(ids[3], "one")),
		b.PutDisclosure(ctx, disclosureRole[store.Store]().sample(ids[3], "one")))
	if err != nil {
		return err
	}
	return k.walk(ctx, b, l.of.Tenant, recipient.Phone{}, 2, sorted(ids))
}

func (k walkKit) attempts(ctx context.Context, l *lab, a, b store.Store) error {
	x := l.attempt("1")
	if _, err := a.Begin(ctx, x); err != nil {
		return err
	}
	if err := k.walk(ctx, b, l.of.Tenant, recipient.Phone{}, 3, nil); err != nil {
		return fmt.Errorf("after Begin: %w", err)
	}
	o := store.Outcome{Attempt: x, State: store.Accepted, Settled: base}
	if err := a.Finish(ctx, o); err != nil {
		return err
	}
	if err := k.walk(ctx, b, l.of.Tenant, recipient.Phone{}, 3, nil); err != nil {
		return fmt.Errorf("after Finish: %w", err)
	}
	o = disclosureRole[store.Store]().attach(o, disclosureRole[store.Store]().sample(l.of, "one"))
	if err := a.Finish(ctx, o); err != nil {
		return err
	}
	return k.walk(ctx, b, l.of.Tenant, recipient.Phone{}, 3, []recipient.ID{l.of})
}

func (k walkKit) fresh(ctx context.Context, l *lab, a, b store.Store) error {
	ids := k.numbers(l, 12)
	for i, id := range ids {
		if err := errors.Join(
			k.walk(ctx, a, l.of.Tenant, recipient.Phone{}, 5, sorted(ids[:i])),
			k.walk(ctx, b, l.of.Tenant, recipient.Phone{}, 5, sorted(ids[:i]))); err != nil {
			return fmt.Errorf("before put %d: %w", i+1, err)
		}
		if err := pick(i, a, b).PutConsent(ctx, consentRole[store.Store]().sample(id, "one")); err != nil {
			return err
		}
	}
	return errors.Join(
		k.walk(ctx, b, l.of.Tenant, recipient.Phone{}, 5, sorted(ids)),
		k.walk(ctx, a, l.of.Tenant, recipient.Phone{}, 5, sorted(ids)))
}

// apart asks about tenants that differ a little. The tenant without a name
// may be shared by all cases of one database, and is left out.
func (k walkKit) apart(ctx context.Context, l *lab, a, b store.Store) error {
	of := map[string][]recipient.ID{}
	for i, id := range l.neighbours() {
		if id.Tenant == "" {
			continue
		}
		of[id.Tenant] = append(of[id.Tenant], id)
		if err := pick(i, a, b).PutOptOut(ctx, optOutRole[store.Store]().sample(id, "one")); err != nil {
			return err
		}
	}
	for tenant, ids := range of {
		if err := k.walk(ctx, b, tenant, recipient.Phone{}, 2, sorted(ids)); err != nil {
			return fmt.Errorf("tenant %+q: %w", tenant, err)
		}
	}
	return k.walk(ctx, a, l.of.Tenant+"2", recipient.Phone{}, 2, nil)
}

func (k walkKit) ended(ctx context.Context, l *lab, a, b store.Store) error {
	for i, s := range []store.Store{a, b} {
		if ids, err := store.Recipients(ended(ctx), s, l.of.Tenant, recipient.Phone{}, 5); err == nil {
			return fmt.Errorf("handle %d: a walk whose context had ended returned %d recipients and no error", i+1, len(ids))
		}
	}
	return nil
}
