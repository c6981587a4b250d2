package storetest

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"testing"

	"github.com/carewire/carewire/consent"
	"github.com/carewire/carewire/disclosure"
	"github.com/carewire/carewire/optout"
	"github.com/carewire/carewire/recipient"
	"github.com/carewire/carewire/store"
)

const (
	clauseBulkRead  = "FactsOf returns what the look-ups would return for each of ids, in the order of ids; an ID that comes twice is answered twice."
	clauseBulkWrite = "PutAll puts records of any recipients as the Put methods do; those of one recipient and role in the order of their list."
	clauseBulkSeen  = "When PutAll returns nil, every look-up that starts afterwards, in any process, sees every record."
	clauseBulkKnown = "A record whose ID is on file for the recipient, or earlier in its list, is the same record and is left alone."
)

// Bulk checks the optional abilities of a whole store: [store.BulkReader],
// [store.BulkWriter] and [store.Walker]. It calls them through [store.FactsOf],
// [store.PutAll] and [store.Recipients], so that what stands in for a missing
// ability is checked as well; a store that cannot list its recipients is not
// asked to, and says so in the test's log. See [Run] for open.
func Bulk(t *testing.T, open func(t *testing.T) (a, b store.Store), opts ...Option) {
	t.Helper()
	checks := bulkChecks()
	a, _ := open(t)
	if _, err := store.Recipients(t.Context(), a, newLab().of.Tenant, recipient.Phone{}, 1); errors.Is(err, errors.ErrUnsupported) {
		t.Logf("this store cannot list its recipients: %d cases about that do not apply", len(walkChecks()))
	} else {
		checks = append(checks, walkChecks()...)
	}
	run(t, checks, open, opts)
}

// bulkChecks are the cases of every role over again, put and read in bulk, and
// those of many recipients at once.
func bulkChecks() []check[store.Store] {
	var k bulkKit
	return slices.Concat(
		bulkConsentChecks(),
		bulkOptOutChecks(),
		bulkDisclosureChecks(),
		[]check[store.Store]{
			{"bulk/read/ids", clauseBulkRead, k.ids},
			{"bulk/read/many", clauseBulkRead, k.many},
			{"bulk/read/nobody", "FactsOf of no ids is an empty result without an error.", k.nobody},
			{"bulk/read/fresh", "A fact whose Put returned before FactsOf was called is among them.", k.freshRead},
			{"bulk/write/lists", clauseBulkWrite, k.lists},
			{"bulk/write/large", clauseBulkWrite, k.large},
			{"bulk/write/nothing", "PutAll of nothing returns nil.", k.nothing},
			{"bulk/write/seen", clauseBulkSeen, k.seen},
			{"bulk/write/known", clauseBulkKnown, k.known},
			{"bulk/write/concurrent", clauseParallel, k.concurrent},
		})
}

// facts puts one record into the list of its role.
type facts struct {
	consents    []consent.Record
	optOuts     []optout.Record
	disclosures []disclosure.Record
}

func (f facts) put(ctx context.Context, s store.Store) error {
	return store.PutAll(ctx, s, f.consents, f.optOuts, f.disclosures)
}

// list is how one role appears in bulk: on its own as facts, and among those of a recipient.
type list[R any] struct {
	one  func(rs ...R) facts
	from func(store.Facts) []R
}

func bulkConsentChecks() []check[store.Store] {
	r := inBulk(consentRole[store.Store](), list[consent.Record]{
		func(rs ...consent.Record) facts { return facts{consents: rs} },
		func(f store.Facts) []consent.Record { return f.Consents },
	})
	return append(roleChecks(r),
		check[store.Store]{r.name + "/purposes", clauseLiteral, purposesKept(r)},
		check[store.Store]{r.name + "/copied", "A store shares no memory with its callers.", purposesCopied(r)})
}

func bulkOptOutChecks() []check[store.Store] {
	return roleChecks(inBulk(optOutRole[store.Store](), list[optout.Record]{
		func(rs ...optout.Record) facts { return facts{optOuts: rs} },
		func(f store.Facts) []optout.Record { return f.OptOuts },
	}))
}

func bulkDisclosureChecks() []check[store.Store] {
	return roleChecks(inBulk(disclosureRole[store.Store](), list[disclosure.Record]{
		func(rs ...disclosure.Record) facts { return facts{disclosures: rs} },
		func(f store.Facts) []disclosure.Record { return f.Disclosures },
	}))
}

// inBulk returns the role put by PutAll and looked up by FactsOf, with a
// neighbour asked about in the same call.
func inBulk[R any](r role[store.Store, R], l list[R]) role[store.Store, R] {
	r.name = "bulk/" + r.name
	r.put = func(ctx context.Context, s store.Store, rec R) error { return l.one(rec).put(ctx, s) }
	r.list = func(ctx context.Context, s store.Store, of recipient.ID) ([]R, error) {
		all, err := store.FactsOf(ctx, s, []recipient.ID{{Tenant: of.Tenant, Phone: randomPhone()}, of})
		if err != nil {
			return nil, err
		}
		if n := len(l.from(all[0])); n != 0 {
			return nil, fmt.Errorf("somebody who is not on file has %d records", n)
		}
		return l.from(all[1]), nil
	}
	return r
}

// bulkKit holds the cases of many recipients at once.
type bulkKit struct{}

// person makes facts of all roles: n of each.
func (bulkKit) person(of recipient.ID, n int) store.Facts {
	var f store.Facts
	for i := range n {
		id := fmt.Sprintf("id-%d", (i*5+3)%n) // not in the order of IDs, the same ID in every role
		f.Consents = append(f.Consents, consentRole[store.Store]().sample(of, id))
		f.OptOuts = append(f.OptOuts, optOutRole[store.Store]().sample(of, id))
		f.Disclosures = append(f.Disclosures, disclosureRole[store.Store]().sample(of, id))
		f.OptOuts[i].Text = fmt.Sprintf("number %d", i)
	}
	return f
}

// people makes recipients of one tenant with facts: person i has i%4.
func (k bulkKit) people(l *lab, n int) (ids []recipient.ID, all []store.Facts) {
	for i := range n {
		ids = append(ids, recipient.ID{Tenant: l.of.Tenant, Phone: randomPhone()})
		all = append(all, k.person(ids[i], i%4))
	}
	return ids, all
}

// woven returns the records of all by turns, each person's in order.
func woven(all []store.Facts) (f facts) {
	for i, more := 0, true; more; i++ {
		more = false
		for _, p := range all {
			if i < len(p.Consents) {
				f.consents, more = append(f.consents, p.Consents[i]), true
			}
			if i < len(p.OptOuts) {
				f.optOuts, more = append(f.optOuts, p.OptOuts[i]), true
			}
			if i < len(p.Disclosures) {
				f.disclosures, more = append(f.disclosures, p.Disclosures[i]), true
			}
		}
	}
	return f
}

// want demands exactly these facts of these recipients from FactsOf.
func (bulkKit) want(ctx context.Context, s store.Store, ids []recipient.ID, want []store.Facts) error {
	got, err := store.FactsOf(ctx, s, ids)
	if err != nil {
		return err
	}
	if len(got) != len(ids) {
		return fmt.Errorf("asked about %d recipients, answered %d", len(ids), len(got))
	}
	for i := range want {
		err := errors.Join(
			match(want[i].Consents, got[i].Consents, consentFields),
			match(want[i].OptOuts, got[i].OptOuts, optOutFields),
			match(want[i].Disclosures, got[i].Disclosures, disclosureFields))
		if err != nil {
			return fmt.Errorf("recipient %d of %d: %w", i+1, len(ids), err)
		}
	}
	return nil
}

// ids asks in orders that are nobody's, about strangers, and twice.
func (k bulkKit) ids(ctx context.Context, l *lab, a, b store.Store) error {
	ids, all := k.people(l, 9)
	if err := woven(all).put(ctx, a); err != nil {
		return err
	}
	stranger := recipient.ID{Tenant: l.of.Tenant + "2", Phone: ids[3].Phone}
	for _, order := range [][]int{{0, 1, 2, 3, 4, 5, 6, 7, 8}, {8, 7, 6, 5, 4, 3, 2, 1, 0}, {5, -1, 5, 2, 7, 2, -1, 5}, {3}, {-1}} {
		var ask []recipient.ID
		var want []store.Facts
		for _, i := range order {
			if i < 0 {
				ask, want = append(ask, stranger), append(want, store.Facts{})
				continue
			}
			ask, want = append(ask, ids[i]), append(want, all[i])
		}
		if err := k.want(ctx, b, ask, want); err != nil {
			return fmt.Errorf("in the order %v: %w", order, err)
		}
	}
	return nil
}

// many asks about as many as one call may, and about more than that.
func (k bulkKit) many(ctx context.Context, l *lab, a, b store.Store) error {
	ids, all := k.people(l, store.BulkLimit+10)
	if err := woven(all).put(ctx, a); err != nil {
		return err
	}
	if err := k.want(ctx, b, ids[:store.BulkLimit], all[:store.BulkLimit]); err != nil {
		return err
	}
	slices.Reverse(ids)
	slices.Reverse(all)
	return k.want(ctx, a, ids, all)
}

func (k bulkKit) nobody(ctx context.Context, _ *lab, a, b store.Store) error {
	for i, s := range []store.Store{a, b} {
		r, ok := s.(store.BulkReader)
		if !ok {
			continue
		}
		got, err := r.FactsOf(ctx, nil)
		if err != nil && !errors.Is(err, errors.ErrUnsupported) || len(got) != 0 {
			return fmt.Errorf("handle %d answered %d of nobody: %w", i+1, len(got), err)
		}
	}
	return k.want(ctx, b, []recipient.ID{}, nil)
}

// freshRead reads before every put, so that a handle that remembers is found out.
func (k bulkKit) freshRead(ctx context.Context, l *lab, a, b store.Store) error {
	want := []store.Facts{{}, {}}
	ids := []recipient.ID{l.of, {Tenant: l.of.Tenant, Phone: randomPhone()}}
	all := k.person(l.of, 3)
	for i := range 3 {
		if err := errors.Join(k.want(ctx, a, ids, want), k.want(ctx, b, ids, want)); err != nil {
			return fmt.Errorf("before put %d: %w", i+1, err)
		}
		s := pick(i, a, b)
		err := errors.Join(s.PutConsent(ctx, all.Consents[i]), s.PutOptOut(ctx, all.OptOuts[i]), s.PutDisclosure(ctx, all.Disclosures[i]))
		if err != nil {
			return err
		}
		want[0] = store.Facts{Consents: all.Consents[:i+1], OptOuts: all.OptOuts[:i+1], Disclosures: all.Disclosures[:i+1]}
		if err := errors.Join(k.want(ctx, b, ids, want), k.want(ctx, a, ids, want)); err != nil {
			return fmt.Errorf("after put %d: %w", i+1, err)
		}
	}
	return nil
}

// lists puts the records of several people by turns.
func (k bulkKit) lists(ctx context.Context, l *lab, a, b store.Store) error {
	ids, all := k.people(l, 12)
	if err := woven(all).put(ctx, a); err != nil {
		return err
	}
	if err := k.want(ctx, b, ids, all); err != nil {
		return err
	}
	for i, id := range ids { // and the look-ups agree
		rs, err := b.OptOuts(ctx, id)
		if err != nil {
			return err
		}
		if err := match(all[i].OptOuts, rs, optOutFields); err != nil {
			return fmt.Errorf("look-up of recipient %d: %w", i+1, err)
		}
	}
	return nil
}

// large puts more than a statement of a careless store has parameters for.
func (k bulkKit) large(ctx context.Context, l *lab, a, b store.Store) error {
	var ids []recipient.ID
	var all []store.Facts
	for range 300 {
		of := recipient.ID{Tenant: l.of.Tenant, Phone: randomPhone()}
		ids, all = append(ids, of), append(all, k.person(of, 7))
	}
	f := woven(all)
	if err := f.put(ctx, a); err != nil {
		return err
	}
	return k.want(ctx, b, ids, all)
}

func (k bulkKit) nothing(ctx context.Context, l *lab, a, b store.Store) error {
	if w, ok := a.(store.BulkWriter); ok {
		if err := w.PutAll(ctx, nil, nil, nil); err != nil && !errors.Is(err, errors.ErrUnsupported) {
			return err
		}
	}
	return errors.Join(facts{}.put(ctx, a), k.want(ctx, b, []recipient.ID{l.of}, []store.Facts{{}}))
}

// seen looks through the other handle, by every look-up that there is.
func (k bulkKit) seen(ctx context.Context, l *lab, a, b store.Store) error {
	all := k.person(l.of, 2)
	for i := range 2 {
		s, other := pick(i, a, b), pick(i+1, a, b)
		before, err := other.OptOuts(ctx, l.of)
		if err != nil || len(before) != i {
			return fmt.Errorf("%d opt-outs on file before put %d: %w", len(before), i+1, err)
		}
		f := facts{all.Consents[i : i+1], all.OptOuts[i : i+1], all.Disclosures[i : i+1]}
		if err := f.put(ctx, s); err != nil {
			return err
		}
		snap, err := other.Begin(ctx, l.attempt(fmt.Sprint(i)))
		if err != nil {
			return err
		}
		err = errors.Join(
			consentRole[store.Store]().want(ctx, l.of, all.Consents[:i+1], other, s),
			optOutRole[store.Store]().want(ctx, l.of, all.OptOuts[:i+1], other, s),
			disclosureRole[store.Store]().want(ctx, l.of, all.Disclosures[:i+1], other, s),
			match(all.Consents[:i+1], snap.Consents, consentFields),
			match(all.OptOuts[:i+1], snap.OptOuts, optOutFields),
			match(all.Disclosures[:i+1], snap.Disclosures, disclosureFields))
		if err != nil {
			return fmt.Errorf("after put %d: %w", i+1, err)
		}
	}
	return nil
}

// known repeats records in one call, in another, and after a Put, with other contents.
func (k bulkKit) known(ctx context.Context, l *lab, a, b store.Store) error {
	all := k.person(l.of, 3)
	if err := errors.Join(a.PutConsent(ctx, all.Consents[0]), a.PutOptOut(ctx, all.OptOuts[0]), a.PutDisclosure(ctx, all.Disclosures[0])); err != nil {
		return err
	}
	again := k.person(l.of, 3)
	for i := range 3 {
		again.Consents[i].Ref, again.OptOuts[i].Text, again.Disclosures[i].Text = "other", "other", "other"
	}
	f := facts{
		slices.Concat(again.Consents[:1], all.Consents[1:], again.Consents),
		slices.Concat(again.OptOuts[:1], all.OptOuts[1:], again.OptOuts),
		slices.Concat(again.Disclosures[:1], all.Disclosures[1:], again.Disclosures),
	}
	for i, s := range []store.Store{b, a, b} {
		if err := f.put(ctx, s); err != nil {
			return fmt.Errorf("time %d: %w", i+1, err)
		}
		if err := k.want(ctx, pick(i, a, b), []recipient.ID{l.of}, []store.Facts{all}); err != nil {
			return fmt.Errorf("time %d: %w", i+1, err)
		}
	}
	return nil
}

// concurrent puts the same records from all sides, in both orders of people.
func (k bulkKit) concurrent(ctx context.Context, l *lab, a, b store.Store) error {
	ids, all := k.people(l, 40)
	back := slices.Clone(all)
	slices.Reverse(back)
	err := together(8, func(i int) error {
		f := woven(pick(i/2, all, back))
		return f.put(ctx, pick(i, a, b))
	})
	if err != nil {
		return err
	}
	return errors.Join(k.want(ctx, a, ids, all), k.want(ctx, b, ids, all))
}
